//! Twins: the same care, sent live over the interface in a city without an outage, and written down in the register of
//! another and backfilled. Whatever can be stated over the interface, both give the same amounts to the fen.

use super::backfill::{TOWN, reopened};
use super::care::text;
use super::city::{City, DRUG, DRUG_B, HOSPITAL, LI, WANG, clerk};
use super::registers::hospital;
use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use serde_json::{Value, json};
use yibao_domain::code::Pool;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, EntryLine, Source, Stated};
use yibao_engine::desks::registers::NewEntry;
use yibao_store::encounter::Diagnosis;
use yibao_store::reference::CatalogueItem;
use yibao_store::settlement::Settlement;

/// A drug that is self-paid unless it was approved.
const RESTRICTED: &str = "XL01RES001A001010101003";
/// The care's own moment.
const CARE: DateTime = DateTime::constant(2021, 7, 12, 9, 30, 0, 0);
const LEFT: DateTime = DateTime::constant(2021, 7, 14, 10, 0, 0, 0);

/// Care as both ways state it; empty where nothing is stated.
#[derive(Clone, Debug, Default)]
struct Care {
    psn_no: &'static str,
    med_type: &'static str,
    dise_codg: &'static str,
    matn_type: &'static str,
    birctrl_type: &'static str,
    geso_val: &'static str,
    fetus_cnt: &'static str,
    dscg_way: &'static str,
    account: bool,
    diagnoses: Vec<&'static str>,
    /// Item, quantity, price, approval, returned serial.
    lines: Vec<(&'static str, i64, u32, &'static str, &'static str)>,
}

impl Care {
    fn insutype(&self) -> &'static str {
        if self.psn_no == LI { "390" } else { "310" }
    }

    fn kept_lines(&self) -> Vec<EntryLine> {
        let line = |(at, &(item, cnt, pric, approval, of)): (usize, &(&str, i64, u32, &str, &str))| EntryLine {
            feedetl_sn: format!("{}", at + 1),
            fee_ocur_time: CARE,
            med_list_codg: item.to_owned(),
            medins_list_codg: "Y1".to_owned(),
            cnt: Decimal::from(cnt),
            pric: Decimal::new(i64::from(pric), 2),
            det_item_fee_sumamt: Money::fen(cnt * i64::from(pric)),
            hosp_appr_flag: approval.to_owned(),
            init_feedetl_sn: of.to_owned(),
            prd_days: String::new(),
        };
        self.lines.iter().enumerate().map(line).collect()
    }

    fn total(&self) -> Money {
        Money::sum(self.kept_lines().iter().map(|line| line.det_item_fee_sumamt))
    }

    /// Disease, birth and family planning for a message.
    fn illness(&self, mut of: Value) -> Value {
        let stated = [
            ("dise_codg", self.dise_codg),
            ("matn_type", self.matn_type),
            ("birctrl_type", self.birctrl_type),
            ("geso_val", self.geso_val),
            ("fetus_cnt", self.fetus_cnt),
        ];
        for (name, value) in stated.into_iter().filter(|(_, value)| !value.is_empty()) {
            of[name] = json!(value);
        }
        of
    }

    fn diagnosis_rows(&self, mdtrt_id: &str) -> Vec<Value> {
        let row = |(at, code): (usize, &&str)| {
            json!({
                "mdtrt_id": mdtrt_id, "psn_no": self.psn_no, "diag_type": "1", "diag_srt_no": at + 1,
                "maindiag_flag": if at == 0 { "1" } else { "0" }, "diag_code": code, "diag_name": "病",
                "diag_dept": "内科", "dise_dor_no": "D1", "dise_dor_name": "赵医生",
                "diag_time": "2021-07-12 09:30:00", "vali_flag": "1"
            })
        };
        self.diagnoses.iter().enumerate().map(row).collect()
    }

    fn fee_rows(&self, mdtrt_id: &str, batch: &str) -> Value {
        let row = |line: EntryLine| {
            json!({
                "feedetl_sn": line.feedetl_sn, "mdtrt_id": mdtrt_id, "psn_no": self.psn_no, "chrg_bchno": batch,
                "rx_circ_flag": "0", "fee_ocur_time": "2021-07-12 09:30:00", "med_list_codg": line.med_list_codg,
                "medins_list_codg": "Y1", "det_item_fee_sumamt": line.det_item_fee_sumamt.to_string(),
                "cnt": line.cnt.to_string(), "pric": line.pric.to_string(), "bilg_dept_codg": "A03",
                "bilg_dept_name": "内科", "bilg_dr_codg": "D1", "bilg_dr_name": "赵医生",
                "hosp_appr_flag": if line.hosp_appr_flag.is_empty() { "0" } else { &line.hosp_appr_flag },
                "init_feedetl_sn": line.init_feedetl_sn, "med_type": self.med_type
            })
        };
        json!({"feedetail": self.kept_lines().into_iter().map(row).collect::<Vec<_>>()})
    }

    fn settlement(&self, mdtrt_id: &str) -> Value {
        json!({"data": {
            "psn_no": self.psn_no, "mdtrt_cert_type": "02", "mdtrt_cert_no": "11010519491231002X",
            "medfee_sumamt": self.total().to_string(), "psn_setlway": "01", "mdtrt_id": mdtrt_id,
            "med_type": self.med_type, "insutype": self.insutype(), "chrg_bchno": "B1",
            "acct_used_flag": if self.account { "1" } else { "0" }, "mid_setl_flag": "0"
        }})
    }

    /// What the register is told at the registration.
    fn stated(&self) -> Stated {
        let name = if self.psn_no == LI { "李某" } else { "王某" };
        let others: Vec<&str> = self.diagnoses.iter().skip(1).copied().collect();
        let (others, total) = (others.join("、"), self.total().to_string());
        let stated = [
            ("psn_no", self.psn_no),
            ("psn_name", name),
            ("insutype", self.insutype()),
            ("med_type", self.med_type),
            ("begntime", "2021-07-12 09:30"),
            ("medfee_sumamt", &total),
            ("diag_code", self.diagnoses.first().copied().unwrap_or_default()),
            ("diag_name", if self.diagnoses.is_empty() { "" } else { "病" }),
            ("other_diags", &others),
            ("opsp_dise_code", self.dise_codg),
            ("acct_used_flag", if self.account { "是" } else { "" }),
        ];
        stated.into_iter().filter(|(_, value)| !value.is_empty()).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
    }

    fn birth(&self) -> Stated {
        let stated = [
            ("matn_type", self.matn_type),
            ("birctrl_type", self.birctrl_type),
            ("geso_val", self.geso_val),
            ("fetus_cnt", self.fetus_cnt),
        ];
        stated.into_iter().filter(|(_, value)| !value.is_empty()).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
    }
}

/// A city, with the drug that needs an approval.
fn with_restricted(city: City) -> City {
    city.write(|tx| {
        let item = CatalogueItem {
            med_list_codg: RESTRICTED.into(),
            hilist_name: "限制药".into(),
            list_type: "101".into(),
            chrgitm_lv: "01".into(),
            selfpay_prop: None,
            hilist_pric_uplmt_amt: None,
            begndate: date(2018, 1, 1),
            enddate: None,
            special: String::new(),
            med_chrgitm_type: "09".into(),
            lmt_used_flag: "1".into(),
            pool: String::new(),
            scheme: String::new(),
            level: String::new(),
        };
        tx.put_catalogue_item(&item).map(drop)
    });
    city
}

/// What became of the care: the amounts, and the diagnoses that counted; or why it was refused.
type Outcome = Result<(Settlement, Vec<(String, bool)>), String>;

fn outcome(city: &City, setl_id: &str) -> (Settlement, Vec<(String, bool)>) {
    let settled = city.look(|tx| tx.settlement(setl_id)).unwrap().settlement;
    let rows: Vec<Diagnosis> = city.look(|tx| tx.diagnoses(&settled.mdtrt_id));
    let rows = rows.into_iter().map(|row| (row.diag_code, row.maindiag_flag)).collect();
    // When, by whom and under which number is not the care's.
    let bare = Settlement {
        setl_id: String::new(),
        mdtrt_id: String::new(),
        msgid: String::new(),
        chrg_bchno: String::new(),
        opter: String::new(),
        opter_name: String::new(),
        setl_time: CARE,
        ..settled
    };
    (bare, rows)
}

fn live(care: &Care) -> Outcome {
    let city = with_restricted(City::new());
    city.clock.set(CARE);
    let send = |infno: &'static str, input: Value| {
        let msgid = city.new_msgid(HOSPITAL);
        city.send(HOSPITAL, infno, &msgid, &input).map(|answered| answered.output)
    };
    let mdtrt_id;
    let settled = if care.med_type.starts_with(['2', '5']) && care.med_type != "51" && care.med_type != "53" {
        let stay = care.illness(json!({
            "psn_no": care.psn_no, "insutype": care.insutype(), "begntime": "2021-07-12 09:30:00",
            "mdtrt_cert_type": "02", "mdtrt_cert_no": "11010519491231002X", "med_type": care.med_type,
            "ipt_no": "ZY1", "atddr_no": "D1", "chfpdr_name": "赵医生", "adm_dept_codg": "A03",
            "adm_dept_name": "内科", "adm_bed": "12", "dscg_maindiag_code": care.diagnoses[0],
            "dscg_maindiag_name": "病"
        }));
        let admitted = send("2401", json!({"mdtrtinfo": stay, "diseinfo": care.diagnosis_rows("")}))?;
        mdtrt_id = text(&admitted["result"]["mdtrt_id"]);
        send("2301", care.fee_rows(&mdtrt_id, ""))?;
        city.clock.set(LEFT);
        let discharge = care.illness(json!({
            "mdtrt_id": mdtrt_id, "psn_no": care.psn_no, "insutype": care.insutype(),
            "endtime": "2021-07-14 10:00:00", "dscg_dept_codg": "A03",
            "dscg_way": if care.dscg_way.is_empty() { "1" } else { care.dscg_way }
        }));
        send("2402", json!({"dscginfo": discharge, "diseinfo": care.diagnosis_rows(&mdtrt_id)}))?;
        send("2304", care.settlement(&mdtrt_id))?
    } else {
        let registration = super::care::registration(care.psn_no, care.insutype(), "2021-07-12 09:30:00");
        mdtrt_id = text(&send("2201", registration)?["data"]["mdtrt_id"]);
        let visit = care.illness(json!({
            "mdtrt_id": mdtrt_id, "psn_no": care.psn_no, "med_type": care.med_type, "begntime": "2021-07-12 09:30:00"
        }));
        send("2203A", json!({"mdtrtinfo": visit, "diseinfo": care.diagnosis_rows(&mdtrt_id)}))?;
        send("2204", care.fee_rows(&mdtrt_id, "B1"))?;
        send("2207", care.settlement(&mdtrt_id))?
    };
    Ok(outcome(&city, &text(&settled["setlinfo"]["setl_id"])))
}

fn registered(care: &Care) -> Outcome {
    let city = with_restricted(City::with_plan(TOWN));
    city.clock.set(date(2021, 7, 14).at(12, 0, 0, 0));
    let is_stay = care.med_type == "21" || care.med_type == "52";
    let mut fields = care.stated();
    if is_stay {
        fields.insert("ipt_otp_no".to_owned(), "ZY1".to_owned());
    } else {
        fields.extend(care.birth());
    }
    let new = NewEntry {
        kind: if is_stay { RegisterKind::Admission } else { RegisterKind::CashVisit },
        fixmedins_code: String::new(),
        fields,
        lines: care.kept_lines(),
        source: Source::Page,
    };
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    let number = registers.add(&hospital(), city.clock.get(), new).unwrap().entry.number;
    if is_stay {
        let mut left = care.birth();
        left.insert("endtime".to_owned(), "2021-07-14 10:00".to_owned());
        if !care.dscg_way.is_empty() {
            left.insert("dscg_way".to_owned(), care.dscg_way.to_owned());
        }
        registers.act(&hospital(), city.clock.get(), &number, Action::Discharge, left).unwrap();
    }
    city.clock.set(reopened());
    let settled = city.backfill().entry(&clerk(), city.clock.get(), &number).map_err(|why| format!("{why:?}"))?;
    city.verify();
    Ok(outcome(&city, &settled.setl_id))
}

#[track_caller]
fn check(care: &Care) -> Settlement {
    let (live, registered) = (live(care).unwrap(), registered(care).unwrap());
    assert_eq!(live, registered, "{care:?}");
    live.0
}

#[test]
fn an_approved_restricted_drug_is_paid_by_the_fund_either_way() {
    let care = Care { psn_no: LI, med_type: "21", diagnoses: vec!["J18.900"], ..Care::default() };
    let with = |flag| check(&Care { lines: vec![(RESTRICTED, 2, 250_000, flag, "")], ..care.clone() });
    assert!(with("1").fund_pay_sumamt > Money::ZERO);
    assert_eq!(with("2").fund_pay_sumamt, Money::ZERO);
    assert_eq!(with("").fund_pay_sumamt, Money::ZERO);
}

#[test]
fn births_are_paid_either_way_with_their_kind_and_children() {
    let lines = vec![(DRUG, 1, 300_000, "", "")];
    for (psn_no, matn_type) in [(LI, "1"), (LI, "3"), (WANG, "3")] {
        let birth = Care {
            psn_no,
            med_type: "52",
            matn_type,
            geso_val: "39",
            fetus_cnt: "2",
            diagnoses: vec!["O80.000", "Z37.200"],
            lines: lines.clone(),
            ..Care::default()
        };
        assert!(check(&birth).fund_pay_sumamt > Money::ZERO);
    }
}

#[test]
fn the_account_pays_either_way_where_the_person_wants_it() {
    let care = Care { psn_no: WANG, med_type: "11", lines: vec![(DRUG, 1, 3000, "", "")], ..Care::default() };
    assert_eq!(check(&Care { account: true, ..care.clone() }).acct_pay, Money::yuan(30));
    assert_eq!(check(&care).acct_pay, Money::ZERO);
}

fn visits() -> impl Strategy<Value = Care> {
    let kinds = prop_oneof![
        Just(("11", "", "", "")),
        Just(("51", "7", "", "20")),
        Just(("53", "", "1", "")),
        Just(("12", "", "", "")),
    ];
    (kinds, any::<bool>(), any::<bool>(), lines(), diagnoses(0)).prop_map(|(kind, li, account, lines, diagnoses)| {
        let (med_type, matn_type, birctrl_type, geso_val) = kind;
        let psn_no = if li && birctrl_type.is_empty() { LI } else { WANG };
        Care { psn_no, med_type, matn_type, birctrl_type, geso_val, account, diagnoses, lines, ..Care::default() }
    })
}

fn stays() -> impl Strategy<Value = Care> {
    let kinds = prop_oneof![Just(("21", "")), Just(("52", "1")), Just(("52", "2"))];
    let ways = prop_oneof![Just(""), Just("1"), Just("2"), Just("4")];
    (kinds, ways, any::<bool>(), any::<bool>(), lines(), diagnoses(1)).prop_map(
        |((med_type, matn_type), dscg_way, li, account, lines, diagnoses)| Care {
            psn_no: if li { LI } else { WANG },
            med_type,
            matn_type,
            dscg_way,
            fetus_cnt: if matn_type.is_empty() { "" } else { "1" },
            account,
            diagnoses,
            lines,
            ..Care::default()
        },
    )
}

fn diagnoses(least: usize) -> impl Strategy<Value = Vec<&'static str>> {
    let codes = vec!["C34.900", "Z51.100", "I10.x00", "J18.900"];
    proptest::sample::subsequence(codes, least..=3)
}

/// One to three lines, and perhaps a part of the first one given back.
fn lines() -> impl Strategy<Value = Vec<(&'static str, i64, u32, &'static str, &'static str)>> {
    let item = prop_oneof![Just(DRUG), Just(DRUG_B), Just(RESTRICTED)];
    let flag = prop_oneof![Just(""), Just("0"), Just("1"), Just("2")];
    let line = (item, 2_i64..5, 1_u32..200_000, flag).prop_map(|(item, cnt, pric, flag)| (item, cnt, pric, flag, ""));
    (proptest::collection::vec(line, 1..4), any::<bool>()).prop_map(|(mut lines, gives_back)| {
        let (item, _, pric, flag, _) = lines[0];
        if gives_back {
            lines.push((item, -1, pric, flag, "1"));
        }
        lines
    })
}

/// Both give the same, or both refuse, each in its own words.
fn same(live: &Outcome, registered: &Outcome) -> bool {
    live == registered || (live.is_err() && registered.is_err())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn a_visit_gives_the_same_amounts_live_and_by_the_register(care in visits()) {
        let (live, registered) = (live(&care), registered(&care));
        prop_assert!(same(&live, &registered), "{:?}\n{:?}", live, registered);
    }

    #[test]
    fn a_stay_gives_the_same_amounts_live_and_by_the_register(care in stays()) {
        let (live, registered) = (live(&care), registered(&care));
        prop_assert!(same(&live, &registered), "{:?}\n{:?}", live, registered);
    }
}
