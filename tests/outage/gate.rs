//! Tries each live business of a city, at whatever time a server stands.

use crate::support::catalogue::{A, Bill, SINGLE_PAYMENT};
use crate::support::city::City;
use crate::support::inpatient::{self, Stay, settle_stay_input};
use crate::support::outpatient::{Visit, open_visit, settle_input, settle_visit};
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, purchase_input};
use crate::support::providers::{self, Provider};
use crate::support::server::Server;
use crate::support::vocabulary::{CANCER, HYPERTENSION, RHEUMATISM};
use serde_json::{Value, json};

/// A city at a place of the plan's clock, with one stay already discharged and waiting to be settled.
pub struct Scene {
    pub server: Server,
    pub hospital: &'static Provider,
    pub pharmacy: &'static Provider,
    /// The last day of care before the outage.
    day: &'static str,
    inpatient: (Person, Stay, String),
    /// Visits whose lines were uploaded before the outage: kind and profile, and what 2207 needs.
    visits: Vec<(&'static str, &'static str, Value)>,
}

/// The visits that wait for their settlement: kind and profile.
const WAITING: [(&str, &str); 7] = [
    ("11", "employee"),
    ("11", "resident"),
    ("14", "chronic"),
    ("14", "chronic employee"),
    ("9901", "hypertension"),
    ("18", "drug employee"),
    ("51", "insured mother"),
];

impl Scene {
    /// Bijie under its plan, the stay discharged at noon of 2021-07-09.
    pub fn bijie(clock: &str) -> Scene {
        let (hospital, pharmacy) = (&providers::BJ_L2, &providers::BJ_PHARMACY);
        Scene::start(
            City::new("2021", providers::bijie(), people("520502")),
            "bijie-2021",
            "2021-07-09",
            clock,
            hospital,
            pharmacy,
        )
    }

    /// Panzhihua under its plan, the stay discharged at noon of 2020-09-10.
    pub fn panzhihua(clock: &str) -> Scene {
        let (hospital, pharmacy) = (&providers::PZH_L2, &providers::PZH_PHARMACY);
        let city = City::new("2020", providers::panzhihua(), people("510402"));
        Scene::start(city, "panzhihua-2020", "2020-09-10", clock, hospital, pharmacy)
    }

    fn start(
        city: City,
        plan: &str,
        day: &'static str,
        clock: &str,
        hospital: &'static Provider,
        pharmacy: &'static Provider,
    ) -> Scene {
        let plans = [crate::support::program::plan(plan)];
        let mut server = Server::with_plans(city, &format!("{day}T13:00:00"), &plans);
        let person = server.someone("employee");
        let stay = Stay {
            admitted: format!("{}-01 10:00:00", &day[..7]),
            discharged: format!("{day} 12:00:00"),
            ..Stay::from(day, day, Bill::of(&A, "1400.00"))
        };
        let client = server.client(hospital);
        let mdtrt_id = inpatient::admit(&client, &person, &stay).unwrap();
        inpatient::upload(&client, &person, &stay, &mdtrt_id, &stay.bill, 0).unwrap();
        inpatient::discharge(&client, &person, &stay, &mdtrt_id).unwrap();
        let mut visits = vec![];
        for (kind, profile) in WAITING {
            let (person, visit) = (server.someone(profile), visit(kind, day));
            let opened = open_visit(&client, &person, &visit).unwrap();
            visits.push((kind, profile, settle_input(&person, &visit, &opened)));
        }
        server.restart_at(clock);
        Scene { server, hospital, pharmacy, day, inpatient: (person, stay, mdtrt_id), visits }
    }

    /// 2304 of the waiting stay.
    pub fn inpatient(&self) -> Result<(), String> {
        let (person, stay, mdtrt_id) = &self.inpatient;
        let input = settle_stay_input(person, stay, mdtrt_id, &stay.bill, "0");
        self.server.client(self.hospital).call("2304", input).outcome().map(drop)
    }

    /// 2102 of somebody of this profile.
    pub fn pharmacy(&self, profile: &str) -> Result<(), String> {
        let input = purchase_input(&self.server.someone(profile), &Purchase::on(self.day, Bill::of(&A, "20.00")));
        self.server.client(self.pharmacy).call("2102", input).outcome().map(drop)
    }

    /// The remark of an accepted 2102: what is said ahead of a closing.
    #[track_caller]
    pub fn remark_of_a_purchase(&self, profile: &str) -> String {
        let input = purchase_input(&self.server.someone(profile), &Purchase::on(self.day, Bill::of(&A, "20.00")));
        let reply = self.server.client(self.pharmacy).call("2102", input);
        reply.output();
        reply.words()
    }

    /// 2207 of a visit that was uploaded before the outage.
    #[track_caller]
    pub fn settle(&self, kind: &str, profile: &str) -> Result<(), String> {
        let waiting =
            self.visits.iter().find(|(its_kind, its_profile, _)| *its_kind == kind && *its_profile == profile);
        let (_, _, input) = waiting.expect("such a visit waits");
        self.server.client(self.hospital).call("2207", input.clone()).outcome().map(drop)
    }

    /// A whole visit of somebody of this profile, from its registration on.
    #[track_caller]
    pub fn visit(&self, kind: &'static str, profile: &str) -> Result<(), String> {
        let visit = visit(kind, self.day);
        settle_visit(&self.server.client(self.hospital), &self.server.someone(profile), &visit).map(drop)
    }

    /// What never closes: sign-in, queries, reversals.
    #[track_caller]
    pub fn always_open(&self) {
        let client = self.server.client(self.hospital);
        client.sign_in();
        let person = self.server.someone("employee");
        client.read_person(&person).output();
        client.call("5301", json!({"data": {"psn_no": person.psn_no}})).output();
        client.reverse(&person, "2207", &client.next_msgid()).output();
    }
}

fn visit(kind: &'static str, day: &'static str) -> Visit {
    let visit = Visit::on(day, Bill::of(&A, "20.00")).kind(kind);
    match kind {
        "14" => visit.disease(RHEUMATISM),
        "9901" => visit.disease(HYPERTENSION),
        "18" => Visit { bill: Bill::of(&SINGLE_PAYMENT, "100.00"), ..visit },
        "51" => visit.with("birctrl_type", "1").with("birctrl_matn_date", day),
        _ => visit,
    }
}

/// A refusal by the gate says what is closed, since when, until when and what to do; each of these in one of the
/// ways it may be written.
#[track_caller]
pub fn is_closed(outcome: Result<(), String>, said: &[&[&str]]) {
    let words = outcome.expect_err("should be closed");
    for ways in said {
        assert!(ways.iter().any(|way| words.contains(way)), "none of {ways:?} in: {words}");
    }
}

fn people(admdvs: &'static str) -> Vec<Profile> {
    vec![
        Profile::employee("employee", admdvs).balance("1000.00").copies(30),
        Profile::employee("chronic employee", admdvs).balance("1000.00").disease(RHEUMATISM),
        Profile::employee("insured mother", admdvs).also("510"),
        Profile::employee("drug employee", admdvs).disease(CANCER),
        Profile::resident("resident", admdvs).copies(30),
        Profile::resident("hypertension", admdvs).disease(HYPERTENSION),
        Profile::resident("chronic", admdvs).disease(RHEUMATISM),
    ]
}
