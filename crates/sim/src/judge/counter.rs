//! Who stands at a counter (1101, 读卡), by whatever is shown: the card, the document in its old or its present characters; under another's
//! name or number it is nobody.

use crate::city::Citizen;
use crate::judge::Wrong;
use crate::judge::asked::said;
use crate::office::Told;
use crate::world::World;
use serde_json::{Value, json};
use yibao_domain::refusal::Code;
use yibao_domain::written::name::alike;

/// Added to the number of a person, it is whose turns these questions are.
const TURNS: u64 = 7_500_000;
/// One in so many is asked about in every way.
const SOME: u64 = 4;

/// Judges how one person is read.
pub(super) fn judge(world: &World<'_>, person: &Citizen, wrong: &mut Vec<Wrong>) {
    let is_asked = world.office.is_undisturbed() && person.number % SOME == world.city.seed % SOME;
    let Some(place) = world.city.places.first().filter(|_| is_asked && person.cover.is_known(world.office.now()))
    else {
        return;
    };
    let mut told: Vec<String> = Vec::new();
    let other = world.city.person((person.number + 1) % world.city.persons.max(1));
    let shown = |kind: &str, number: &str, certno: &str, name: &str| {
        json!({"data": {
            "mdtrt_cert_type": kind, "mdtrt_cert_no": number, "card_sn": "S1", "certno": certno, "psn_cert_type": "01",
            "psn_name": name
        }})
    };
    let (name, card) = (&*person.name, format!("K{:09}", person.number));
    let (booked, papers) = (person.certno_as_booked(), person.certno_on_papers());
    let ask = |input: &Value| world.office.send(world.office.turn(TURNS + person.number), place, "1101", input);
    let known = [
        shown("02", &booked, "", name),
        shown("02", &papers, &booked, name),
        shown("02", &person.certno, &papers, ""),
        shown("03", &card, "", name),
        shown("03", &card, &card, name),
        shown("03", &card, &papers, name),
        shown("01", "token", &papers, name),
    ];
    for input in &known {
        match ask(input) {
            Ok(answer) if said(&answer["baseinfo"], "psn_no") == person.psn_no => {}
            answer => told.push(format!("1101 of {} by {input} tells {answer:?}", person.psn_no)),
        }
    }
    let mut nobody = vec![shown("01", "token", "", name), shown("03", "K-1", "", name)];
    if other.number != person.number && !alike(&other.name, &person.name) {
        nobody.push(shown("02", &papers, "", &other.name));
        nobody.push(shown("03", &card, &other.certno, ""));
    }
    for input in &nobody {
        match ask(input) {
            Err(Told::Refused(refusal)) if refusal.code == Code::UnknownPerson => {}
            answer => told.push(format!("1101 by {input} tells {answer:?}")),
        }
    }
    wrong.extend(told.into_iter().map(|what| Wrong::of(3, person.number, what)));
}
