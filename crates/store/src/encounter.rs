//! The encounter (就诊): a visit, a stay or a pharmacy purchase, its diagnoses and fee lines.

pub(crate) mod asked;

use crate::fault::Fault;
use crate::record::record;
use crate::value::{self, kept_as};
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::time::{Date, DateTime};

/// Where care is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// 门诊.
    Outpatient,
    /// 住院.
    Inpatient,
    /// 药店购药.
    Pharmacy,
}

/// The state of an encounter. Never deleted; a cancelled one stays readable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EncounterState {
    /// Registered or in hospital.
    Open,
    /// Discharged (2402), a stay only.
    Discharged,
    /// Cancelled (2202, 2404).
    Cancelled,
}

impl Setting {
    const WORDS: [(Setting, &'static str); 3] =
        [(Setting::Outpatient, "outpatient"), (Setting::Inpatient, "inpatient"), (Setting::Pharmacy, "pharmacy")];

    /// The word of the column `setting`.
    pub(crate) fn word(self) -> &'static str {
        word(&Setting::WORDS, self)
    }

    /// The setting with this word.
    pub(crate) fn of_word(text: &str) -> Option<Setting> {
        of_word(&Setting::WORDS, text)
    }
}

impl EncounterState {
    const WORDS: [(EncounterState, &'static str); 3] = [
        (EncounterState::Open, "open"),
        (EncounterState::Discharged, "discharged"),
        (EncounterState::Cancelled, "cancelled"),
    ];

    /// The word of the column `state`.
    pub(crate) fn word(self) -> &'static str {
        word(&EncounterState::WORDS, self)
    }

    /// The state with this word.
    pub(crate) fn of_word(text: &str) -> Option<EncounterState> {
        of_word(&EncounterState::WORDS, text)
    }
}

kept_as! {
    Setting as String, "", |own| value::Bound::bound(own.word()), |text| value::word(Setting::of_word(&text));
    EncounterState as String, "", |own| value::Bound::bound(own.word()),
        |text| value::word(EncounterState::of_word(&text));
}

fn word<T: Copy + PartialEq>(words: &[(T, &'static str)], value: T) -> &'static str {
    words.iter().find(|(known, _)| *known == value).expect("every variant has its word").1
}

fn of_word<T: Copy>(words: &[(T, &'static str)], text: &str) -> Option<T> {
    words.iter().find(|(_, word)| *word == text).map(|(known, _)| *known)
}

/// An encounter, by national field names.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Encounter {
    pub mdtrt_id: String,
    pub psn_no: String,
    pub fixmedins_code: String,
    pub setting: Setting,
    pub state: EncounterState,
    pub insutype: String,
    pub med_type: String,
    /// Visit, purchase or admission.
    pub begntime: DateTime,
    /// Discharge.
    pub endtime: Option<DateTime>,
    pub ipt_otp_no: String,
    pub mdtrt_cert_type: String,
    pub dise_codg: String,
    pub dise_name: String,
    pub dscg_maindiag_code: String,
    pub dscg_maindiag_name: String,
    pub dscg_way: String,
    pub matn_type: String,
    pub birctrl_type: String,
    pub geso_val: Option<i64>,
    pub fetus_cnt: Option<i64>,
    pub birctrl_matn_date: Option<Date>,
    /// When it was recorded here, which is not when care began.
    pub recorded_at: DateTime,
    /// When it was cancelled here.
    pub cancelled_at: Option<DateTime>,
    /// The other national fields that came with it, as one canonical JSON object text; opaque here.
    pub details: String,
}

/// Encounters in flight at a moment (在途) of one provider and kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InFlight {
    /// The provider.
    pub fixmedins_code: String,
    /// A visit or a stay; a purchase is settled as it is recorded.
    pub setting: Setting,
    /// Of a stay: the patient had left by then.
    pub left: bool,
    /// How many there were.
    pub count: u64,
    /// How many of them are neither settled nor cancelled to this day.
    pub still: u64,
}

/// A diagnosis (诊断) of an encounter.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Diagnosis {
    pub mdtrt_id: String,
    /// `1` on admission or visit, `2` on discharge (inout_diag_type).
    pub inout_diag_type: String,
    pub diag_srt_no: i64,
    pub diag_type: String,
    pub maindiag_flag: bool,
    pub diag_code: String,
    pub diag_name: String,
    /// `false` once voided by `vali_flag` 0.
    pub valid: bool,
    /// The other national fields, as one canonical JSON object text; opaque here.
    pub details: String,
}

/// A fee line (费用明细) with the figures that price it, found on the line's own day.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct FeeLine {
    pub mdtrt_id: String,
    pub feedetl_sn: String,
    /// Charging batch; empty for a stay.
    pub chrg_bchno: String,
    pub fee_ocur_time: DateTime,
    pub med_list_codg: String,
    pub medins_list_codg: String,
    pub hilist_name: String,
    pub list_type: String,
    pub med_chrgitm_type: String,
    pub cnt: Decimal,
    pub pric: Decimal,
    pub det_item_fee_sumamt: Money,
    /// 01 甲类, 02 乙类, 03 丙类.
    pub chrgitm_lv: String,
    /// Limit price (定价上限) in yuan a unit; none where empty.
    pub pric_uplmt_amt: Option<Decimal>,
    /// The row's own pre-payment ratio (自付比例); empty where the catalogue is silent.
    pub selfpay_prop: Option<Rate>,
    /// `single_payment`, `high_value` or empty.
    pub special: String,
    pub hosp_appr_flag: String,
    pub fulamt_ownpay_amt: Money,
    pub overlmt_amt: Money,
    pub preselfpay_amt: Money,
    pub inscp_scp_amt: Money,
    /// The line that this one returns (退单); empty otherwise.
    pub init_feedetl_sn: String,
    /// The standing settlement that took the line; empty while unsettled.
    pub setl_id: String,
    /// The other national fields, as one canonical JSON object text; opaque here.
    pub details: String,
}

/// Which fee lines of an encounter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WhichLines {
    /// All of them (`0000`).
    All,
    /// Those of a charging batch (2205).
    Batch(String),
    /// One line (2302).
    Line(String),
}

/// What decides whether returns of an encounter fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Charges {
    /// Lines that were asked for, in the order of upload.
    pub lines: Vec<FeeLine>,
    /// What was charged and returned of items, settled or not.
    pub items: Vec<ItemCharges>,
}

/// Lines of one item and quantity, taken together.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct ItemCharges {
    pub med_list_codg: String,
    /// The quantity of each line; negative for returns.
    pub cnt: Decimal,
    /// How many lines have it.
    pub lines: u64,
    /// The sum of their amounts.
    pub det_item_fee_sumamt: Money,
}

/// A stay as the stay number and the transfer rule see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StayRow {
    /// The stay.
    pub encounter: Encounter,
    /// Its standing settlements, oldest first: deductible standard after reductions and what was met.
    pub settlements: Vec<StaySettlement>,
}

/// What a stay's standing settlement did to the deductible.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct StaySettlement {
    pub setl_id: String,
    pub insutype: String,
    pub dedc_std: Money,
    pub crt_dedc: Money,
    pub act_pay_dedc: Money,
    /// Benefit year the settlement counts in.
    pub year: i16,
    /// A mid-stay part (中途结算).
    pub mid_stay: bool,
    /// Number of the stay in its year as this settlement used it; 0 where it counts as none.
    pub stay_number: i64,
    /// Whether the year's stay count has the stay's number from this very settlement.
    pub counted: bool,
}

/// A selection of encounters for 5201 and 5303; ranges are inclusive.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct EncounterFilter {
    pub fixmedins_code: Option<String>,
    pub psn_no: Option<String>,
    pub med_type: Option<String>,
    pub mdtrt_id: Option<String>,
    pub begun_from: Option<DateTime>,
    pub begun_to: Option<DateTime>,
    /// Only stays that are neither discharged nor cancelled.
    pub in_hospital_only: bool,
}

/// Questions and records about encounters.
pub trait Encounters {
    /// One encounter.
    fn encounter(&mut self, mdtrt_id: &str) -> Result<Option<Encounter>, Fault>;
    /// Records a new encounter; its `mdtrt_id` must be new.
    fn add_encounter(&mut self, row: &Encounter) -> Result<(), Fault>;
    /// Records an encounter's new state and fields.
    fn update_encounter(&mut self, row: &Encounter) -> Result<(), Fault>;
    /// Encounters of a selection, oldest first, at most `limit`.
    fn encounters(&mut self, filter: &EncounterFilter, limit: usize) -> Result<Vec<Encounter>, Fault>;
    /// A person's stays that overlap `from..=to` or were settled in benefit year `year`,
    /// with their standing settlements, oldest admission first; cancelled stays left out.
    fn stays(&mut self, psn_no: &str, year: i16, from: Date, to: Date) -> Result<Vec<StayRow>, Fault>;
    /// A person's stays that were not over before `day`, oldest admission first; cancelled stays left out.
    fn stays_not_over(&mut self, psn_no: &str, day: Date) -> Result<Vec<Encounter>, Fault>;

    /// Diagnoses of an encounter by stage and number.
    fn diagnoses(&mut self, mdtrt_id: &str) -> Result<Vec<Diagnosis>, Fault>;
    /// Records a diagnosis: an existing (stage, number) is replaced, a new one added.
    fn put_diagnosis(&mut self, row: &Diagnosis) -> Result<(), Fault>;

    /// Fee lines of an encounter in the order of upload.
    fn fee_lines(&mut self, mdtrt_id: &str) -> Result<Vec<FeeLine>, Fault>;
    /// Serial and time of a fee of the encounter before `first` or after the day `last`, where there is one.
    fn fee_outside(&mut self, mdtrt_id: &str, first: DateTime, last: Date)
    -> Result<Option<(String, DateTime)>, Fault>;
    /// How many lines of an encounter these are, settled or not.
    fn count_fee_lines(&mut self, mdtrt_id: &str, which: &WhichLines) -> Result<u64, Fault>;
    /// What decides whether returns of an encounter fit: its lines with one of these serials, those that name one of them as
    /// their original, and what was charged and returned of these items.
    fn charges(&mut self, mdtrt_id: &str, serials: &[&str], items: &[&str]) -> Result<Charges, Fault>;
    /// Which of these serials the encounter has already.
    fn taken_line_serials(&mut self, mdtrt_id: &str, serials: &[&str]) -> Result<Vec<String>, Fault>;
    /// Records fee lines of one encounter, in the order of upload; their serials must be new there.
    /// A line that names a settlement is settled by it, which must be recorded already.
    fn add_fee_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault>;
    /// Records the split of unsettled lines anew, where the settlement's care type prices them otherwise.
    fn reprice_fee_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault>;
    /// Deletes unsettled lines and tells the serial and item of each; settled lines stay.
    fn delete_fee_lines(&mut self, mdtrt_id: &str, which: &WhichLines) -> Result<Vec<(String, String)>, Fault>;
    /// How many encounters were in flight at a moment, by provider: recorded and neither cancelled nor settled to their end before it.
    fn in_flight(&mut self, at: DateTime) -> Result<Vec<InFlight>, Fault>;
    /// Fee lines of a person for 5205, by time of the fee, at most `limit`; with their encounters.
    fn fee_lines_of_person(
        &mut self,
        psn_no: &str,
        from: DateTime,
        to: DateTime,
        limit: usize,
    ) -> Result<Vec<(Encounter, FeeLine)>, Fault>;
}

record! {
    Encounter = "encounter", "就诊", key [mdtrt_id];
    fields {
        mdtrt_id, psn_no, fixmedins_code, setting, state, insutype, med_type, begntime, endtime, ipt_otp_no,
        mdtrt_cert_type, dise_codg, dise_name, dscg_maindiag_code, dscg_maindiag_name, dscg_way, matn_type,
        birctrl_type, geso_val, fetus_cnt, birctrl_matn_date, recorded_at, cancelled_at, details,
    }
}

record! {
    Diagnosis = "diagnosis", "诊断", key [mdtrt_id, inout_diag_type, diag_srt_no];
    given { psn_no: String }
    fields {
        mdtrt_id, inout_diag_type, diag_srt_no, diag_type, maindiag_flag, diag_code, diag_name, valid, details,
    }
}

record! {
    FeeLine = "fee_line", "费用明细", key [mdtrt_id, feedetl_sn];
    given { psn_no: String, seq: i64 }
    fields {
        mdtrt_id, feedetl_sn, setl_id via blank, chrg_bchno, fee_ocur_time, med_list_codg, medins_list_codg,
        hilist_name, list_type, med_chrgitm_type, cnt, pric, det_item_fee_sumamt, chrgitm_lv, pric_uplmt_amt,
        selfpay_prop, special, hosp_appr_flag, fulamt_ownpay_amt, overlmt_amt, preselfpay_amt, inscp_scp_amt,
        init_feedetl_sn, details,
    }
    sums { "费用明细金额合计（分）" = "det_item_fee_sumamt_fen" }
}
