//! Numbers, names, amounts and days as spreadsheet programs leave them: read as pages and sheets of registers read them.

use super::{City, INSURANCES, PERSONS, check_refused};
use jiff::civil::date;
use yibao_domain::money::Money;

#[test]
fn numbers_that_a_spreadsheet_spoiled_are_recognised() {
    for spoiled in
        ["5.20502E+17", "5.20501e+19", "5.20501E19", "5.2 E+17", "５．２Ｅ＋１７", "\"5,2E+17\"", "5E17", "5.2×10^17"]
    {
        for whole in ["520502190001010019", "B1", "A12345678"] {
            let city = City::new(&[("persons.csv", &PERSONS.replacen(whole, spoiled, 1))]);
            let text = city.load().text();
            assert!(text.contains("科学计数法"), "{spoiled} for {whole}: {text}");
        }
    }
    check_refused(
        "persons.csv",
        &PERSONS.replace("520502190001010019", "520502190001020000"),
        &["certno", "末三位成了000"],
    );
    check_refused("persons.csv", &PERSONS.replace("B1,", "10001.0,"), &["psn_no", "小数点"]);
    check_refused("insurances.csv", &INSURANCES.replace("B1,", "5.2E+18,"), &["psn_no", "科学计数法"]);
}

#[test]
fn guards_and_what_nobody_sees_are_taken_off_and_a_damaged_name_is_refused() {
    let written = PERSONS
        .replace("B1,", "\"=\"\"B1\"\"\",")
        .replace("P1,", "'P1\u{200b},")
        .replace("520502190001010019", "５２０５02 190001\u{200b}010019\u{feff}")
        .replace("张三", "'张·\u{e863}");
    let city = City::new(&[("persons.csv", &written), ("insurances.csv", &INSURANCES.replace("B1,", "’B 1,"))]);
    let report = city.load();
    assert!(report.is_clean(), "{}", report.text());
    let known = city.person("520500", "B1").unwrap();
    assert_eq!((known.person.certno.as_str(), known.person.psn_name.as_str()), ("520502190001010019", "张·䶮"));
    assert_eq!(known.insurances.len(), 1, "the files name one person, however they write the number");
    assert!(city.person("510400", "P1").is_some());
    check_refused("persons.csv", &PERSONS.replace("张三", "张\u{fffd}"), &["已损坏", "psn_name"]);
}

#[test]
fn amounts_are_read_in_their_ornaments_and_refused_where_they_may_be_another_sum() {
    for written in ["1234.5", "\"1,234.50\"", "\"￥1，234.50元\"", "'1234.50", "1234元5角", "１２３４．５"] {
        let insurances = INSURANCES.replace("500.00", written);
        let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", &insurances)]);
        let report = city.load();
        assert!(report.is_clean(), "{written}: {}", report.text());
        assert_eq!(city.person("520500", "B1").unwrap().balance, Some(Money::fen(123_450)), "{written}");
    }
    for (written, why) in [
        ("\"12,50\"", "千位"),
        ("12，50", "千位"),
        ("12元50", "“元”的后面"),
        ("\"1,00.50\"", "千位"),
        ("1 200", "空格"),
        ("(12.50)", "负数"),
        ("1.2万", "单位"),
        ("12%", "百分数"),
        ("1.2E+3", "科学计数法"),
        ("1e3", "科学计数法"),
        ("-1", "不能为负"),
    ] {
        check_refused(
            "insurances.csv",
            &INSURANCES.replace("500.00", written),
            &["balc（个人账户余额）", why, "1234.50"],
        );
    }
}

#[test]
fn days_are_read_in_each_way_that_says_which_day_and_no_other() {
    for written in [
        "2019-01-02",
        "2019/1/2",
        "20190102",
        "2019年1月2日",
        "2019.01.02",
        "2019-01-02 00:00:00",
        "2019-01-02T00:00:00.000",
        "43467",
    ] {
        let insurances = INSURANCES.replace("2019-01-01", written);
        let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", &insurances)]);
        let report = city.load();
        assert!(report.is_clean(), "{written}: {}", report.text());
        assert_eq!(city.person("520500", "B1").unwrap().insurances[0].begndate, date(2019, 1, 2), "{written}");
    }
    for (written, why) in [
        ("1/2/2019", "年份"),
        ("19-1-2", "四位"),
        ("2019-02-29", "不是存在的日期"),
        ("2019-01-02 08:00:00", "几点几分"),
        ("2019-01-02 24:00", "几点几分"),
        ("2019-01", "不是存在的日期"),
    ] {
        check_refused(
            "insurances.csv",
            &INSURANCES.replace("2019-01-01", written),
            &["begndate（开始日期）", why, "2021-07-01"],
        );
    }
}

#[test]
fn a_document_that_two_persons_have_is_remarked() {
    let child = "B2,99,520502190001010019,张小三,1,2021-01-01,01,\n";
    let city = City::new(&[("persons.csv", &format!("{PERSONS}{child}"))]);
    let report = city.load();
    assert!(report.is_clean() && report.text().contains("证件号码与前面一人相同"), "{}", report.text());
}

#[test]
fn a_wrong_identity_number_is_a_remark_that_names_nobody() {
    let persons = PERSONS.replace("520502190001010019", "520502190001010018");
    let city = City::new(&[("persons.csv", &persons), ("insurances.csv", INSURANCES)]);
    let report = city.load();
    assert!(report.is_clean());
    assert!(report.text().contains("末位校验码不符，按原样装入，请核实（第 2 行）"), "{}", report.text());
    assert!(!report.text().contains("520502190001010018"));
}

#[test]
fn a_number_that_may_have_lost_its_end_and_fits_by_chance_is_a_remark() {
    let city = City::new(&[("persons.csv", &PERSONS.replace("520502190001010019", "520502190001010000"))]);
    let report = city.load();
    assert!(report.is_clean() && report.text().contains("末三位是 000"), "{}", report.text());
}
