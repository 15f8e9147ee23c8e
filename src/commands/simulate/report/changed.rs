//! Whom the table of what an outage changed is of.

use crate::commands::figures::grouped;
use yibao_sim::big::Changed;
use yibao_sim::city::City;

/// Whom the table is of.
pub(super) fn of_whom(changed: &Changed, city: &City) -> String {
    match changed.persons {
        persons if persons >= city.persons => "全城的人".to_owned(),
        persons => format!(
            "其中 {} 人（编号最前的，占全城百分之{}；城里的人按编号随机造出，没有挑选）",
            grouped(persons),
            persons * 100 / city.persons
        ),
    }
}
