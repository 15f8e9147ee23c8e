//! Panzhihua 2020 as its clerks see it: the city under its plan, and what they fill in.

use crate::support::amounts::yuan;
use crate::support::catalogue::Bill;
use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, pasted};
use crate::support::people::{Person, Profile};
use crate::support::program::plan;
use crate::support::providers::{self, PZH_COMMUNITY, PZH_L2, PZH_L3, PZH_PHARMACY, Provider};
use crate::support::server::Server;
use crate::support::vocabulary::{CANCER, RHEUMATISM, Used};

pub const POOL: &str = "510400";
pub const PLAN: &str = "panzhihua-2020";

pub fn city() -> City {
    let people = vec![
        Profile::resident("resident", "510402").copies(40),
        Profile::employee("employee", "510402").balance("1000.00").copies(10),
        Profile::resident("chronic", "510402").disease(RHEUMATISM),
        Profile::employee("mother", "510402").also("510"),
        Profile::employee("drug", "510402").disease(CANCER),
        Profile::employee("case 5", "510402")
            .balance("0.00")
            .disease_from(CANCER, "2020-08-01")
            .used(Used::DrugSubCap, "145000.00"),
        Profile::employee("case 6", "510402").born("1968-03-01"),
        Profile::employee("joins later", "510402").insured("2020-09-20", "", ""),
        Profile::employee("lapsed", "510402").insured("2016-01-01", "", "2020-08-01"),
    ];
    City::new("2020", providers::panzhihua(), people)
}

pub struct Town {
    pub server: Server,
    pub agency: Clerk,
    pub clerks: Vec<(&'static str, Clerk)>,
}

impl Town {
    pub fn at(database: Option<String>, clock: &str) -> Town {
        Town::under(database, clock, plan(PLAN))
    }

    pub fn under(database: Option<String>, clock: &str, plan: String) -> Town {
        let server = Server::with_plans_in(database, city(), clock, &[plan]);
        let places: [&Provider; 4] = [&PZH_L2, &PZH_L3, &PZH_COMMUNITY, &PZH_PHARMACY];
        let clerks = places.map(|place| (place.code, Clerk::of(&server, POOL, place))).into();
        let agency = Clerk::agency(&server, POOL);
        Town { server, agency, clerks }
    }

    #[track_caller]
    pub fn desk(&self, place: &Provider) -> Office {
        let (_, clerk) = self.clerks.iter().find(|(code, _)| *code == place.code).unwrap();
        clerk.sign_in(&self.server)
    }

    pub fn bureau(&self) -> Office {
        self.agency.sign_in(&self.server)
    }
}

/// What a form is filled in with.
pub type Said = Vec<(&'static str, String)>;

pub fn typed(said: &Said) -> Vec<(&str, &str)> {
    said.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// The entry again with other values; an empty one takes a field away.
pub fn with(said: &Said, others: &[(&'static str, &str)]) -> Said {
    let mut said = said.clone();
    for (name, value) in others {
        said.retain(|(known, _)| known != name);
        said.push((name, (*value).to_owned()));
    }
    said
}

/// A cash visit with all that P-09 wants on its papers, its fee line pasted.
pub fn cash(person: &Person, kind: &str, day: &str, bill: &Bill, invoice: &str) -> Said {
    let time = format!("{day} 09:30");
    vec![
        ("psn_no", person.psn_no.clone()),
        ("psn_name", person.name.clone()),
        ("tel", "13800000000".into()),
        ("insutype", person.insutype.into()),
        ("med_type", kind.into()),
        ("begntime", time.replace(' ', "T")),
        ("medfee_sumamt", yuan(bill.total())),
        ("diag_code", "J06.900".into()),
        ("diag_name", "急性上呼吸道感染".into()),
        ("invono", invoice.into()),
        ("rx_no", format!("CF{invoice}")),
        ("card_seen", "社会保障卡".into()),
        ("card_number_on_papers", "是".into()),
        ("halted_stamp", "是".into()),
        ("lines", pasted(bill, invoice, &time)),
    ]
}

/// An admission with all that P-10 and P-23 want.
pub fn admission(person: &Person, from: &str, serial: &str) -> Said {
    vec![
        ("psn_no", person.psn_no.clone()),
        ("psn_name", person.name.clone()),
        ("tel", "13800000000".into()),
        ("insutype", person.insutype.into()),
        ("med_type", "21".into()),
        ("begntime", from.into()),
        ("ipt_otp_no", serial.into()),
        ("diag_code", "J18.900".into()),
        ("diag_name", "肺炎".into()),
        ("card_seen", "社会保障卡".into()),
        ("identity_checked", "是".into()),
        ("injury", "否".into()),
        ("statement", "在待遇期，无等待期".into()),
        ("signer", "患者之子".into()),
        ("prepayment", "500.00".into()),
        ("expected_cost", "3000.00".into()),
        ("fees_kept", "是".into()),
    ]
}
