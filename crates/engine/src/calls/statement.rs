//! Statements (对账): 3201 compares a provider's sums with the platform's, 3202 its single trades.

use crate::call::{Call, Done, Stop};
use crate::calls::{archive, file};
use crate::policies::Policies;
use std::collections::HashMap;
use yibao_domain::money::Money;
use yibao_domain::refusal::Code;
use yibao_domain::time::moment_text;
use yibao_interface::{Fields, Output, Record};
use yibao_store::settlement::{Trade, TradeFilter};
use yibao_store::{Fault, Tx};

/// 对账结果: the two agree.
const EVEN: &str = "0";
/// They do not.
const UNEVEN: &str = "1";

/// The trades that a statement is about: by the days of settling, and of its refunds as `refd_setl_flag` says: 0 only what stands,
/// 1 only what was given back, with both its rows, nothing: all.
fn trades(tx: &mut dyn Tx, call: &Call, fields: &Fields) -> Result<Vec<Trade>, Stop> {
    let (since, until) = (fields.demand_date("stmt_begndate")?, fields.demand_date("stmt_enddate")?);
    if until < since {
        let why = format!("早于对账开始日期 stmt_begndate {since}；请核对");
        return Err(fields.refuse(Code::Dates, "stmt_enddate", &why).into());
    }
    let mut trades = tx.trades(&TradeFilter {
        fixmedins_code: call.provider()?.fixmedins_code.clone(),
        since: since.at(0, 0, 0, 0),
        until: until.at(23, 59, 59, 999_999_999),
        insutype: fields.get("insutype").map(str::to_owned),
        clr_type: fields.get("clr_type").map(str::to_owned),
    })?;
    match fields.text("refd_setl_flag") {
        "0" => trades.retain(|trade| !trade.is_refund && !trade.is_cancelled),
        "1" => trades.retain(|trade| trade.is_refund || trade.is_cancelled),
        _ => {}
    }
    Ok(trades)
}

/// 3201 (对总账): bill, funds, account and count.
pub(crate) fn sums(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let trades = trades(tx, call, fields)?;
    let sum = |of: fn(&Trade) -> Money| Money::sum(trades.iter().map(of));
    let mut differences = Vec::new();
    for (field, name, own) in [
        ("medfee_sumamt", "医疗费总额", sum(|trade| trade.medfee_sumamt)),
        ("fund_pay_sumamt", "基金支付总额", sum(|trade| trade.fund_pay_sumamt)),
        ("acct_pay", "个人账户支付", sum(|trade| trade.acct_pay)),
    ] {
        let stated = fields.money(field)?.unwrap_or(Money::ZERO);
        if stated != own {
            differences.push(format!("{name}：机构 {stated}，平台 {own}"));
        }
    }
    // A settlement that was given back is two trades to some, and none to others.
    let rows = trades.len();
    let net = rows - 2 * trades.iter().filter(|trade| trade.is_refund).count().min(rows / 2);
    let stated = fields.integer("fixmedins_setl_cnt")?.unwrap_or(0);
    if ![rows, net].iter().any(|count| i64::try_from(*count) == Ok(stated)) {
        differences.push(format!("结算笔数：机构 {stated}，平台 {rows}（净 {net}）"));
    }
    let (result, text) = match differences.as_slice() {
        [] => (EVEN, "平".to_owned()),
        _ => (UNEVEN, format!("{}；请以3202对明细账", differences.join("；"))),
    };
    let reply = Record::new()
        .text("setl_optins", fields.text("setl_optins"))
        .text("stmt_rslt", result)
        .text("stmt_rslt_dscr", &text);
    Ok(Done::with(Output::new().object("stmtinfo", reply)))
}

/// A row of a provider's file.
struct Stated<'a> {
    setl_id: &'a str,
    mdtrt_id: &'a str,
    psn_no: &'a str,
    amounts: [Money; 3],
    is_refund: bool,
}

/// 3202 (对明细账): holds each row of the file that 9101 has brought against the trades, and answers with a file of what agrees
/// and what does not.
pub(crate) fn details(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let (_, bytes) = file::own(tx, call, fields)?;
    let wrong = |why: String| fields.refuse(Code::FieldShape, "file_qury_no", &format!("所指的文件：{why}"));
    let text = archive::unpacked(&bytes).map_err(wrong)?;
    let stated = read(&text).map_err(wrong)?;
    let trades = trades(tx, call, fields)?;
    let answer = compared(&stated, &trades);
    let name = format!("{}-{}.txt", call.infno, fields.text("file_qury_no"));
    let packed = archive::packed(&name, &answer).map_err(|why| Fault::new("packing a statement", &name, why))?;
    let kept = file::keep(tx, call, policies, &name.replace(".txt", ".zip"), &packed)?;
    let reply = Record::new()
        .text("file_qury_no", &kept.file_qury_no)
        .text("filename", &kept.filename)
        .text("dld_endtime", &moment_text(kept.ends_at));
    Ok(Done::with(Output::new().object("fileinfo", reply)))
}

/// The rows of a file: `setl_id mdtrt_id psn_no medfee_sumamt fund_pay_sumamt acct_pay refd_setl_flag`.
fn read(text: &str) -> Result<Vec<Stated<'_>>, String> {
    let mut rows = Vec::new();
    for (line, cells) in archive::rows(text) {
        let [setl_id, mdtrt_id, psn_no, medfee, fund, acct, rest @ ..] = cells.as_slice() else {
            return Err(format!("第{line}行只有{}列，应为7列，以制表符分隔", cells.len()));
        };
        // Some write the names of the columns first.
        if rows.is_empty() && *setl_id == "setl_id" {
            continue;
        }
        let amount = |name: &str, text: &str| -> Result<Money, String> {
            let text = if text.is_empty() { "0" } else { text };
            text.parse().map_err(|_| format!("第{line}行 {name} 的值\"{text}\"不是金额"))
        };
        let amounts = [amount("medfee_sumamt", medfee)?, amount("fund_pay_sumamt", fund)?, amount("acct_pay", acct)?];
        let is_refund = rest.first() == Some(&"1");
        rows.push(Stated { setl_id, mdtrt_id, psn_no, amounts, is_refund });
    }
    Ok(rows)
}

/// The answer's rows: `psn_no mdtrt_id setl_id msgid stmt_rslt refd_setl_flag memo medfee_sumamt fund_pay_sumamt acct_pay`. What
/// only the platform has comes without its ids and with its message, by which the provider finds or reverses it.
fn compared(stated: &[Stated<'_>], trades: &[Trade]) -> String {
    let mut own: HashMap<(&str, bool), &Trade> = HashMap::new();
    for trade in trades {
        own.insert((&trade.setl_id, trade.is_refund), trade);
    }
    let mut text = String::new();
    for row in stated {
        // Refunds are marked by some, and only negative in others' files.
        let is_refund = row.is_refund || row.amounts[0] < Money::ZERO;
        // Some mark what was given back later; a sum below nothing is the giving back, and nothing else.
        let is_marked_alone = is_refund && row.amounts[0] >= Money::ZERO;
        let found = own.remove(&(row.setl_id, is_refund));
        let found = found.or_else(|| if is_marked_alone { own.remove(&(row.setl_id, false)) } else { None });
        let (result, memo) = match found {
            None => (UNEVEN, "平台没有这笔交易".to_owned()),
            Some(trade) => match differing(row, trade) {
                Some(what) => (UNEVEN, what),
                None => (EVEN, String::new()),
            },
        };
        let msgid = found.map_or("", |trade| trade.msgid.as_str());
        let ids = [row.psn_no, row.mdtrt_id, row.setl_id, msgid];
        line(&mut text, ids, result, is_refund, &memo, row.amounts);
    }
    for trade in trades.iter().filter(|trade| own.contains_key(&(trade.setl_id.as_str(), trade.is_refund))) {
        let ids = [trade.psn_no.as_str(), "", "", trade.msgid.as_str()];
        let amounts = [trade.medfee_sumamt, trade.fund_pay_sumamt, trade.acct_pay];
        line(&mut text, ids, UNEVEN, trade.is_refund, "机构没有这笔交易", amounts);
    }
    text
}

fn differing(row: &Stated<'_>, trade: &Trade) -> Option<String> {
    let own = [trade.medfee_sumamt, trade.fund_pay_sumamt, trade.acct_pay];
    let names = ["医疗费总额", "基金支付总额", "个人账户支付"];
    // Of a refund some write the amounts as they were.
    let said = |stated: Money, own: Money| stated == own || (trade.is_refund && stated == own.negated());
    let amounts = row.amounts.iter().zip(own).zip(names);
    let wrong: Vec<String> = amounts
        .filter(|((stated, own), _)| !said(**stated, *own))
        .map(|((stated, own), name)| format!("{name}：机构 {stated}，平台 {own}"))
        .collect();
    let other = [(row.mdtrt_id, &trade.mdtrt_id, "就诊ID"), (row.psn_no, &trade.psn_no, "人员编号")];
    let other = other.iter().filter(|(stated, own, _)| !stated.is_empty() && stated != own);
    let wrong: Vec<String> = wrong.into_iter().chain(other.map(|(_, _, name)| format!("{name}不同"))).collect();
    (!wrong.is_empty()).then(|| wrong.join("；"))
}

fn line(text: &mut String, ids: [&str; 4], result: &str, is_refund: bool, memo: &str, amounts: [Money; 3]) {
    let [psn_no, mdtrt_id, setl_id, msgid] = ids;
    let flag = if is_refund { "1" } else { "0" };
    let cells =
        [psn_no, mdtrt_id, setl_id, msgid, result, flag, memo].map(|cell| if cell.is_empty() { "null" } else { cell });
    let amounts = amounts.map(|amount| amount.to_string());
    *text += &format!("{}\t{}\n", cells.join("\t"), amounts.join("\t"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(setl_id: &str, fen: i64, is_refund: bool) -> Trade {
        let amount = Money::fen(if is_refund { -fen } else { fen });
        Trade {
            setl_id: setl_id.into(),
            mdtrt_id: format!("M{setl_id}"),
            psn_no: "P".into(),
            msgid: format!("msg{setl_id}{is_refund}"),
            is_refund,
            is_cancelled: false,
            medfee_sumamt: amount,
            fund_pay_sumamt: amount,
            acct_pay: Money::ZERO,
        }
    }

    #[test]
    fn rows_are_even_uneven_or_known_to_one_side_alone() {
        let text = "S1\tMS1\tP\t1.00\t1.00\t0\t0\nS2\tMS2\tP\t2.00\t1.50\tnull\t0\nS9\tM9\tP\t1\t1\t0\t0\nS3\tMS3\tP\t-3.00\t-3.00\t0\t1";
        let stated = read(text).unwrap();
        let trades =
            [trade("S1", 100, false), trade("S2", 200, false), trade("S3", 300, true), trade("S4", 400, false)];
        let answer = compared(&stated, &trades);
        let rows: Vec<Vec<&str>> = archive::rows(&answer).map(|(_, cells)| cells).collect();
        let told: Vec<(&str, &str, &str)> = rows.iter().map(|row| (row[2], row[4], row[6])).collect();
        assert_eq!(
            told,
            [
                ("S1", "0", ""),
                ("S2", "1", "基金支付总额：机构 1.50，平台 2.00"),
                ("S9", "1", "平台没有这笔交易"),
                ("S3", "0", ""),
                ("", "1", "机构没有这笔交易"),
            ]
        );
        assert_eq!((rows[4][1], rows[4][3]), ("", "msgS4false"));
    }

    #[test]
    fn a_row_below_nothing_is_a_refund_and_never_the_trade_that_it_would_undo() {
        let stated = read("S1\tM\tP\t-1.00\t-1.00\t0\t0\nS1\tMS1\tP\t1.00\t1.00\t0\t0").unwrap();
        let answer = compared(&stated, &[trade("S1", 100, false)]);
        let rows: Vec<Vec<&str>> = archive::rows(&answer).map(|(_, cells)| cells).collect();
        let told: Vec<(&str, &str)> = rows.iter().map(|row| (row[4], row[6])).collect();
        assert_eq!(told, [("1", "平台没有这笔交易"), ("0", "")]);
        // One that is marked alone tells of the trade that was given back later.
        let marked = read("S1\tMS1\tP\t1.00\t1.00\t0\t1").unwrap();
        assert!(compared(&marked, &[trade("S1", 100, false)]).contains("\t0\t1\t"));
    }

    #[test]
    fn a_file_of_another_shape_is_told_its_line() {
        assert!(read("S1\tM1\n").err().unwrap().contains("第1行只有2列"));
        assert!(read("S1\tM1\tP\t1,0\t1\t1\t0").err().unwrap().contains("第1行 medfee_sumamt"));
        assert_eq!(read("setl_id\tmdtrt_id\tpsn_no\ta\tb\tc\td\nS1\tM1\tP\t1\t1\t0\t0").unwrap().len(), 1);
    }
}
