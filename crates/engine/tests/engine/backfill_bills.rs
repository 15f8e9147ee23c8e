//! Bills that come together after the reopening: an entry waits for its lines, charges none twice, and is handed back at the
//! cashier's desk.

use super::backfill::{TOWN, correct, reopened};
use super::backfill_runs::{number, on_both_stores, visit};
use super::care::{admission, cancellation, stay_settlement, text};
use super::city::{City, DRUG, HOSPITAL, LI, WANG, clerk};
use super::registers::{act, add, hospital, why};
use jiff::civil::date;
use serde_json::json;
use yibao_domain::code::Pool;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, EntryLine, Source, State, Stated};
use yibao_engine::desks::registers::{NewEntry, Outcome, SheetRow};
use yibao_store::person::Insurance;
use yibao_store::register::EntryFilter;

/// Uploads one line of a stay.
fn upload(city: &City, mdtrt_id: &str, serial: &str, time: &str, amount: &str) {
    let row = json!({
        "feedetl_sn": serial, "mdtrt_id": mdtrt_id, "psn_no": LI, "fee_ocur_time": time, "med_list_codg": DRUG,
        "medins_list_codg": "Y1", "det_item_fee_sumamt": amount, "cnt": "1", "pric": amount, "bilg_dept_codg": "A03",
        "bilg_dept_name": "内科", "bilg_dr_codg": "D1", "bilg_dr_name": "赵医生", "hosp_appr_flag": "0",
        "rx_circ_flag": "0", "med_type": "21"
    });
    city.done(HOSPITAL, "2301", &json!({"feedetail": [row]}));
}

/// Admitted before the closing with 721.53 uploaded, discharged in the outage and written down; the stay and the entry.
fn deferred(city: &City, total: &str) -> (String, String) {
    let mdtrt_id = in_hospital(city);
    let number = written_down(city, &mdtrt_id, total);
    (mdtrt_id, number)
}

fn in_hospital(city: &City) -> String {
    city.clock.set(date(2021, 7, 8).at(12, 0, 0, 0));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-08 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    upload(city, &mdtrt_id, "HIS-1", "2021-07-08 10:00:00", "721.53");
    mdtrt_id
}

fn written_down(city: &City, mdtrt_id: &str, total: &str) -> String {
    city.clock.set(date(2021, 7, 13).at(12, 0, 0, 0));
    let mut said = vec![
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("mdtrt_id", mdtrt_id),
        ("begntime", "2021-07-08 08:00"),
        ("endtime", "2021-07-12 16:00"),
        ("choice", "恢复后结算"),
    ];
    if !total.is_empty() {
        said.push(("medfee_sumamt", total));
    }
    add(city, &hospital(), RegisterKind::DeferredDischarge, &said).unwrap().entry.number
}

fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

/// What the entry's settlement billed.
#[track_caller]
fn billed(city: &City, number: &str) -> String {
    let entry = found(city, number);
    assert_eq!(entry.state, State::Settled, "{}", entry.reason);
    city.look(|tx| tx.settlement(&entry.setl_id)).unwrap().settlement.medfee_sumamt.to_string()
}

/// What the entries of the plan wait for.
fn waiting(city: &City) -> String {
    let waiting = city.backfill().waiting(&clerk(), city.clock.get(), "town", None).unwrap().reasons;
    waiting.into_iter().map(|(reason, _)| reason).collect::<Vec<_>>().join(";")
}

#[test]
fn b10_a_deferred_discharge_waits_until_its_lines_reach_the_stated_total() {
    on_both_stores(|city| {
        let (mdtrt_id, number) = deferred(city, "935.17");
        city.clock.set(reopened());
        assert_eq!(city.backfill_all("town").settled, 0);
        assert_eq!(waiting(city), "费用明细与费用总额不符");
        let told = city.backfill().entry(&clerk(), city.clock.get(), &number).unwrap_err();
        assert!(format!("{told:?}").contains("还差213.64元"), "{told:?}");
        assert_eq!(found(city, &number).state, State::Waiting);
        // The hospital's own system sends the rest.
        upload(city, &mdtrt_id, "HIS-2", "2021-07-11 10:00:00", "213.64");
        assert_eq!(city.backfill_all("town").settled, 1);
        assert_eq!(billed(city, &number), "935.17");
        city.verify();
    });
}

#[test]
fn b10_without_a_total_somebody_has_to_say_that_the_lines_are_complete() {
    let city = City::with_plan(TOWN);
    let (mdtrt_id, number) = deferred(&city, "");
    city.clock.set(reopened());
    assert_eq!(city.backfill_all("town").settled, 0);
    assert_eq!(waiting(&city), "等候费用明细传齐");
    upload(&city, &mdtrt_id, "HIS-2", "2021-07-11 10:00:00", "213.64");
    assert_eq!(city.backfill_all("town").settled, 0);
    act(&city, &hospital(), &number, Action::Correct, &[("lines_complete", "是")]).unwrap();
    assert_eq!(city.backfill_all("town").settled, 1);
    assert_eq!(billed(&city, &number), "935.17");
    // What a settlement told of the costs is nobody's statement: other lines may follow a cancellation.
    let settled = found(&city, &number);
    city.done(HOSPITAL, "2305", &cancellation(LI, &mdtrt_id, &settled.setl_id));
    upload(&city, &mdtrt_id, "HIS-3", "2021-07-11 11:00:00", "10.00");
    assert_eq!(city.backfill_all("town").settled, 1);
    assert_eq!(billed(&city, &number), "945.17");
    city.verify();
}

/// The person's insurance is loaded as paused from before the outage.
fn paused(city: &City) {
    city.write(|tx| {
        for insurance in tx.person_facts(LI, &[])?.expect("somebody of the city").insurances {
            tx.put_insurance(&Insurance { paused_from: Some(date(2021, 7, 1)), ..insurance })?;
        }
        Ok(())
    });
}

/// What is owed by all cases of who is not entitled.
fn owed(city: &City) -> Vec<String> {
    let cases = EntryFilter { kind: Some(RegisterKind::NotEntitled), ..EntryFilter::default() };
    city.look(|tx| tx.entries(&cases, 10)).into_iter().map(|case| case.charged.to_string()).collect()
}

#[test]
fn p26_of_a_stay_that_was_admitted_at_the_platform_since_the_lines_there_are_owed() {
    let city = City::with_plan(TOWN);
    city.clock.set(date(2021, 7, 12).at(12, 0, 0, 0));
    let admitted = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "21"),
        ("begntime", "2021-07-12 08:00"),
        ("ipt_otp_no", "ZY1"),
        ("diag_code", "J18.900"),
        ("diag_name", "肺炎"),
    ];
    let number = add(&city, &hospital(), RegisterKind::Admission, &admitted).unwrap().entry.number;
    city.clock.set(reopened());
    let stay = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-12 08:00:00"));
    let mdtrt_id = text(&stay.output["result"]["mdtrt_id"]);
    upload(&city, &mdtrt_id, "HIS-1", "2021-07-12 10:00:00", "721.53");
    let left = [("endtime", "2021-07-14 16:00"), ("dscg_way", "1"), ("lines_complete", "是")];
    act(&city, &hospital(), &number, Action::Discharge, &left).unwrap();
    paused(&city);
    assert_eq!(city.backfill_all("town").settled, 0);
    assert_eq!(owed(&city), ["721.53"]);
    city.verify();
}

#[test]
fn p26_what_was_settled_in_mid_stay_is_not_owed() {
    let city = City::with_plan(TOWN);
    let mdtrt_id = in_hospital(&city);
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &mdtrt_id, "721.53", true));
    let number = written_down(&city, &mdtrt_id, "");
    paused(&city);
    city.clock.set(reopened());
    upload(&city, &mdtrt_id, "HIS-2", "2021-07-11 10:00:00", "213.64");
    act(&city, &hospital(), &number, Action::Correct, &[("lines_complete", "是")]).unwrap();
    assert_eq!(city.backfill_all("town").settled, 0);
    assert_eq!(owed(&city), ["213.64"]);
    city.verify();
}

#[test]
fn lines_that_are_uploaded_under_other_serials_are_not_charged_twice() {
    let city = City::with_plan(TOWN);
    let (_, number) = deferred(&city, "");
    let line = |serial: &str, moment, amount: &str| EntryLine {
        feedetl_sn: serial.to_owned(),
        fee_ocur_time: moment,
        med_list_codg: DRUG.to_owned(),
        medins_list_codg: "Y1".to_owned(),
        cnt: Decimal::ONE,
        pric: amount.parse().unwrap(),
        det_item_fee_sumamt: amount.parse().unwrap(),
        hosp_appr_flag: String::new(),
        init_feedetl_sn: String::new(),
        prd_days: String::new(),
    };
    let (first, second) = (date(2021, 7, 8).at(10, 0, 0, 0), date(2021, 7, 11).at(10, 0, 0, 0));
    // At another time of the day it may be the same line: a person decides, nobody guesses.
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    let doubtful = vec![line("1", date(2021, 7, 8).at(15, 0, 0, 0), "721.53"), line("2", second, "213.64")];
    registers.put_lines(&hospital(), city.clock.get(), &number, doubtful).unwrap();
    city.clock.set(reopened());
    assert_eq!(city.backfill_all("town").settled, 0);
    assert_eq!(waiting(&city), "费用明细疑似已上传过");
    let sure = vec![line("1", first, "721.53"), line("2", second, "213.64")];
    registers.put_lines(&hospital(), city.clock.get(), &number, sure).unwrap();
    assert_eq!(city.backfill_all("town").settled, 1);
    assert_eq!(billed(&city, &number), "935.17");
    city.verify();
}

/// What takes a line of the drug back; without a name where `of` is empty.
fn back(serial: &str, of: &str, count: i64, price: i64) -> EntryLine {
    EntryLine {
        feedetl_sn: serial.to_owned(),
        fee_ocur_time: date(2021, 7, 11).at(12, 0, 0, 0),
        med_list_codg: DRUG.to_owned(),
        medins_list_codg: "Y1".to_owned(),
        cnt: Decimal::from(count),
        pric: Decimal::from(price),
        det_item_fee_sumamt: Money::yuan(count * price),
        init_feedetl_sn: of.to_owned(),
        ..EntryLine::default()
    }
}

#[test]
fn a_return_that_is_kept_may_be_of_a_line_that_was_uploaded_and_takes_back_no_more_than_is_there() {
    for names_its_stay in [true, false] {
        let city = City::with_plan(TOWN);
        city.clock.set(date(2021, 7, 8).at(12, 0, 0, 0));
        let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-08 08:00:00"));
        let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
        upload(&city, &mdtrt_id, "HIS-1", "2021-07-08 10:00:00", "100.00");
        upload(&city, &mdtrt_id, "HIS-2", "2021-07-08 10:00:00", "50.00");
        city.clock.set(date(2021, 7, 13).at(12, 0, 0, 0));
        let said = [
            ("psn_no", LI),
            ("psn_name", "李某"),
            ("mdtrt_id", if names_its_stay { mdtrt_id.as_str() } else { "" }),
            ("begntime", "2021-07-08 08:00"),
            ("endtime", "2021-07-12 16:00"),
            ("choice", "恢复后结算"),
        ];
        let fields = said.into_iter().filter(|(_, value)| !value.is_empty());
        let fields: Stated = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let registers = city.platform.registers(&Pool::new("520500")).unwrap();
        let kind = RegisterKind::DeferredDischarge;
        let stated = |lines: Vec<EntryLine>| {
            let new =
                NewEntry { kind, fixmedins_code: String::new(), fields: fields.clone(), lines, source: Source::Page };
            registers.add(&hospital(), city.clock.get(), new)
        };
        assert!(why(stated(vec![back("R", "", -3, 50)])).contains("收费数量 2、金额 150.00，累计退 3、150.00"));
        let number = stated(vec![back("R", "", -1, 50)]).unwrap().entry.number;
        let put = |lines: Vec<EntryLine>| registers.put_lines(&hospital(), city.clock.get(), &number, lines);
        assert!(why(put(vec![back("R", "HIS-2", -1, 60)])).contains("超过原数量或原金额"));
        assert!(why(put(vec![back("R", "HIS-9", -1, 50)])).contains("HIS-9 不存在"));
        assert!(why(put(vec![back("R", "HIS-2", -1, 50), back("S", "HIS-2", -1, 50)])).contains("超过原数量或原金额"));
        put(vec![back("R", "HIS-2", -1, 50)]).unwrap();
        // A line that is there already is the one that is there, in a sheet as well.
        let row = |line: usize, cells: &[(&str, &str)]| SheetRow {
            line,
            cells: cells.iter().map(|(head, value)| ((*head).to_owned(), (*value).to_owned())).collect(),
            ..SheetRow::default()
        };
        let fee = |line: usize, of: [&str; 5]| {
            let [serial, time, quantity, price, original] = of;
            row(
                line,
                &[
                    ("台账号", &number),
                    ("费用明细流水号", serial),
                    ("费用发生时间", time),
                    ("医疗目录编码", DRUG),
                    ("数量", quantity),
                    ("单价", price),
                    ("原费用明细流水号", original),
                ],
            )
        };
        let there = fee(2, ["HIS-2", "2021-07-08 10:00", "1", "50.00", ""]);
        let import =
            |lines: &[SheetRow]| registers.import(&hospital(), city.clock.get(), kind, "", &[], lines).remove(0);
        let twice = ["R", "S"].map(|serial| fee(3, [serial, "2021-07-11 12:00", "-1", "50.00", "HIS-2"]));
        let refused = import(&[&[there.clone()][..], &twice].concat());
        assert!(refused.sentence().contains("收费数量 1、金额 50.00，累计退 2、100.00"), "{}", refused.sentence());
        let told = import(&[there, twice[0].clone()]);
        assert_eq!(told.outcome, Outcome::Changed, "{}", told.sentence());
        city.clock.set(reopened());
        assert_eq!(city.backfill_all("town").settled, 1, "{}", waiting(&city));
        assert_eq!(billed(&city, &number), "100.00");
        city.verify();
    }
}

#[test]
fn p09_the_refund_is_told_paid_out_once_and_signed_for() {
    on_both_stores(|city| {
        // An employee's visit that the account pays, as the register says.
        visit(city, &number(1), WANG, 12, "100.00");
        city.write(|tx| {
            correct(tx, &number(1), |taken| drop(taken.details.insert("acct_used_flag".to_owned(), "是".to_owned())))
        });
        city.clock.set(reopened());
        city.backfill_all("town");
        let settled = found(city, &number(1));
        let split = settled.split().unwrap();
        assert_eq!((split.funds, split.account, split.own), (Money::ZERO, Money::yuan(100), Money::ZERO));
        assert!(settled.awaits_hand_back());
        let registers = city.platform.registers(&Pool::new("520500")).unwrap();
        let open = || {
            let total = registers.board(&clerk(), city.clock.get(), "town").unwrap().total;
            (total.sum.settled, total.to_hand_back, total.to_hand_back_sum)
        };
        assert_eq!(open(), (1, 1, split.account));
        let hand_back = |amount: &str, signed: &str| {
            let said = [
                ("handed_back", amount),
                ("received_by", "王某"),
                ("receipt_signed", signed),
                ("handed_back_at", "2021-07-16 08:30"),
                ("handed_by", "收费员"),
            ];
            act(city, &hospital(), &number(1), Action::HandBack, &said)
        };
        let due = split.account.to_string();
        assert!(why(hand_back("1.00", "是")).contains(&format!("应退的{due}元")));
        assert!(why(hand_back(&due, "否")).contains("签字"));
        let paid = hand_back(&due, "是").unwrap();
        assert_eq!((paid.entry.handed_back(), paid.entry.awaits_hand_back()), (split.account, false));
        assert!(why(hand_back(&due, "是")).contains("不能重复退款"));
        assert_eq!(open(), (1, 0, Money::ZERO));
        // Cancelled and settled with the same amounts, nothing more is handed back.
        city.done(HOSPITAL, "2208", &cancellation(WANG, &settled.mdtrt_id, &paid.entry.setl_id));
        assert_eq!(city.backfill_all("town").settled, 1);
        assert_eq!(open(), (1, 0, Money::ZERO));
        city.verify();
    });
}

#[test]
fn of_a_stay_the_cashier_states_what_the_person_has_paid() {
    let city = City::with_plan(TOWN);
    let (_, number) = deferred(&city, "721.53");
    city.clock.set(reopened());
    city.backfill_all("town");
    let own = found(&city, &number).split().unwrap().own;
    let hand_back = |amount: &str, paid: &str| {
        let mut said = vec![
            ("handed_back", amount),
            ("received_by", "李某"),
            ("receipt_signed", "是"),
            ("handed_back_at", "2021-07-16 08:30"),
            ("handed_by", "收费员"),
        ];
        said.extend(Some(("paid_ahead", paid)).filter(|_| !paid.is_empty()));
        act(&city, &hospital(), &number, Action::HandBack, &said)
    };
    assert!(why(hand_back("0", "")).contains("患者已付"));
    let due = Money::yuan(700).minus(own).to_string();
    assert!(why(hand_back("0", "700")).contains(&due));
    hand_back(&due, "700").unwrap();
    city.verify();
}
