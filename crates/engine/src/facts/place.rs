//! Where care is, seen from the person's pool, and how it was announced (就医地与备案).

use crate::call::{Stop, not_of_this_platform};
use crate::facts::{entitled, filing, scheme};
use crate::policies::Policies;
use yibao_domain::party::Party;
use yibao_domain::settlement::{Filing, Place};
use yibao_domain::time::Date;
use yibao_policy::rules::PoolInfo;
use yibao_store::Tx;
use yibao_store::filing::Filing as FiledRow;
use yibao_store::person::PersonFacts;
use yibao_store::reference::Provider;

/// Works them out for care at this provider that began on `day`. Care at home needs no filing, so none is asked for.
///
/// Who is insured in another pool is told so where entitlement is judged; somebody of this pool at a provider that is none of
/// its own is refused here.
pub(crate) fn place_and_filing(
    tx: &mut dyn Tx,
    policies: &Policies,
    at: &Provider,
    person: &PersonFacts,
    insutype: &str,
    day: Date,
) -> Result<(Place, Filing), Stop> {
    let basic = scheme::scheme_of(insutype)?.insutype();
    let elsewhere = entitled::insured_elsewhere(person, policies, basic, day);
    let place = match elsewhere {
        Some(row) => place_of(policies.rules.pool_of_area(&row.insuplc_admdvs), &row.insuplc_admdvs, &at.admdvs),
        None => policies.pool.place_of(&at.admdvs),
    };
    match (place, elsewhere) {
        (Place::Home, _) => Ok((place, Filing::None)),
        (_, None) => Err(not_of_this_platform(&Party::provider(&at.fixmedins_code), &at.admdvs).into()),
        (_, Some(_)) => Ok((place, filing_of(&tx.filings(&person.person.psn_no, None)?, &at.admdvs, day))),
    }
}

/// The place of care seen from the pool of an area; of an area that no rules know the province alone tells.
fn place_of(pool: Option<&PoolInfo>, insured_area: &str, care_area: &str) -> Place {
    match pool {
        Some(pool) => pool.place_of(care_area),
        None if insured_area.get(..2) == care_area.get(..2) => Place::InProvince,
        None => Place::OutOfProvince,
    }
}

/// What the person's filings say about care in this area: a long-term residence before a referral.
fn filing_of(filings: &[FiledRow], care_area: &str, day: Date) -> Filing {
    let holds = |row: &FiledRow| {
        row.care_admdvs == care_area && row.begndate <= day && row.enddate.is_none_or(|end| day <= end)
    };
    let says = |kind: &str| filings.iter().any(|row| row.kind == kind && holds(row));
    if says(filing::REMOTE) {
        Filing::LongTerm
    } else if says(filing::TRANSFER) {
        Filing::Filed
    } else {
        Filing::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_policy::rules::RuleBook;

    #[test]
    fn the_place_is_seen_from_the_persons_own_pool() {
        let rules = RuleBook::embedded().unwrap();
        let check = |insured: &str, care: &str, expected: Place| {
            assert_eq!(place_of(rules.pool_of_area(insured), insured, care), expected, "{insured} at {care}");
        };
        check("520502", "520521", Place::Home);
        check("520502", "510402", Place::OutOfProvince);
        check("520502", "520102", Place::InProvince);
        // No rules know these pools.
        check("520102", "520502", Place::InProvince);
        check("330106", "520502", Place::OutOfProvince);
    }

    #[test]
    fn a_filing_counts_for_its_own_area_while_it_holds() {
        let filed = |kind: &str, end: Option<Date>| FiledRow {
            trt_dcla_detl_sn: String::new(),
            psn_no: String::new(),
            kind: kind.to_owned(),
            insutype: String::new(),
            care_admdvs: "510402".to_owned(),
            fixmedins_code: String::new(),
            fixmedins_name: String::new(),
            begndate: date(2021, 1, 1),
            enddate: end,
            filed_by: String::new(),
            filed_at: date(2021, 1, 1).at(9, 0, 0, 0),
            cancelled_at: None,
            details: String::new(),
        };
        let (referred, resident) = (filed("transfer", Some(date(2021, 6, 30))), filed("remote", None));
        let both = [referred, resident];
        let referral = &both[..1];
        assert_eq!(filing_of(&both, "510402", date(2021, 6, 30)), Filing::LongTerm);
        assert_eq!(filing_of(referral, "510402", date(2021, 6, 30)), Filing::Filed);
        assert_eq!(filing_of(referral, "510402", date(2021, 7, 1)), Filing::None);
        assert_eq!(filing_of(referral, "510403", date(2021, 6, 30)), Filing::None);
    }
}
