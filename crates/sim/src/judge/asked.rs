//! Questions of the national interface (查询), asked in the end about everybody who had care: each answer is what the history, the books and
//! the judge's own reckoning say. Asked only where nothing goes wrong on the way.

use crate::city::{Citizen, Cover, Place};
use crate::judge::Wrong;
use crate::judge::priced::Account;
use crate::judge::row::{Row, wrong_of};
use crate::life::{Applied, Event, Leaves};
use crate::till::{self, application_ends};
use crate::world::{Case, FIRST_DIAGNOSIS, World};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use yibao_domain::money::Money;
use yibao_domain::time::moment_text;
use yibao_store::Fault;
use yibao_store::encounter::{Encounter, EncounterState, FeeLine, Setting};

/// Added to the number of a person, it is whose turns these questions are.
const TURNS: u64 = 7_000_000;

/// The code under which a running total is shown (`cum_type_code`).
const CODES: [(&str, &str); 18] = [
    ("inpatient_stays", "Y01"),
    ("basic_paid", "Y02"),
    ("basic_cost", "Y03"),
    ("second_tier_base", "Y04"),
    ("second_tier_paid", "Y05"),
    ("large_amount_cost", "Y06"),
    ("large_amount_paid", "Y07"),
    ("assistance_base", "Y08"),
    ("assistance_paid", "Y09"),
    ("outpatient_paid", "Y10"),
    ("outpatient_deductible_met", "Y11"),
    ("chronic_deductible_met", "Y12"),
    ("chronic_paid", "Y13"),
    ("special_disease_deductible_standard", "Y14"),
    ("special_disease_deductible_met", "Y15"),
    ("two_disease_paid", "Y16"),
    ("single_payment_paid", "Y17"),
    ("prenatal_paid", "Y18"),
];

/// Whoever asks, and about whom.
struct Asking<'a> {
    world: &'a World<'a>,
    person: &'a Citizen,
    events: &'a [&'a Event],
    from: String,
    to: String,
}

/// Asks about one person.
pub(super) fn of_person(
    world: &World<'_>,
    person: &Citizen,
    account: &Account<'_>,
    events: &[&Event],
    encounters: &[Encounter],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    let now = world.office.now();
    if !world.office.is_undisturbed() || !person.cover.is_known(now) {
        return Ok(());
    }
    let from = world.city.begins.saturating_sub(jiff::Span::new().days(2)).to_string();
    let asking = Asking { world, person, events, from, to: now.date().to_string() };
    let Some(any) = world.city.places.first() else { return Ok(()) };
    let mut told = Vec::new();
    told.extend(asking.who_it_is(any)?);
    told.extend(asking.totals(any)?);
    told.extend(asking.filings(any)?);
    told.extend(asking.encounters(encounters)?);
    told.extend(asking.drugs(any, encounters)?);
    wrong.extend(told.into_iter().map(|what| Wrong::of(3, person.number, what)));
    for row in account.rows {
        wrong.extend(asking.settlement(account, row)?.into_iter().map(|what| wrong_of(row, what)));
    }
    Ok(())
}

/// A field of an answer as it is written.
pub(super) fn said(of: &Value, name: &str) -> String {
    match &of[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn money(of: &Value, name: &str) -> i64 {
    said(of, name).parse::<Money>().map_or(i64::MIN, Money::as_fen)
}

/// What differs of some fields of an answer.
fn differing(what: &str, of: &Value, must: &[(&str, String)]) -> Vec<String> {
    let differs = must.iter().filter(|(name, must)| said(of, name) != *must);
    differs.map(|(name, must)| format!("{what} tells {name} as {} and must as {must}", of[*name])).collect()
}

impl Asking<'_> {
    fn ask(&self, place: &Place, infno: &str, data: Value) -> Result<Value, Fault> {
        let turn = self.world.office.turn(TURNS + self.person.number);
        let answer = self.world.office.send(turn, place, infno, &json!({ "data": data }));
        answer.map_err(|told| Fault::new("asking", infno, told.to_string()))
    }

    fn rows(&self, place: &Place, infno: &str, node: &str, data: Value) -> Result<Vec<Value>, Fault> {
        Ok(self.ask(place, infno, data)?[node].as_array().cloned().unwrap_or_default())
    }

    /// 1101.
    fn who_it_is(&self, any: &Place) -> Result<Vec<String>, Fault> {
        let (person, today) = (self.person, self.world.office.now().date());
        let answer = self.ask(any, "1101", till::person(person)["data"].clone())?;
        let base = [
            ("psn_no", person.psn_no.clone()),
            ("psn_name", person.name.clone()),
            ("gend", person.gend.to_owned()),
            ("brdy", person.born.to_string()),
            ("age", person.age(today).to_string()),
        ];
        let mut told = differing("1101", &answer["baseinfo"], &base);
        let psn_no = &person.psn_no;
        let balance = self.world.office.look(|tx| Ok(tx.person_facts(psn_no, &[])?.and_then(|facts| facts.balance)))?;
        let rows = answer["insuinfo"].as_array().cloned().unwrap_or_default();
        let of_scheme = |row: &&Value| said(row, "insutype") == person.scheme.insutype();
        let insured = rows.iter().rfind(of_scheme).cloned().unwrap_or_default();
        let state = match person.cover {
            Cover::Ended(ended) if ended < today => "4",
            Cover::Paused { from, loaded } if from <= today && loaded <= self.world.office.now() => "2",
            _ => "1",
        };
        let own = [
            ("insutype", person.scheme.insutype().to_owned()),
            ("psn_type", person.psn_type.to_owned()),
            ("psn_insu_stas", state.to_owned()),
            ("insuplc_admdvs", person.division.clone()),
            ("cvlserv_flag", "0".to_owned()),
        ];
        told.extend(differing("1101", &insured, &own));
        let schemes: BTreeSet<String> = rows.iter().map(|row| said(row, "insutype")).collect();
        let subsidy = person.subsidy.map(|_| "320");
        let beside = person.insured_also.map(|also| also.insutype()).into_iter().chain(subsidy);
        let must: BTreeSet<String> = beside.chain([person.scheme.insutype()]).map(str::to_owned).collect();
        if schemes != must {
            told.push(format!("1101 tells the insurances {schemes:?} and must tell {must:?}"));
        }
        if money(&insured, "balc") != balance.unwrap_or_default().as_fen() {
            told.push(format!("1101 tells a balance of {} and must of {balance:?}", insured["balc"]));
        }
        let kinds: BTreeSet<String> =
            answer["idetinfo"].as_array().into_iter().flatten().map(|row| said(row, "psn_idet_type")).collect();
        let must: BTreeSet<String> = person.attributes_on(today).into_iter().map(str::to_owned).collect();
        if kinds != must {
            told.push(format!("1101 tells the attributes {kinds:?} and must tell {must:?}"));
        }
        Ok(told)
    }

    /// 5206: what the books have of the year, under the codes that are published.
    fn totals(&self, any: &Place) -> Result<Vec<String>, Fault> {
        let year = self.world.city.begins.year().to_string();
        let data = json!({"psn_no": self.person.psn_no, "cum_ym": format!("{year}12")});
        let is: BTreeSet<(String, String)> = self
            .rows(any, "5206", "cuminfo", data)?
            .iter()
            .map(|row| (said(row, "cum_type_code"), said(row, "cum")))
            .filter(|(_, sum)| !sum.trim_matches(['0', '.']).is_empty())
            .map(|(code, sum)| (code, shortened(&sum)))
            .collect();
        let kept = self.world.office.look(|tx| tx.running_totals(&self.person.psn_no))?;
        let of_year = kept.iter().filter(|row| row.period == year && row.value != 0);
        let must: BTreeSet<(String, String)> = of_year
            .filter_map(|row| {
                let (name, code) = CODES.into_iter().find(|(name, _)| *name == row.name)?;
                let sum = if name == "inpatient_stays" { row.value.to_string() } else { till::yuan(row.value) };
                Some((code.to_owned(), shortened(&sum)))
            })
            .collect();
        let differs = is != must;
        Ok(Vec::from_iter(differs.then(|| format!("5206 tells {is:?} and must tell {must:?}"))))
    }

    /// 5301, 5302 and 5304: what is recognised and filed.
    fn filings(&self, any: &Place) -> Result<Vec<String>, Fault> {
        let (psn_no, mut told) = (&self.person.psn_no, Vec::new());
        let mut compare = |infno: &str, is: BTreeSet<(String, String)>, must: BTreeSet<(String, String)>| {
            if is != must {
                told.push(format!("{infno} tells {is:?} and must tell {must:?}"));
            }
        };
        let holds = |row: &Value| match said(row, "enddate").as_str() {
            "" => said(row, "begndate"),
            until => format!("{} until {until}", said(row, "begndate")),
        };
        let pairs = |rows: Vec<Value>, what: &str| -> BTreeSet<(String, String)> {
            rows.iter().map(|row| (said(row, what), holds(row))).collect()
        };
        let since = self.world.city.begins.saturating_sub(jiff::Span::new().years(5)).to_string();
        let held = self.person.recognised().into_iter();
        let lasts = |until: Option<Date>| until.map_or(String::new(), |until| format!(" until {until}"));
        let mut diseases: BTreeSet<(String, String)> =
            held.map(|(code, _, until)| (code.to_owned(), format!("{since}{}", lasts(until)))).collect();
        let mut designated = BTreeSet::new();
        if let Some(filed) = self.world.filings.get(&self.person.number)
            && let Some((_, at)) = filed.filed
        {
            let from = filed.effective.unwrap_or(at.date());
            let from = format!("{from}{}", lasts(application_ends(self.person, from)));
            match filed.application.what {
                Applied::Disease => drop(diseases.insert(("M04600".to_owned(), from))),
                Applied::Designated => {
                    let place = &self.world.city.places[filed.application.place];
                    designated.insert((place.code.clone(), from));
                }
            }
        }
        compare(
            "5301",
            pairs(self.rows(any, "5301", "feedetail", json!({"psn_no": psn_no}))?, "opsp_dise_code"),
            diseases,
        );
        let data = json!({"psn_no": psn_no, "biz_appy_type": "03"});
        compare("5302", pairs(self.rows(any, "5302", "psnfixmedin", data)?, "fixmedins_code"), designated);
        let data = json!({"psn_no": psn_no, "begntime": self.from, "endtime": self.to});
        let rows = self.rows(any, "5304", "refmedin", data)?;
        let (filed, transfers) = (rows.len(), pairs(rows, "reflin_medins_no"));
        // Whoever asks for the very day is told of it as well.
        for (to, day) in &transfers {
            let data = json!({"psn_no": psn_no, "begntime": day, "endtime": day});
            let of_day = pairs(self.rows(any, "5304", "refmedin", data)?, "reflin_medins_no");
            if !of_day.contains(&(to.clone(), day.clone())) {
                compare("5304 of one day", of_day, BTreeSet::from([(to.clone(), day.clone())]));
            }
        }
        // Whether it could be filed is another judge's question; what was filed names the next stay.
        let arrivals = self.events.windows(2).filter(|pair| {
            matches!(pair[0].kind, crate::life::Kind::Stay { leaves: Leaves::Filed | Leaves::ForAnother, .. })
        });
        let arrivals =
            arrivals.map(|pair| (self.world.city.places[pair[1].place].code.clone(), pair[1].at.date().to_string()));
        let arrivals: BTreeSet<(String, String)> = arrivals.collect();
        if !transfers.is_subset(&arrivals) {
            compare("5304", transfers.clone(), arrivals);
        }
        if filed != transfers.len() {
            told.push(format!("5304 tells {filed} transfers, of which {} differ", transfers.len()));
        }
        Ok(told)
    }

    /// 5201, 5202 and 5303: visits and stays, with their diagnoses.
    fn encounters(&self, encounters: &[Encounter]) -> Result<Vec<String>, Fault> {
        let (psn_no, mut told) = (&self.person.psn_no, Vec::new());
        let mut seen = BTreeSet::new();
        for of in encounters.iter().filter(|of| of.state != EncounterState::Cancelled) {
            let Some(event) = self.event_of(of) else { continue };
            let place = &self.world.city.places[event.place];
            if of.setting != Setting::Pharmacy {
                told.extend(self.diagnoses(place, of, event)?);
            }
            let is_there = |other: &&Encounter| {
                other.fixmedins_code == of.fixmedins_code && other.state != EncounterState::Cancelled
            };
            let same = encounters.iter().filter(is_there).filter(|other| other.med_type == of.med_type);
            let must: BTreeSet<String> = same.map(|other| other.mdtrt_id.clone()).collect();
            if seen.insert((of.fixmedins_code.clone(), of.med_type.clone())) && !of.med_type.is_empty() {
                let data = json!({
                    "psn_no": psn_no, "begntime": self.from, "endtime": self.to, "med_type": of.med_type
                });
                let rows = self.rows(place, "5201", "mdtrtinfo", data)?;
                let is: BTreeSet<String> = rows.iter().map(|row| said(row, "mdtrt_id")).collect();
                if is != must {
                    told.push(format!("5201 tells {is:?} and must tell {must:?}"));
                }
                for row in &rows {
                    told.extend(self.shown(row, encounters));
                }
                let data = json!({"psn_no": psn_no, "begntime": self.from, "endtime": self.to});
                let rows = self.rows(place, "5303", "data", data)?;
                let is: BTreeSet<String> = rows.iter().map(|row| said(row, "mdtrt_id")).collect();
                let there = encounters.iter().filter(is_there);
                let lies = there.filter(|one| one.setting == Setting::Inpatient && one.state == EncounterState::Open);
                let must: BTreeSet<String> = lies.map(|one| one.mdtrt_id.clone()).collect();
                if is != must {
                    told.push(format!("5303 tells {is:?} and must tell {must:?}"));
                }
            }
        }
        Ok(told)
    }

    fn event_of(&self, of: &Encounter) -> Option<&Event> {
        let is_of =
            |event: &&&Event| self.world.city.places[event.place].code == of.fixmedins_code && event.at == of.begntime;
        self.events.iter().find(is_of).copied()
    }

    fn shown(&self, row: &Value, encounters: &[Encounter]) -> Vec<String> {
        let id = said(row, "mdtrt_id");
        let Some(of) = encounters.iter().find(|of| of.mdtrt_id == id) else { return Vec::new() };
        let Some(event) = self.event_of(of) else { return Vec::new() };
        let is_stay = of.setting == Setting::Inpatient;
        let left = of.endtime.filter(|_| is_stay);
        let disease = event.kind.disease().unwrap_or_default().to_owned();
        let days = left.map(|left| days_between(event.at.date(), left.date()).max(1).to_string());
        let lies = is_stay && left.is_none();
        let must = [
            ("psn_no", self.person.psn_no.clone()),
            ("insutype", self.person.scheme.insutype().to_owned()),
            ("begntime", moment_text(event.at)),
            ("endtime", left.map_or(String::new(), |_| moment_text(event.ended()))),
            ("dise_codg", disease),
            ("matn_type", event.birth.map_or("", |birth| birth.matn_type).to_owned()),
            ("birctrl_type", event.birth.map_or("", |birth| birth.birctrl_type).to_owned()),
            ("inhosp_stas", if lies { "1" } else { "0" }.to_owned()),
            ("ipt_days", days.unwrap_or_default()),
        ];
        let mut told = differing(&format!("5201 of {id}"), row, &must);
        // What a register tells of a visit has no words of its till.
        let is_tills = self.is_told_by_its_till(of, event);
        if of.setting == Setting::Outpatient && is_tills {
            told.extend(differing(&format!("5201 of {id}"), row, &[("main_cond_dscr", till::complaint(event))]));
        }
        told
    }

    /// Whether its till has told all of a visit: not of one that was charged as another kind, and refused when it said which.
    fn is_told_by_its_till(&self, of: &Encounter, event: &Event) -> bool {
        let told = |case: &Case| {
            case.entry.is_empty() && case.uploaded > 0 && !case.settled.is_empty() && case.mdtrt_id == of.mdtrt_id
        };
        self.world.cases.get(&event.id).is_some_and(told)
    }

    /// 5202: those of visit or admission, and those of the discharge; who was entered by a register may have fewer.
    fn diagnoses(&self, place: &Place, of: &Encounter, event: &Event) -> Result<Vec<String>, Fault> {
        let data = json!({"psn_no": self.person.psn_no, "mdtrt_id": of.mdtrt_id});
        let rows = self.rows(place, "5202", "diseinfo", data)?;
        let mut told = Vec::new();
        for stage in ["1", "2"] {
            let of_stage = rows.iter().filter(|row| said(row, "inout_diag_type") == stage);
            let is: Vec<(String, String)> =
                of_stage.map(|row| (said(row, "diag_code"), said(row, "maindiag_flag"))).collect();
            // The form of a visit does not say which is the main one: the first is.
            let flag = |at: usize| if at == 0 && of.setting == Setting::Inpatient { "1" } else { "0" }.to_owned();
            let must: Vec<(String, String)> =
                event.diagnoses.iter().enumerate().map(|(at, (code, _))| ((*code).to_owned(), flag(at))).collect();
            let is_first = stage == "1" && is.first().is_some_and(|(code, _)| code == FIRST_DIAGNOSIS.0);
            // A visit has those of its beginning alone, all of them where its till has told them.
            let is_visit = of.setting == Setting::Outpatient;
            let is_tills = self.is_told_by_its_till(of, event);
            let fits = match (is_visit, stage) {
                (true, "2") => is.is_empty(),
                (true, _) if is_tills => is == must,
                _ => must.starts_with(&is) || is_first,
            };
            if !fits {
                told.push(format!("5202 of {} tells {is:?} and must tell {must:?}", of.mdtrt_id));
            }
        }
        Ok(told)
    }

    /// 5205: drugs for long diseases.
    fn drugs(&self, any: &Place, encounters: &[Encounter]) -> Result<Vec<String>, Fault> {
        let data = json!({"psn_no": self.person.psn_no, "begntime": self.from, "endtime": self.to});
        let rows = self.rows(any, "5205", "feedetail", data)?;
        let mut is: Vec<(String, String)> =
            rows.iter().map(|row| (said(row, "fixmedins_code"), said(row, "med_list_codg"))).collect();
        let mut must = Vec::new();
        let known = encounters.iter().filter(|of| matches!(&*of.med_type, "14" | "18" | "9901"));
        for of in known {
            let lines = self.world.office.look(|tx| tx.fee_lines(&of.mdtrt_id))?;
            must.extend(lines.into_iter().map(|line| (of.fixmedins_code.clone(), line.med_list_codg)));
        }
        // Asked until the day before the last of them, that day is not told.
        let mut told = Vec::new();
        let days = || rows.iter().filter_map(|row| said(row, "fee_ocur_time").get(..10)?.parse::<Date>().ok());
        if let Some(until) = days().max().and_then(|last| last.yesterday().ok()) {
            let data = json!({"psn_no": self.person.psn_no, "begntime": self.from, "endtime": until.to_string()});
            let earlier = days().filter(|day| *day <= until).count();
            let shown = self.rows(any, "5205", "feedetail", data)?.len();
            told.extend(
                (shown != earlier).then(|| format!("5205 until {until} tells {shown} lines and must tell {earlier}")),
            );
        }
        is.sort();
        must.sort();
        told.extend((is != must).then(|| format!("5205 tells {is:?} and must tell {must:?}")));
        Ok(told)
    }

    /// 5203 and 5204: each settlement as it was recorded, whether it stands, and the lines that it has.
    fn settlement(&self, account: &Account<'_>, row: &Row<'_>) -> Result<Vec<String>, Fault> {
        let (of, place) = (&row.booked.settlement, &self.world.city.places[row.event.place]);
        let data = json!({"psn_no": of.psn_no, "setl_id": of.setl_id, "mdtrt_id": of.mdtrt_id});
        let answer = self.ask(place, "5203", data.clone())?;
        let root = &account.rows[row.first].booked.settlement.setl_id;
        let is_same = |other: &&Row<'_>| {
            let other = &other.booked.settlement;
            other.setl_id == *root || other.restores == *root
        };
        let standing = account.rows.iter().filter(is_same).find(|other| other.cancelled_at().is_none());
        let must = [
            ("setl_id", of.setl_id.clone()),
            ("mdtrt_id", of.mdtrt_id.clone()),
            ("begndate", row.event.at.date().to_string()),
            ("enddate", row.last_day.to_string()),
            ("setl_time", moment_text(of.setl_time)),
            ("year", row.last_day.year().to_string()),
            ("refd_setl_flag", if standing.is_some() { "0" } else { "1" }.to_owned()),
            ("med_type", till::med_type(row.event, self.world.special_drugs).to_owned()),
            ("invono", of.invono.clone()),
            ("medins_setl_id", of.msgid.clone()),
        ];
        let info = &answer["setlinfo"];
        let mut told = differing(&format!("5203 of {}", of.setl_id), info, &must);
        let amounts = [
            ("medfee_sumamt", of.medfee_sumamt),
            ("inscp_scp_amt", of.inscp_scp_amt),
            ("act_pay_dedc", of.act_pay_dedc),
            ("hifp_pay", of.hifp_pay),
            ("fund_pay_sumamt", of.fund_pay_sumamt),
            ("psn_pay", of.psn_part_amt),
            ("psn_part_amt", of.psn_part_amt),
            ("acct_pay", of.acct_pay),
            ("psn_cash_pay", of.psn_cash_pay),
            ("cash_payamt", of.psn_cash_pay),
            ("balc", of.balc),
        ];
        for (name, amount) in amounts.into_iter().filter(|(name, amount)| money(info, name) != amount.as_fen()) {
            told.push(format!("5203 of {} tells {name} as {} and must as {amount}", of.setl_id, info[name]));
        }
        let Some(standing) = standing else { return Ok(told) };
        let rows = self.ask(place, "5204", data)?;
        let shown: Vec<String> = rows.as_array().into_iter().flatten().map(line_said).collect();
        let kept = self.world.office.look(|tx| tx.fee_lines(&of.mdtrt_id))?;
        let own = kept.iter().filter(|line| line.setl_id == standing.booked.settlement.setl_id);
        let must: Vec<String> = own.map(line_kept).collect();
        if shown != must {
            told.push(format!("5204 of {} tells {shown:?} and must tell {must:?}", of.setl_id));
        }
        // In the order in which they were sent.
        let serials: Vec<String> = rows.as_array().into_iter().flatten().map(|row| said(row, "feedetl_sn")).collect();
        if serials.len() == row.lines.len() && !row.lines.iter().map(|line| &line.serial).eq(&serials) {
            told.push(format!("5204 of {} tells its lines as {serials:?}", of.setl_id));
        }
        let charged: i64 = row.lines.iter().map(crate::life::Line::sum).sum();
        let sum: i64 = rows.as_array().into_iter().flatten().map(|row| money(row, "det_item_fee_sumamt")).sum();
        if sum != charged || must.len() != row.lines.len() {
            told.push(format!("5204 of {} tells lines of {sum} fen and must of {charged}", of.setl_id));
        }
        Ok(told)
    }
}

/// A line as it is shown.
fn line_said(row: &Value) -> String {
    let parts = ["det_item_fee_sumamt", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"];
    let parts = parts.map(|name| money(row, name));
    let texts = ["feedetl_sn", "med_list_codg", "chrgitm_lv"].map(|name| said(row, name));
    let limit = shortened(&said(row, "pric_uplmt_amt"));
    format!("{texts:?} {limit} {} {} {parts:?}", shortened(&said(row, "cnt")), shortened(&said(row, "pric")))
}

fn line_kept(line: &FeeLine) -> String {
    let parts =
        [line.det_item_fee_sumamt, line.fulamt_ownpay_amt, line.overlmt_amt, line.preselfpay_amt, line.inscp_scp_amt];
    let parts = parts.map(Money::as_fen);
    let texts = [&line.feedetl_sn, &line.med_list_codg, &line.chrgitm_lv];
    // What has no limit is told to have one that nothing reaches.
    let limit = line.pric_uplmt_amt.map_or("999999".to_owned(), |limit| shortened(&limit.to_string()));
    format!("{texts:?} {limit} {} {} {parts:?}", shortened(&line.cnt.to_string()), shortened(&line.pric.to_string()))
}

/// A number without the noughts that end its decimals.
pub(super) fn shortened(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number.to_owned() }
}

fn days_between(one: Date, other: Date) -> i64 {
    i64::from((other - one).get_days())
}
