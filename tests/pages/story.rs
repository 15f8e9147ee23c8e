//! The story of a person at the office: what the books tell, with the sums that were settled, to the agency alone.

use crate::support::browser::text;
use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::inpatient::{Stay, admit, discharge, settle, upload};
use crate::support::office::Clerk;
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L2, PZH_L3};
use crate::support::server::Server;

/// After the reopening, within the ten working days.
const ENTERED: &str = "2020-09-25T10:00:00";
const POOL: &str = "510400";

#[test]
fn a_story_tells_both_stays_of_case_6_with_their_clauses_and_sums() {
    let people = vec![Profile::employee("case 6", "510402").born("1968-03-01")];
    let city = City::new("2020", providers::panzhihua(), people);
    let server = Server::with_plans(city, ENTERED, &[plan("panzhihua-2020")]);
    let person = server.someone("case 6");
    let first = Stay::from("2020-09-11", "2020-09-14", Bill::of(&A, "5000.00")).leaving("2");
    let second = Stay::from("2020-09-15", "2020-09-22", Bill::of(&A, "20000.00"));
    let mut cares = Vec::new();
    for (hospital, stay) in [(&PZH_L2, &first), (&PZH_L3, &second)] {
        let client = server.client(hospital);
        let mdtrt_id = admit(&client, &person, stay).unwrap();
        upload(&client, &person, stay, &mdtrt_id, &stay.bill, 0).unwrap();
        discharge(&client, &person, stay, &mdtrt_id).unwrap();
        settle(&client, &person, stay, &mdtrt_id, &stay.bill, "0").unwrap();
        cares.push(mdtrt_id);
    }
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let page = agency.get(&format!("/office/stories/{}", cares[0]));
    assert_eq!(page.status, 200);
    let told = text(&page.text());
    // 5,000 and 20,000 with 4,232 and 17,052 paid by the fund: worked case 6.
    assert!(told.contains("有效结算2笔：费用25000.00元，其中基金支付21284.00元"), "{told}");
    assert!(told.contains("费用5000.00元，基金支付4232.00元，本人付现金768.00元"), "{told}");
    assert!(told.contains("费用20000.00元，基金支付17052.00元，本人付现金2948.00元"), "{told}");
    let at = |what: &str| told.find(what).unwrap_or_else(|| panic!("{what}: {told}"));
    let order = ["2020年9月11日", "住进", "2020年9月14日", "出院", "2020年9月15日", "2020年9月22日", "2020年9月25日"];
    assert!(order.map(at).is_sorted(), "{told}");
    assert!(told.contains("停机公告条款P-"), "{told}");
    let (asked, all) = (page.text().matches("telling asked").count(), page.text().matches("class=\"telling").count());
    assert!(asked >= 3 && asked < all, "the care that was asked about stands out: {asked} of {all}");

    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L2.code);
    let kept_back = hospital.get(&format!("/office/stories/{}", cares[0]));
    assert_eq!(kept_back.status, 404, "a story spans hospitals");
    assert_eq!(agency.get("/office/stories/no-such-care").status, 404);
    let stranger = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
    let stranger: ureq::Agent = stranger.into();
    let turned_away = stranger.get(format!("{}/office/stories/{}", server.base(), cares[0])).call().unwrap();
    assert_eq!(turned_away.status(), 303, "nobody is told without a sign-in");
}
