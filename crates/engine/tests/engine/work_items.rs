//! A kind of work that is in no notice, added by the data of `tests/registers/second_look` alone: steps, four eyes, a sum
//! above which a third person agrees, a deadline of its own; on both stores.

use super::care::purchase;
use super::city::{City, LI, PHARMACY, WANG};
use super::register_lists::registers;
use super::registers::{act, add, hospital, why};
use jiff::civil::date;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use yibao_cluster::Cluster;
use yibao_domain::ledger::SourceKind;
use yibao_domain::money::Money;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Action, NO_PLAN, Role, State, WorkTable};
use yibao_engine::desks::registers::{Actor, ListFilter, SheetRow};
use yibao_policy::registers::with_folder;
use yibao_store::{SqliteStore, Store, place};

fn work() -> Arc<WorkTable> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/registers/second_look");
    with_folder(&folder).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// Two of one name: only the login tells them apart.
fn clerk(login: &str) -> Actor {
    Actor { login: login.into(), name: "张三".into(), role: Role::Agency, fixmedins_code: String::new() }
}

fn city(store: Arc<dyn Store>) -> City {
    // Friday before a weekend; no plan closes anything then.
    City::with_work(store, Vec::new(), date(2021, 6, 18).at(10, 0, 0, 0), work())
}

fn request(amount: &'static str, number: &'static str) -> [(&'static str, &'static str); 6] {
    [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("request_no", number),
        ("begntime", "2021-06-18 09:30"),
        ("medfee_sumamt", amount),
        ("tel", "0857-8296182"),
    ]
}

const CHECKED: [(&str, &str); 2] = [("opinion", "同意"), ("checked_at", "2021-06-18 09:50")];

fn tell_the_story_of_a_second_look(city: &City) {
    let (kind, check) = (RegisterKind::of_word("second_look").unwrap(), Action::of_word("second_check").unwrap());
    let (agree, back) = (Action::of_word("third_check").unwrap(), Action::of_word("send_back").unwrap());
    let (one, two, three) = (clerk("zhang1"), clerk("zhang2"), clerk("zhang3"));
    let supervisor = Actor { role: Role::of_word("supervisor").unwrap(), ..clerk("zhao") };

    // Who may begin is data: the agency alone.
    assert!(why(add(city, &hospital(), kind, &request("100.00", "S1"))).contains("“二次复核”由经办机构登记"));
    let small = add(city, &one, kind, &request("50000.00", "S1")).unwrap().entry;
    assert_eq!((small.plan.as_str(), small.state.word(), small.fixmedins_code.as_str()), (NO_PLAN, "to_check", ""));
    // The claim key of the kind: the same request twice is one, with other contents it is refused.
    assert!(!add(city, &one, kind, &request("50000.00", "S1")).unwrap().is_new);
    assert!(why(add(city, &two, kind, &request("49999.00", "S1"))).contains(&small.number));

    // Five working days from the intake: 19 and 20 June are a weekend.
    let view = registers(city).entry(&one, city.clock.get(), &small.number).unwrap();
    assert_eq!(view.due, DueAt::At(date(2021, 6, 26).at(0, 0, 0, 0)));
    // Four eyes: the name is the same, the login is not.
    let barred = |by: &Actor| {
        let view = registers(city).entry(by, city.clock.get(), &small.number).unwrap();
        view.steps.iter().find(|step| step.action == check).unwrap().barred.clone()
    };
    assert!(barred(&one).is_some() && barred(&two).is_none());
    let refused = why(act(city, &one, &small.number, check, &CHECKED));
    assert!(refused.contains("“登记”由张三(zhang1)办理，“复核”须由另一人办理"), "{refused}");
    let done = act(city, &two, &small.number, check, &CHECKED).unwrap().entry;
    assert_eq!(done.state, State::Done);
    assert!(why(act(city, &two, &small.number, check, &CHECKED)).contains("处于“已办结”"));

    // Above the sum a third person agrees; whoever corrected it counts as its author too.
    let large = add(city, &one, kind, &request("50000.00", "S2")).unwrap().entry;
    act(city, &three, &large.number, Action::Correct, &[("medfee_sumamt", "50000.01")]).unwrap();
    assert!(why(act(city, &three, &large.number, check, &CHECKED)).contains("“更正”由张三(zhang3)"));
    assert_eq!(act(city, &two, &large.number, check, &CHECKED).unwrap().entry.state.word(), "to_agree");
    let agreed = [("agreed_at", "2021-06-18 09:55")];
    for by in [&one, &two, &three] {
        assert!(why(act(city, by, &large.number, agree, &agreed)).contains("须由另一人办理"));
    }
    // A role of the folder takes the steps that name it, and no others.
    assert!(why(act(city, &supervisor, &large.number, back, &[("reason", "x")])).contains("不能由科长“退回”"));
    act(city, &two, &large.number, back, &[("reason", "金额有误")]).unwrap();
    act(city, &two, &large.number, check, &CHECKED).unwrap();
    assert_eq!(act(city, &supervisor, &large.number, agree, &agreed).unwrap().entry.state, State::Done);

    // The history keeps who took each step, by login.
    let history = registers(city).entry(&one, city.clock.get(), &large.number).unwrap().history;
    let told: Vec<(&str, &str)> = history.iter().map(|event| (event.action.word(), event.actor.as_str())).collect();
    assert_eq!(told[..3], [("register", "zhang1"), ("correct", "zhang3"), ("second_check", "zhang2")]);

    by_sheet(city, kind);

    // What is late shows as late, and the sum of the ordinary work closes.
    city.clock.set(date(2021, 6, 26).at(8, 0, 0, 0));
    let late = ListFilter { kind: Some(kind), overdue: true, ..ListFilter::default() };
    assert_eq!(registers(city).list(&one, city.clock.get(), late).unwrap().total, 1);
    let board = registers(city).board(&one, city.clock.get(), NO_PLAN).unwrap();
    let sum = board.total.sum;
    assert!(sum.closes());
    assert_eq!((sum.taken_in, sum.settled, sum.withdrawn, sum.waiting, board.total.overdue), (5, 3, 1, 1, 1));
    assert_eq!(board.registers.iter().map(|(kind, _)| kind.word()).collect::<Vec<_>>(), ["second_look"]);
    city.verify();
}

/// The same kind as a sheet: new rows, a step by its Chinese name, four eyes, a withdrawal; and out again.
fn by_sheet(city: &City, kind: RegisterKind) {
    let (one, two) = (clerk("zhang1"), clerk("zhang2"));
    let row = |line: usize, cells: &[(&str, &str)]| SheetRow {
        line,
        cells: cells.iter().map(|(head, value)| ((*head).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>(),
        ..SheetRow::default()
    };
    let new = |line, number| {
        let cells = [
            ("人员编号", WANG),
            ("姓名", "王某"),
            ("单号", number),
            ("收件时间", "2021/6/18 9:30"),
            ("申请金额", "¥120.00元"),
        ];
        row(line, &cells)
    };
    let rows = [new(2, "S3"), new(3, "S4"), new(4, "S5"), new(5, "")];
    let told = registers(city).import(&one, city.clock.get(), kind, "", &rows, &[]);
    let words: Vec<&str> = told.iter().map(|verdict| verdict.outcome.word()).collect();
    assert_eq!(words, ["已登记", "已登记", "已登记", "拒绝"], "{told:?}");
    assert!(told[3].sentence().contains("申请单号"), "{}", told[3].sentence());
    let number = |at: usize| told[at].number.clone().unwrap();
    let (third, fourth) = (number(0), number(1));
    let step = |number: &str| {
        row(2, &[("台账号", number), ("操作", "复核"), ("复核意见", "同意"), ("复核时间", "2021-06-18 09:50")])
    };
    let own = registers(city).import(&one, city.clock.get(), kind, "", &[step(&third)], &[]);
    assert!(own[0].sentence().contains("须由另一人办理"), "{}", own[0].sentence());
    let withdrawn = row(3, &[("台账号", fourth.as_str()), ("操作", "撤回"), ("撤回原因", "重复")]);
    let done = registers(city).import(&two, city.clock.get(), kind, "", &[step(&third), withdrawn], &[]);
    assert!(done.iter().all(|verdict| verdict.outcome.word() == "已更新"), "{done:?}");
    let table = registers(city).export(&two, city.clock.get(), kind, ListFilter::default()).unwrap();
    assert_eq!(table.rows.len(), 5);
    for label in ["申请单号", "复核意见", "会签时间", "期限"] {
        assert!(table.labels.iter().any(|known| known == label), "{label} {:?}", table.labels);
    }
}

/// What a step does to the books is data too: benefits are held and released, and a payout is booked.
fn tell_what_steps_do_to_the_books(city: &City) {
    let (kind, check) = (RegisterKind::of_word("second_look").unwrap(), Action::of_word("second_check").unwrap());
    let pay_out = Action::of_word("pay_out").unwrap();
    let (one, two, three) = (clerk("zhang1"), clerk("zhang2"), clerk("zhang3"));
    let mut asked = request("280.05", "S1");
    (asked[0], asked[1]) = (("psn_no", WANG), ("psn_name", "王某"));
    let number = add(city, &one, kind, &asked).unwrap().entry.number;

    // Held by another than its author: later care of the person is not paid until it is released.
    let reason = [("reason", "申请待核实")];
    assert!(why(act(city, &one, &number, Action::Hold, &reason)).contains("须由另一人办理"));
    assert_eq!(act(city, &two, &number, Action::Hold, &reason).unwrap().entry.state, State::Held);
    city.clock.set(date(2021, 6, 18).at(11, 0, 0, 0));
    let mut bought = purchase(WANG, "1.00");
    bought["druginfo"]["begntime"] = "2021-06-18 10:30:00".into();
    for line in bought["drugdetail"].as_array_mut().unwrap() {
        line["fee_ocur_time"] = "2021-06-18 10:30:00".into();
    }
    city.refused(PHARMACY, "2102", &bought, &number);
    act(city, &two, &number, Action::Release, &reason).unwrap();
    city.done(PHARMACY, "2102", &bought);

    // Paid out by another than who looked at it: one balanced entry, no more than was asked for, and once.
    act(city, &two, &number, check, &CHECKED).unwrap();
    let paid = |refund: &'static str| [("refund", refund), ("paid_at", "2021-06-18 10:50")];
    assert!(why(act(city, &two, &number, pay_out, &paid("280.05"))).contains("“复核”由张三(zhang2)"));
    assert!(why(act(city, &three, &number, pay_out, &paid("280.06"))).contains("超过费用总额280.05元"));
    assert!(why(act(city, &three, &number, pay_out, &paid("0"))).contains("大于0"));
    assert_eq!(city.look(|tx| tx.posted("chart/5001")), Money::ZERO);
    let done = act(city, &three, &number, pay_out, &paid("280.05")).unwrap().entry;
    assert_eq!((done.state.word(), done.refunded), ("paid_out", Money::fen(28_005)));
    let source = format!("{number}/{}", done.version);
    let entry = city.look(|tx| tx.journal_entry(SourceKind::Payout, &source)).expect("the payout is booked");
    assert_eq!((entry.psn_no.as_str(), entry.at), (WANG, city.clock.get()));
    let postings = city.look(|tx| tx.postings(&entry.number()));
    let told: Vec<(&str, i64)> =
        postings.iter().map(|posting| (posting.account.as_str(), posting.amount.as_fen())).collect();
    assert_eq!(told, [("chart/5001", 28_005), ("chart/1004", -28_005)]);
    assert!(why(act(city, &three, &number, pay_out, &paid("280.05"))).contains("已拨付"));
    city.verify();
}

#[test]
fn a_kind_of_work_is_added_by_data_alone_on_the_embedded_store() {
    let folder = tempfile::tempdir().unwrap();
    let pools = [yibao_domain::code::Pool::new("520500"), yibao_domain::code::Pool::new("510400")];
    tell_the_story_of_a_second_look(&city(Arc::new(SqliteStore::open(folder.path(), &pools).unwrap())));
    let folder = tempfile::tempdir().unwrap();
    tell_what_steps_do_to_the_books(&city(Arc::new(SqliteStore::open(folder.path(), &pools).unwrap())));
}

#[test]
fn a_kind_of_work_is_added_by_data_alone_on_postgresql() {
    let cluster = Cluster::start(&["fsync=off"]).unwrap();
    tell_the_story_of_a_second_look(&city(place::open(&cluster.create_database("city").unwrap(), &[]).unwrap()));
    tell_what_steps_do_to_the_books(&city(place::open(&cluster.create_database("books").unwrap(), &[]).unwrap()));
}

#[test]
fn a_kind_that_this_platform_does_not_have_is_no_register_of_it() {
    // The word is known in the process, and still the platform without the folder has nobody who may begin it.
    work();
    let folder = tempfile::tempdir().unwrap();
    let pools = [yibao_domain::code::Pool::new("520500"), yibao_domain::code::Pool::new("510400")];
    let city = City::on(Arc::new(SqliteStore::open(folder.path(), &pools).unwrap()), Vec::new());
    let kind = RegisterKind::of_word("second_look").unwrap();
    assert!(why(add(&city, &clerk("zhang1"), kind, &request("1.00", "S1"))).contains("不办理“二次复核”"));
}
