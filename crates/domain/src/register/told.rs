//! What the history tells an entry to be (台账的由来): each event tells, beside what was stated with it, every column that
//! changed and does not follow from that, so that the history alone gives the entry and the row can be held against it.
//!
//! What is not among the facts is told by the event itself: number, state, when and by whom it was taken in; the version is
//! how many events there are. Invariant: [`told`] of a history written with [`telling`] is [`facts`] of its entry.

use super::{Entry, Stated, WAS};
use crate::money::Money;
use crate::time::moment_text;

/// Begins the name of a fact that an event tells; an empty value takes it away.
pub const IS: &str = "is.";

/// Begins the name of a fact that is no column of its own but one of the details.
const DETAIL: &str = "details.";

/// What is to be looked at, for people.
pub const REMARK: &str = "remark";

/// What events state that no entry keeps.
const PASSING: [&str; 5] = [REMARK, "lines", "det_item_fee_sumamt", "order", "code"];

/// Everything that an entry is, by column or detail, but what the events themselves say. Nothing is kept of what is empty.
pub fn facts(entry: &Entry) -> Stated {
    let amount = |amount: Money| if amount == Money::ZERO { String::new() } else { amount.to_string() };
    let columns = [
        ("plan", entry.plan.clone()),
        ("rule", entry.rule.clone()),
        ("kind", entry.kind.word().to_owned()),
        ("business", entry.business.to_string()),
        ("fixmedins_code", entry.fixmedins_code.clone()),
        ("admdvs", entry.admdvs.clone()),
        ("psn_no", entry.psn_no.clone()),
        ("certno", entry.certno.clone()),
        ("mdtrt_id", entry.mdtrt_id.clone()),
        ("care_from", moment_text(entry.care_from)),
        ("care_until", entry.care_until.map_or(String::new(), moment_text)),
        ("invono", entry.invono.clone()),
        ("charged", amount(entry.charged)),
        ("refunded", amount(entry.refunded)),
        ("setl_id", entry.setl_id.clone()),
        ("reason", entry.reason.clone()),
        ("source", entry.source.word().to_owned()),
    ];
    let columns = columns.map(|(name, value)| (name.to_owned(), value));
    let details = entry.details.iter().map(|(name, value)| (format!("{DETAIL}{name}"), value.clone()));
    columns.into_iter().chain(details).filter(|(_, value)| !value.is_empty()).collect()
}

/// What an event states, with the facts that it changes and that do not follow from what is stated.
pub fn telling(before: Option<&Entry>, after: &Entry, mut stated: Stated) -> Stated {
    let mut follows = before.map(facts).unwrap_or_default();
    apply(&mut follows, &stated);
    let is = facts(after);
    let gone = follows.keys().filter(|name| !is.contains_key(*name)).map(|name| (name, ""));
    let differs = is.iter().filter(|(name, value)| follows.get(*name) != Some(*value));
    let untold = gone.chain(differs.map(|(name, value)| (name, value.as_str())));
    let untold: Stated = untold.map(|(name, value)| (format!("{IS}{name}"), value.to_owned())).collect();
    stated.extend(untold);
    stated
}

/// The facts that a history tells by what its events state, oldest first; nothing where it is from before events told them.
pub fn told<'a>(history: impl Iterator<Item = &'a Stated>) -> Option<Stated> {
    let mut history = history.peekable();
    let tells = |first: &&Stated| first.keys().any(|name| name.starts_with(IS));
    history.peek().filter(|first| tells(first))?;
    let mut facts = Stated::new();
    history.for_each(|stated| apply(&mut facts, stated));
    Some(facts)
}

/// What an event does to the facts: first what is stated under its own name, then what it says that the entry is.
fn apply(facts: &mut Stated, stated: &Stated) {
    let plain = stated.iter().filter(|(name, _)| !name.starts_with(IS) && !name.starts_with(WAS));
    let plain = plain.filter(|(name, _)| !PASSING.contains(&name.as_str())).map(|(name, value)| (place(name), value));
    let is = stated.iter().filter_map(|(name, value)| Some((name.strip_prefix(IS)?.to_owned(), value)));
    for (name, value) in plain.chain(is) {
        match value.as_str() {
            "" => facts.remove(&name),
            _ => facts.insert(name, value.clone()),
        };
    }
}

/// Where a stated field is kept.
fn place(name: &str) -> String {
    match name {
        "endtime" => "care_until".to_owned(),
        "medfee_sumamt" => "charged".to_owned(),
        "psn_no" | "certno" | "mdtrt_id" | "invono" | "reason" | "setl_id" => name.to_owned(),
        detail => format!("{DETAIL}{detail}"),
    }
}

/// The facts that differ, as people call them: never what they are, which may name a person.
pub fn differing(one: &Stated, other: &Stated) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).map(|name| called(name)).collect()
}

fn called(fact: &str) -> String {
    let column = match fact {
        "plan" => "停机方案",
        "rule" => "所依条款",
        "kind" => "登记册",
        "business" => "业务",
        "fixmedins_code" => "医药机构",
        "admdvs" => "区划",
        "psn_no" => "人员编号",
        "certno" => "证件号码",
        "mdtrt_id" => "就诊ID",
        "care_from" => "就诊时间",
        "care_until" => "出院时间",
        "invono" => "发票号",
        "charged" => "费用总额",
        "refunded" => "退付",
        "setl_id" => "结算ID",
        "reason" => "原因",
        "source" => "来源",
        detail => return format!("栏目{}", detail.strip_prefix(DETAIL).unwrap_or(detail)),
    };
    column.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::RegisterKind;
    use crate::register::{State, example, lay_out};

    fn fields(pairs: &[(&str, &str)]) -> Stated {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_history_tells_the_entry_whatever_was_stated_and_whatever_changed_besides() {
        let stated = fields(&[("psn_no", "P1"), ("tel", "1"), ("medfee_sumamt", "100.0"), ("endtime", "nonsense")]);
        let first = example::entry(RegisterKind::CashVisit, &[("tel", "1"), ("invono", "7")]);
        let mut second = first.clone();
        lay_out(&mut second, &fields(&[("tel", "2"), ("medfee_sumamt", "70.00")]));
        second.certno = "C1".into();
        second.details.remove("tel");
        let mut third = second.clone();
        third.state = State::Settled;
        third.setl_id = "S1".into();
        third.refunded = Money::yuan(5);
        let fourth = Entry { setl_id: String::new(), refunded: Money::ZERO, ..third.clone() };
        let settled = fields(&[("setl_id", "S1"), (REMARK, "x")]);
        let history = [
            telling(None, &first, stated),
            telling(Some(&first), &second, fields(&[("tel", "2"), ("was.tel", "1")])),
            telling(Some(&second), &third, settled.clone()),
            telling(Some(&third), &fourth, fields(&[("setl_id", "S1")])),
        ];
        for (count, entry) in (1..).zip([&first, &second, &third, &fourth]) {
            assert_eq!(told(history[..count].iter()), Some(facts(entry)), "after {count} events");
        }
        // What follows from what is stated is not said twice.
        let said: Vec<&str> = history[2].keys().map(String::as_str).collect();
        assert_eq!(said, ["is.refunded", REMARK, "setl_id"]);
    }

    #[test]
    fn a_history_from_before_tells_nothing() {
        assert_eq!(told([fields(&[("psn_no", "P1")])].iter()), None);
        assert_eq!(told(std::iter::empty()), None);
    }

    #[test]
    fn what_differs_is_named_and_not_shown() {
        let entry = example::entry(RegisterKind::CashVisit, &[("tel", "1")]);
        let moved = Entry { psn_no: "P2".into(), details: fields(&[("tel", "2")]), ..entry.clone() };
        assert_eq!(differing(&facts(&entry), &facts(&moved)), ["栏目tel", "人员编号"]);
        assert_eq!(differing(&facts(&entry), &facts(&entry)), Vec::<String>::new());
    }
}
