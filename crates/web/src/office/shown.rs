//! How the office writes what an entry holds: codes with their meaning, moments to the minute, persons masked in lists.

use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{
    Action, Bucket, Entry, FieldKind, HandBack, Mark, State, WorkTable, field, is_with_the_agency,
};
use yibao_domain::time::{DateTime, moment_name};
use yibao_interface::Catalogue;

/// A chip's colour.
pub(super) fn class(state: State, overdue: bool) -> &'static str {
    match state.bucket() {
        _ if overdue => "closed",
        Bucket::Waiting if matches!(state, State::Failed | State::Held) => "closed",
        Bucket::Waiting => "soon",
        Bucket::Settled | Bucket::Reimbursed => "open",
        Bucket::Refused | Bucket::Withdrawn | Bucket::Outside => "later",
    }
}

/// A moment to the minute, as people read it.
pub(super) fn minute(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A name of which only the family is shown: `王**`.
pub(super) fn masked_name(name: &str) -> String {
    let mut chars = name.chars();
    let first: String = chars.next().into_iter().collect();
    format!("{first}{}", "*".repeat(chars.count().min(3)))
}

/// The end of a document's number: enough to tell people apart who stand at the counter.
pub(super) fn masked_number(number: &str) -> String {
    let kept: Vec<char> = number.chars().rev().take(4).collect();
    if kept.is_empty() { String::new() } else { format!("…{}", kept.into_iter().rev().collect::<String>()) }
}

/// A value as people read it: a code with its meaning, a moment without seconds that are none.
pub(super) fn value(holds: &FieldKind, value: &str) -> String {
    match holds {
        FieldKind::Code(table) => {
            let meaning = Catalogue::national().codes(table).and_then(|table| table.meaning(value));
            meaning.map_or_else(|| value.to_owned(), |meaning| format!("{value} {meaning}"))
        }
        FieldKind::Moment => value.strip_suffix(":00").filter(|rest| rest.len() == 16).unwrap_or(value).to_owned(),
        FieldKind::Money => format!("{value}元"),
        FieldKind::Business => crate::pages::business_called(value).unwrap_or(value).to_owned(),
        _ => value.to_owned(),
    }
}

/// A note of the platform with its moments as every page writes them. What is kept has them to the second, so that it can be checked
/// against what happened.
pub(super) fn in_one_form(note: &str) -> String {
    let length = "2021-07-12 10:30:00".len();
    let (mut told, mut rest) = (String::new(), note);
    while !rest.is_empty() {
        let moment = rest.get(..length).filter(|text| text.as_bytes()[10] == b' ');
        let moment: Option<DateTime> = moment.and_then(|text| text.parse().ok());
        let passed = match moment {
            Some(moment) => {
                told.push_str(&moment_name(moment));
                length
            }
            None => rest.chars().next().map_or(0, |char| {
                told.push(char);
                char.len_utf8()
            }),
        };
        rest = &rest[passed..];
    }
    told
}

/// All that an entry holds, by label: what was registered, what the steps added, what it is perhaps the same as, and how its
/// settlement splits the bill.
pub(super) fn facts(work: &WorkTable, entry: &Entry) -> Vec<(String, String)> {
    let doubles = doubles(entry).join("、");
    let double = (!doubles.is_empty()).then(|| (Mark::Double.label().to_owned(), doubles));
    stated(work, entry).into_iter().chain(double).chain(split(entry)).collect()
}

/// What was registered, then what the steps added.
pub(super) fn stated(work: &WorkTable, entry: &Entry) -> Vec<(String, String)> {
    let own = work.fields.fields.iter().filter(|field| field.kind.is_none_or(|kind| kind == entry.kind));
    let (mut registered, added): (Vec<_>, Vec<_>) = own.partition(|field| field.action == Action::Register);
    registered.extend(added);
    // Elsewhere the reason is that of the state, and stands beside it.
    let states_reason = entry.kind == RegisterKind::NotEntitled && !entry.state.is_final();
    let mut shown: Vec<&str> = Vec::new();
    let mut facts = Vec::new();
    for field in registered {
        let held = entry.value(&field.name);
        // What funds and account pay of a settlement stands with its split; the agency's payment is a field.
        let is_of_the_split = field.name == field::REFUND.name() && !is_with_the_agency(entry);
        if held.is_empty()
            || is_of_the_split
            || (field.name == field::REASON.name() && !states_reason)
            || shown.contains(&field.name.as_str())
        {
            continue;
        }
        shown.push(&field.name);
        facts.push((field.label.clone(), value(&field.holds, &held)));
    }
    facts
}

/// The entries, and settlements by their ids, that a care is perhaps the same as.
pub(super) fn doubles(entry: &Entry) -> Vec<String> {
    let marked = if entry.is_suspected() { entry.marked(Mark::Double) } else { "" };
    marked.split('、').filter(|double| !double.is_empty()).map(str::to_owned).collect()
}

/// Whether it is the number of an entry.
pub(super) fn is_number(double: &str) -> bool {
    double.starts_with("TJ") && double.contains('-')
}

/// What a list says beside the state: why an entry is not settled, or what came of it.
pub(super) fn outcome(entry: &Entry) -> String {
    let Some(split) = entry.split() else { return entry.reason.clone() };
    let rest = match entry.to_hand_back(None) {
        Some(HandBack::Back(due)) => format!("应退{due}元"),
        Some(HandBack::Collect(due)) => format!("应补收{due}元"),
        Some(HandBack::Even) | None => nothing_due(entry).to_owned(),
        Some(HandBack::Unknown) => "多退少补".to_owned(),
    };
    format!("基金{}元，账户{}元，个人{}元；{rest}", split.funds, split.account, split.own)
}

/// Where nothing is to be handed back any more: it was, or nothing ever was.
fn nothing_due(entry: &Entry) -> &'static str {
    if entry.handed_back() == Money::ZERO { "无需退款" } else { "已退清" }
}

/// How the settlement splits the bill, and what the cashier hands back.
fn split(entry: &Entry) -> Vec<(String, String)> {
    let Some(split) = entry.split() else { return Vec::new() };
    let yuan = |amount: Money| format!("{amount}元");
    let mut told = vec![
        ("结算ID", entry.setl_id.clone()),
        ("结算费用", yuan(split.refunded().plus(split.own))),
        ("基金支付", yuan(split.funds)),
        ("个人账户支付", yuan(split.account)),
        ("个人应负担", yuan(split.own)),
    ];
    told.push(match entry.to_hand_back(None) {
        Some(HandBack::Back(due)) => ("应退患者", yuan(due)),
        Some(HandBack::Collect(due)) => ("应向患者补收", yuan(due)),
        Some(HandBack::Even) | None => ("应退患者", nothing_due(entry).to_owned()),
        Some(HandBack::Unknown) => ("应退患者", "已收金额减去个人应负担，多退少补".to_owned()),
    });
    told.into_iter().map(|(label, value)| (label.to_owned(), value)).collect()
}

/// A corrected field as the history tells it: label, what stood before, what stands now.
pub(super) fn changed(
    work: &WorkTable,
    entry: &Entry,
    action: Action,
    name: &str,
    before: &str,
    after: &str,
) -> String {
    let (label, holds) = labelled(work, entry, action, name);
    let told = |said: &str| match (said, holds) {
        ("", _) => "（空）".to_owned(),
        (said, Some(holds)) => value(holds, said),
        (said, None) => in_one_form(said),
    };
    format!("{label}：{} → {}", told(before), told(after))
}

/// A field of a step as the history tells it: label and value.
pub(super) fn noted(work: &WorkTable, entry: &Entry, action: Action, name: &str, said: &str) -> String {
    let (label, holds) = labelled(work, entry, action, name);
    format!("{label}：{}", holds.map_or_else(|| in_one_form(said), |holds| value(holds, said)))
}

/// What a field of a step is called, and what it holds: by the step's own fields, the register's, the platform's notes, and at
/// last any register's.
fn labelled<'a>(work: &'a WorkTable, entry: &Entry, action: Action, name: &'a str) -> (&'a str, Option<&'a FieldKind>) {
    let of_step = || work.fields.of(entry.kind, action_of_form(action)).find(|field| field.name == name);
    let own = || work.fields.fields.iter().find(|field| field.kind == Some(entry.kind) && field.name == name);
    let anywhere = || work.fields.fields.iter().find(|field| field.name == name);
    if let Some(field) = of_step().or_else(own) {
        return (&field.label, Some(&field.holds));
    }
    match noted_label(name) {
        Some(label) => (label, None),
        None => anywhere().map_or((name, None), |field| (&field.label, Some(&field.holds))),
    }
}

/// What people call a note of the platform, and the reason that it gives.
fn noted_label(name: &str) -> Option<&'static str> {
    if name == field::REASON.name() {
        return Some("原因");
    }
    let mark = Mark::ALL.iter().find(|mark| mark.word() == name).map(|mark| mark.label());
    mark.or_else(|| field::NOTED.iter().find(|(known, _)| *known == name).map(|(_, label)| *label))
}

/// A correction has the fields of the registration.
fn action_of_form(action: Action) -> Action {
    if action == Action::Correct { Action::Register } else { action }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_domain::register::{Source, usual_business};

    #[test]
    fn persons_are_told_apart_without_being_named() {
        assert_eq!(masked_name("欧阳试验"), "欧***");
        assert_eq!(masked_name(""), "");
        assert_eq!(masked_number("520502199001011234"), "…1234");
    }

    fn entry() -> Entry {
        let (kind, care) = (RegisterKind::CashVisit, date(2020, 9, 12).at(9, 0, 0, 0));
        let draft = Entry::draft(kind, usual_business(kind), care, Source::Page, "", care);
        Entry { number: "TJ1".into(), ..draft }
    }

    #[test]
    fn a_settled_entry_tells_how_the_bill_is_split_and_what_is_handed_back() {
        let mut entry = entry();
        assert_eq!(outcome(&entry), "");
        for (name, amount) in [("fund_pay_sumamt", "60.00"), ("acct_pay", "10.00"), ("psn_cash_pay", "30.00")] {
            entry.details.insert(name.to_owned(), amount.to_owned());
        }
        assert_eq!(outcome(&entry), "基金60.00元，账户10.00元，个人30.00元；应退70.00元");
        let work = yibao_policy::registers::built_in();
        let told = facts(&work, &entry);
        let says = |label: &str, value: &str| told.contains(&(label.to_owned(), value.to_owned()));
        assert!(
            says("结算费用", "100.00元") && says("个人应负担", "30.00元") && says("应退患者", "70.00元"),
            "{told:?}"
        );
        entry.details.insert("handed_back".to_owned(), "70.00".to_owned());
        assert!(facts(&work, &entry).contains(&("应退患者".to_owned(), "已退清".to_owned())));
        // Whoever left on account has paid nothing ahead, and gets nothing back.
        entry.details.insert("handed_back".to_owned(), String::new());
        for (name, amount) in [("fund_pay_sumamt", "0.00"), ("acct_pay", "0.00"), ("psn_cash_pay", "100.00")] {
            entry.details.insert(name.to_owned(), amount.to_owned());
        }
        assert!(outcome(&entry).ends_with("无需退款"), "{}", outcome(&entry));
    }

    #[test]
    fn the_history_has_a_label_for_all_that_the_platform_notes() {
        let told = |action, name, said| noted(&yibao_policy::registers::built_in(), &entry(), action, name, said);
        for name in ["code", "setl_id", "later_settlements", "remark", "certificate", "lines", "det_item_fee_sumamt"] {
            let text = told(Action::Settle, name, "1");
            assert!(!text.contains(name) && text.ends_with("：1"), "{text}");
        }
        assert_eq!(told(Action::Reimburse, "refund", "12.00"), "报销金额：12.00元");
        assert_eq!(told(Action::Fail, "reason", "断保"), "原因：断保");
        assert_eq!(told(Action::Withdraw, "reason", "患者要求"), "撤回原因：患者要求");
    }

    #[test]
    fn a_correction_is_told_with_what_stood_before() {
        let told = |name, before, after| {
            changed(&yibao_policy::registers::built_in(), &entry(), Action::Correct, name, before, after)
        };
        assert_eq!(told("medfee_sumamt", "100.00", "120.00"), "费用总额：100.00元 → 120.00元");
        assert_eq!(told("invono", "", "12345678"), "发票号：（空） → 12345678");
    }

    #[test]
    fn a_note_of_the_platform_says_moments_as_every_page_does() {
        let work = yibao_policy::registers::built_in();
        let late = "期限2021-07-19 00:00:00，于2021-07-20 09:05:30补录";
        let told = noted(&work, &entry(), Action::Settle, "late", late);
        assert_eq!(told, "逾期补录：期限2021-07-18 24:00，于2021-07-20 09:05补录");
        let told = changed(&work, &entry(), Action::Settle, "late", "", late);
        assert!(told.ends_with("期限2021-07-18 24:00，于2021-07-20 09:05补录"), "{told}");
        for other in ["就诊2021-07-12", "编号 2021-07-99 10:30:00，退费", "", "短"] {
            assert_eq!(in_one_form(other), other);
        }
    }

    #[test]
    fn a_code_has_its_meaning_and_a_moment_no_seconds() {
        assert!(value(&FieldKind::Code("insutype".into()), "310").contains("职工"));
        assert_eq!(value(&FieldKind::Moment, "2020-09-12 10:30:00"), "2020-09-12 10:30");
        assert_eq!(value(&FieldKind::Moment, "2020-09-12 10:30:15"), "2020-09-12 10:30:15");
    }
}
