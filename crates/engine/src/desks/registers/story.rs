//! The story of a person (就医经历): what the books tell of one person's care, in the order of time.
//!
//! It is read from encounters, settlements and registers alone, so that it tells what is recorded and nothing else. The pages
//! put it into sentences.

use crate::desks::registers::Registers;
use crate::desks::registers::view::{Governing, governing};
use crate::facts::{EVERY, entries};
use crate::policies::Policies;
use crate::register::Actor;
use crate::register::problem::NotDone;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{RegisterKind, plan_named};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Entry, HandBack, State, field};
use yibao_domain::time::{Date, DateTime};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState, Setting};
use yibao_store::settlement::SettlementRow;

/// A person, and what happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// 姓名.
    pub name: String,
    /// 性别, a national code.
    pub gend: String,
    /// 出生日期.
    pub born: Option<Date>,
    /// 险种, a national code, and the division of insurance (参保地), of each insurance.
    pub insurances: Vec<(String, String)>,
    /// What happened, oldest first.
    pub moments: Vec<Moment>,
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    /// When.
    pub at: DateTime,
    /// The provider's name; empty where the agency acted.
    pub place: String,
    /// The care that it belongs to (就诊ID); empty where the platform does not know the care.
    pub mdtrt_id: String,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Care began, and the platform knows it.
    Began {
        /// Where.
        care: Care,
        /// 医疗类别, a national code; may be empty.
        med_type: String,
        /// The main diagnosis or the disease of a special visit; may be empty.
        disease: String,
    },
    /// The end of a stay.
    Left,
    /// The visit or stay was cancelled as a whole, at a time that the books do not keep.
    Void,
    /// A settlement.
    Settled(Paid),
    /// A settlement was cancelled.
    Unsettled(Paid),
    /// A register entry was made.
    Entered(Box<Step>, Option<Box<Governing>>),
    /// A step was taken with an entry.
    Stepped(Box<Step>),
}

/// Where care is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Care {
    /// 门诊.
    Visit,
    /// 住院.
    Stay,
    /// 购药.
    Purchase,
}

/// Who paid what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paid {
    /// 结算ID.
    pub setl_id: String,
    /// 医疗费总额.
    pub total: Money,
    /// 基金支付总额.
    pub funds: Money,
    /// 个人账户支付.
    pub account: Money,
    /// 个人现金支付.
    pub cash: Money,
    /// A settlement in mid-stay (中途结算).
    pub part: bool,
    /// The register entry that it ended; empty where there was none.
    pub entry: String,
    /// What is still to be handed back or collected by that entry.
    pub due: Option<HandBack>,
}

/// A step of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// 台账号.
    pub number: String,
    /// Which register.
    pub kind: RegisterKind,
    /// When the care began that it is about.
    pub care_from: DateTime,
    /// What was charged, as far as the entry says.
    pub charged: Money,
    /// What was done.
    pub action: Action,
    /// Where it stands after it.
    pub state: State,
    /// Who, as people read it.
    pub by: String,
    /// Why, where a reason was stated.
    pub reason: String,
    /// What was handed back with it.
    pub handed_back: Option<Money>,
}

impl Registers<'_> {
    /// What the books tell of a person, who is named by a care or an entry of hers: 就诊ID or 台账号. It spans providers, so
    /// only who sees the whole pool is told.
    pub fn story(&self, by: &Actor, about: &str) -> Result<Story, NotDone> {
        let (by, about) = (by.clone(), about.to_owned());
        self.read(by.party(), move |tx, policies| story(tx, policies, &by, &about)).wait()
    }
}

fn story(tx: &mut dyn Tx, policies: &Policies, by: &Actor, about: &str) -> Result<Story, NotDone> {
    let unknown = || NotDone::refused(Code::NotFound, format!("没有就诊ID或台账号 {about}；请核对编号"));
    if by.role.keeps_to_its_own() {
        return Err(unknown());
    }
    let psn_no = match tx.entry(about)? {
        Some(entry) => entry.psn_no,
        None => tx.encounter(about)?.ok_or_else(unknown)?.psn_no,
    };
    let psn_no = psn_no.as_str();
    let person = tx.person(psn_no)?.ok_or_else(unknown)?;
    let insured = tx.person_facts(psn_no, &[])?.map(|facts| facts.insurances).unwrap_or_default();
    let own = entries::of_person(tx, psn_no)?;
    let mut told = Telling { tx, policies, places: BTreeMap::new(), moments: Vec::new() };
    let care = EncounterFilter { psn_no: Some(psn_no.to_owned()), ..EncounterFilter::default() };
    for encounter in told.tx.encounters(&care, EVERY)? {
        told.care(&encounter, &own)?;
    }
    for entry in &own {
        told.entry(entry)?;
    }
    let mut moments = told.moments;
    // What belongs to one second stays as it was told: the care, its entries, its settlement.
    moments.sort_by_key(|moment| (moment.at, rank(&moment.what)));
    Ok(Story {
        name: person.psn_name,
        gend: person.gend,
        born: person.brdy,
        insurances: insured.into_iter().map(|one| (one.insutype, one.insuplc_admdvs)).collect(),
        moments,
    })
}

fn rank(what: &What) -> u8 {
    match what {
        What::Began { .. } => 0,
        What::Left | What::Void => 1,
        What::Entered(..) => 2,
        What::Stepped(_) => 3,
        What::Unsettled(_) => 4,
        What::Settled(_) => 5,
    }
}

struct Telling<'a> {
    tx: &'a mut dyn Tx,
    policies: &'a Policies,
    places: BTreeMap<String, String>,
    moments: Vec<Moment>,
}

impl Telling<'_> {
    fn place(&mut self, code: &str) -> Result<String, NotDone> {
        if code.is_empty() {
            return Ok(String::new());
        }
        if let Some(name) = self.places.get(code) {
            return Ok(name.clone());
        }
        let name = self.tx.provider(code)?.map_or_else(|| code.to_owned(), |provider| provider.fixmedins_name);
        self.places.insert(code.to_owned(), name.clone());
        Ok(name)
    }

    fn care(&mut self, encounter: &Encounter, own: &[Entry]) -> Result<(), NotDone> {
        let (place, mdtrt_id) = (self.place(&encounter.fixmedins_code)?, encounter.mdtrt_id.clone());
        let main = self.tx.diagnoses(&mdtrt_id)?.into_iter().find(|one| one.valid && one.maindiag_flag);
        let disease = match encounter.dise_name.as_str() {
            "" => main.map(|one| one.diag_name).unwrap_or_default(),
            name => name.to_owned(),
        };
        let care = match encounter.setting {
            Setting::Outpatient => Care::Visit,
            Setting::Inpatient => Care::Stay,
            Setting::Pharmacy => Care::Purchase,
        };
        let mut tell = |at, what| {
            let (place, mdtrt_id) = (place.clone(), mdtrt_id.clone());
            self.moments.push(Moment { at, place, mdtrt_id, what });
        };
        tell(encounter.begntime, What::Began { care, med_type: encounter.med_type.clone(), disease });
        if let (Care::Stay, Some(left)) = (care, encounter.endtime) {
            tell(left, What::Left);
        }
        if encounter.state == EncounterState::Cancelled {
            tell(encounter.begntime, What::Void);
        }
        for row in self.tx.settlements_of(&mdtrt_id)? {
            let paid = paid(&row, own);
            let (at, cancelled) = (row.settlement.setl_time, row.cancellation.map(|cancellation| cancellation.at));
            let (place, mdtrt_id) = (place.clone(), mdtrt_id.clone());
            if let Some(at) = cancelled {
                let what = What::Unsettled(paid.clone());
                self.moments.push(Moment { at, place: place.clone(), mdtrt_id: mdtrt_id.clone(), what });
            }
            self.moments.push(Moment { at, place, mdtrt_id, what: What::Settled(paid) });
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry) -> Result<(), NotDone> {
        let plans = self.policies.plans();
        let plan = plan_named(&plans, &self.policies.pool.pool, &entry.plan);
        let mut grounds = plan.and_then(|plan| governing(plan, entry)).map(Box::new);
        let place = self.place(&entry.fixmedins_code)?;
        for event in self.tx.history(&entry.number)? {
            // The settlement itself tells it, with its amounts.
            if !event.settlement().is_empty() {
                continue;
            }
            let handed_back = field::HANDED_BACK.of(&event).filter(|_| event.action == Action::HandBack);
            let step = Box::new(Step {
                number: entry.number.clone(),
                kind: entry.kind,
                care_from: entry.care_from,
                charged: entry.charged,
                action: event.action,
                state: event.state,
                by: event.by.clone(),
                reason: field::REASON.text(&event).to_owned(),
                handed_back,
            });
            let what = match grounds.take() {
                first if event.seq == 1 => What::Entered(step, first),
                _ => What::Stepped(step),
            };
            let mdtrt_id = entry.mdtrt_id.clone();
            self.moments.push(Moment { at: event.at, place: place.clone(), mdtrt_id, what });
        }
        Ok(())
    }
}

fn paid(row: &SettlementRow, own: &[Entry]) -> Paid {
    let settlement = &row.settlement;
    let entry = own.iter().find(|entry| entry.setl_id == settlement.setl_id);
    Paid {
        setl_id: settlement.setl_id.clone(),
        total: settlement.medfee_sumamt,
        funds: settlement.fund_pay_sumamt,
        account: settlement.acct_pay,
        cash: settlement.psn_cash_pay,
        part: settlement.mid_stay,
        entry: entry.map(|entry| entry.number.clone()).unwrap_or_default(),
        due: entry.and_then(|entry| entry.to_hand_back(None)),
    }
}
