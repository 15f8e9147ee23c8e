//! The messages (报文) that providers' systems send, written straight as text: the driver shares the cores with what
//! it measures.

use crate::city;
use jiff::Span;
use jiff::civil::{Date, date};
use std::fmt::Write;

/// Day of all care that is care of today, in the platform's time.
pub(crate) const TODAY: &str = "2021-07-01";
/// The same.
const DAY: Date = date(2021, 7, 1);
/// A person's stays follow each other backwards from today within the half-year: there are so many.
const STAYS_OF_A_PERSON: u64 = 180;
/// Lines of a purchase and of a visit.
pub(crate) const LINES: u64 = 5;
/// Lines of one upload of a stay; four uploads make its hundred.
pub(crate) const LINES_AN_UPLOAD: u64 = 25;
/// A line costs 1.20 × 2.
const LINE_FEN: u64 = 240;

/// Who is treated, by whom, when.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Person, as the city counts them.
    pub person: u64,
    /// Number of the provider.
    pub provider: String,
    /// Day of care, of a stay its discharge, `yyyy-MM-dd`.
    pub day: String,
    /// Day of admission; of other care its day.
    pub admitted: String,
    /// Number of the visit or stay, once the platform has given it.
    pub mdtrt_id: String,
    /// What tells this journey from all others.
    pub number: u64,
}

/// Days of a person's `turn`-th stay: its admission, and the discharge on the next one. No two of them overlap.
pub(crate) fn days_of_stay(turn: u64) -> (String, String) {
    let back = i64::try_from(turn % STAYS_OF_A_PERSON).unwrap_or(0);
    let discharged = DAY.saturating_sub(Span::new().days(back));
    (discharged.yesterday().unwrap_or(discharged).to_string(), discharged.to_string())
}

/// The whole envelope (报文) around an input.
pub(crate) fn envelope(infno: &str, msgid: &str, facts: &Facts, input: &str) -> String {
    format!(
        concat!(
            r#"{{"infno":"{}","msgid":"{}","mdtrtarea_admvs":"520502","insuplc_admdvs":"520502","recer_sys_code":"99","#,
            r#""infver":"1.0.0","opter_type":"1","opter":"0001","opter_name":"收费员","inf_time":"2021-07-01 10:00:00","#,
            r#""fixmedins_code":"{}","fixmedins_name":"测量机构","sign_no":"null","input":{}}}"#
        ),
        infno, msgid, facts.provider, input
    )
}

/// 2102, a purchase at a pharmacy from the personal account.
pub(crate) fn purchase(facts: &Facts) -> String {
    let mut lines = String::with_capacity(1_500);
    for line in 1..=LINES {
        let _ = write!(
            lines,
            concat!(
                r#"{}{{"feedetl_sn":"{}","rx_circ_flag":"0","fee_ocur_time":"{} 09:50:00","med_list_codg":"{}","#,
                r#""medins_list_codg":"L{}","det_item_fee_sumamt":2.40,"cnt":2,"pric":1.20}}"#
            ),
            if line == 1 { "" } else { "," },
            line,
            facts.day,
            drug(facts.number, line),
            line
        );
    }
    format!(
        concat!(
            r#"{{"druginfo":{{"psn_no":"{}","mdtrt_cert_type":"02","mdtrt_cert_no":"{}","begntime":"{} 09:50:00","#,
            r#""medfee_sumamt":{},"insutype":"310","acct_used_flag":"1","med_type":"41"}},"drugdetail":[{}]}}"#
        ),
        city::person(facts.person),
        city::certificate(facts.person),
        facts.day,
        yuan(LINES),
        lines
    )
}

/// 2201, registration of a visit.
pub(crate) fn registration(facts: &Facts) -> String {
    format!(
        concat!(
            r#"{{"data":{{"psn_no":"{}","insutype":"310","begntime":"{} 09:30:00","mdtrt_cert_type":"02","#,
            r#""mdtrt_cert_no":"{}","psn_cert_type":"99","certno":"{}","psn_name":"测量","ipt_otp_no":"MZ{:010}","#,
            r#""atddr_no":"D520502000123","dr_name":"赵医生","dept_code":"A03","dept_name":"内科","caty":"A03"}}}}"#
        ),
        city::person(facts.person),
        facts.day,
        city::certificate(facts.person),
        city::certificate(facts.person),
        facts.number
    )
}

/// 2203A, what the visit was about.
pub(crate) fn visit(facts: &Facts) -> String {
    format!(
        concat!(
            r#"{{"mdtrtinfo":{{"mdtrt_id":"{}","psn_no":"{}","med_type":"11","begntime":"{day} 09:30:00","#,
            r#""main_cond_dscr":"","dise_codg":"","dise_name":"","birctrl_type":"","birctrl_matn_date":""}},"#,
            r#""diseinfo":[{{"diag_type":"1","diag_srt_no":1,"diag_code":"J06.900","diag_name":"急性上呼吸道感染","#,
            r#""diag_dept":"内科","dise_dor_no":"D520502000123","dise_dor_name":"赵医生","#,
            r#""diag_time":"{day} 09:30:00","vali_flag":"1"}}]}}"#
        ),
        facts.mdtrt_id,
        city::person(facts.person),
        day = facts.day
    )
}

/// 2204, the lines of a visit in one batch.
pub(crate) fn visit_lines(facts: &Facts) -> String {
    fee_lines(facts, 0, LINES, &facts.day, r#""chrg_bchno":"B1","dise_codg":"","rx_circ_flag":"0""#)
}

/// 2206 and 2207, trial and settlement of a visit.
pub(crate) fn visit_settlement(facts: &Facts) -> String {
    settlement(facts, LINES, r#""med_type":"11","chrg_bchno":"B1","acct_used_flag":"1""#)
}

/// 2401, admission.
pub(crate) fn admission(facts: &Facts) -> String {
    format!(
        concat!(
            r#"{{"mdtrtinfo":{{"psn_no":"{psn}","insutype":"310","coner_name":"家属","tel":"13800000000","#,
            r#""begntime":"{admitted} 10:00:00","mdtrt_cert_type":"02","mdtrt_cert_no":"{cert}","cert_type":"99","#,
            r#""certno":"{cert}","med_type":"21","ipt_no":"ZY{number:010}","medrcdno":"BA{number:010}","#,
            r#""atddr_no":"D520502000123","chfpdr_name":"赵医生","adm_diag_dscr":"肺炎","adm_dept_codg":"A03","#,
            r#""adm_dept_name":"内科","adm_bed":"12","dscg_maindiag_code":"J18.900","dscg_maindiag_name":"肺炎","#,
            r#""insuplc_admdvs":"520502","mdtrtarea_admvs":"520502"}},"diseinfo":[{diagnosis}]}}"#
        ),
        psn = city::person(facts.person),
        cert = city::certificate(facts.person),
        number = facts.number,
        admitted = facts.admitted,
        diagnosis = diagnosis(facts, "")
    )
}

/// 2301, an upload of a stay's lines, the `upload`-th from 0 on.
pub(crate) fn stay_lines(facts: &Facts, upload: u64) -> String {
    let first = upload * LINES_AN_UPLOAD;
    fee_lines(facts, first, LINES_AN_UPLOAD, &facts.admitted, r#""med_type":"21","drord_no":"","init_feedetl_sn":"""#)
}

/// 2402, discharge.
pub(crate) fn discharge(facts: &Facts) -> String {
    let mdtrt = format!(r#","mdtrt_id":"{}""#, facts.mdtrt_id);
    format!(
        concat!(
            r#"{{"dscginfo":{{"mdtrt_id":"{}","psn_no":"{}","insutype":"310","endtime":"{} 09:00:00","dise_codg":"","#,
            r#""dise_name":"","cop_flag":"","dscg_dept_codg":"A03","dscg_dept_name":"内科","dscg_bed":"12","#,
            r#""dscg_way":"1","die_date":""}},"diseinfo":[{}]}}"#
        ),
        facts.mdtrt_id,
        city::person(facts.person),
        facts.day,
        diagnosis(facts, &mdtrt)
    )
}

/// 2303 and 2304, trial and settlement of a stay.
pub(crate) fn stay_settlement(facts: &Facts) -> String {
    let more = format!(
        r#""acct_used_flag":"0","insuplc_admdvs":"520502","mdtrtarea_admvs":"520502","mid_setl_flag":"0","dscgTime":"{}""#,
        facts.day
    );
    settlement(facts, 4 * LINES_AN_UPLOAD, &more)
}

fn diagnosis(facts: &Facts, more: &str) -> String {
    format!(
        concat!(
            r#"{{"psn_no":"{}","diag_type":"1","maindiag_flag":"1","diag_srt_no":1,"diag_code":"J18.900","#,
            r#""diag_name":"肺炎","adm_cond":"","diag_dept":"内科","dise_dor_no":"D520502000123","#,
            r#""dise_dor_name":"赵医生","diag_time":"{} 10:00:00"{}}}"#
        ),
        city::person(facts.person),
        facts.admitted,
        more
    )
}

fn settlement(facts: &Facts, lines: u64, more: &str) -> String {
    format!(
        concat!(
            r#"{{"data":{{"psn_no":"{}","mdtrt_cert_type":"02","mdtrt_cert_no":"{}","psn_cert_type":"99","certno":"{}","#,
            r#""psn_name":"测量","medfee_sumamt":{},"psn_setlway":"01","mdtrt_id":"{}","insutype":"310","invono":"",{}}}}}"#
        ),
        city::person(facts.person),
        city::certificate(facts.person),
        city::certificate(facts.person),
        yuan(lines),
        facts.mdtrt_id,
        more
    )
}

fn fee_lines(facts: &Facts, first: u64, count: u64, day: &str, more: &str) -> String {
    let mut text = String::with_capacity(32 + usize::try_from(count).unwrap_or(0) * 600);
    text.push_str(r#"{"feedetail":["#);
    for line in first..first + count {
        let _ = write!(
            text,
            concat!(
                r#"{}{{"feedetl_sn":"{:04}","mdtrt_id":"{}","psn_no":"{}","rxno":"","fee_ocur_time":"{} 10:30:00","#,
                r#""med_list_codg":"{}","medins_list_codg":"L{}","det_item_fee_sumamt":2.40,"cnt":2,"pric":1.20,"#,
                r#""bilg_dept_codg":"A03","bilg_dept_name":"内科","bilg_dr_codg":"D520502000123","bilg_dr_name":"赵医生","#,
                r#""hosp_appr_flag":"1","etip_flag":"0","dscg_tkdrug_flag":"0",{}}}"#
            ),
            if line == first { "" } else { "," },
            line + 1,
            facts.mdtrt_id,
            city::person(facts.person),
            day,
            drug(facts.number, line),
            line,
            more
        );
    }
    text.push_str("]}");
    text
}

/// The drug of a line: bills differ.
fn drug(number: u64, line: u64) -> String {
    city::drug((number.wrapping_mul(7) + line) % city::DRUGS)
}

/// The sum of so many lines, in yuan with two decimals.
fn yuan(lines: u64) -> String {
    let fen = lines * LINE_FEN;
    format!("{}.{:02}", fen / 100, fen % 100)
}
