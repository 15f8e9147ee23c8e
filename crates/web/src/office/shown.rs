//! How the office writes what an entry holds: codes with their meaning, moments to the minute, persons masked in lists.

use yibao_domain::register::{Action, Bucket, Entry, FieldKind, State};
use yibao_domain::time::DateTime;
use yibao_interface::Catalogue;
use yibao_policy::registers::fields;

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
        _ => value.to_owned(),
    }
}

/// All that an entry holds, by label: what was registered, then what the steps added.
pub(super) fn facts(entry: &Entry) -> Vec<(String, String)> {
    let own = fields().fields.iter().filter(|field| field.kind.is_none_or(|kind| kind == entry.kind));
    let (mut registered, added): (Vec<_>, Vec<_>) = own.partition(|field| field.action == Action::Register);
    registered.extend(added);
    let mut shown: Vec<&str> = Vec::new();
    let mut facts = Vec::new();
    for field in registered {
        let held = entry.value(&field.name);
        if held.is_empty() || field.name == "reason" || shown.contains(&field.name.as_str()) {
            continue;
        }
        shown.push(&field.name);
        facts.push((field.label.clone(), value(&field.holds, &held)));
    }
    facts
}

/// The label of a field of a register, or its name.
pub(super) fn label(entry: &Entry, action: Action, name: &str) -> String {
    let mut found = fields().of(entry.kind, action).filter(|field| field.name == name);
    let anywhere = || fields().fields.iter().find(|field| field.name == name);
    found.next().or_else(anywhere).map_or_else(|| name.to_owned(), |field| field.label.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_told_apart_without_being_named() {
        assert_eq!(masked_name("欧阳试验"), "欧***");
        assert_eq!(masked_name(""), "");
        assert_eq!(masked_number("520502199001011234"), "…1234");
    }

    #[test]
    fn a_code_has_its_meaning_and_a_moment_no_seconds() {
        assert!(value(&FieldKind::Code("insutype".into()), "310").contains("职工"));
        assert_eq!(value(&FieldKind::Moment, "2020-09-12 10:30:00"), "2020-09-12 10:30");
        assert_eq!(value(&FieldKind::Moment, "2020-09-12 10:30:15"), "2020-09-12 10:30:15");
    }
}
