//! How the domain's rule values are said in Chinese (待遇标准的文字表述).
//!
//! It only words what is there; nothing is computed. Invariant: every type that a parameter can have is told, which
//! the compiler sees to.

use super::figures::Shown;
use std::collections::BTreeMap;
use yibao_domain::code::Scheme;
use yibao_domain::money::{Money, Rate};
use yibao_domain::person::Population;
use yibao_domain::provider::BenefitLevel;
use yibao_domain::settlement::CareKind;
use yibao_domain::settlement::rules::{
    AssistanceClass, BandBase, Bands, ByLevel, Cap, CapOn, Cover, DeliverySums, DiseaseEntry, DiseaseGroup,
    DiseasePoints, EarlyEndSum, Elsewhere, Lift, OwnBands, Ratios, Reduction, Repetition, SpecialDeductible,
    SpecialTerms, SumKind, TwoDisease, YearPoints,
};

/// What is said where a table has no value.
const NOTHING: &str = "—";

/// For whom a value is told, and in which unit it is written.
#[derive(Clone, Copy)]
pub(super) struct Telling {
    pub unit: &'static str,
    pub scheme: Scheme,
}

impl Telling {
    /// A ratio, or points of one where the parameter's unit says so.
    fn rate(self, rate: Rate) -> String {
        if self.unit == "points" { points(rate) } else { rate.to_string() }
    }
}

/// A value that can be told to people.
pub(super) trait Tell {
    /// The value in Chinese.
    fn tell(&self, telling: Telling) -> Shown;
}

/// A value that fits into a cell.
trait Cell: Copy + PartialEq {
    fn cell(self, telling: Telling) -> String;
}

impl Cell for Money {
    fn cell(self, _: Telling) -> String {
        yuan(self)
    }
}

impl Cell for Rate {
    fn cell(self, telling: Telling) -> String {
        telling.rate(self)
    }
}

/// `100元`, `66.50元`.
fn yuan(money: Money) -> String {
    let text = money.to_string();
    format!("{}元", text.strip_suffix(".00").unwrap_or(&text))
}

/// `5个百分点`.
fn points(rate: Rate) -> String {
    format!("{}个百分点", rate.to_string().trim_end_matches('%'))
}

fn listed(words: &[String]) -> String {
    if words.is_empty() { NOTHING.to_owned() } else { words.join("、") }
}

fn attributes(codes: &[String]) -> String {
    format!("人员身份{}", codes.join("、"))
}

fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Shown {
    Shown::Table { head: head.map(str::to_owned).into(), rows: rows.into_iter().map(Vec::from).collect() }
}

/// Implements `Tell` for types that a few words say.
macro_rules! told_as_text {
    ($($kind:ty: |$value:pat_param, $telling:pat_param| $text:expr;)*) => {
        $(impl Tell for $kind {
            fn tell(&self, $telling: Telling) -> Shown {
                let $value = self;
                Shown::Text($text)
            }
        })*
    };
}

told_as_text! {
    Money: |money, _| yuan(*money);
    Rate: |rate, telling| telling.rate(*rate);
    bool: |yes, _| if *yes { "是" } else { "否" }.to_owned();
    i32: |number, telling| if telling.unit == "months" { format!("{number}个月") } else { format!("{number}天") };
    Vec<CareKind>: |kinds, _| listed(&kinds.iter().map(|kind| kind.name().to_owned()).collect::<Vec<_>>());
    Vec<Cover>: |covers, _| listed(&covers.iter().map(|cover| cover_name(*cover).to_owned()).collect::<Vec<_>>());
    DiseaseGroup: |group, _| group_name(*group).to_owned();
    SpecialDeductible: |way, _| match way {
        SpecialDeductible::None => "不设".to_owned(),
        SpecialDeductible::YearlyHighestLevel => "按就诊最高级别医院首次住院起付标准，一年一次".to_owned(),
    };
    Cap: |cap, _| match cap.on {
        CapOn::Payment => format!("{}（限基金支付额）", yuan(cap.amount)),
        CapOn::Cost => format!("{}（限纳入支付的费用）", yuan(cap.amount)),
    };
    Reduction: |reduction, _| format!("{}：收取{}", attributes(&reduction.attributes), reduction.left);
    YearPoints: |more, _| {
        let who: Vec<&str> = more.populations.iter().map(|population| population.name()).collect();
        format!("连续缴费满{}年提高{}（{}）", more.years, points(more.points), who.join("、"))
    };
    SpecialTerms: |terms, _| {
        let mut parts = vec![format!("起付线收取{}", terms.deductible_left)];
        if terms.points != Rate::ZERO {
            parts.push(format!("各段提高{}", points(terms.points)));
        }
        if terms.least != Rate::ZERO {
            parts.push(format!("各段不低于{}", terms.least));
        }
        parts.push(ceiling(terms.ceiling_holds).to_owned());
        format!("{}：{}", attributes(&terms.attributes), parts.join("，"))
    };
    Lift: |lift, _| format!(
        "{}{}：各项基金合计补足至政策范围内费用的{}{}",
        attributes(&lift.attributes),
        if lift.not_with.is_empty() { String::new() } else { format!("（不含{}）", lift.not_with.join("、")) },
        lift.to,
        if lift.own_county_only { "，限本县区住院" } else { "" }
    );
}

fn ceiling(holds: bool) -> &'static str {
    if holds { "受年度限额约束" } else { "不设年度限额" }
}

fn cover_name(cover: Cover) -> &'static str {
    match cover {
        Cover::Inpatient => "住院",
        Cover::SpecialDisease => "门诊特殊疾病",
        Cover::ChronicDisease => "门诊慢性病",
    }
}

fn group_name(group: DiseaseGroup) -> &'static str {
    match group {
        DiseaseGroup::Chronic => "慢性病",
        DiseaseGroup::Special => "特殊疾病",
    }
}

/// Heads and rows by something (`what`) and by level. Levels that nobody states are left out; one that a row does not
/// state shows what holds there. Where every row has one value for all levels, one column says so.
fn level_table<T: Cell>(what: &str, rows: &[(&str, &ByLevel<T>)], telling: Telling) -> (Vec<String>, Vec<Vec<String>>) {
    let stated = |level: &BenefitLevel| rows.iter().any(|(_, values)| values.stated.contains_key(level));
    let levels: Vec<BenefitLevel> = BenefitLevel::ALL.into_iter().filter(stated).collect();
    let three = [BenefitLevel::Level1, BenefitLevel::Level2, BenefitLevel::Level3];
    let alike = |values: &ByLevel<T>| levels.iter().all(|level| values.at(*level) == values.at(BenefitLevel::Level1));
    let one_column = three.iter().all(stated) && rows.iter().all(|(_, values)| alike(values));
    let (columns, heads) = if one_column {
        (vec![BenefitLevel::Level1], vec!["各级"])
    } else {
        let heads = levels.iter().map(|level| level.name()).collect();
        (levels, heads)
    };
    let row = |(name, values): &(&str, &ByLevel<T>)| -> Vec<String> {
        let cell = |level: &BenefitLevel| values.at(*level).map_or(NOTHING.to_owned(), |value| value.cell(telling));
        std::iter::once((*name).to_owned()).chain(columns.iter().map(cell)).collect()
    };
    let head = std::iter::once(what).chain(heads).map(str::to_owned).collect();
    (head, rows.iter().map(row).collect())
}

/// The same, where rows that all say the same are said once.
fn by_level<T: Cell>(what: &str, rows: &[(&str, &ByLevel<T>)], telling: Telling) -> Shown {
    let (mut head, mut rows) = level_table(what, rows, telling);
    if rows.windows(2).any(|pair| pair[0][1..] != pair[1][1..]) {
        return Shown::Table { head, rows };
    }
    let Some(mut only) = rows.drain(..).next() else { return Shown::Text(NOTHING.to_owned()) };
    match (only.len(), head[1] == "各级") {
        (2, true) => Shown::Text(only.remove(1)),
        _ => Shown::Table { head: head.split_off(1), rows: vec![only.split_off(1)] },
    }
}

impl<T: Cell> Tell for ByLevel<T> {
    fn tell(&self, telling: Telling) -> Shown {
        by_level("", &[("", self)], telling)
    }
}

/// The populations of a scheme that a value names.
fn of_scheme<'a, V>(
    values: &'a BTreeMap<Population, V>,
    scheme: Scheme,
) -> impl Iterator<Item = (&'static str, &'a V)> + use<'a, V> {
    let mine = move |population: &Population| match population {
        Population::Active | Population::Retired => scheme == Scheme::Employee,
        Population::Adult | Population::Minor => scheme == Scheme::Resident,
    };
    values.iter().filter(move |(population, _)| mine(population)).map(|(population, value)| (population.name(), value))
}

impl Tell for Ratios {
    fn tell(&self, telling: Telling) -> Shown {
        by_level("人群", &of_scheme(self, telling.scheme).collect::<Vec<_>>(), telling)
    }
}

impl Tell for BTreeMap<Population, Rate> {
    fn tell(&self, telling: Telling) -> Shown {
        let rows = of_scheme(self, telling.scheme).map(|(name, rate)| [name.to_owned(), telling.rate(*rate)]);
        table(["人群", "比例"], rows)
    }
}

/// The places that a value is stated for.
fn places<T>(values: &Elsewhere<T>) -> Vec<(&'static str, &T)> {
    let places = [
        ("省内已备案", &values.in_province_filed),
        ("省内未备案", &values.in_province_unfiled),
        ("省外已备案", &values.out_of_province_filed),
        ("省外未备案", &values.out_of_province_unfiled),
    ];
    places.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))).collect()
}

impl<T: Cell> Tell for Elsewhere<ByLevel<T>> {
    fn tell(&self, telling: Telling) -> Shown {
        by_level("就医地", &places(self), telling)
    }
}

impl Tell for Elsewhere<Rate> {
    fn tell(&self, telling: Telling) -> Shown {
        table(["就医地", "数值"], places(self).into_iter().map(|(name, rate)| [name.to_owned(), telling.rate(*rate)]))
    }
}

impl Tell for Repetition {
    fn tell(&self, telling: Telling) -> Shown {
        match self {
            Repetition::Shares(shares) => {
                let last = shares.len();
                let name = |at| if at == last { format!("第{at}次及以后") } else { format!("第{at}次") };
                let rows = shares.iter().zip(1..).map(|(share, at)| [name(at), format!("起付标准的{share}")]);
                table(["本年住院", "收取"], rows)
            }
            Repetition::Steps { step, floor, floor_elsewhere } => {
                let what = format!("每多住院一次减{}，不低于", yuan(*step));
                let (head, rows) = level_table(&what, &[("市内", floor), ("异地", floor_elsewhere)], telling);
                Shown::Table { head, rows }
            }
        }
    }
}

impl Tell for Vec<(i16, Rate)> {
    fn tell(&self, _: Telling) -> Shown {
        table(["年龄", "提高"], self.iter().map(|(age, rate)| [format!("满{age}岁"), points(*rate)]))
    }
}

impl Tell for DiseasePoints {
    fn tell(&self, _: Telling) -> Shown {
        let rows = [
            ("主要诊断".to_owned(), &self.main),
            ("主要诊断，并有上述诊断之一".to_owned(), &self.main_with_one_beside),
            (format!("主要诊断，不满{}岁", self.under_age), &self.main_under_age),
        ];
        let rows = rows.into_iter().filter(|(_, codes)| !codes.is_empty());
        table(["条件", "疾病编码", "提高"], rows.map(|(name, codes)| [name, codes.join("、"), points(self.points)]))
    }
}

impl Tell for Vec<DiseaseEntry> {
    fn tell(&self, _: Telling) -> Shown {
        let rows = self.iter().map(|entry| {
            let mut terms: Vec<&str> = entry.group.map(group_name).into_iter().collect();
            terms.extend(entry.two_disease.map(|disease| match disease {
                TwoDisease::Hypertension => "两病：高血压",
                TwoDisease::Diabetes => "两病：糖尿病",
            }));
            if entry.earns_points {
                terms.push("提高支付比例");
            }
            if !entry.special_drugs {
                terms.push("不用特药");
            }
            [listed(&entry.words), listed(&entry.codes), terms.join("，")]
        });
        table(["名称含有", "编码开头", "待遇"], rows)
    }
}

/// Rows of bands: the deductible, then each band.
fn band_rows(bands: &Bands) -> Vec<[String; 2]> {
    let from_zero = match bands.base {
        BandBase::Whole => "累计",
        BandBase::AboveDeductible => "超过起付线",
    };
    let mut rows = vec![["起付线".to_owned(), yuan(bands.deductible)]];
    let mut below = Money::ZERO;
    for band in &bands.bands {
        let range = match band.up_to {
            Some(edge) => format!("{from_zero}{}至{}", yuan(below), yuan(edge)),
            None => format!("{from_zero}{}以上", yuan(below)),
        };
        rows.push([range, band.rate.to_string()]);
        below = band.up_to.unwrap_or(below);
    }
    rows
}

impl Tell for Bands {
    fn tell(&self, _: Telling) -> Shown {
        table(["分段", "数值"], band_rows(self))
    }
}

impl Tell for OwnBands {
    fn tell(&self, _: Telling) -> Shown {
        let who = format!("{}，{}", attributes(&self.attributes), ceiling(self.ceiling_holds));
        table([who.as_str(), "数值"], band_rows(&self.bands))
    }
}

impl Tell for Vec<AssistanceClass> {
    fn tell(&self, _: Telling) -> Shown {
        let row = |class: &AssistanceClass| {
            let who = class.attributes.join("、");
            [format!("第{}类", class.class), who, yuan(class.deductible), class.ratio.to_string()]
        };
        table(["类别", "人员身份", "年度起付线", "比例"], self.iter().map(row))
    }
}

impl Tell for Vec<EarlyEndSum> {
    fn tell(&self, _: Telling) -> Shown {
        table(["妊娠", "定额"], self.iter().map(|sum| [format!("满{}个月", sum.from_month), yuan(sum.sum)]))
    }
}

impl Tell for DeliverySums {
    fn tell(&self, telling: Telling) -> Shown {
        let kind = match self.kind {
            SumKind::Fixed => "定额",
            SumKind::Limit => "限额",
        };
        let sums = [("顺产", &self.vaginal), ("难产、剖宫产", &self.difficult)];
        let (head, mut rows) = level_table(kind, &sums, telling);
        for (name, sum) in [("多胞胎每多一个", self.further_child), ("新生儿护理另加", self.newborn)] {
            if sum != Money::ZERO {
                let sums = std::iter::repeat_n(yuan(sum), head.len() - 1);
                rows.push(std::iter::once(name.to_owned()).chain(sums).collect());
            }
        }
        Shown::Table { head, rows }
    }
}
