//! Whatever a few tills do in whatever order: the book verifies, no account falls below zero, and sending every
//! message again changes nothing.

use super::care::{
    Settled, admission, cancellation, discharge, fees, of_encounter, one, purchase, registration, stay_settlement,
    text, visit_settlement,
};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, PHARMACY, WANG, ZHAO};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use yibao_domain::money::Money;

const PEOPLE: [&str; 3] = [WANG, LI, ZHAO];
const PRICES: [&str; 4] = ["7.30", "60.00", "900.00", "25000.01"];

/// One thing that somebody at a till does; the numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    Buy { person: usize, price: usize },
    Visit { person: usize, price: usize },
    Stay { person: usize, price: usize, part: bool },
    MoreFees { which: usize, price: usize },
    Discharge { which: usize },
    CancelDischarge { which: usize },
    Settle { which: usize, part: bool },
    Cancel { which: usize },
    Withdraw { which: usize },
    Reverse { which: usize },
    Resend { which: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let (person, price, which) = (0..PEOPLE.len(), 0..PRICES.len(), 0..1_000_usize);
    prop_oneof![
        2 => (person.clone(), price.clone()).prop_map(|(person, price)| Step::Buy { person, price }),
        3 => (person.clone(), price.clone()).prop_map(|(person, price)| Step::Visit { person, price }),
        3 => (person, price.clone(), any::<bool>()).prop_map(|(person, price, part)| Step::Stay { person, price, part }),
        2 => (which.clone(), price).prop_map(|(which, price)| Step::MoreFees { which, price }),
        1 => which.clone().prop_map(|which| Step::Discharge { which }),
        1 => which.clone().prop_map(|which| Step::CancelDischarge { which }),
        3 => (which.clone(), any::<bool>()).prop_map(|(which, part)| Step::Settle { which, part }),
        4 => which.clone().prop_map(|which| Step::Cancel { which }),
        1 => which.clone().prop_map(|which| Step::Withdraw { which }),
        5 => which.clone().prop_map(|which| Step::Reverse { which }),
        1 => which.prop_map(|which| Step::Resend { which }),
    ]
}

/// An encounter that the tills know of.
#[derive(Clone)]
struct Known {
    psn_no: &'static str,
    mdtrt_id: String,
    setting: &'static str,
}

#[derive(Clone)]
struct Made {
    of: Known,
    setl_id: String,
}

/// What has been done so far.
#[derive(Default)]
struct Tills {
    encounters: Vec<Known>,
    settled: Vec<Made>,
    serial: usize,
}

impl Tills {
    fn act(&mut self, city: &City, step: &Step) {
        match *step {
            Step::Buy { person, price } => {
                let input = purchase(PEOPLE[person], PRICES[price]);
                if let Some(output) = attempt(city, PHARMACY, "2102", &input) {
                    let mdtrt_id = text(&output["setlinfo"]["mdtrt_id"]);
                    self.made(Known { psn_no: PEOPLE[person], mdtrt_id, setting: "pharmacy" }, &output);
                }
            }
            Step::Visit { person, price } => {
                let psn_no = PEOPLE[person];
                let insutype = if psn_no == LI { "390" } else { "310" };
                let input = registration(psn_no, insutype, "2021-07-01 09:30:00");
                if let Some(output) = attempt(city, HOSPITAL, "2201", &input) {
                    let mdtrt_id = text(&output["data"]["mdtrt_id"]);
                    let of = Known { psn_no, mdtrt_id, setting: "visit" };
                    self.upload(city, &of, PRICES[price]);
                    self.settle(city, &of, false);
                    self.encounters.push(of);
                }
            }
            Step::Stay { person, price, part } => {
                let psn_no = PEOPLE[person];
                if let Some(output) = attempt(city, HOSPITAL, "2401", &admission(psn_no, "2021-07-01 08:00:00")) {
                    let mdtrt_id = text(&output["result"]["mdtrt_id"]);
                    let of = Known { psn_no, mdtrt_id, setting: "stay" };
                    self.upload(city, &of, PRICES[price]);
                    self.settle(city, &of, part);
                    self.encounters.push(of);
                }
            }
            Step::MoreFees { which, price } => {
                if let Some(of) = pick(&self.encounters, which) {
                    self.upload(city, &of, PRICES[price]);
                }
            }
            Step::Discharge { which } => {
                if let Some(of) = pick(&self.encounters, which) {
                    attempt(city, HOSPITAL, "2402", &discharge(of.psn_no, &of.mdtrt_id, "2021-07-01 09:50:00"));
                }
            }
            Step::CancelDischarge { which } => {
                if let Some(of) = pick(&self.encounters, which) {
                    attempt(city, HOSPITAL, "2405", &of_encounter(of.psn_no, &of.mdtrt_id));
                }
            }
            Step::Settle { which, part } => {
                if let Some(of) = pick(&self.encounters, which) {
                    self.settle(city, &of, part);
                }
            }
            Step::Cancel { which } => {
                if let Some(made) = pick(&self.settled, which) {
                    let (provider, infno) = match made.of.setting {
                        "pharmacy" => (PHARMACY, "2103"),
                        "visit" => (HOSPITAL, "2208"),
                        _ => (HOSPITAL, "2305"),
                    };
                    let input = cancellation(made.of.psn_no, &made.of.mdtrt_id, &made.setl_id);
                    attempt(city, provider, infno, &input);
                }
            }
            Step::Withdraw { which } => {
                if let Some(of) = pick(&self.encounters, which) {
                    let (infno, field) =
                        if of.setting == "visit" { ("2205", "chrg_bchno") } else { ("2302", "feedetl_sn") };
                    let mut data = json!({"mdtrt_id": of.mdtrt_id, "psn_no": of.psn_no});
                    data[field] = json!("0000");
                    attempt(city, HOSPITAL, infno, &json!({"data": data}));
                }
            }
            Step::Reverse { which } => {
                let sent = pick(&city.sent.borrow(), which);
                if let Some(sent) = sent {
                    let person = person_of(&sent.input);
                    let _ = city.reverse(sent.provider, &person, sent.infno, &sent.msgid);
                }
            }
            Step::Resend { which } => {
                let sent = pick(&city.sent.borrow(), which);
                if let Some(sent) = sent {
                    let _ = city.send(sent.provider, sent.infno, &sent.msgid, &sent.input);
                }
            }
        }
    }

    fn upload(&mut self, city: &City, of: &Known, price: &'static str) {
        self.serial += 1;
        let infno = if of.setting == "visit" { "2204" } else { "2301" };
        let batch = if of.setting == "visit" { "B1" } else { "" };
        let mut input = fees(of.psn_no, &of.mdtrt_id, batch, &[one("", price)]);
        input["feedetail"][0]["feedetl_sn"] = json!(self.serial.to_string());
        attempt(city, HOSPITAL, infno, &input);
    }

    fn settle(&mut self, city: &City, of: &Known, part: bool) {
        let lines = city.look(|tx| tx.fee_lines(&of.mdtrt_id));
        let open = lines.iter().filter(|line| line.setl_id.is_empty());
        let total = Money::sum(open.map(|line| line.det_item_fee_sumamt)).to_string();
        let (infno, input) = match of.setting {
            "visit" => ("2207", visit_settlement(of.psn_no, &of.mdtrt_id, "B1", &total)),
            _ => ("2304", stay_settlement(of.psn_no, &of.mdtrt_id, &total, part)),
        };
        if let Some(output) = attempt(city, HOSPITAL, infno, &input) {
            self.made(of.clone(), &output);
        }
    }

    fn made(&mut self, of: Known, output: &Value) {
        self.settled.push(Made { of, setl_id: text(&output["setlinfo"]["setl_id"]) });
    }
}

/// Sends; a refusal is one of the things that may happen.
fn attempt(city: &City, provider: &'static str, infno: &'static str, input: &Value) -> Option<Value> {
    let msgid = city.new_msgid(provider);
    city.send(provider, infno, &msgid, input).ok().map(|answered| answered.output)
}

fn pick<T: Clone>(all: &[T], which: usize) -> Option<T> {
    if all.is_empty() { None } else { Some(all[which % all.len()].clone()) }
}

fn person_of(input: &Value) -> String {
    let nodes = input.as_object().unwrap().values();
    let found = nodes.map(|node| if node.is_array() { &node[0]["psn_no"] } else { &node["psn_no"] });
    found.filter_map(Value::as_str).next().unwrap_or("").to_owned()
}

/// What a book says of the persons: balances and running totals.
fn standing(city: &City) -> String {
    PEOPLE
        .map(|psn_no| {
            city.look(|tx| {
                Ok(format!(
                    "{:?} {:?}",
                    tx.person_facts(psn_no, &[])?.map(|facts| facts.balance),
                    tx.running_totals(psn_no)?
                ))
            })
        })
        .join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_history_verifies_and_sent_again_changes_nothing(steps in vec(step(), 1..40)) {
        let city = City::new();
        let mut tills = Tills::default();
        for step in &steps {
            tills.act(&city, step);
            for psn_no in PEOPLE {
                prop_assert!(city.balance(psn_no).unwrap_or_default() >= Money::ZERO);
            }
        }
        city.verify();
        let before = standing(&city);
        let all: Vec<_> = city.sent.borrow().clone();
        for sent in all {
            // A message that was reversed since is refused; every other gets the answer it had.
            if let Ok(again) = city.send(sent.provider, sent.infno, &sent.msgid, &sent.input) {
                prop_assert_eq!(again.output, sent.answer);
            }
        }
        prop_assert_eq!(standing(&city), before);
        city.verify();
    }
}

#[test]
fn every_settlement_of_a_stay_elsewhere_is_its_own() {
    let city = City::new();
    let admitted = city.done(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-01 08:00:00"));
    let mdtrt_id = text(&admitted.output["result"]["mdtrt_id"]);
    city.done(OTHER_HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("1", "2000.00")]));
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "2000.00", true), "不是机构");
    let settled = Settled::of(city.done(OTHER_HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "2000.00", true)));
    city.refused(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &settled.setl_id), "不是机构");
    city.verify();
}
