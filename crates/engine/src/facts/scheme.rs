//! The basic scheme (险种) that a message's `insutype` stands for.

use crate::call::Stop;
use yibao_domain::code::Scheme;
use yibao_domain::refusal::{Code, Refusal};

/// The basic scheme of an insutype. Maternity insurance (510) has been part of the employees' scheme
/// since 2019, and settles with it.
pub(crate) fn basic_scheme(insutype: &str) -> Option<Scheme> {
    Scheme::of_insutype(if insutype == "510" { "310" } else { insutype })
}

/// The basic scheme of an insutype, or why there is none to settle by.
pub(crate) fn scheme_of(insutype: &str) -> Result<Scheme, Stop> {
    basic_scheme(insutype).ok_or_else(|| {
        Refusal::new(
            Code::NotProvided,
            format!("险种 insutype {insutype} 不能用于结算；请使用 310(职工医保)或390(居民医保)"),
        )
        .into()
    })
}
