//! The fields that code names (栏目): each once, with what it holds, and read and written by that.
//!
//! Most fields of `registers/fields.tsv` are only shown; here are those that decide something. Beside them stand the names under
//! which the platform notes what nobody states. Invariant: a table of work in which a named field holds something else is
//! refused ([`misread`]), so that what is written under a name always reads back.

mod holds;

pub use super::values::{NO, YES};
pub use holds::{CallOutcome, Decision, Holds, Leaving, Text};

use super::{Entry, Event, FieldSpec, Stated};
use crate::money::Money;
use crate::outage::Place;
use crate::time::{Date, DateTime};
use std::marker::PhantomData;

/// Values by field name.
pub trait Values {
    /// What is kept under a name; empty where nothing is.
    fn text(&self, name: &str) -> &str;
}

impl Values for Stated {
    fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", String::as_str)
    }
}

impl Values for Event {
    fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }
}

impl Values for Entry {
    fn text(&self, name: &str) -> &str {
        debug_assert!(!ENTRYS_OWN.contains(&name), "{name} is the entry's own: care_until, charged, refunded");
        self.field(name)
    }
}

/// Fields that an entry keeps as a moment or an amount.
const ENTRYS_OWN: [&str; 3] = [ENDTIME.name, MEDFEE_SUMAMT.name, REFUND.name];

/// A field that code names.
pub struct Field<T> {
    name: &'static str,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Field<T> {
    fn clone(&self) -> Field<T> {
        *self
    }
}

impl<T> Copy for Field<T> {}

impl<T> Field<T> {
    const fn new(name: &'static str) -> Field<T> {
        Field { name, holds: PhantomData }
    }

    /// Its name among the values.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T: Holds> Field<T> {
    /// Reads it.
    pub fn of(self, values: &impl Values) -> T::Value<'_> {
        T::read(self.text(values))
    }

    /// The text in which it is kept; empty where it is not stated.
    pub fn text(self, values: &impl Values) -> &str {
        values.text(self.name)
    }

    /// Whether it is stated.
    pub fn is_stated(self, values: &impl Values) -> bool {
        !self.text(values).is_empty()
    }

    /// The field with a value, to be put among others.
    pub fn with(self, value: T::Given<'_>) -> (String, String) {
        (self.name.to_owned(), T::write(value))
    }

    /// Writes it.
    pub fn put(self, values: &mut Stated, value: T::Given<'_>) {
        values.insert(self.name.to_owned(), T::write(value));
    }

    /// Writes it, or takes it away where there is nothing.
    pub fn put_or_clear(self, values: &mut Stated, value: Option<T::Given<'_>>) {
        match value {
            Some(value) => self.put(values, value),
            None => drop(values.remove(self.name)),
        }
    }
}

/// Defines the fields of the tables that code names.
macro_rules! fields {
    ($($value:ident: $holds:ty = $name:literal;)+) => {
        $(#[doc = concat!("`", $name, "`")] pub const $value: Field<$holds> = Field::new($name);)+

        /// Every field of the tables that code names.
        pub const KNOWN: &[&str] = &[$($name),+];

        /// Whether a field of the tables has a name that code knows and holds something else than code reads.
        pub fn misread(field: &FieldSpec) -> bool {
            match field.name.as_str() {
                $($name => !<$holds>::fits(&field.holds),)+
                _ => false,
            }
        }
    };
}

fields! {
    PSN_NO: Text = "psn_no";
    PSN_NAME: Text = "psn_name";
    PSN_CERT_TYPE: Text = "psn_cert_type";
    CERTNO: Text = "certno";
    TEL: Text = "tel";
    MDTRT_ID: Text = "mdtrt_id";
    INSUTYPE: Text = "insutype";
    MED_TYPE: Text = "med_type";
    BUSINESS: Text = "business";
    CHANNEL: Text = "channel";
    BEGNTIME: DateTime = "begntime";
    ENDTIME: DateTime = "endtime";
    CARE_PROVIDER: Text = "care_provider";
    CARE_BEGNTIME: DateTime = "care_begntime";
    CARE_ENDTIME: DateTime = "care_endtime";
    IPT_OTP_NO: Text = "ipt_otp_no";
    ADM_DEPT_NAME: Text = "adm_dept_name";
    DSCG_WAY: Text = "dscg_way";
    DIAG_CODE: Text = "diag_code";
    DIAG_NAME: Text = "diag_name";
    OTHER_DIAGS: Text = "other_diags";
    OPSP_DISE_CODE: Text = "opsp_dise_code";
    MATN_TYPE: Text = "matn_type";
    BIRCTRL_TYPE: Text = "birctrl_type";
    BIRCTRL_MATN_DATE: Date = "birctrl_matn_date";
    GESO_VAL: Text = "geso_val";
    FETUS_CNT: Text = "fetus_cnt";
    ACCT_USED_FLAG: bool = "acct_used_flag";
    MEDFEE_SUMAMT: Money = "medfee_sumamt";
    LINES_COMPLETE: bool = "lines_complete";
    INVONO: Text = "invono";
    BILL_CODE: Text = "bill_code";
    OWN_REF: Text = "own_ref";
    OTHER_CARE: bool = "other_care";
    INJURY: bool = "injury";
    INJURY_CAUSE: Text = "injury_cause";
    ELECTIVE: bool = "elective";
    PREPAYMENT: Money = "prepayment";
    EXPECTED_COST: Money = "expected_cost";
    CERTIFICATE_ISSUER: Text = "certificate_issuer";
    FROM_PROVIDER: Text = "from_provider";
    SUPPLY_ENDS: Date = "supply_ends";
    DISPENSED_AT: DateTime = "dispensed_at";
    SUPPLY_UNTIL: Date = "supply_until";
    TOLD_AT: DateTime = "told_at";
    LATE_REASON: Text = "late_reason";
    CONVERTED_AT: DateTime = "converted_at";
    RESTORED_AT: DateTime = "restored_at";
    RESTORED_BY: Text = "restored_by";
    CHOICE: Leaving = "choice";
    CALLER: Text = "caller";
    CALLED_AT: DateTime = "called_at";
    CALL_OUTCOME: CallOutcome = "call_outcome";
    APPOINTMENT: DateTime = "appointment";
    RECEIVED_BY: Text = "received_by";
    OUT_OF_ORDER: Text = "out_of_order";
    EFFECTIVE: Date = "effective";
    BRDY: Date = "brdy";
    REFUND: Money = "refund";
    CLAIMED_AT: DateTime = "claimed_at";
    BROUGHT: Text = "brought";
    INSUPLC_ADMDVS: Text = "insuplc_admdvs";
    CARE_PLACE: Place = "care_place";
    HANDED_BACK: Money = "handed_back";
    HANDED_BACK_AT: DateTime = "handed_back_at";
    PAID_AHEAD: Money = "paid_ahead";
    RECEIPT_SIGNED: bool = "receipt_signed";
    OF_ENTRY: Text = "of_entry";
    SUBJECT: Text = "subject";
    ASKED_BY: Text = "asked_by";
    DECISION: Decision = "decision";
    PAID: Money = "paid";
    PAID_AT: DateTime = "paid_at";
    REASON: Text = "reason";
}

/// Defines the names of what the platform notes, with the label that people read.
macro_rules! noted {
    ($($(#[$doc:meta])* $value:ident: $holds:ty = $name:literal, $label:literal;)+) => {
        $(#[doc = $label] $(#[$doc])* pub const $value: Field<$holds> = Field::new($name);)+

        /// What the platform notes in an entry and its history that nobody states: name and label.
        pub const NOTED: &[(&str, &str)] = &[$(($name, $label)),+];
    };
}

noted! {
    SETL_ID: Text = "setl_id", "结算ID";
    /// What the records said of person and provider, as plans ask.
    ASKED_AS: Text = "asked_as", "人员和机构情形";
    /// Of what was handed over to the agency.
    CLAIM_CASE: Text = "claim_case", "转报销的情形";
    /// A claim that was in time by its own word alone.
    WRITTEN_LATER: Text = "written_later", "补记";
    /// What papers are about that were taken in by the rule of the care.
    CARE_BUSINESS: Text = "care_business", "就诊的业务";
    FUND_PAY_SUMAMT: Money = "fund_pay_sumamt", "基金支付";
    ACCT_PAY: Money = "acct_pay", "个人账户支付";
    PSN_CASH_PAY: Money = "psn_cash_pay", "个人应负担";
    /// Of a refusal.
    CODE: Text = "code", "拒绝代码";
    /// What is to be looked at.
    REMARK: Text = "remark", "请核查";
    /// The accumulators' order was looked through.
    ORDER: Text = "order", "次序核对";
    /// How many fee lines are kept.
    LINES: Text = "lines", "费用明细条数";
    /// What they come to.
    LINES_SUM: Money = "det_item_fee_sumamt", "费用明细合计";
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_written_reads_back_and_nothing_is_read_where_nothing_is_stated() {
        let mut values = Stated::new();
        assert_eq!(DECISION.of(&values), None);
        assert!(!LINES_COMPLETE.of(&values) && !PREPAYMENT.is_stated(&values));
        DECISION.put(&mut values, Decision::Agreed);
        LINES_COMPLETE.put(&mut values, true);
        PREPAYMENT.put(&mut values, Money::fen(12_350));
        APPOINTMENT.put(&mut values, date(2021, 7, 12).at(9, 30, 0, 0));
        SUPPLY_ENDS.put(&mut values, date(2021, 7, 12));
        assert_eq!(DECISION.of(&values), Some(Decision::Agreed));
        assert!(LINES_COMPLETE.of(&values));
        assert_eq!(PREPAYMENT.of(&values), Some(Money::fen(12_350)));
        assert_eq!(APPOINTMENT.of(&values), Some(date(2021, 7, 12).at(9, 30, 0, 0)));
        assert_eq!(SUPPLY_ENDS.of(&values), Some(date(2021, 7, 12)));
        LINES_COMPLETE.put(&mut values, false);
        assert!(!LINES_COMPLETE.of(&values) && LINES_COMPLETE.is_stated(&values));
        LINES_COMPLETE.put_or_clear(&mut values, None);
        assert!(!LINES_COMPLETE.is_stated(&values));
    }
}
