//! A kind of work that is in no notice: the folder `tests/registers/second_look` is all there is of it, and pages, sheet,
//! slip, history, board and both stores carry it.

use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, refused, says};
use crate::support::people::Profile;
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_L2};
use crate::support::server::Server;
use std::fs;
use std::path::Path;
use yibao_cluster::Cluster;

const POOL: &str = "520500";
/// A Friday; the weekend does not count.
const NOW: &str = "2021-06-18T10:00:00";
const KIND: &str = "second_look";
const FOLDER: &str = "tests/registers/second_look";

/// A look at a request, as a form.
const CHECKED: [(&str, &str); 2] = [("opinion", "同意"), ("checked_at", "2021-06-18 09:50")];

struct Town {
    server: Server,
    first: Clerk,
    one: Office,
    two: Office,
    hospital: Office,
}

fn town(database: Option<String>) -> Town {
    let people = vec![Profile::resident("resident", "520502").copies(6)];
    let server = Server::with_work(database, City::new("2021", providers::bijie(), people), NOW, FOLDER);
    let first = Clerk::colleague(&server, POOL, "zhang1", &["--agency"]);
    let one = first.sign_in(&server);
    let two = Clerk::colleague(&server, POOL, "zhang2", &["--agency"]).sign_in(&server);
    let hospital = Clerk::of(&server, POOL, &BJ_L2).sign_in(&server);
    Town { server, first, one, two, hospital }
}

fn tell_the_story(database: Option<String>) {
    let Town { mut server, first, one, two, hospital } = town(database);

    // The office lists it; whoever may not begin it is offered nothing and refused.
    says(&one.page("/office").seen(), &["二次复核"]);
    says(&one.page("/office/registers/second_look").seen(), &["登记一笔", "用表格导入"]);
    assert!(!hospital.page("/office/registers/second_look").seen().contains("登记一笔"));
    let person = server.someone("resident");
    let form = [
        ("psn_name", person.name.as_str()),
        ("certno", person.certno.as_str()),
        ("request_no", "S1"),
        ("begntime", "2021-06-18T09:30"),
        ("medfee_sumamt", "50000.01"),
    ];
    refused(hospital.add(KIND, &form), &["“二次复核”由经办机构登记"]);
    refused(one.add(KIND, &[]), &["申请单号", "必填"]);

    // Page, deadline, slip, four eyes.
    let number = one.add(KIND, &form).unwrap();
    says(&one.entry(&number), &["待复核", "2021-06-25 24:00前", "50000.01元", "“复核”须由另一人办理"]);
    refused(one.act(&number, "second_check", &CHECKED), &["“登记”由", "(zhang1)办理", "“复核”须由另一人办理"]);
    let slip = one.page(&format!("/office/entries/{number}/slip")).seen();
    says(&slip, &["二次复核登记单", &number, "凭本单号查询"]);
    assert!(!slip.contains("停机期间"), "{slip}");
    two.act(&number, "second_check", &CHECKED).unwrap();
    says(&two.entry(&number), &["待会签", "复核意见：同意", "(zhang2)"]);
    refused(two.act(&number, "third_check", &[("agreed_at", "2021-06-18 09:55")]), &["“复核”由", "须由另一人办理"]);
    let supervisor = Clerk::colleague(&server, POOL, "zhao", &["--role", "supervisor", "--registers", FOLDER]);
    let supervisor = supervisor.sign_in(&server);
    supervisor.act(&number, "third_check", &[("agreed_at", "2021-06-18 09:55")]).unwrap();
    says(&supervisor.entry(&number), &["科长", "已办结", "(zhao)"]);

    // Below the sum the second person's look is the last; a kill in between changes nothing.
    server.restart();
    let (one, two) = (one.again(&server), two.again(&server));
    let other = server.someone("resident");
    let small = [
        ("psn_name", other.name.as_str()),
        ("certno", &other.certno),
        ("request_no", "S2"),
        ("begntime", "2021-06-18T09:40"),
        ("medfee_sumamt", "50000.00"),
    ];
    let second = one.add(KIND, &small).unwrap();
    two.act(&second, "second_check", &CHECKED).unwrap();
    says(&two.entry(&second), &["已办结"]);

    by_sheet(&server, &one, &two);

    let last = server.someone("resident");
    let waiting = [
        ("psn_name", last.name.as_str()),
        ("certno", &last.certno),
        ("request_no", "S3"),
        ("begntime", "2021-06-18T09:50"),
        ("medfee_sumamt", "10.00"),
    ];
    one.add(KIND, &waiting).unwrap();

    // Late ones show as late, and what no plan governs has a board of its own that closes.
    server.restart_at("2021-06-28T09:00:00");
    let one = first.sign_in(&server);
    says(&one.page("/office/registers/second_look").seen(), &["已逾期"]);
    says(&one.page("/office").seen(), &["二次复核", "已逾期"]);
    says(&one.page("/office/board").seen(), &["日常业务", "二次复核"]);
    yibao(&["verify", "--data", &server.data(), "--registers", FOLDER]).succeeded();
}

/// Template, import, steps by sheet, export.
fn by_sheet(server: &Server, one: &Office, two: &Office) {
    let template = String::from_utf8(one.file(KIND, "template.csv")).unwrap();
    let head = template.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
    assert_eq!(head, "人员编号,姓名*,证件号码,申请单号*,收件时间*,申请金额*,联系电话");
    let people = [server.someone("resident"), server.someone("resident")];
    let row = |at: usize, amount: &str| {
        format!(",{},{},T{at},2021/6/18 9:30,{amount},13800000000\n", people[at].name, people[at].certno)
    };
    let sheet = format!("{head}\n{}{}", row(0, "\"¥1,200.00元\""), row(1, "一百"));
    let told = one.import(KIND, &[("file", sheet.as_bytes())]).unwrap();
    says(told.about("第2行"), &["已登记"]);
    says(told.about("第3行"), &["拒绝", "申请金额", "一百"]);
    let number = one.row(KIND, "申请单号", "T0")["台账号"].clone();
    let step = format!("台账号,操作,复核意见,复核时间\n{number},复核,同意,2021-06-18 09:50\n");
    let own = one.import(KIND, &[("file", step.as_bytes())]).unwrap();
    says(own.about("第2行"), &["拒绝", "须由另一人办理"]);
    let others = two.import(KIND, &[("file", step.as_bytes())]).unwrap();
    says(others.about("第2行"), &["已更新", "复核"]);
    let done = one.row(KIND, "申请单号", "T0");
    assert_eq!((&*done["状态"], &*done["复核意见"], &*done["申请金额"]), ("已办结", "同意", "1200.00"));
    let export = one.file(KIND, "export.xlsx");
    let again = one.import(KIND, &[("file", &export)]).unwrap();
    assert_eq!((again.count("已登记"), again.count("已更新")), (0, 0), "{:#?}", again.verdicts);
}

#[test]
fn a_kind_of_work_in_a_folder_passes_pages_sheet_slip_and_board_on_the_embedded_store() {
    tell_the_story(None);
}

#[test]
fn a_kind_of_work_in_a_folder_passes_pages_sheet_slip_and_board_on_postgresql() {
    let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    tell_the_story(Some(cluster.create_database("city").expect("an empty database")));
}

/// What `yibao serve` says about the folder with one line of a file changed.
#[track_caller]
fn told_about(file: &str, line: &str, instead: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    for found in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER)).unwrap() {
        let found = found.unwrap();
        fs::copy(found.path(), folder.path().join(found.file_name())).unwrap();
    }
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(line), "{line} is in {file}");
    fs::write(&path, text.replace(line, instead)).unwrap();
    let data = folder.path().join("data").to_string_lossy().into_owned();
    let registers = folder.path().to_string_lossy().into_owned();
    let ran = yibao(&["serve", "--data", &data, "--listen", "127.0.0.1:0", "--registers", &registers]);
    assert_eq!(ran.code, 2, "{}", ran.text());
    ran.text()
}

#[test]
fn a_wrong_row_is_refused_at_the_start_with_file_line_and_remedy() {
    let step = "second_look\tsend_back\tto_agree\tto_check\tagency\t-\t-\t-";
    let told = told_about("steps.tsv", step, "second_look\tsend_back\tasleep\tto_check\tagency\t-\t-\t-");
    says(&told, &["steps.tsv:7: 没有状态 asleep", "to_check"]);
    let told = told_about("steps.tsv", step, "second_look\tsend_back\tto_agree\tto_check\tjanitor\t-\t-\t-");
    says(&told, &["steps.tsv:7: 没有角色 janitor", "agency"]);
    let told = told_about("fields.tsv", "second_look\tsend_back\treason\t退回原因\ttext\tyes\t\t\n", "");
    says(&told, &["steps.tsv:7: second_look 的“退回”（send_back）什么也不问", "fields.tsv"]);
    let told = told_about("kinds.tsv", "\t5\tdesk", "\tfive\tdesk");
    says(&told, &["kinds.tsv:3: days 应为 工作日数或 -，不是“five”"]);
}

#[test]
fn a_book_with_work_that_the_tables_do_not_have_is_not_served() {
    let Town { mut server, one, .. } = town(None);
    let person = server.someone("resident");
    let form = [
        ("psn_name", person.name.as_str()),
        ("certno", &person.certno),
        ("request_no", "S1"),
        ("begntime", "2021-06-18T09:30"),
        ("medfee_sumamt", "1.00"),
    ];
    one.add(KIND, &form).unwrap();
    server.kill();
    let ran = yibao(&["serve", "--data", &server.data(), "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, 2, "{}", ran.text());
    says(&ran.text(), &["--registers"]);
}
