//! Talks: the national endpoint, the pages, health and metrics.
//!
//! The only place that knows HTTP status codes and HTML, and the only one that is asynchronous besides
//! the edge. It decides nothing about business: a call goes to the engine, a page shows what plans and
//! tables say. Invariant: nothing that leaves here (log, metric, public page) carries personal data.

mod app;
mod demonstration;
mod frame;
mod metrics;
mod national;
mod office;
mod pages;
pub mod played;
mod server;
mod sheets;
mod voucher;

pub use app::{App, Clock};
pub use metrics::Metrics;
pub use pages::notice;
pub use server::{router, serve};
pub use voucher::{Presented, VoucherIssuer};
