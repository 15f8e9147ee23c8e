//! Every refusal once, routing, and that loading again changes nothing: on the embedded store.

mod spelled;

use super::*;
use crate::load::report::{Fate, FileReport};
use jiff::civil::date;
use std::path::Path;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_store::person::PersonFacts;
use yibao_store::practitioner::PractitionerFilter;
use yibao_store::{Mode, SqliteStore, Store, Tx};

/// A folder of CSV files and books of two pools.
struct City {
    folder: tempfile::TempDir,
    _data: tempfile::TempDir,
    store: SqliteStore,
}

const PERSONS: &str = "psn_no,psn_cert_type,certno,psn_name,gend,brdy,naty,card_no\n\
                       B1,01,520502190001010019,张三,1,1900-01-01,01,A12345678\n\
                       P1,01,51040219000101002X,李四,2,,,\n";
const INSURANCES: &str = "psn_no,insutype,psn_type,insuplc_admdvs,begndate,enddate,balc\n\
                          B1,310,1101,520502,2019-01-01,,500.00\n\
                          P1,390,1501,510402,2020-01-01,,\n";

const PRACTITIONERS: &str = "fixmedins_code,prac_psn_code,prac_psn_name,prac_psn_type,begndate,hi_dr_flag\n\
                             H52050200001,D520502000001,王医,1,2020-01-01,1\n";
/// Fourteen columns, the ninth says whether a row is valid, the tenth is its own number, the thirteenth the version.
const TCM_DISEASES: &str = "T1\tA01\t内科\tA01.01\t肺系病\tA01.01.01\t感冒\tnull\t1\tR1\tnull\tnull\tV1\t第一版\r\n\
                            T2\tA01\t内科\tA01.01\t肺系病\tA01.01.02\t\"咳嗽\tnull\t1\tR2\tnull\tnull\tV2\t第二版\r\n";

impl City {
    fn new(files: &[(&str, &str)]) -> City {
        let data = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(data.path(), &[Pool::new("520500"), Pool::new("510400")]).unwrap();
        let city = City { folder: tempfile::tempdir().unwrap(), _data: data, store };
        for (name, content) in files {
            city.write(name, content.as_bytes());
        }
        city
    }

    fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.folder.path().join(name), content).unwrap();
    }

    fn load_with(&self, options: Options) -> Report {
        load_folder(&self.store, self.folder.path(), options)
    }

    fn load(&self) -> Report {
        self.load_with(Options { keep_good: false, check_only: false, findings_shown_max: 50 })
    }

    fn keep_good(&self) -> Report {
        self.load_with(Options { keep_good: true, check_only: false, findings_shown_max: 50 })
    }

    fn ask<T>(&self, pool: &str, question: impl Fn(&mut dyn Tx) -> T) -> T {
        let mut answer = None;
        let mut book = self.store.open(&Pool::new(pool)).unwrap();
        book.transact(Mode::Read, &mut |tx| {
            answer = Some(question(tx));
            Ok(())
        })
        .unwrap();
        answer.unwrap()
    }

    fn person(&self, pool: &str, psn_no: &str) -> Option<PersonFacts> {
        self.ask(pool, |tx| tx.person_facts(psn_no, &["2021".to_owned()]).unwrap())
    }
}

fn load_folder(store: &SqliteStore, folder: &Path, options: Options) -> Report {
    let pool_of = |admdvs: &str| match admdvs.get(..4) {
        Some("5205") => Some(Pool::new("520500")),
        Some("5104") => Some(Pool::new("510400")),
        _ => None,
    };
    let pools = vec![(Pool::new("520500"), "毕节市".to_owned()), (Pool::new("510400"), "攀枝花市".to_owned())];
    load(store, &Areas { pools, pool_of: &pool_of }, folder, options, &Progress::silent()).unwrap()
}

fn file<'a>(report: &'a Report, name: &str) -> &'a FileReport {
    report.files.iter().find(|file| file.file == name).unwrap()
}

fn counts(report: &Report, name: &str) -> (u64, u64, u64, u64) {
    let file = file(report, name);
    (file.added, file.updated, file.unchanged, file.refused)
}

/// Loads one bad file beside good persons and looks for the words of its refusal.
#[track_caller]
fn check_refused(name: &str, content: &str, words: &[&str]) {
    let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", INSURANCES), (name, content)]);
    let report = city.load();
    let text = report.text();
    assert!(!report.is_clean(), "{text}");
    assert_eq!(file(&report, name).fate, Fate::Refused, "{text}");
    assert_eq!(file(&report, name).added, 0, "nothing of the file is taken");
    for word in words {
        assert!(text.contains(word), "{word} is not in:\n{text}");
    }
}

#[test]
fn the_same_folder_twice_changes_nothing() {
    let city = City::new(&[
        ("persons.csv", PERSONS),
        ("insurances.csv", INSURANCES),
        ("providers.csv", "fixmedins_code,fixmedins_name,admdvs,hosp_lv\nH52050200001,甲医院,520502,05\n"),
        ("attributes.csv", "psn_no,psn_idet_type,begndate,enddate\nP1,2303,2020-01-01,\n"),
        ("special_diseases.csv", "psn_no,opsp_dise_code,opsp_dise_name,begndate,enddate\nP1,M03900,高血压,2020/1/1,\n"),
        ("filings.csv", "psn_no,kind,care_admdvs,fixmedins_code,begndate,enddate\nB1,transfer,520100,,20210601,\n"),
        ("accumulators.csv", "psn_no,insutype,year,basic_paid,inpatient_stays\nB1,310,2021,120000.00,1\n"),
        (
            "catalogue.csv",
            "med_list_codg,hilist_name,list_type,chrgitm_lv,selfpay_prop,begndate,special,pool\n\
             X1,某药,101,乙,0.1,2020-01-01,,\nX1,某药,101,02,,2020-01-01,single_payment,510402\n",
        ),
        ("practitioners.csv", PRACTITIONERS),
        ("1314.txt", TCM_DISEASES),
        ("1304.csv", "med_list_codg,drug_genname,ver\nZ1,某民族药,20210601\n"),
    ]);
    let first = city.load();
    assert!(first.is_clean(), "{}", first.text());
    let taken: Vec<&FileReport> = first.files.iter().filter(|file| file.fate != Fate::Absent).collect();
    assert!(taken.len() == 11 && taken.iter().all(|file| file.added == file.rows && file.rows > 0));
    let second = city.load();
    assert!(second.is_clean());
    assert!(second.files.iter().all(|file| file.unchanged == file.rows), "{}", second.text());
    let facts = city.person("520500", "B1").unwrap();
    assert_eq!(facts.balance, Some(Money::yuan(500)));
    assert_eq!(facts.totals.iter().find(|total| total.name == "basic_paid").unwrap().value, 12_000_000);
}

#[test]
fn a_finding_names_its_line_however_lines_end() {
    let bad = PERSONS.replace("1900-01-01", "1990-13-01").replace('\n', "\r\n");
    let city = City::new(&[("persons.csv", &bad)]);
    let text = city.load().text();
    assert!(text.contains("persons.csv 第 2 行 brdy"), "{text}");
}

#[test]
fn a_national_list_is_kept_line_by_line_as_it_was_published() {
    let city = City::new(&[("1314.txt", TCM_DISEASES)]);
    assert!(city.load().is_clean());
    let lines = city.ask("520500", |tx| tx.list_lines("1314", "", 10).unwrap());
    let kept: Vec<&str> = lines.iter().map(|line| line.line.as_str()).collect();
    assert_eq!(kept, TCM_DISEASES.lines().collect::<Vec<_>>(), "a quotation mark is a letter like any other");
    assert_eq!(city.ask("520500", |tx| tx.list_version("1314").unwrap()), (2, "V2".to_owned()));
    city.write("1314.txt", TCM_DISEASES.replace("感冒", "时行感冒").as_bytes());
    assert_eq!(counts(&city.load(), "1314.txt"), (0, 1, 1, 0));
    city.write("1314.txt", TCM_DISEASES.replace("R2", "null").as_bytes());
    let report = city.load();
    assert!(report.text().contains("1314.txt 第 2 行 唯一记录号：没有填写"), "{}", report.text());
    city.write("1314.txt", TCM_DISEASES.replace("第一版\r", "第一版\t新列\r").as_bytes());
    let report = city.load();
    assert!(report.is_clean() && report.text().contains("有 15 列，规范印的是 14 列"), "{}", report.text());
}

#[test]
fn every_national_list_that_is_fetched_has_a_file_with_its_own_numbers() {
    for (file, _) in run::known_files().iter().filter(|(file, _)| file.ends_with(".txt")) {
        let columns = yibao_interface::Catalogue::national().file_columns(&file[..4]);
        for needed in ["唯一记录号", "版本号"] {
            assert!(columns.iter().any(|column| column == needed), "{file} has no {needed}");
        }
    }
}

#[test]
fn a_practitioner_is_known_at_the_provider_and_a_bad_row_is_named() {
    let city = City::new(&[("practitioners.csv", PRACTITIONERS)]);
    assert!(city.load().is_clean());
    let filter = PractitionerFilter { fixmedins_code: "H52050200001".to_owned(), ..PractitionerFilter::default() };
    let (found, total) = city.ask("520500", |tx| tx.practitioners(&filter, 10).unwrap());
    assert_eq!((found[0].prac_psn_name.as_str(), found[0].hi_dr_flag.as_str(), total), ("王医", "1", 1));
    let bad = PRACTITIONERS.replace(",1,2020", ",9,2020");
    check_refused(
        "practitioners.csv",
        &bad,
        &["practitioners.csv 第 2 行 prac_psn_type（执业人员分类） = “9”", "可填：1、2、3、4"],
    );
}

#[test]
fn a_changed_row_is_an_update() {
    let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", INSURANCES)]);
    city.load();
    city.write("insurances.csv", INSURANCES.replace("2019-01-01,,500.00", "2019-01-01,2021-12-31,500.00").as_bytes());
    assert_eq!(counts(&city.load(), "insurances.csv"), (0, 1, 1, 0));
    assert_eq!(city.person("520500", "B1").unwrap().insurances[0].enddate, Some(date(2021, 12, 31)));
}

#[test]
fn a_person_lives_in_the_book_of_the_pool_that_insures_them() {
    let nobody = "X1,99,E00000001,王五,,,,\n";
    let city = City::new(&[("persons.csv", &format!("{PERSONS}{nobody}")), ("insurances.csv", INSURANCES)]);
    assert!(city.load().is_clean());
    let known = |pool: &str, psn_no: &str| city.person(pool, psn_no).is_some();
    assert!(known("520500", "B1") && !known("510400", "B1"));
    assert!(known("510400", "P1") && !known("520500", "P1"));
    assert!(known("520500", "X1") && known("510400", "X1"), "insured nowhere: every pool can answer");
}

#[test]
fn a_person_who_moves_to_another_pool_is_brought_along() {
    let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", INSURANCES)]);
    city.load();
    std::fs::remove_file(city.folder.path().join("persons.csv")).unwrap();
    let moved = "psn_no,insutype,psn_type,insuplc_admdvs,begndate\nB1,310,1101,510402,2021-08-01\n";
    city.write("insurances.csv", moved.as_bytes());
    assert!(city.load().is_clean());
    assert_eq!(city.person("510400", "B1").unwrap().insurances.len(), 1);
    // A total belongs to one pool: the file has to say which.
    let totals = "psn_no,insutype,year,basic_paid\nB1,310,2021,10.00\n";
    city.write("accumulators.csv", totals.as_bytes());
    assert!(city.load().text().contains("累计额不能记在多处"));
    let totals = "psn_no,insutype,year,basic_paid,insuplc_admdvs\nB1,310,2021,10.00,510402\n";
    city.write("accumulators.csv", totals.as_bytes());
    assert!(city.load().is_clean());
    assert_eq!(city.person("510400", "B1").unwrap().totals.len(), 1);
    assert_eq!(city.person("520500", "B1").unwrap().totals.len(), 0);
}

#[test]
fn a_bad_row_is_named_and_masked_and_nothing_of_its_file_is_taken() {
    let bad = PERSONS.replace("1900-01-01", "1990-13-01").replace("李四", "");
    let city = City::new(&[("persons.csv", &bad), ("insurances.csv", INSURANCES)]);
    let report = city.load();
    let text = report.text();
    for words in [
        "persons.csv 第 2 行 brdy（出生日期） = “1990-13-01”：不是存在的日期",
        "persons.csv 第 3 行 psn_name（人员姓名）：没有填写",
    ] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
    assert!(!text.contains("520502190001010019") && !text.contains("张三"), "{text}");
    assert_eq!(file(&report, "insurances.csv").fate, Fate::HeldBack("persons.csv"));
    assert!(city.person("520500", "B1").is_none());
}

#[test]
fn keep_good_takes_the_other_rows_and_still_says_so() {
    let bad = format!("{PERSONS}Z1,01,,无证件,,,,\n");
    let city = City::new(&[("persons.csv", &bad), ("insurances.csv", INSURANCES)]);
    let report = city.keep_good();
    assert!(!report.is_clean());
    assert_eq!(counts(&report, "persons.csv"), (2, 0, 0, 1));
    assert_eq!(counts(&report, "insurances.csv"), (2, 0, 0, 0));
}

#[test]
fn a_check_writes_nothing() {
    let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", INSURANCES)]);
    let report = city.load_with(Options { keep_good: false, check_only: true, findings_shown_max: 50 });
    assert!(report.is_clean());
    assert_eq!(file(&report, "persons.csv").fate, Fate::CheckedOnly);
    assert!(city.person("520500", "B1").is_none());
}

#[test]
fn files_that_do_not_depend_on_a_bad_one_are_taken() {
    let providers = "fixmedins_code,fixmedins_name,admdvs\n甲医院,甲医院,520502\n";
    let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", INSURANCES), ("providers.csv", providers)]);
    let report = city.load();
    assert_eq!(file(&report, "providers.csv").fate, Fate::Refused);
    assert_eq!(counts(&report, "insurances.csv"), (2, 0, 0, 0));
}

#[test]
fn spreadsheets_leave_marks_that_do_no_harm() {
    let persons =
        PERSONS.replace('\n', "\r\n").replace("张三", "\"张,三\"").replace(",,,\r\n", ",null,NULL,\r\n,,,,,,,\r\n");
    let city = City::new(&[("insurances.csv", INSURANCES)]);
    city.write("persons.csv", format!("\u{feff}{persons}").as_bytes());
    let report = city.load();
    assert!(report.is_clean(), "{}", report.text());
    let person = city.person("520500", "B1").unwrap().person;
    assert_eq!(person.psn_name, "张,三");
    assert_eq!(city.person("510400", "P1").unwrap().person.brdy, Some(date(1900, 1, 1)), "from the identity number");
}

#[test]
fn a_file_in_another_encoding_is_refused_with_the_way_out() {
    let city = City::new(&[]);
    let mut gbk = PERSONS.as_bytes()[..PERSONS.find('张').unwrap()].to_vec();
    gbk.extend_from_slice(&[0xD5, 0xC5, 0xC8, 0xFD]); // 张三 in GBK
    gbk.extend_from_slice(b",1,1900-01-01,01,A12345678\n");
    city.write("persons.csv", &gbk);
    let text = city.load().text();
    assert!(text.contains("不是 UTF-8 编码（很可能是 GBK）") && text.contains("iconv"), "{text}");
    city.write("persons.csv", b"\xFF\xFEp\0s\0n\0");
    assert!(city.load().text().contains("UTF-16"));
}

#[test]
fn a_header_is_checked() {
    check_refused("providers.csv", "fixmedins_code,fixmedins_name\n", &["admdvs（医保区划）：缺少这一列"]);
    check_refused("providers.csv", "", &["文件是空的"]);
    check_refused("providers.csv", "fixmedins_code;fixmedins_name;admdvs\n", &["不是用英文逗号分隔"]);
    check_refused(
        "attributes.csv",
        "psn_no,psn_no,psn_idet_type,begndate\n",
        &["attributes.csv 第 1 行 psn_no：表头里有两列同名"],
    );
    let city = City::new(&[("persons.csv", &PERSONS.replace("card_no", "卡号")), ("person.csv", PERSONS)]);
    let report = city.load();
    assert!(report.is_clean(), "an unknown column or file is a remark");
    assert!(report.text().contains("不认识的列 卡号，未读取"), "{}", report.text());
    assert!(report.text().contains("person.csv 不是可装入的文件名"));
}

#[test]
fn rows_that_do_not_fit_the_header_or_come_twice_are_refused() {
    let attributes = "psn_no,psn_idet_type,begndate,enddate\n";
    check_refused("attributes.csv", &format!("{attributes}P1,2303\n"), &["有 2 格，表头有 4 列"]);
    check_refused(
        "attributes.csv",
        &format!("{attributes}P1,2303,2020-01-01,\nP1,2303,2020-01-01,2020-12-31\n"),
        &["第 3 行：与第 2 行重复"],
    );
}

#[test]
fn providers_are_refused_with_field_value_and_remedy() {
    let head = "fixmedins_code,fixmedins_name,admdvs,benefit_level,hosp_lv,gateway,paas_id,paas_secret,infcode_form";
    let check = |row: &str, words: &[&str]| check_refused("providers.csv", &format!("{head}\n{row}\n"), words);
    check(
        "X52050200001,甲,520502,,,,,,",
        &["fixmedins_code（定点医药机构编号） = “X52050200001”", "例如 H52050200001"],
    );
    check("H52050200001,甲,52050,,,,,,", &["= “52050”：不是六位医保区划代码"]);
    check("H52050200001,甲,520502,县级,,,,,", &["可填：village、township、community、1、2、3；或留空"]);
    check("H52050200001,甲,520502,,15,,,,", &["= “15”：不是医院等级代码"]);
    check("H52050200001,甲,520502,,,tif,id,,", &["paas_secret（网关密钥）：gateway 为 tif 时必须填写"]);
    check("H52050200001,甲,520502,,,hmac,id,verysecret,", &["gateway（网关签名方式） = “hmac”"]);
    check("H52050200001,甲,520502,,,,,,text", &["可填：number、string"]);
}

#[test]
fn insurances_are_refused_with_field_value_and_remedy() {
    let head =
        "psn_no,insutype,psn_type,insuplc_admdvs,begndate,enddate,paused_from,balc,continuous_years,cvlserv_flag";
    let check = |row: &str, words: &[&str]| check_refused("insurances.csv", &format!("{head}\n{row}\n"), words);
    check("N9,390,1501,520502,2020-01-01,,,,,", &["psn_no（人员编号） = “N9”：没有这个人"]);
    check("B1,390,1501,110101,2020-01-01,,,,,", &["不属于任何已知统筹区", "520500 毕节市、510400 攀枝花市"]);
    check("B1,300,1501,520502,2020-01-01,,,,,", &["insutype（险种类型） = “300”"]);
    check("B1,390,成年,520502,2020-01-01,,,,,", &["psn_type（人员类别） = “成年”：不是2至6位数字"]);
    check("B1,390,1501,520502,,,,,,", &["begndate（开始日期）：没有填写"]);
    check("B1,390,1501,520502,2020-01-01,2019-12-31,,,,", &["enddate（结束日期） = “2019-12-31”：早于开始日期"]);
    check("B1,390,1501,520502,2020-01-01,,2019-12-31,,,", &["paused_from"]);
    check("B1,390,1501,520502,2020-01-01,,,100.00,,", &["只有职工基本医疗保险（310）有个人账户"]);
    check("B1,310,1101,520502,2020-01-01,,,\"12,50\",,", &["= “12,50”：不是金额：逗号没有按千位分开", "1234.50"]);
    check("B1,310,1101,520502,2020-01-01,,,0.005,,", &["小数超过两位"]);
    check("B1,310,1101,520502,2020-01-01,,,-1,,", &["金额不能为负"]);
    check("B1,310,1101,520502,2020-01-01,,,,五年,", &["continuous_years（连续缴费年限） = “五年”"]);
    check("B1,310,1101,520502,2020-01-01,,,,,是", &["是填 1，否填 0 或留空"]);
}

#[test]
fn catalogue_rows_are_refused_with_field_value_and_remedy() {
    let head = "med_list_codg,hilist_name,list_type,chrgitm_lv,selfpay_prop,hilist_pric_uplmt_amt,begndate,special,pool,scheme,level";
    let check = |row: &str, words: &[&str]| check_refused("catalogue.csv", &format!("{head}\n{row}\n"), words);
    check("X1,药,101,丁,,,2020-01-01,,,,", &["chrgitm_lv（收费项目等级） = “丁”", "01（甲类）"]);
    check("X1,药,101,02,10,,2020-01-01,,,,", &["= “10”：不是 0 到 1 之间的比例", "10% 写成 0.10"]);
    check("X1,药,101,02,,0,2020-01-01,,,,", &["不是大于零的价格"]);
    check("X1,药,999,02,,,2020-01-01,,,,", &["list_type（目录类别） = “999”"]);
    check("X1,药,101,02,,,2020-02-30,,,,", &["= “2020-02-30”：不是存在的日期"]);
    check("X1,药,101,02,,,2020-01-01,single,,,", &["single_payment、high_value"]);
    check("X1,药,101,02,,,2020-01-01,,110100,,", &["pool（统筹区） = “110100”：不是已知统筹区"]);
    check("X1,药,101,02,,,2020-01-01,,,320,", &["310、390、employee、resident"]);
    check("X1,药,101,02,,,2020-01-01,,,,4", &["level（机构等级） = “4”"]);
}

#[test]
fn what_a_person_has_is_refused_with_field_value_and_remedy() {
    check_refused("attributes.csv", "psn_no,psn_idet_type,begndate\nN9,2303,2020-01-01\n", &["没有这个人"]);
    check_refused("attributes.csv", "psn_no,psn_idet_type,begndate\nP1,低保,2020-01-01\n", &["= “低保”"]);
    check_refused("special_diseases.csv", "psn_no,opsp_dise_code,begndate\nP1,,2020-01-01\n", &["没有填写"]);
    check_refused(
        "filings.csv",
        "psn_no,kind,begndate,care_admdvs\nP1,remote,2020-01-01,\n",
        &["care_admdvs（就医地医保区划）：异地备案必须写就医地"],
    );
    let head = "psn_no,insutype,year,inpatient_stays,basic_paid";
    check_refused("accumulators.csv", &format!("{head}\nP1,390,20,1,\n"), &["year（年度） = “20”"]);
    check_refused(
        "accumulators.csv",
        &format!("{head}\nP1,390,2020,1.5,\n"),
        &["inpatient_stays（年度住院次数） = “1.5”"],
    );
    check_refused("accumulators.csv", &format!("{head}\nP1,390,2020,,一万\n"), &["basic_paid"]);
}

#[test]
fn the_latest_of_several_balances_counts() {
    let insurances = "psn_no,insutype,psn_type,insuplc_admdvs,begndate,enddate,balc\n\
                      B1,310,1101,520502,2021-01-01,,800.00\n\
                      B1,310,1101,520502,2015-01-01,2018-12-31,20.00\n";
    let city = City::new(&[("persons.csv", PERSONS), ("insurances.csv", insurances)]);
    let report = city.load();
    assert!(report.is_clean());
    assert!(report.text().contains("只取开始日期最晚的一行（第 3 行）"), "{}", report.text());
    assert_eq!(city.person("520500", "B1").unwrap().balance, Some(Money::yuan(800)));
    assert_eq!(counts(&city.load(), "insurances.csv"), (0, 0, 2, 0));
}

#[test]
fn a_stopped_load_is_completed_by_running_it_again() {
    let city = City::new(&[("persons.csv", PERSONS)]);
    city.load();
    city.write("insurances.csv", INSURANCES.as_bytes());
    let report = city.load();
    assert_eq!(counts(&report, "persons.csv").0, 0, "the persons were there");
    assert_eq!(counts(&report, "insurances.csv"), (2, 0, 0, 0));
}

#[test]
fn many_rows_go_in_several_transactions() {
    let mut persons = "psn_no,psn_cert_type,certno,psn_name\n".to_owned();
    for number in 0..4_500 {
        persons.push_str(&format!("N{number},99,E{number:08},示例\n"));
    }
    let city = City::new(&[("persons.csv", &persons)]);
    assert_eq!(counts(&city.load(), "persons.csv"), (4_500, 0, 0, 0));
    assert_eq!(counts(&city.load(), "persons.csv"), (0, 0, 4_500, 0));
}

#[test]
fn a_folder_without_known_files_is_an_error() {
    let city = City::new(&[("other.csv", "a,b\n")]);
    let nowhere = |_: &str| None;
    let areas = Areas { pools: vec![(Pool::new("520500"), "毕节市".to_owned())], pool_of: &nowhere };
    let options = Options { keep_good: false, check_only: false, findings_shown_max: 50 };
    assert!(load(&city.store, &areas, city.folder.path(), options, &Progress::silent()).is_err());
}

#[test]
fn the_documentation_names_every_file_and_every_column() {
    let page = include_str!("../../docs/load.md");
    for (file, columns) in run::known_files() {
        assert!(page.contains(&format!("`{file}`")), "{file} is not in docs/load.md");
        for column in columns {
            let name = column.name;
            assert!(page.contains(name), "column {name} of {file} is not in docs/load.md");
        }
    }
}
