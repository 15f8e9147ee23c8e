//! The unit of sums (金额单位) that a head or a caption above it states: what is written there in ten thousands is not yuan.

use yibao_domain::written::half_width;

/// Units of money other than yuan.
const OTHERS: [&str; 14] =
    ["万元", "千元", "百元", "百万元", "亿元", "十万元", "千万元", "万", "千", "角", "分", "美元", "港元", "港币"];
/// What stands between the words of a remark.
const BETWEEN: &str = "()[]{}【】,，、;；:：/|·*";

/// A unit of money that is stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// 元, as registers keep it.
    Yuan,
    /// Another one, by its name.
    Other(&'static str),
}

impl Unit {
    /// What the remarks of a head state: 费用总额（万元，含税）.
    pub fn of_head(head: &str) -> Option<Unit> {
        words(head).iter().skip(1).find_map(|word| Unit::named(word))
    }

    /// What the cells of a row above the head state: 单位：万元, also in two cells, or in the brackets of a title.
    pub fn of_caption<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Unit> {
        let text = cells.collect::<Vec<_>>().join("|");
        let words = words(&text);
        let stated = |at: usize| {
            let is_led = at > 0 && words[at - 1].ends_with("单位");
            let names_itself = words[at].contains("单位") || words[at].ends_with('元');
            Unit::named(&words[at]).filter(|_| is_led || names_itself)
        };
        (0..words.len()).find_map(stated)
    }

    fn named(word: &str) -> Option<Unit> {
        // 金额单位万元, 以万元为单位, 以万元计
        let bare = word.strip_suffix("为单位").or_else(|| word.strip_suffix('计')).unwrap_or(word);
        let bare = bare.rsplit_once("单位").map_or(bare, |(_, behind)| behind);
        let bare = bare.trim_start_matches(['以', '为']);
        let bare = bare.strip_prefix("人民币").unwrap_or(bare);
        match bare {
            "元" | "圆" => Some(Unit::Yuan),
            bare => OTHERS.into_iter().find(|other| *other == bare).map(Unit::Other),
        }
    }
}

/// The words of a text, without blanks and signs.
fn words(text: &str) -> Vec<String> {
    let plain: String = half_width(text).replace('（', "(").replace('）', ")").split_whitespace().collect();
    plain.split(|c| BETWEEN.contains(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_states_its_unit_in_its_remarks() {
        for head in [
            "总费用（万元）",
            "总费用(单位：万元)",
            "总费用（万元，含税）",
            "总费用（含税）（万元）",
            "总费用（以万元计）",
        ] {
            assert_eq!(Unit::of_head(head), Some(Unit::Other("万元")), "{head}");
        }
        assert_eq!(Unit::of_head("总费用（元）"), Some(Unit::Yuan));
        assert_eq!(Unit::of_head("总费用（含税）"), None);
        assert_eq!(Unit::of_head("万元"), None);
    }

    #[test]
    fn a_caption_states_the_unit_of_all_sums_below_it() {
        let of = |cells: &[&str]| Unit::of_caption(cells.iter().copied());
        for cells in [
            &["单位：万元"][..],
            &["金额单位: 万元"],
            &["单位：", "万元"],
            &["填报单位：试验医院", "单位：万元、人"],
            &["现金就诊登记表（单位：万元）"],
            &["现金就诊登记表（万元）"],
            &["以万元为单位"],
        ] {
            assert_eq!(of(cells), Some(Unit::Other("万元")), "{cells:?}");
        }
        assert_eq!(of(&["单位：元"]), Some(Unit::Yuan));
        for cells in [&["填报单位：试验医院", "得分：分"][..], &["单位名称", "第一医院"], &["2021年7月"]]
        {
            assert_eq!(of(cells), None, "{cells:?}");
        }
    }
}
