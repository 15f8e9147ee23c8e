//! An entry of a register: what was written down, by whom, and where it stands.

use super::{Action, State, field};
use crate::money::{Decimal, Money};
use crate::outage::words::vocabulary;
use crate::outage::{Business, RegisterKind};
use crate::time::{DateTime, moment_text};
use std::collections::BTreeMap;

vocabulary! {
    /// How an entry came in.
    Source {
        Page = "page", "页面";
        File = "file", "表格";
        Interface = "interface", "国家接口";
        /// Made by the platform from what it knows: stays in hospital, supply that ends, posted notices.
        Worklist = "worklist", "平台清单";
    }
}

/// What stands in the place of a plan's id at work that no outage plan governs.
pub const NO_PLAN: &str = "-";

/// An entry. Its deadline is computed from the plan in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The number that people use: `TJ520500-2021-000001`.
    pub number: String,
    /// The plan's id; [`NO_PLAN`] where none governs it.
    pub plan: String,
    /// The plan's rule or duty that it stands under.
    pub rule: String,
    /// Which register.
    pub kind: RegisterKind,
    /// The business that met the outage.
    pub business: Business,
    /// The provider that is responsible; empty where the agency is.
    pub fixmedins_code: String,
    /// County-level division of the person or provider, for lists and telephone numbers.
    pub admdvs: String,
    /// The person, where known by number.
    pub psn_no: String,
    /// Identity document, where the number is not known; else empty.
    pub certno: String,
    /// The stay or visit at the platform, once there is one; else empty.
    pub mdtrt_id: String,
    /// Visit, purchase, admission, or intake.
    pub care_from: DateTime,
    /// Discharge, where it is known.
    pub care_until: Option<DateTime>,
    /// Invoice number, the strongest claim key; empty where none.
    pub invono: String,
    /// What the provider charged.
    pub charged: Money,
    /// What funds and account have paid in the end (基金部分).
    pub refunded: Money,
    /// The settlement; empty until there is one.
    pub setl_id: String,
    /// Where it stands.
    pub state: State,
    /// Why it was refused, failed or withdrawn; empty otherwise.
    pub reason: String,
    /// How it came in.
    pub source: Source,
    /// When it came in: the order of receipt.
    pub taken_at: DateTime,
    /// Who took it in.
    pub taken_by: String,
    /// The other fields of its register, by name (`registers/fields.tsv`).
    pub details: BTreeMap<String, String>,
    /// Counts up with every change, from 1.
    pub version: i64,
}

impl Entry {
    /// A new entry, without a number and under no plan yet: it waits, and all that nobody has told is empty.
    pub fn draft(
        kind: RegisterKind,
        business: Business,
        care_from: DateTime,
        source: Source,
        taken_by: &str,
        taken_at: DateTime,
    ) -> Entry {
        Entry {
            number: String::new(),
            plan: String::new(),
            rule: String::new(),
            kind,
            business,
            fixmedins_code: String::new(),
            admdvs: String::new(),
            psn_no: String::new(),
            certno: String::new(),
            mdtrt_id: String::new(),
            care_from,
            care_until: None,
            invono: String::new(),
            charged: Money::ZERO,
            refunded: Money::ZERO,
            setl_id: String::new(),
            state: State::Waiting,
            reason: String::new(),
            source,
            taken_at,
            taken_by: taken_by.to_owned(),
            details: BTreeMap::new(),
            version: 1,
        }
    }

    /// A draft with the plan, rule, provider and person of another entry.
    pub fn beside(self, other: &Entry) -> Entry {
        Entry {
            plan: other.plan.clone(),
            rule: other.rule.clone(),
            fixmedins_code: other.fixmedins_code.clone(),
            admdvs: other.admdvs.clone(),
            psn_no: other.psn_no.clone(),
            certno: other.certno.clone(),
            ..self
        }
    }

    /// A field by its name, from wherever it is kept; empty where not stated.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "psn_no" => &self.psn_no,
            "certno" => &self.certno,
            "mdtrt_id" => &self.mdtrt_id,
            "invono" => &self.invono,
            "reason" => &self.reason,
            _ => self.details.get(name).map_or("", String::as_str),
        }
    }

    /// A field's value for people and sheets, also of those that the entry keeps as a moment or an amount.
    pub fn value(&self, name: &str) -> String {
        match name {
            "endtime" => self.care_until.map_or(String::new(), moment_text),
            "medfee_sumamt" if self.charged == Money::ZERO => String::new(),
            "medfee_sumamt" => self.charged.to_string(),
            "refund" if self.refunded > Money::ZERO => self.refunded.to_string(),
            _ => self.field(name).to_owned(),
        }
    }
}

/// A fee line (费用明细) that was kept with an entry for its backfill.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct EntryLine {
    pub feedetl_sn: String,
    pub fee_ocur_time: DateTime,
    pub med_list_codg: String,
    pub medins_list_codg: String,
    pub cnt: Decimal,
    pub pric: Decimal,
    pub det_item_fee_sumamt: Money,
    pub hosp_appr_flag: String,
    pub init_feedetl_sn: String,
    pub prd_days: String,
}

/// One step of an entry's history. Only added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// From 1 within the entry.
    pub seq: i64,
    /// When.
    pub at: DateTime,
    /// Who, as people read it: `张三(h1)`.
    pub by: String,
    /// The login of who did it; empty where nobody was signed in: the platform, a message.
    pub actor: String,
    /// What.
    pub action: Action,
    /// The state after it.
    pub state: State,
    /// What was stated with it, by field.
    pub fields: BTreeMap<String, String>,
}

impl Event {
    /// The settlement that it names (结算ID), of a 补录结算 or of its cancellation; empty where it names none.
    pub fn settlement(&self) -> &str {
        field::SETL_ID.of(self)
    }
}
