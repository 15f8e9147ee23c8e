//! What a hospital uploads at night (夜间上传): sales and stock counts, orders, laboratory reports, front pages, records.

use crate::city;
use std::fmt::Write;

/// Rows of a message that holds many.
const ROWS: u64 = 20;
/// What a chapter of a medical record says, again and again: some 2,000 bytes a record.
const CHAPTER: &str =
    "患者神志清，精神可，查体未见明显异常，继续目前治疗方案，注意观察体温、呼吸、血氧变化，明日复查血常规。";

/// A message: its transaction, its input, and how many documents it has. Of ten, four are sales, two orders, one each the rest.
pub(crate) fn message(number: u64) -> (&'static str, String, u64) {
    match number % 10 {
        0..=3 => ("3505", listed("selinfo", number, sale), ROWS),
        4 | 5 => ("4402", listed("data", number, order), ROWS),
        6 => ("3501", listed("invinfo", number, count), ROWS),
        7 => ("4502", laboratory(number), 1),
        8 => ("4401", front_page(number), 1),
        _ => ("4701", record(number), 1),
    }
}

fn listed(node: &str, number: u64, row: fn(u64, u64) -> String) -> String {
    let rows: Vec<String> = (0..ROWS).map(|place| row(number, place)).collect();
    format!(r#"{{"{node}":[{}]}}"#, rows.join(","))
}

fn sale(number: u64, place: u64) -> String {
    format!(
        concat!(
            r#"{{"med_list_codg":"{drug}","fixmedins_hilist_id":"L{place}","fixmedins_hilist_name":"测量药品","#,
            r#""fixmedins_bchno":"B{number}","prsc_dr_name":"赵医生","phar_name":"钱药师","phar_prac_cert_no":"Y1","#,
            r#""mdtrt_sn":"MZ{number:010}","manu_lotnum":"L1","manu_date":"2021-01-01","rx_flag":"1","trdn_flag":"0","#,
            r#""rtal_docno":"R{number}-{place}","sel_retn_cnt":2,"sel_retn_time":"2021-07-01 10:00:00","#,
            r#""sel_retn_opter_name":"收费员"}}"#
        ),
        drug = city::drug(place % city::DRUGS),
        place = place,
        number = number,
    )
}

fn count(number: u64, place: u64) -> String {
    format!(
        concat!(
            r#"{{"med_list_codg":"{drug}","fixmedins_hilist_id":"L{place}","fixmedins_hilist_name":"测量药品","#,
            r#""rx_flag":"1","invdate":"2021-07-01","inv_cnt":100,"fixmedins_bchno":"S{number}","#,
            r#""manu_date":"2021-01-01","expy_end":"2023-01-01"}}"#
        ),
        drug = city::drug(place % city::DRUGS),
        place = place,
        number = number,
    )
}

fn order(number: u64, place: u64) -> String {
    format!(
        concat!(
            r#"{{"mdtrt_sn":"ZY{number:010}","medcas_drord_detl_id":"{place}","drord_item_name":"测量药品","#,
            r#""drord_dscr":"每日两次，饭后","drord_begn_time":"2021-06-30 08:00:00","drord_bilg_dr_name":"赵医生","vali_flag":"1"}}"#
        ),
        number = number,
        place = place
    )
}

fn laboratory(number: u64) -> String {
    let mut items = String::new();
    for place in 0..ROWS {
        let _ = write!(
            items,
            r#"{}{{"rpotc_no":"J{number}","appy_no":"A{number}","exam_item_detl_code":"{place}","exam_item_detl_name":"白细胞","exam_rslt_val":"6.1","exam_unt":"10^9/L","ref_val":"4-10"}}"#,
            if place == 0 { "" } else { "," },
        );
    }
    format!(
        concat!(
            r#"{{"labinfo":[{{"mdtrt_sn":"ZY{number:010}","appy_no":"A{number}","rpotc_no":"J{number}","#,
            r#""exam_item_code":"XCG","exam_item_name":"血常规","vali_flag":"1"}}],"iteminfo":[{items}]}}"#
        ),
        number = number,
        items = items
    )
}

fn front_page(number: u64) -> String {
    let diagnosis = r#"{"diag_code":"J18.900","diag_name":"肺炎","vali_flag":"1"}"#;
    format!(
        concat!(
            r#"{{"baseinfo":[{{"mdtrt_sn":"ZY{number:010}","medcasno":"BA{number:010}","psn_name":"测量","gend":"1","#,
            r#""brdy":"1980-01-01","adm_time":"2021-06-25 10:00:00","dscg_time":"2021-07-01 09:00:00","vali_flag":"1"}}],"#,
            r#""diseinfo":[{diagnosis},{diagnosis},{diagnosis}]}}"#
        ),
        number = number,
        diagnosis = diagnosis
    )
}

fn record(number: u64) -> String {
    let chapter = CHAPTER.repeat(6);
    format!(
        concat!(
            r#"{{"adminfo":[{{"mdtrt_sn":"ZY{number:010}","name":"测量","chfcomp":"咳嗽三天","dise_now":"{chapter}","#,
            r#""vali_flag":"1"}}],"coursrinfo":[{{"rcd_time":"2021-07-01 08:00:00","cas_ftur":"{chapter}","vali_flag":"1"}}]}}"#
        ),
        number = number,
        chapter = chapter
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_json_whose_documents_another_number_does_not_have() {
        for number in 0..10 {
            let (infno, input, documents) = message(number);
            assert!(serde_json::from_str::<serde_json::Value>(&input).is_ok(), "{infno} {input}");
            assert!(documents > 0 && message(number + 10).1 != input);
        }
    }
}
