//! What an outage left behind, made good through the ordinary transactions (补录).
//!
//! `messages` are those that the provider would have sent; `entry` takes one register entry through them, `driver` many; `bill` says
//! which lines are still to be sent, `whose` who its person is.

pub(crate) mod bill;
pub(crate) mod driver;
pub(crate) mod entry;
pub(crate) mod messages;
pub(crate) mod ordering;
pub(crate) mod standing;
#[cfg(test)]
mod ways;
mod whose;
