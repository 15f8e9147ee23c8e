//! One Bijie city, served once, that the interface tests share.

use crate::support::city::City;
use crate::support::people::Profile;
use crate::support::providers;
use crate::support::server::Server;
use crate::support::vocabulary::HYPERTENSION;
use std::sync::LazyLock;

pub static TOWN: LazyLock<Server> = LazyLock::new(|| {
    let profiles = vec![
        Profile::resident("resident", "520502").copies(60),
        Profile::resident("hypertension", "520502").disease(HYPERTENSION),
        Profile::employee("employee", "520502").balance("1000.00").copies(120),
        Profile::resident("minimum allowance", "520502").attribute("2303"),
        Profile::resident("ended", "520502").insured("2019-01-01", "2021-06-30", ""),
    ];
    Server::start(City::new("2021", providers::bijie(), profiles), "2021-07-05T18:00:00")
});
