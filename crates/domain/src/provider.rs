//! The level (等级) of a designated provider, for ratios and, separately, for deductibles.
//!
//! Community, township and village are a kind of institution, not a level (`decisions` 13). Which
//! figure a level or kind has is the pool's rule.

/// What a benefit table has a row for: a kind of institution, or a level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BenefitLevel {
    /// 村卫生室.
    Village,
    /// 乡镇卫生院.
    Township,
    /// 社区卫生服务中心.
    Community,
    /// 一级及未定级.
    Level1,
    /// 二级.
    Level2,
    /// 三级.
    Level3,
}

impl BenefitLevel {
    /// All of them, lowest first.
    pub const ALL: [BenefitLevel; 6] = [
        BenefitLevel::Village,
        BenefitLevel::Township,
        BenefitLevel::Community,
        BenefitLevel::Level1,
        BenefitLevel::Level2,
        BenefitLevel::Level3,
    ];

    /// Reads the column `benefit_level` of `providers.csv`: village, township, community, 1, 2, 3.
    pub fn of_column(text: &str) -> Option<BenefitLevel> {
        match text {
            "village" => Some(BenefitLevel::Village),
            "township" => Some(BenefitLevel::Township),
            "community" => Some(BenefitLevel::Community),
            "1" => Some(BenefitLevel::Level1),
            "2" => Some(BenefitLevel::Level2),
            "3" => Some(BenefitLevel::Level3),
            _ => None,
        }
    }

    /// The level of a national `hosp_lv` (`decisions` 13): 1-4, 12 third; 5-7, 13 second; 8-10, 14 first;
    /// 11 ungraded, which counts as first.
    pub fn of_hosp_lv(hosp_lv: &str) -> Option<BenefitLevel> {
        match hosp_lv.trim_start_matches('0') {
            "1" | "2" | "3" | "4" | "12" => Some(BenefitLevel::Level3),
            "5" | "6" | "7" | "13" => Some(BenefitLevel::Level2),
            "8" | "9" | "10" | "14" | "11" => Some(BenefitLevel::Level1),
            _ => None,
        }
    }

    /// The level that the ratio goes by: the kind or level written down, else that of `hosp_lv`;
    /// a provider of which neither is known counts as ungraded, that is as first level.
    pub fn for_ratio(benefit_level: Option<&str>, hosp_lv: Option<&str>) -> BenefitLevel {
        benefit_level
            .and_then(BenefitLevel::of_column)
            .or_else(|| hosp_lv.and_then(BenefitLevel::of_hosp_lv))
            .unwrap_or(BenefitLevel::Level1)
    }

    /// The level that the deductible goes by: `dedc_hosp_lv` of the master record, else `hosp_lv`.
    /// A village, township or community institution stays one, unless its record names a higher level.
    pub fn for_deductible(
        benefit_level: Option<&str>,
        dedc_hosp_lv: Option<&str>,
        hosp_lv: Option<&str>,
    ) -> BenefitLevel {
        let written = benefit_level.and_then(BenefitLevel::of_column);
        let named = dedc_hosp_lv.and_then(BenefitLevel::of_hosp_lv);
        match (written, named) {
            (Some(kind), None | Some(BenefitLevel::Level1)) if kind.is_kind() => kind,
            (_, Some(level)) => level,
            (written, None) => hosp_lv.and_then(BenefitLevel::of_hosp_lv).or(written).unwrap_or(BenefitLevel::Level1),
        }
    }

    /// The level that limit prices go by: `lmtpric_hosp_lv` of the master record, else `hosp_lv`, else the
    /// level written down.
    pub fn for_limit_price(
        benefit_level: Option<&str>,
        lmtpric_hosp_lv: Option<&str>,
        hosp_lv: Option<&str>,
    ) -> BenefitLevel {
        BenefitLevel::for_deductible(benefit_level, lmtpric_hosp_lv, hosp_lv)
    }

    /// A kind of institution rather than a level.
    pub fn is_kind(self) -> bool {
        matches!(self, BenefitLevel::Village | BenefitLevel::Township | BenefitLevel::Community)
    }

    /// The level, a kind counting as first level: for tables that know levels only.
    #[must_use]
    pub fn as_level(self) -> BenefitLevel {
        if self.is_kind() { BenefitLevel::Level1 } else { self }
    }

    /// The message field `dedc_hosp_lv` (起付线医院等级): 1 first and below, 2 second, 3 third.
    pub fn as_dedc_hosp_lv(self) -> &'static str {
        match self.as_level() {
            BenefitLevel::Level3 => "3",
            BenefitLevel::Level2 => "2",
            _ => "1",
        }
    }

    /// The column value that [`BenefitLevel::of_column`] reads.
    pub fn column(self) -> &'static str {
        match self {
            BenefitLevel::Village => "village",
            BenefitLevel::Township => "township",
            BenefitLevel::Community => "community",
            BenefitLevel::Level1 => "1",
            BenefitLevel::Level2 => "2",
            BenefitLevel::Level3 => "3",
        }
    }

    /// Its Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            BenefitLevel::Village => "村卫生室",
            BenefitLevel::Township => "乡镇卫生院",
            BenefitLevel::Community => "社区卫生服务中心",
            BenefitLevel::Level1 => "一级及未定级",
            BenefitLevel::Level2 => "二级",
            BenefitLevel::Level3 => "三级",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BenefitLevel::*;

    #[test]
    fn decision_13_hosp_lv_codes_name_the_level() {
        for (codes, level) in [
            (&["1", "2", "3", "4", "12"][..], Level3),
            (&["5", "6", "7", "13"][..], Level2),
            (&["8", "9", "10", "14", "11"][..], Level1),
        ] {
            for code in codes {
                assert_eq!(BenefitLevel::of_hosp_lv(code), Some(level), "{code}");
            }
        }
        assert_eq!(BenefitLevel::of_hosp_lv("15"), None);
    }

    #[test]
    fn decision_13_a_provider_without_a_kind_counts_by_its_level() {
        assert_eq!(BenefitLevel::for_ratio(Some("township"), Some("5")), Township);
        assert_eq!(BenefitLevel::for_ratio(Some(""), Some("5")), Level2);
        assert_eq!(BenefitLevel::for_ratio(None, Some("11")), Level1);
        assert_eq!(BenefitLevel::for_ratio(None, None), Level1);
    }

    #[test]
    fn decision_13_an_empty_deductible_level_falls_back_to_hosp_lv() {
        assert_eq!(BenefitLevel::for_deductible(None, None, Some("2")), Level3);
        assert_eq!(BenefitLevel::for_deductible(None, Some(""), Some("2")), Level3);
        assert_eq!(BenefitLevel::for_deductible(Some("3"), Some("6"), Some("2")), Level2);
        assert_eq!(BenefitLevel::for_deductible(Some("community"), None, Some("11")), Community);
        assert_eq!(BenefitLevel::for_deductible(Some("community"), Some("8"), Some("11")), Community);
        assert_eq!(BenefitLevel::for_deductible(Some("community"), Some("13"), Some("11")), Level2);
        assert_eq!(BenefitLevel::for_deductible(Some("2"), None, None), Level2);
    }

    #[test]
    fn decision_13_the_message_field_has_its_own_codes() {
        assert_eq!(Level3.as_dedc_hosp_lv(), "3");
        assert_eq!(Level2.as_dedc_hosp_lv(), "2");
        assert_eq!(Township.as_dedc_hosp_lv(), "1");
    }
}
