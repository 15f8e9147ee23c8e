//! `yibao store`: a whole book moves, and nothing of it is lost, doubled or served twice.

use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input, sold};
use crate::support::program::yibao;
use crate::support::providers::{self, BJ_PHARMACY};
use crate::support::server::Server;
use serde_json::Value;
use std::path::Path;
use yibao_cluster::Cluster;

fn purchase(person: &Person) -> Value {
    purchase_input(person, &Purchase::on("2021-07-01", Bill::of(&A, "10.00")))
}

#[test]
fn a_book_moves_from_a_folder_to_a_server_and_on_to_another_with_all_that_it_has() {
    let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    let first = cluster.create_database("first").expect("an empty database");
    let second = cluster.create_database("second").expect("an empty database");
    let profiles = vec![Profile::employee("employee", "520502").balance("100.00")];
    let mut server = Server::start(City::new("2021", providers::bijie(), profiles), "2021-07-05T18:00:00");
    let (client, person) = (server.client(&BJ_PHARMACY), server.someone("employee"));
    let (msgid, input) = (client.next_msgid(), purchase(&person));
    let settled = client.send_until_answered("2102", &msgid, &input).output_text().to_owned();
    let folder = server.data();

    let busy = yibao(&["store", "move", "--pool", "520500", "--from", &folder, "--to", &first]);
    assert_eq!(busy.code, 2, "{}", busy.text());
    assert!(busy.stderr.contains("请先停止"), "{}", busy.text());
    server.terminate();
    let counted = yibao(&["store", "list", "--data", &folder, "--pool", "520500"]).succeeded().stdout;
    assert!(counted.contains("    结算：1\n") && counted.contains("    个人账户余额合计（分）：119000\n"), "{counted}");

    let moved = yibao(&["store", "move", "--pool", "520500", "--from", &folder, "--to", &first]).succeeded();
    assert!(moved.stdout.contains("结算：1，两边相同"), "{}", moved.stdout);
    assert!(!Path::new(&folder).join("books/520500.db").exists(), "the old book is out of service");
    assert!(Path::new(&folder).join("books/520500.moved").exists(), "and kept");
    let again = yibao(&["store", "move", "--pool", "520500", "--from", &folder, "--to", &first]);
    assert_eq!(again.code, 2, "{}", again.text());

    yibao(&["store", "move", "--pool", "520500", "--from", &first, "--to", &second]).succeeded();
    assert_eq!(yibao(&["store", "list", "--data", &second, "--pool", "520500"]).succeeded().stdout, counted);
    yibao(&["verify", "--data", &second]).succeeded();
    let gone = yibao(&["store", "move", "--pool", "520500", "--from", &first, "--to", &second]);
    assert!(gone.code == 2 && gone.stderr.contains("没有这一册"), "{}", gone.text());

    server.move_to(second.clone());
    let client = server.client(&BJ_PHARMACY);
    assert_eq!(client.send_until_answered("2102", &msgid, &input).output_text(), settled, "the journal moved too");
    sold(&client.call("2102", purchase(&person))).expect("a purchase").expect(&[("balc", "80.00")]);
    server.terminate();
    yibao(&["verify", "--data", &second]).succeeded();
}

#[test]
fn what_cannot_be_moved_or_distributed_says_why_and_what_to_do() {
    let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    let city = cluster.create_database("city").expect("an empty database");
    let ran = yibao(&["store", "create", "--data", &city, "--pool", "520500"]).succeeded();
    assert!(ran.stdout.contains("520500 毕节市"), "{}", ran.stdout);
    #[track_caller]
    fn check(arguments: &[&str], expected: &str) {
        let ran = yibao(arguments);
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{}", ran.text());
    }
    check(&["store", "distribute", "--data", &city, "--pool", "520500"], "没有 citus 扩展");
    check(&["store", "move", "--pool", "520500", "--from", &city, "--to", &city], "同一处");
    check(&["store", "move", "--pool", "520500", "--from", &city, "--to", "folder"], "不是数据库地址");
    check(
        &["store", "move", "--pool", "510400", "--from", &city, "--to", &cluster.url("other")],
        "没有这一册；已有 520500",
    );
    check(&["store", "list", "--data", "nowhere"], "目录不存在");
}
