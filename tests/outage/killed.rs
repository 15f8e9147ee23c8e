//! `kill -9` in the middle of a backfill: it goes on at the next start, and nothing is settled twice or left out.

use crate::support::browser::between;
use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, Row};
use crate::support::people::{Person, Profile};
use crate::support::program::{plan, yibao};
use crate::support::providers::{self, PZH_COMMUNITY};
use crate::support::server::Server;
use std::collections::BTreeSet;
use std::fmt::Write;
use yibao_cluster::Cluster;

const POOL: &str = "510400";
const PLAN: &str = "panzhihua-2020";
const PEOPLE: usize = 100;
/// Visits of each person: the third does not fit below the year's cap of 200.
const VISITS: usize = 3;

/// Which row of the sheet an entry came from, its state and amounts.
type Outcome = Vec<[String; 4]>;

struct Town {
    server: Server,
    agency: Clerk,
    community: Clerk,
}

/// 300 visits of the outage, registered by a sheet with its fee lines; then it is after the reopening.
fn registered(database: Option<String>) -> Town {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402").copies(PEOPLE)]);
    let mut server = Server::with_plans_in(database, city, "2020-09-19T15:00:00", &[plan(PLAN)]);
    let (agency, community) = (Clerk::agency(&server, POOL), Clerk::of(&server, POOL, &PZH_COMMUNITY));
    let mut entries =
        "本机构单据号,人员编号,姓名,联系电话,险种类型,医疗类别,就诊(购药)时间,费用总额,诊断代码,诊断名称,发票号,处方号,验看的卡证,处方发票已注明卡证号,处方发票已注明“停机”并盖章\n".to_owned();
    let mut lines =
        "本机构单据号,费用明细流水号,费用发生时间,医疗目录编码,医药机构目录编码,数量,单价,明细项目费用总额\n"
            .to_owned();
    let people: Vec<Person> = (0..PEOPLE).map(|_| server.someone("resident")).collect();
    for visit in 0..VISITS {
        for (index, person) in people.iter().enumerate() {
            let (own, time) = (format!("M{visit}-{index}"), format!("2020-09-1{} 09:30", visit + 2));
            let amount = 110 + index;
            writeln!(
                entries,
                "{own},{},{},13800000000,390,11,{time},{amount}.00,J06.900,感冒,INV{visit}{index:03},CF{own},社会保障卡,是,是",
                person.psn_no, person.name
            )
            .unwrap();
            writeln!(lines, "{own},1,{time},XN02BEB071A001010101001,YY1,1,{amount}.00,{amount}.00").unwrap();
        }
    }
    let desk = community.sign_in(&server);
    let told = desk.import("cash_visit", &[("file", entries.as_bytes()), ("lines", lines.as_bytes())]).unwrap();
    assert_eq!(told.count("拒绝"), 0, "{:#?}", told.verdicts);
    server.restart_at("2020-09-25T10:00:00");
    Town { server, agency, community }
}

fn outcome(desk: &Office) -> Outcome {
    let cells = |row: &Row| ["本机构单据号", "状态", "费用总额(元)", "基金支付(元)"].map(|column| row[column].clone());
    let mut rows: Outcome = desk.rows("cash_visit").iter().map(cells).collect();
    rows.sort();
    rows
}

fn without_kills(database: Option<String>) -> Outcome {
    let town = registered(database);
    town.agency.sign_in(&town.server).run(PLAN);
    outcome(&town.community.sign_in(&town.server))
}

fn with_kills(database: Option<String>, kills: usize) -> Outcome {
    let mut town = registered(database);
    let mut bureau = town.agency.sign_in(&town.server);
    let all = PEOPLE * VISITS;
    bureau.start_run(PLAN);
    let mut cut = 0;
    for kill in 1..=kills {
        let far = all * kill / (kills + 2);
        bureau.until(|| bureau.progress() >= far, "the run does not go on");
        cut += usize::from(bureau.progress() < all);
        town.server.kill();
        yibao(&["verify", "--data", &town.server.data()]).succeeded();
        town.server.restart();
        bureau = bureau.again(&town.server);
    }
    assert!(cut > 0, "the run was over before the first kill");
    bureau.await_runs();
    let sum_of = |board: &str| between(board, "收进 ", " ＋ 已报销").expect("the closing sum").to_owned();
    // Beside the visits there are notices to be posted, as many as the platform has listed by now.
    let closes = || {
        let taken_in = all + bureau.rows("publicity").len();
        sum_of(&bureau.page("/office/board").seen()) == format!("{taken_in} ＝ 已结算 {all}")
    };
    bureau.until(closes, "the closing sum is not that of the visits and the notices");
    let board = bureau.page("/office/board").seen();
    assert!(!board.contains("对不上"), "{board}");
    let desk = town.community.sign_in(&town.server);
    let settlements: Vec<String> = desk.rows("cash_visit").into_iter().map(|row| row["结算ID"].clone()).collect();
    assert_eq!(settlements.iter().collect::<BTreeSet<_>>().len(), all, "each has a settlement of its own");
    let found = outcome(&desk);
    bureau.run(PLAN);
    assert_eq!(outcome(&desk), found, "a further run finds nothing to do");
    town.server.terminate();
    yibao(&["verify", "--data", &town.server.data()]).succeeded();
    found
}

/// 60 % of each visit at the base until 200 of the year are paid.
fn by_hand() -> Outcome {
    let mut rows = vec![];
    for index in 0..PEOPLE {
        let charged = 110 + index;
        let mut left = 20_000;
        for visit in 0..VISITS {
            let paid = (charged * 60).min(left);
            left -= paid;
            let funds = format!("{}.{:02}", paid / 100, paid % 100);
            rows.push([format!("M{visit}-{index}"), "已结算".into(), format!("{charged}.00"), funds]);
        }
    }
    rows.sort();
    rows
}

#[test]
fn killed_several_times_a_backfill_settles_each_of_300_visits_once_and_pays_the_same() {
    let expected = by_hand();
    assert_eq!(with_kills(None, 4), expected);
    assert_eq!(without_kills(None), expected);
}

#[test]
fn killed_on_postgresql_it_goes_on_as_well() {
    let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    let database = cluster.create_database("city").expect("an empty database");
    assert_eq!(with_kills(Some(database), 2), by_hand());
}
