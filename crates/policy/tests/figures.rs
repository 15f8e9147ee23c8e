//! The listing of figures in force: it says what the rules of a day say, in words, with source and certainty.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

use jiff::civil::{Date, date};
use yibao_domain::code::{Pool, Scheme};
use yibao_policy::rules::{FigureInForce, RuleBook, Shown, Tier};

const BIJIE: &str = "520500";
const PANZHIHUA: &str = "510400";

fn figures(pool: &str, scheme: Scheme, day: Date) -> Vec<FigureInForce> {
    RuleBook::embedded().unwrap().figures(&Pool::new(pool), scheme, day).unwrap()
}

fn figure(pool: &str, scheme: Scheme, day: Date, parameter: &str) -> Option<FigureInForce> {
    figures(pool, scheme, day).into_iter().find(|figure| figure.parameter == parameter)
}

fn table(head: &[&str], rows: &[&[&str]]) -> Shown {
    let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    Shown::Table { head: texts(head), rows: rows.iter().map(|row| texts(row)).collect() }
}

fn text(words: &str) -> Shown {
    Shown::Text(words.to_owned())
}

#[track_caller]
fn check(pool: &str, scheme: Scheme, parameter: &str, expected: Shown) {
    let found = figure(pool, scheme, date(2021, 7, 5), parameter).expect(parameter);
    assert_eq!(found.value, expected, "{parameter}");
}

#[test]
fn a_figure_by_level_is_a_row_of_levels() {
    let levels = ["乡镇卫生院", "一级及未定级", "二级", "三级"];
    check(BIJIE, Scheme::Resident, "inpatient.deductible", table(&levels, &[&["100元", "100元", "300元", "500元"]]));
    check(BIJIE, Scheme::Resident, "inpatient.ratio", table(&levels, &[&["90%", "90%", "80%", "70%"]]));
}

#[test]
fn a_figure_by_place_has_a_row_for_each_place() {
    let rows: &[&[&str]] = &[
        &["省内已备案", "1200元", "1500元", "1500元"],
        &["省内未备案", "1200元", "1500元", "1500元"],
        &["省外已备案", "1800元", "1800元", "1800元"],
        &["省外未备案", "2000元", "2000元", "2000元"],
    ];
    let head = ["就医地", "一级及未定级", "二级", "三级"];
    check(BIJIE, Scheme::Resident, "inpatient.deductible_elsewhere", table(&head, rows));
}

#[test]
fn a_figure_that_is_the_same_at_all_levels_names_no_levels() {
    let rows: &[&[&str]] =
        &[&["省内已备案", "60%"], &["省内未备案", "60%"], &["省外已备案", "60%"], &["省外未备案", "50%"]];
    check(BIJIE, Scheme::Resident, "inpatient.ratio_elsewhere", table(&["就医地", "各级"], rows));
    let rows: &[&[&str]] = &[&["顺产", "2000元"], &["难产、剖宫产", "3000元"], &["多胞胎每多一个", "400元"]];
    check(PANZHIHUA, Scheme::Employee, "maternity.delivery_sums", table(&["定额", "各级"], rows));
}

#[test]
fn a_falling_deductible_is_told_stay_by_stay() {
    let rows: &[&[&str]] =
        &[&["第1次", "起付标准的100%"], &["第2次", "起付标准的50%"], &["第3次及以后", "起付标准的0%"]];
    check(BIJIE, Scheme::Employee, "inpatient.repetition", table(&["本年住院", "收取"], rows));
}

#[test]
fn a_group_of_persons_is_told_with_what_it_gets() {
    let words = "人员身份2303、2304：起付线收取50%，各段提高5个百分点，不设年度限额";
    check(BIJIE, Scheme::Resident, "second_tier.special", text(words));
    check(PANZHIHUA, Scheme::Resident, "inpatient.reduction", text("人员身份2303、2304、2308：收取50%"));
}

#[test]
fn a_figure_names_source_layer_day_and_certainty() {
    let day = date(2021, 7, 5);
    let own = figure(BIJIE, Scheme::Resident, day, "inpatient.deductible").unwrap();
    assert_eq!((own.subject, own.title, own.source.as_str()), ("住院", "住院起付标准", "[C*] s1"));
    assert_eq!((own.tier, own.from, own.to), (Tier::Pool, date(2000, 1, 1), None));
    assert!(own.illustrative && own.carried_back);
    let national = figure(BIJIE, Scheme::Resident, day, "special_disease.diseases").unwrap();
    assert_eq!((national.tier, national.illustrative, national.carried_back), (Tier::Nation, true, false));
    let provincial = figure(BIJIE, Scheme::Resident, day, "assistance.classes").unwrap();
    assert_eq!(provincial.tier, Tier::Province);
}

#[test]
fn a_figure_that_has_ended_is_no_longer_listed() {
    let on = |day| figure(BIJIE, Scheme::Resident, day, "second_tier.own_bands");
    assert_eq!(on(date(2021, 12, 31)).unwrap().to, Some(date(2021, 12, 31)));
    assert!(on(date(2022, 1, 1)).is_none());
}

#[test]
fn every_figure_has_something_to_read_and_tables_are_whole() {
    for pool in [BIJIE, PANZHIHUA] {
        for scheme in [Scheme::Employee, Scheme::Resident] {
            let figures = figures(pool, scheme, date(2020, 9, 15));
            assert!(figures.len() > 20, "{pool} {scheme:?}: {}", figures.len());
            for figure in figures {
                match &figure.value {
                    Shown::Text(text) => assert!(!text.is_empty(), "{}", figure.parameter),
                    Shown::Table { head, rows } => {
                        assert!(!rows.is_empty(), "{}", figure.parameter);
                        assert!(rows.iter().all(|row| row.len() == head.len()), "{}: {rows:?}", figure.parameter);
                    }
                }
                assert!(!figure.source.is_empty(), "{}", figure.parameter);
            }
        }
    }
}

#[test]
fn an_unknown_pool_has_no_figures() {
    let book = RuleBook::embedded().unwrap();
    assert!(book.figures(&Pool::new("110100"), Scheme::Employee, date(2021, 7, 5)).is_none());
}
