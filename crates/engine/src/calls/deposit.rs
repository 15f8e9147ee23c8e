//! Documents that providers deposit (资料上传): departments, stock, settlement lists, clinical records, what self-payers were charged.
//!
//! Which transaction deposits what, and what tells one document from another, is data (`interface/deposits.tsv`). A document is
//! kept once and corrected by its key, so that a message which comes again changes nothing: it needs no journal, and a night's
//! upload leaves nothing among the messages that settle.

mod read;

use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use std::collections::{BTreeMap, HashMap};
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Catalogue, Deposited, Document, Does, Fields, Output, Record, deposited};
use yibao_store::Tx;
use yibao_store::deposit::{Deposit, DepositCount, DepositFilter};

pub(crate) use read::{departments, settlement_list, stock};

/// The settlement list (基金结算清单), whose state (4102) and content (4103) are asked for by themselves.
const SETTLEMENT_LIST: &str = "settlement_list";
/// Documents of one subject that are deleted at a time.
const PAGE: usize = 1_000;

/// Keeps the documents of a message, or corrects those that are there.
pub(crate) fn keep(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let provider = call.provider()?.fixmedins_code.clone();
    let (mut rows, mut tally, mut same) = (Vec::new(), Tally::new(call, &provider), 0);
    let mut numbers = Vec::new();
    for rule in deposited(&call.infno).iter().filter(|rule| rule.does == Does::Keep) {
        let documents = rule.documents(&call.input);
        let known = known(tx, &provider, rule, &documents)?;
        for document in documents {
            let before = known.get(document.key.as_str());
            let number = match before {
                Some(before) => before.number,
                None => tx.next_serial("deposit")?,
            };
            numbers.push(number);
            match changed(call, &provider, rule, document, before, number) {
                Some(row) => {
                    tally.brought(before, &row);
                    rows.push(row);
                }
                None => same += 1,
            }
        }
    }
    if numbers.is_empty() {
        let node = deposited(&call.infno).first().map_or("", |rule| rule.node.as_str());
        let text = format!("交易{}没有可以登记的资料，节点{node}至少一行；请补充后重发", call.infno);
        return Err(Refusal::new(Code::NodeMissing, text).into());
    }
    tx.put_deposits(&rows)?;
    let remark = tally.remark(same);
    tx.count_deposits(&tally.counts())?;
    let done = match reply(call, &numbers) {
        Some(output) => Done::with(output),
        None => Done::silently(),
    };
    Ok(remark.into_iter().fold(done, Done::remark))
}

/// The documents of these keys that are there, by key; where a key has come in several months, the one that stands.
fn known(
    tx: &mut dyn Tx,
    provider: &str,
    rule: &Deposited,
    documents: &[Document],
) -> Result<HashMap<String, Deposit>, Stop> {
    let keys: Vec<&str> = documents.iter().map(|document| document.key.as_str()).collect();
    let mut known: HashMap<String, Deposit> = HashMap::new();
    for row in tx.deposits_of_keys(provider, &rule.kind, &keys)? {
        let is_better =
            known.get(&row.key).is_none_or(|other| other.withdrawn_at.is_some() || row.withdrawn_at.is_none());
        if is_better {
            known.insert(row.key.clone(), row);
        }
    }
    Ok(known)
}

/// What a document is from now on; nothing where it is so already.
fn changed(
    call: &Call,
    provider: &str,
    rule: &Deposited,
    document: Document,
    before: Option<&Deposit>,
    number: i64,
) -> Option<Deposit> {
    let is_same =
        |before: &Deposit| before.content == document.content && before.withdrawn_at.is_some() == document.is_void;
    if before.is_some_and(is_same) {
        return None;
    }
    let first = before.map_or(call.now, |before| before.received_at);
    Some(Deposit {
        month: before.map_or(call.now.date().first_of_month(), |before| before.month),
        fixmedins_code: provider.to_owned(),
        kind: rule.kind.clone(),
        key: document.key,
        number,
        infno: call.infno.clone(),
        subject: document.subject,
        psn_no: document.psn_no,
        mdtrt_id: document.mdtrt_id,
        setl_id: document.setl_id,
        review: before.map(|before| before.review.clone()).unwrap_or_default(),
        revision: before.map_or(1, |before| before.revision + 1),
        received_at: first,
        changed_at: call.now,
        withdrawn_at: document.is_void.then_some(call.now),
        content: document.content,
    })
}

/// What a message has brought, by kind.
struct Tally<'c> {
    call: &'c Call,
    provider: &'c str,
    by_kind: BTreeMap<String, DepositCount>,
}

impl<'c> Tally<'c> {
    fn new(call: &'c Call, provider: &'c str) -> Tally<'c> {
        Tally { call, provider, by_kind: BTreeMap::new() }
    }

    fn of(&mut self, kind: &str) -> &mut DepositCount {
        let (provider, day) = (self.provider, self.call.now.date());
        self.by_kind.entry(kind.to_owned()).or_insert_with(|| DepositCount {
            fixmedins_code: provider.to_owned(),
            kind: kind.to_owned(),
            day,
            ..DepositCount::default()
        })
    }

    /// A document whose content has come.
    fn brought(&mut self, before: Option<&Deposit>, row: &Deposit) {
        let count = self.of(&row.kind);
        match before {
            None => count.taken += 1,
            Some(_) => count.corrected += 1,
        }
        // What was void and is corrected is void once.
        let was_void = before.is_some_and(|before| before.withdrawn_at.is_some());
        count.withdrawn += i64::from(row.withdrawn_at.is_some() && !was_void);
        count.bytes += i64::try_from(row.content.len()).unwrap_or(i64::MAX);
    }

    fn remark(&self, same: usize) -> Option<String> {
        let sum = |of: fn(&DepositCount) -> i64| self.by_kind.values().map(of).sum::<i64>();
        let (taken, corrected) = (sum(|count| count.taken), sum(|count| count.corrected));
        (corrected > 0 || same > 0).then(|| format!("新登记 {taken} 份，更正 {corrected} 份，与原内容相同 {same} 份"))
    }

    fn counts(self) -> Vec<DepositCount> {
        self.by_kind.into_values().collect()
    }
}

/// What the senders of some documents are told of each: its number, and in the batch variants each row with its outcome.
fn reply(call: &Call, numbers: &[i64]) -> Option<Output> {
    let transaction = Catalogue::national().transaction(&call.infno)?;
    let rule = deposited(&call.infno).first()?;
    if rule.kind == SETTLEMENT_LIST {
        let number = numbers.first().copied().unwrap_or_default();
        return Some(Output::new().object("data", Record::new().text("setl_list_id", &number.to_string())));
    }
    let node = transaction.output_node(&rule.node)?;
    let rows: Vec<&Fields> = rule.rows(&call.input).collect();
    let records = rows.iter().zip(numbers).map(|(row, number)| {
        node.fields.iter().fold(Record::new(), |record, field| match field.name.as_str() {
            "retRslt" => record.text(&field.name, "1"),
            "msgRslt" => record.text(&field.name, "成功"),
            name if name.starts_with("medins_prod_") => record.text(name, &number.to_string()),
            name => record.stated(field, row.text(name)),
        })
    });
    Some(Output::new().list(&node.name, records))
}

/// Deletes the documents of a subject (3403, 3507).
pub(crate) fn delete(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let provider = call.provider()?.fixmedins_code.clone();
    let mut deleted = 0;
    let rules = || deposited(&call.infno).iter().filter(|rule| rule.does == Does::Delete);
    let Some(node) = rules().next().map(|rule| rule.node.as_str()) else { return Ok(Done::silently()) };
    for row in call.input.nodes(node) {
        let holds = |rule: &&Deposited| rule.when.as_ref().is_none_or(|(field, value)| row.text(field) == value);
        let meant: Vec<&Deposited> = rules().filter(holds).collect();
        let Some(rule) = meant.first() else {
            let field = rules().find_map(|rule| rule.when.as_ref()).map_or("", |(field, _)| field.as_str());
            return Err(row.refuse(Code::FieldCode, field, "不是可以删除的资料种类；请核对").into());
        };
        let subject = row.demand(&rule.subject)?;
        let filter = DepositFilter {
            fixmedins_code: Some(provider.clone()),
            kinds: meant.iter().map(|rule| rule.kind.clone()).collect(),
            subject: Some(subject.to_owned()),
            with_withdrawn: true,
            ..DepositFilter::default()
        };
        let gone = withdraw_all(tx, call, &provider, &filter)?;
        if gone.is_none() {
            return Err(row.refuse(Code::NotFound, &rule.subject, &format!("没有登记过{}；请核对", rule.name)).into());
        }
        deleted += gone.unwrap_or_default();
    }
    let done = Done::silently();
    Ok(if deleted == 0 { done.remark("所指的资料此前已经删除".to_owned()) } else { done })
}

/// Marks what stands of a selection as deleted, and says how many; nothing where there never was any.
fn withdraw_all(tx: &mut dyn Tx, call: &Call, provider: &str, filter: &DepositFilter) -> Result<Option<usize>, Stop> {
    let (mut offset, mut gone, mut seen) = (0, 0, false);
    let mut tally = Tally::new(call, provider);
    loop {
        let (page, total) = tx.deposits(filter, offset, PAGE)?;
        seen |= total > 0;
        offset += page.len();
        let is_last = page.len() < PAGE;
        let standing = page.into_iter().filter(|row| row.withdrawn_at.is_none());
        let rows: Vec<Deposit> =
            standing.map(|row| Deposit { withdrawn_at: Some(call.now), changed_at: call.now, ..row }).collect();
        gone += rows.len();
        rows.iter().for_each(|row| tally.of(&row.kind).withdrawn += 1);
        tx.put_deposits(&rows)?;
        if is_last {
            break;
        }
    }
    tx.count_deposits(&tally.counts())?;
    Ok(seen.then_some(gone))
}

/// 4102 (结算清单状态修改): the provider submits its list (0 to 1), or takes up one that was turned down (3 to 0 or 1).
pub(crate) fn state(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let (setl_id, wanted) = (fields.demand("setl_id")?, fields.demand("stas_type")?);
    let provider = &call.provider()?.fixmedins_code;
    let Some(row) = list_of(tx, provider, setl_id)? else {
        let text = format!("结算ID {setl_id} 没有上传过结算清单；请先上传(4101)");
        return Err(Refusal::new(Code::NotFound, text).into());
    };
    let present = if row.review.is_empty() { "0" } else { row.review.as_str() };
    if !matches!((present, wanted), ("0", "1") | ("3", "0" | "1")) {
        let text = format!("结算清单现为{}，不能改为{}；{}", review(present), review(wanted), remedy(present));
        return Err(Refusal::new(Code::WrongState, text).into());
    }
    tx.put_deposits(&[Deposit { review: wanted.to_owned(), changed_at: call.now, ..row }])?;
    Ok(Done::silently())
}

/// A provider's settlement list of a settlement, where it stands.
fn list_of(tx: &mut dyn Tx, provider: &str, setl_id: &str) -> Result<Option<Deposit>, Stop> {
    let lists = tx.deposits_of_keys(provider, SETTLEMENT_LIST, &[setl_id])?;
    Ok(lists.into_iter().find(|row| row.withdrawn_at.is_none()))
}

fn review(state: &str) -> &str {
    match state {
        "0" => "未提交(0)",
        "1" => "已提交(1)",
        "2" => "审核通过(2)",
        "3" => "审核不通过(3)",
        other => other,
    }
}

fn remedy(present: &str) -> &'static str {
    match present {
        "1" => "已提交的等待审核",
        "2" => "审核通过的不再修改",
        _ => "未提交的只能提交(1)",
    }
}
