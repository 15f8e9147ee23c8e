//! What a till does beside care (签到、对码): it signs in and out, maps its own codes, looks them up, withdraws them. What is not its own, or
//! is there already, or is no more, is refused.

use super::World;
use crate::city::{GONE, Place};
use crate::life::Event;
use serde_json::{Value, json};
use yibao_domain::refusal::Code;

/// One in so many visits begins its till's day.
const SOME: u64 = 15;

impl World<'_> {
    /// A till begins its day; asked where nothing goes wrong and no closing is near.
    pub(super) fn begins_its_day(&mut self, event: &Event) {
        let is_certain = self.office.is_undisturbed() && !self.is_outage_near(self.office.now());
        if is_certain && self.dice(event, "a till's day").one_in(SOME) {
            let own = self.place(event);
            let other = self.city.places.iter().find(|place| place.code != own.code);
            self.signs_in_and_out(event, own, other);
            self.maps_its_codes(event, own, other);
        }
    }

    /// What a place is told; a refusal by its code.
    fn told(&self, event: &Event, place: &Place, infno: &str, input: &Value) -> Result<Value, Option<Code>> {
        let answer = self.office.send(self.turn(event), place, infno, input);
        answer.map_err(|told| match told {
            crate::office::Told::Refused(refusal) => Some(refusal.code),
            crate::office::Told::Nothing(_) => None,
        })
    }

    fn unless(&mut self, is_so: bool, event: &Event, what: &str) {
        if !is_so {
            let at = self.office.now();
            self.surprises.push(format!("{:?} at {at}: {what}", event.id));
        }
    }

    fn signs_in_and_out(&mut self, event: &Event, own: &Place, other: Option<&Place>) {
        let sign_in = json!({"signIn": {"opter_no": "001", "mac": "", "ip": "10.0.0.1"}});
        let Ok(answer) = self.told(event, own, "9001", &sign_in) else {
            return self.unless(false, event, "a till cannot sign in");
        };
        let sign_no = answer["signinoutb"]["sign_no"].clone();
        let sign_out = |number: &Value| json!({"signOut": {"sign_no": number, "opter_no": "001"}});
        if let Some(other) = other {
            let of_other = self.told(event, other, "9002", &sign_out(&sign_no));
            self.unless(of_other == Err(Some(Code::NotFound)), event, "somebody else signs a till out");
        }
        let unknown = self.told(event, own, "9002", &sign_out(&json!("X1")));
        self.unless(unknown == Err(Some(Code::NotFound)), event, "a till signs out that never signed in");
        for _ in 0..2 {
            let out = self.told(event, own, "9002", &sign_out(&sign_no));
            self.unless(out.is_ok(), event, "a till cannot sign out");
        }
        let kept = self.office.look(|tx| tx.sign_in(sign_no.as_str().unwrap_or_default()));
        let kept = kept.ok().flatten();
        let now = self.office.now();
        let is_right = kept.is_some_and(|kept| {
            kept.fixmedins_code == own.code && kept.signed_in_at == now && kept.signed_out_at == Some(now)
        });
        self.unless(is_right, event, "a sign-in is kept otherwise");
    }

    fn maps_its_codes(&mut self, event: &Event, own: &Place, other: Option<&Place>) {
        let Some(line) = event.lines.first() else { return };
        let (today, number) =
            (self.office.now().date().to_string(), format!("N{}-{}", event.id.person, event.id.ordinal));
        let row = |code: &str, until: &str| {
            json!({"data": [{
                "fixmedins_hilist_id": number, "fixmedins_hilist_name": "院内项目", "list_type": "101",
                "med_list_codg": code, "begndate": today, "enddate": until
            }]})
        };
        let gone = self.told(event, own, "3301", &row(GONE.code, ""));
        self.unless(gone == Err(Some(Code::UnknownItem)), event, "a code is mapped to an item that is gone");
        let ended = self.told(event, own, "3301", &row(line.code, "2000-01-01"));
        self.unless(ended == Err(Some(Code::Dates)), event, "a mapping ends before it begins");
        let mapped = self.told(event, own, "3301", &row(line.code, ""));
        self.unless(mapped.is_ok(), event, "a code cannot be mapped");
        let twice = self.told(event, own, "3301", &row(line.code, ""));
        self.unless(twice == Err(Some(Code::WrongState)), event, "a code is mapped twice");
        self.has_mapped(event, own, &number, Some(line.code));
        if let Some(other) = other {
            let (infno, data) =
                ("1317", json!({"fixmedins_code": own.code, "updt_time": today, "page_num": 1, "page_size": 10}));
            let looked = self.told(event, other, infno, &json!({ "data": data }));
            self.unless(looked == Err(Some(Code::NotYours)), event, "somebody else's codes are shown");
        }
        let withdrawal = json!({"data": [{
            "fixmedins_code": own.code, "fixmedins_hilist_id": number, "list_type": "101", "med_list_codg": line.code
        }]});
        if let Some(other) = other {
            let by_other = self.told(event, other, "3302", &withdrawal);
            self.unless(by_other == Err(Some(Code::NotFound)), event, "somebody else withdraws a mapping");
        }
        let withdrawn = self.told(event, own, "3302", &withdrawal);
        self.unless(withdrawn.is_ok(), event, "a mapping cannot be withdrawn");
        let again = self.told(event, own, "3302", &withdrawal);
        self.unless(again == Err(Some(Code::NotFound)), event, "a mapping is withdrawn twice");
        self.has_mapped(event, own, &number, None);
    }

    /// 1317: what a code is mapped to.
    fn has_mapped(&mut self, event: &Event, own: &Place, number: &str, to: Option<&str>) {
        let data = json!({
            "fixmedins_code": own.code, "medins_list_codg": number, "updt_time": "2000-01-01", "page_num": 1, "page_size": 10
        });
        let answer = self.told(event, own, "1317", &json!({ "data": data })).unwrap_or_default();
        let rows = answer["data"].as_array().cloned().unwrap_or_default();
        let is: Vec<&str> = rows.iter().filter_map(|row| row["med_list_codg"].as_str()).collect();
        let is_right = is == Vec::from_iter(to) && answer["recordCounts"] == to.iter().count();
        self.unless(is_right, event, &format!("{number} is mapped to {is:?} and must be to {to:?}"));
    }
}
