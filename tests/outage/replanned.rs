//! What a re-plan moves, waves of providers, and the claim right that is used once across hospital and agency.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, pasted, refused};
use crate::support::office;
use crate::support::people::{Person, Profile};
use crate::support::program::ROOT;
use crate::support::providers::{self, PZH_COMMUNITY, PZH_L1, Provider};
use crate::support::server::Server;
use std::fs;

const POOL: &str = "510400";
const PLAN: &str = "panzhihua-2020";

struct Town {
    server: Server,
    agency: Clerk,
    community: Clerk,
    hospital: Clerk,
}

impl Town {
    /// The city under its plan as this changes it.
    fn under(clock: &str, change: impl Fn(String) -> String) -> Town {
        let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
        let mut server = Server::start(city, clock);
        let file = server.path("plan.toml");
        fs::write(&file, change(original())).unwrap();
        server.plan(&[file.to_string_lossy().into_owned()]);
        server.restart();
        let of = |place: &Provider| Clerk::of(&server, POOL, place);
        let (agency, community, hospital) = (Clerk::agency(&server, POOL), of(&PZH_COMMUNITY), of(&PZH_L1));
        Town { server, agency, community, hospital }
    }

    fn desk(&self) -> Office {
        self.community.sign_in(&self.server)
    }

    fn bureau(&self) -> Office {
        self.agency.sign_in(&self.server)
    }
}

fn original() -> String {
    fs::read_to_string(format!("{ROOT}/plans/{PLAN}.toml")).unwrap()
}

/// A cash visit of 100.00 on 2020-09-12.
fn visit(desk: &Office, person: &Person, invoice: &str) -> Result<String, String> {
    let lines = pasted(&Bill::of(&A, "100.00"), invoice, "2020-09-12 09:30");
    let said = [
        ("psn_no", person.psn_no.as_str()),
        ("psn_name", &person.name),
        ("tel", "13800000000"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2020-09-12T09:30"),
        ("medfee_sumamt", "100.00"),
        ("diag_code", "J06.900"),
        ("diag_name", "感冒"),
        ("invono", invoice),
        ("rx_no", "CF1"),
        ("card_seen", "社会保障卡"),
        ("card_number_on_papers", "是"),
        ("halted_stamp", "是"),
        ("lines", &lines),
    ];
    desk.add("cash_visit", &said)
}

/// The same visit's papers at the agency.
fn claim(bureau: &Office, person: &Person, invoice: &str) -> Result<String, String> {
    let said = [
        ("psn_no", person.psn_no.as_str()),
        ("psn_name", &person.name),
        ("business", "reimbursement.manual"),
        ("begntime", "2020-09-14T10:00"),
        ("papers", "发票、处方"),
        ("invono", invoice),
        ("care_provider", PZH_COMMUNITY.code),
        ("care_begntime", "2020-09-12T09:30"),
        ("medfee_sumamt", "100.00"),
    ];
    bureau.add("papers", &said)
}

#[test]
fn an_invoice_is_refunded_at_the_hospital_or_at_the_agency_whoever_comes_first() {
    let mut town = Town::under("2020-09-14T15:00:00", |text| text);
    let [one, other] = [town.server.someone("resident"), town.server.someone("resident")];
    let entry = visit(&town.desk(), &one, "INV-001").unwrap();
    refused(claim(&town.bureau(), &one, "inv001"), &[&entry]);
    let papers = claim(&town.bureau(), &other, "INV-002").unwrap();
    refused(visit(&town.desk(), &other, "INV002"), &[&papers]);

    town.server.restart_at("2020-09-25T10:00:00");
    town.desk().backfill(&entry).unwrap();
    refused(claim(&town.bureau(), &one, "INV-001"), &[&entry]);
    town.bureau().act(&papers, "reimburse", &[("refund", "60.00")]).unwrap();
    refused(visit(&town.desk(), &other, "INV-002"), &[&papers]);
}

#[test]
fn a_later_reopening_moves_the_deadline_and_revives_a_right_that_had_expired() {
    let mut town = Town::under("2020-09-14T15:00:00", |text| text);
    let person = town.server.someone("resident");
    let number = visit(&town.desk(), &person, "INV-003").unwrap();
    town.server.restart_at("2020-10-12T10:00:00");
    refused(town.desk().backfill(&number), &["10-09 24:00"]);
    assert_eq!(town.desk().row("cash_visit", "台账号", &number)["是否逾期"], "是");

    // From 09-26 on: 09-27 (made up) to 09-30 are four working days, 10-09 and 10-10 (made up) six, 10-15 is the tenth.
    let later = original().replacen(
        "reopens = \"2020-09-20 24:00\"",
        "reopens = \"2020-09-25 24:00\"\nversion = 2\nreplaces = 1",
        1,
    );
    assert_ne!(later, original());
    let bureau = town.bureau();
    let broken = later.replacen("2020-09-25 24:00", "2020-09-01 24:00", 1);
    let page = bureau.upload("/office/plans", "/office/plans", &[("text", &broken)], &[]);
    assert!(page.status == 422 && page.seen().contains("新版本还有"), "{}", page.seen());
    let page = bureau.upload("/office/plans", "/office/plans", &[("text", &later)], &[]);
    assert!(
        page.status == 200 && page.seen().contains("改期预览"),
        "what is in force is followed by four eyes: {}",
        page.seen()
    );
    let of = |login: &str| office::Clerk::of(&town.server, POOL, login, "");
    let (one, other) = (of("jingban"), of("fuhe"));
    let proposal = [("submission", "p1"), ("plan", PLAN), ("reason", "验收推迟"), ("text", later.as_str())];
    assert_eq!(one.post("/office/plans/proposals", &proposal).status, 303);
    assert_eq!(other.post("/office/plans/proposals/1", &[("submission", "p2"), ("decision", "publish")]).status, 303);
    let desk = town.desk();
    let row = desk.row("cash_visit", "台账号", &number);
    assert!(row["期限"].contains("10-15 24:00"), "{row:?}");
    assert_eq!(row["是否逾期"], "否");
    desk.backfill(&number).unwrap();
    assert_eq!(desk.row("cash_visit", "台账号", &number)["基金支付(元)"], "60.00");
}

#[test]
fn a_hospital_of_the_first_wave_backfills_while_the_others_wait() {
    let stage = format!(
        "\n[[stage]]\nid = \"wave-1\"\nproviders = [\"{}\"]\nreopens = \"2020-09-16 08:00\"\n",
        PZH_COMMUNITY.code
    );
    let mut town = Town::under("2020-09-14T15:00:00", |text| text + &stage);
    let [one, other] = [town.server.someone("resident"), town.server.someone("resident")];
    let first = visit(&town.desk(), &one, "INV-004").unwrap();
    let second = visit(&town.hospital.sign_in(&town.server), &other, "INV-005").unwrap();
    town.server.restart_at("2020-09-17T10:00:00");
    town.bureau().run(PLAN);
    assert_eq!(town.desk().row("cash_visit", "台账号", &first)["状态"], "已结算");
    let waiting = town.hospital.sign_in(&town.server);
    assert_eq!(waiting.row("cash_visit", "台账号", &second)["基金支付(元)"], "0.00");
    refused(waiting.backfill(&second), &["09-20 24:00"]);
    town.server.restart_at("2020-09-21T10:00:00");
    town.bureau().run(PLAN);
    assert_eq!(town.hospital.sign_in(&town.server).row("cash_visit", "台账号", &second)["状态"], "已结算");
}
