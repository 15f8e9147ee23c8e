//! The work that comes with the program, and what wrong tables are told.

use super::*;
use std::collections::BTreeSet;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Books, Mark, Role, State, field};

/// What is told about the shipped tables with these beside them.
#[track_caller]
fn told(added: &[(&str, &'static str)]) -> String {
    let mut sheets = shipped();
    let sheet =
        |(name, text): &(&str, &'static str)| Sheet { kind: (*name).to_owned(), file: format!("own/{name}"), text };
    sheets.extend(added.iter().map(sheet));
    let wrong = table(&sheets).expect_err("these tables are wrong");
    wrong.iter().map(WrongRow::to_string).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(added: &[(&str, &'static str)], parts: &[&str]) {
    let told = told(added);
    for part in parts {
        assert!(told.contains(part), "{part} is not in {told}");
    }
}

const KINDS: &str = "kind\tname\tabout\tkeeper\tgoverned\tsettles\tclaims\tdays\tbusiness\tmoment\tlisted\n";
const STEPS: &str = "kinds\taction\tfrom\tto\troles\tother_than\tbooks\tsum\n";
const FIELDS: &str = "kind\taction\tfield\tlabel\ttype\tneeded\tevidence\tnote\n";

#[test]
fn the_work_that_comes_with_the_program_is_whole_and_has_every_word_that_code_names() {
    let table = built_in();
    let missing = |known: &[RegisterKind]| known.iter().filter(|kind| !table.kinds.contains(kind)).count();
    assert_eq!(missing(RegisterKind::KNOWN), 0);
    assert!(State::KNOWN.iter().all(|state| table.states.contains(state)));
    assert!(Action::KNOWN.iter().all(|action| table.actions.contains(action)));
    assert!(Role::KNOWN.iter().all(|role| table.roles.contains(role)));
}

#[test]
fn every_field_that_code_names_is_one_of_the_tables_and_what_the_platform_notes_is_none() {
    let table = built_in();
    let is_asked = |name: &str| table.fields.fields.iter().any(|field| field.name == name);
    let missing: Vec<&&str> = field::KNOWN.iter().filter(|name| !is_asked(name)).collect();
    assert!(missing.is_empty(), "no step asks for {missing:?}");
    let noted = field::NOTED.iter().map(|(name, _)| *name).chain(Mark::ALL.map(Mark::word));
    assert_eq!(noted.filter(|name| is_asked(name)).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_field_that_code_reads_is_not_made_to_hold_something_else() {
    let field = |row: &str| -> &'static str { format!("{FIELDS}{row}\n").leak() };
    let as_text = field("papers\tregister\tinjury\t外伤\ttext\tno\t\t");
    check(&[("fields.tsv", as_text)], &["own/fields.tsv:2:", "读取栏目 injury"]);
    let fewer_words = field("papers\tregister\tdecision\t决定\tchoice:同意|再议\tno\t\t");
    check(&[("fields.tsv", fewer_words)], &["读取栏目 decision", "可加词不可减词"]);
}

#[test]
fn a_stay_is_converted_and_converted_back_once_each() {
    let (table, kind) = (built_in(), RegisterKind::StayConversion);
    let to = |state, action| table.step(kind, state, action, Role::Provider).and_then(|step| step.to);
    assert_eq!(to(State::Waiting, Action::Convert), Some(State::Converted));
    assert_eq!(to(State::Converted, Action::ConvertBack), Some(State::Restored));
    assert_eq!(to(State::Converted, Action::Convert), None);
    assert_eq!(to(State::Restored, Action::ConvertBack), None);
    assert_eq!(to(State::Restored, Action::Convert), None);
}

#[test]
fn what_is_settled_goes_back_only_with_its_settlement() {
    let table = built_in();
    for role in [Role::Provider, Role::Agency] {
        // What is handed back to the person is signed for, and a double that is none is told apart; it stays settled.
        let steps = table.steps_from(RegisterKind::CashVisit, State::Settled, role);
        let steps: Vec<(Action, Option<State>)> = steps.map(|step| (step.action, step.to)).collect();
        assert_eq!(steps, [(Action::HandBack, None), (Action::TellApart, None)]);
    }
    let back = table.step(RegisterKind::CashVisit, State::Settled, Action::Unsettle, Role::Platform).unwrap();
    assert_eq!(back.to, Some(State::Waiting));
}

#[test]
fn no_step_asks_for_a_field_or_a_label_twice() {
    let table = built_in();
    for (kind, action) in table.kinds.iter().flat_map(|kind| table.actions.iter().map(move |action| (*kind, *action))) {
        let mut seen = BTreeSet::new();
        for field in table.fields.of(kind, action) {
            assert!(seen.insert(&field.name) && seen.insert(&field.label), "{kind:?} {action:?} {}", field.name);
        }
    }
}

#[test]
fn words_that_nobody_knows_are_told_with_file_line_and_the_words_that_would_do() {
    let step = |row: &str| -> &'static str { format!("{STEPS}{row}\n").leak() };
    check(
        &[("steps.tsv", step("papers\ttell\tsleeping\t=\tagency\t-\t-\t-"))],
        &["own/steps.tsv:2:", "没有状态 sleeping", "waiting"],
    );
    check(
        &[("steps.tsv", step("papers\ttell\twaiting\t=\tjanitor\t-\t-\t-"))],
        &["own/steps.tsv:2:", "没有角色 janitor", "agency"],
    );
    check(&[("steps.tsv", step("papers\tdance\twaiting\t=\tagency\t-\t-\t-"))], &["没有操作 dance"]);
    check(&[("steps.tsv", step("visits\ttell\twaiting\t=\tagency\t-\t-\t-"))], &["没有台账 visits"]);
    check(&[("steps.tsv", step("papers\ttell\twaiting\t=\tagency\t-\tgold\t-"))], &["books", "gold", "settlement"]);
    check(&[("steps.tsv", step("papers\ttell\twaiting\t=\tagency\t-\t-\t5000"))], &["sum", "5000"]);
    check(&[("steps.tsv", step("papers\ttell\twaiting"))], &["应有8栏，实有3栏"]);
    check(&[("steps.tsv", "kinds\taction\n")], &["own/steps.tsv:1:", "表头"]);
    let field = |row: &str| -> &'static str { format!("{FIELDS}{row}\n").leak() };
    check(&[("fields.tsv", field("visits\tregister\ta\tA\ttext\tyes\t\t"))], &["own/fields.tsv:2:", "没有台账 visits"]);
    check(&[("fields.tsv", field("papers\tregister\ta\tA\tnumber\tyes\t\t"))], &["没有类型 number"]);
    check(&[("fields.tsv", field("papers\tregister\ta\tA\ttext\tyes\tpaper\t"))], &["没有凭据 paper"]);
    check(&[("fields.tsv", field("papers\tregister\ta"))], &["8栏"]);
    check(&[("fields.tsv", field("papers\tregister\ta\tA\ttext\tplan\t\t"))], &["evidence"]);
}

#[test]
fn a_journal_entry_is_booked_only_of_a_source_that_steps_can_book() {
    let step =
        |books: &str| -> &'static str { format!("{STEPS}papers\treimburse\tdone\t=\tagency\t-\t{books}\t-\n").leak() };
    let booked = |table: &WorkTable| table.steps.iter().filter(|step| matches!(step.books, Books::Journal(_))).count();
    let mut sheets = shipped();
    sheets.push(Sheet { kind: "steps.tsv".to_owned(), file: "own/steps.tsv".to_owned(), text: step("journal:payout") });
    assert_eq!(booked(&table(&sheets).unwrap()), 1);
    let unknown = &["own/steps.tsv:2:", "“关系转移”还不能由台账的步骤记账", "journal:payout"];
    check(&[("steps.tsv", step("journal:transfer"))], unknown);
    check(
        &[("steps.tsv", step("journal:gold"))],
        &["own/steps.tsv:2:", "books 应为", "journal:payout", "journal:gold"],
    );
    // What it books has to be asked for.
    let bare = format!("{STEPS}papers\tprocess\treimbursing\tdone\tagency\t-\tjournal:payout\t-\n").leak();
    check(&[("steps.tsv", bare)], &["own/steps.tsv:2:", "没有栏目 refund"]);
    let first = format!("{STEPS}papers\tregister\t-\twaiting\tplatform\t-\thold\t-\n").leak();
    check(&[("steps.tsv", first)], &["own/steps.tsv:2:", "登记只记事，不动账"]);
}

#[test]
fn a_hold_that_no_step_releases_is_told() {
    let row = "papers\tprocess\treimbursing\tdone\tagency\t-\thold\t-\n";
    check(&[("steps.tsv", format!("{STEPS}{row}").leak())], &["own/steps.tsv:2:", "没有解除（release）的一步"]);
}

#[test]
fn an_entry_begins_beside_the_promise_only_where_a_plan_may_promise_nothing() {
    let steps = built_in();
    let first = |kind| steps.first_step(kind, Role::Agency).unwrap();
    assert_eq!(first(RegisterKind::CashVisit).unpromised, Some(State::Outside));
    assert_eq!(first(RegisterKind::Escalation).unpromised, None);
    let row = "papers\ttell\twaiting\twaiting|asleep\tagency\t-\t-\t-\n";
    check(&[("steps.tsv", format!("{STEPS}{row}").leak())], &["own/steps.tsv:2:", "没有状态 asleep"]);
}

#[test]
fn a_step_that_a_person_takes_asks_for_something() {
    let step = format!("{STEPS}papers\tsupervise\twaiting\t=\tagency\t-\t-\t-\n").leak();
    check(&[("steps.tsv", step)], &["own/steps.tsv:2:", "papers 的“督导”（supervise）什么也不问"]);
}

#[test]
fn a_kind_that_nobody_can_begin_or_finish_is_told_at_its_row() {
    let kind = |word: &str| -> &'static str {
        format!("{KINDS}{word}\t试\tmatter\tagency\tnone\t-\t-\t5\tpapers.trial\tbegntime\tno\n").leak()
    };
    check(&[("kinds.tsv", kind("never_begun"))], &["own/kinds.tsv:2:", "没有“登记”一步"]);
    let steps = format!("{STEPS}never_done\tregister\t-\twaiting\tagency\t-\t-\t-\n").leak();
    let fields = format!("{FIELDS}never_done\tregister\tbegntime\t时间\tmoment\tyes\t\t\n").leak();
    let added = [("kinds.tsv", kind("never_done")), ("steps.tsv", &*steps), ("fields.tsv", &*fields)];
    check(&added, &["own/kinds.tsv:2:", "never_done 到“待办”（waiting）后没有一步能办结"]);
    let steps = format!("{STEPS}no_moment\tregister\t-\tdone\tagency\t-\t-\t-\n").leak();
    let fields = format!("{FIELDS}no_moment\tregister\tsubject\t事由\ttext\tyes\t\t\n").leak();
    let added = [("kinds.tsv", kind("no_moment")), ("steps.tsv", &*steps), ("fields.tsv", &*fields)];
    check(&added, &["moment 应为登记时所填的一个时间栏目"]);
}

#[test]
fn what_is_settled_has_a_settlement_that_the_platform_has_recorded() {
    let step = |row: &str| -> &'static str { format!("{STEPS}{row}\n").leak() };
    let by_hand = step("cash_visit\tprocess\treimbursing\tsettled\tplatform\t-\t-\t-");
    check(&[("steps.tsv", by_hand)], &["own/steps.tsv:2:", "须有结算"]);
    let by_clerk = step("cash_visit\treimburse\tfailed\tsettled\tagency\t-\tsettlement\t-");
    check(&[("steps.tsv", by_clerk)], &["roles 只能是 platform"]);
}

#[test]
fn what_the_agency_keeps_is_not_begun_by_a_provider_that_could_not_see_it() {
    let row = "papers\tregister\t-\twaiting\tprovider\t-\t-\t-\n";
    check(&[("steps.tsv", format!("{STEPS}{row}").leak())], &["registers/kinds.tsv:", "papers 归经办机构负责"]);
}

#[test]
fn a_word_is_not_given_another_meaning() {
    let states = "state\tname\tbucket\tkeeps_claim\nwaiting\t等着\twaiting\tyes\n";
    check(&[("states.tsv", states)], &["own/states.tsv:2:", "waiting 已有另一个意思"]);
    let states = "state\tname\tbucket\tkeeps_claim\nasleep\t睡\tsleeping\tyes\n";
    check(&[("states.tsv", states)], &["bucket 应为 waiting", "不是“sleeping”"]);
}

#[test]
fn one_step_written_twice_is_told_unless_the_sums_tell_them_apart() {
    let row = "papers\tpre_approve\twaiting\tdone\tagency\t-\t-\t>50000.00\n";
    check(&[("steps.tsv", format!("{STEPS}{row}").leak())], &["own/steps.tsv:2:", "是同一步"]);
}

#[test]
fn four_eyes_name_a_step_that_the_kind_has() {
    let row = "papers\twithdraw\tapproved\twithdrawn\tprovider\tsupervise\t-\t-\n";
    check(&[("steps.tsv", format!("{STEPS}{row}").leak())], &["papers 没有“督导”一步"]);
}

#[test]
fn a_folder_without_tables_or_with_a_strange_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |folder: &Path| with_folder(folder).unwrap_err()[0].to_string();
    assert!(refused(folder.path()).contains("没有一个表"));
    std::fs::write(folder.path().join("stepps.tsv"), "").unwrap();
    assert!(refused(folder.path()).contains("不认得的表"));
    assert!(refused(&folder.path().join("nowhere")).contains("不能读取"));
}

#[test]
fn a_registration_that_is_cancelled_and_made_anew_is_called_so() {
    use yibao_domain::outage::Disposition;
    let (work, kind) = (built_in(), RegisterKind::StayConversion);
    let anew = Some(Disposition::CancelRecreate);
    assert_eq!(work.action_said(anew, kind, Action::Convert), "撤销登记");
    assert_eq!(work.action_said(Some(Disposition::ConvertSelfPay), kind, Action::Convert), Action::Convert.name());
    assert_eq!(work.said(anew, kind, State::Restored.word(), State::Restored.name()), "已重新登记");
    let worded = work.worded(anew, kind);
    assert!(worded.fields.of(kind, Action::ConvertBack).any(|field| field.label == "重新登记时间"));
}
