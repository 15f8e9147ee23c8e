//! The grounds (结算事实) of a settlement: what the book says of its encounter and of the person's earlier care.
//!
//! Read once, before it is decided; [`crate::settlement::prepare`] reads nothing. Plain data, which a reader can hand to the
//! writer.

use crate::call::{Call, Stop};
use crate::facts::{care_kind, scheme};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::chain::{self, Legs};
use crate::settlement::circumstances::Circumstances;
use crate::settlement::facts::{self, StandardUsed};
use yibao_domain::money::Money;
use yibao_domain::refusal::Refusal;
use yibao_domain::settlement::case::{Diagnoses, Qualification, StayFacts};
use yibao_domain::settlement::{CareKind, RunningTotal};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, Setting};
use yibao_store::person::PersonFacts;

/// What a settlement is decided by, beside the person and its circumstances.
pub(crate) struct Grounds {
    /// The diagnoses that count.
    pub diagnoses: Diagnoses,
    /// Recognised diseases and special-drug filings.
    pub qualifications: Vec<Qualification>,
    /// The stay among the person's stays; why it cannot be settled yet, where it cannot. A value and no error of reading: who is
    /// not entitled, or whose benefits are held, is told that first.
    pub stay: Result<StayFacts, Refusal>,
    /// Of care of a special disease, the highest deductible standard that was used so far.
    pub special_disease_standard: Option<StandardUsed>,
    /// Its round within the encounter.
    pub round: i64,
}

impl Grounds {
    /// Reads them.
    pub fn load(
        tx: &mut dyn Tx,
        call: &Call,
        policies: &Policies,
        basis: &Basis,
        person: &PersonFacts,
        circumstances: &Circumstances,
        legs: &Legs<'_>,
    ) -> Result<Grounds, Stop> {
        let encounter = basis.encounter;
        let premises = circumstances.premises.as_ref();
        let stay = match chain::stay(tx, call, policies, basis, premises, legs) {
            Ok(stay) => Ok(stay),
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(stop) => return Err(stop),
        };
        Ok(Grounds {
            special_disease_standard: special_disease_standard(tx, basis, circumstances)?,
            stay,
            diagnoses: facts::diagnoses(tx, encounter)?,
            qualifications: facts::qualifications(tx, person)?,
            round: round(tx, encounter)?,
        })
    }
}

/// From the settlements that stand, or count before.
fn special_disease_standard(
    tx: &mut dyn Tx,
    basis: &Basis,
    circumstances: &Circumstances,
) -> Result<Option<StandardUsed>, Stop> {
    if basis.kind != CareKind::SpecialDisease {
        return Ok(None);
    }
    let (year, insutype) = (basis.end.year(), scheme::scheme_of(basis.insutype)?.insutype());
    let clr_type = care_kind::clearing_type(CareKind::SpecialDisease);
    let name = RunningTotal::SpecialDiseaseDeductibleStandard.name();
    let psn_no = &basis.encounter.psn_no;
    Ok(Some(match &circumstances.premises {
        Some(premises) => StandardUsed {
            highest: premises.highest_standard(year, insutype, clr_type),
            raised: Money::fen(premises.moved(year, insutype, name)),
        },
        None => StandardUsed {
            highest: tx.highest_deductible_standard(psn_no, year, insutype, clr_type)?,
            raised: Money::fen(tx.moved(psn_no, year, insutype, name)?),
        },
    }))
}

/// A purchase is made and settled at once, so it has its first round; others follow the rounds they have.
fn round(tx: &mut dyn Tx, encounter: &Encounter) -> Result<i64, Stop> {
    if encounter.setting == Setting::Pharmacy {
        return Ok(1);
    }
    Ok(1 + tx.rounds(&encounter.mdtrt_id)?.last().map_or(0, |last| last.round))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_settlement_is_decided_by_can_be_handed_from_a_reader_to_the_writer() {
        fn is_plain_data<T: Send + 'static>() {}
        is_plain_data::<Circumstances>();
        is_plain_data::<Grounds>();
        is_plain_data::<PersonFacts>();
    }
}
