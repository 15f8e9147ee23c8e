//! Designated providers (定点医药机构): how many of which level a city of a size has.

use crate::dice::Dice;

/// What a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlaceKind {
    /// 定点医疗机构.
    Hospital,
    /// 定点零售药店.
    Pharmacy,
    /// 特殊药品供药机构.
    Supplier,
}

/// A provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// 医药机构代码.
    pub code: String,
    /// 医药机构名称.
    pub name: String,
    /// Its county's division code.
    pub division: String,
    /// What it is.
    pub kind: PlaceKind,
    /// `3`, `2`, `1`, `township`, `community`, `village`; empty for a pharmacy.
    pub level: &'static str,
}

/// Persons to one place of each kind; the least number of them, however small the city.
const HOSPITALS: [(&str, u64, u64); 5] =
    [("3", 200_000, 1), ("2", 40_000, 2), ("1", 15_000, 1), ("township", 6_000, 1), ("village", 2_500, 1)];
const PHARMACY: (u64, u64) = (2_500, 2);

pub(crate) fn drawn(seed: u64, divisions: &[String], persons: u64) -> Vec<Place> {
    let mut dice = Dice::of(seed, "places", 0);
    let mut places = Vec::new();
    let mut add = |letter: char, kind, level, name: &str| {
        let serial = places.len() + 1;
        let division = divisions[usize::try_from(dice.below(divisions.len() as u64)).unwrap_or(0)].clone();
        let code = format!("{letter}{division}{serial:05}");
        places.push(Place { name: format!("仿真{name}{serial}号"), code, division, kind, level });
    };
    for (level, persons_each, least) in HOSPITALS {
        let name = match level {
            "3" => "中心医院",
            "2" => "人民医院",
            "1" => "医院",
            "township" => "卫生院",
            _ => "村卫生室",
        };
        for _ in 0..(persons / persons_each).max(least) {
            add('H', PlaceKind::Hospital, level, name);
        }
    }
    for _ in 0..(persons / PHARMACY.0).max(PHARMACY.1) {
        add('P', PlaceKind::Pharmacy, "", "大药房");
    }
    add('P', PlaceKind::Supplier, "", "特药药房");
    places
}
