//! One platform under Bijie's plan that the page tests share, and its pages over plain HTTP.

use crate::support::city::City;
use crate::support::client::agent;
use crate::support::program::plan;
use crate::support::providers;
use crate::support::server::Server;
use std::sync::LazyLock;

/// In the middle of the stop, as a rehearsal.
pub static SITE: LazyLock<Server> = LazyLock::new(|| {
    let city = City::new("2021", providers::bijie(), Vec::new());
    Server::with_plans(city, "2021-07-12T08:00:00", &[plan("bijie-2021"), plan("panzhihua-2020")])
});

/// One page of each type, errors included.
pub const TYPES: [&str; 12] = [
    "/",
    "/plans/bijie-2021/notice",
    "/docs",
    "/docs/errors",
    "/docs/interface",
    "/docs/interface/2207",
    "/docs/interface/codes",
    "/docs/interface/codes/med_type",
    "/docs/rules",
    "/docs/rules/520500?day=2021-07-05",
    "/docs/rules/520500?day=7%E6%9C%885%E6%97%A5",
    "/no/such/page",
];

/// The address of a page.
pub fn address(path: &str) -> String {
    format!("{}{path}", SITE.base())
}

/// Status and body.
pub fn got(path: &str) -> (u16, String) {
    let mut reply = agent().get(address(path)).call().expect("the platform answers");
    (reply.status().as_u16(), reply.body_mut().read_to_string().expect("a text"))
}

/// A page with its style sheet inside, to be looked at on its own.
pub fn whole(path: &str) -> String {
    const LINK: &str = "<link rel=\"stylesheet\" href=\"/style.css\">";
    let (_, page) = got(path);
    assert!(page.contains(LINK), "{path}");
    page.replace(LINK, &format!("<style>{}</style>", got("/style.css").1))
}
