//! The public notice in a real browser: what a citizen, a hospital and a printer get to see.

use super::site::{address, got, whole};
use crate::support::browser::{printed, seen, widths};

const BIJIE: &str = "/plans/bijie-2021/notice";
const PANZHIHUA: &str = "/plans/panzhihua-2020/notice";

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn the_notice_of_bijie_says_what_stops_when_what_to_do_and_whom_to_call() {
    let text = seen(&address(BIJIE));
    says(
        &text,
        &[
            "毕节市国家医保信息平台上线停机公告",
            "毕节市医疗保障局 2021年7月5日",
            "自7月9日24时起至7月15日24时止",
            "7月9日20时|7月15日24时|住院结算",
            "7月9日18时|7月15日24时|手工报销",
            "7月7日24时前|定点医疗机构|",
            "参保人员",
            "定点医疗机构",
            "经办机构和有关部门",
            "发票、费用明细清单、疾病证明书、出院小结",
            "9月30日（星期四）24时前",
            "11月30日（星期二）24时前",
            "逾期不再受理",
            "七星关区|七星关区医疗保障局|0857-8947068|0857-8231589|",
            "赫章县|赫章县医疗保障局|0857-3228868|0857-2270620|",
        ],
    );
}

#[test]
fn the_notice_of_panzhihua_gives_working_days_as_dates_and_no_telephone_that_is_not_there() {
    let text = seen(&address(PANZHIHUA));
    says(
        &text,
        &[
            "攀枝花市切换全省社保信息系统停机公告",
            "9月10日17时|9月18日8时|保费征缴",
            "10月9日（星期五）24时前",
            "12月31日（星期四）24时前",
            "先付现金，恢复后回原机构补录",
            "本市参保",
            "请向参保地经办机构或就诊购药的定点医药机构咨询",
        ],
    );
    assert!(!text.contains("510400"), "the public does not know the pool by its code");
}

#[test]
fn a_rehearsed_notice_says_that_it_is_none() {
    assert!(seen(&address(BIJIE)).contains("本页不是真实公告"));
}

#[test]
fn the_board_leads_to_the_notice_and_unknown_plans_lead_nowhere() {
    let (_, board) = got("/");
    assert!(board.contains(&format!("href=\"{BIJIE}?pool=520500\"")));
    let (status, page) = got("/plans/no-such-plan/notice");
    assert!(status == 404 && page.contains("没有此页"));
}

#[test]
fn the_notice_fits_a_telephone_and_a_few_sheets_of_paper() {
    let pages = [BIJIE, PANZHIHUA].map(whole);
    for measured in widths(&pages, &[390]) {
        assert!(measured[0] <= 390, "{} wide", measured[0]);
    }
    for path in [BIJIE, PANZHIHUA] {
        let paper = printed(&address(path));
        assert!(paper.starts_with(b"%PDF-"), "{path}");
        let text = String::from_utf8_lossy(&paper);
        let sheets = text.matches("/Type /Page\n").count();
        assert!((2..=8).contains(&sheets), "{path} takes {sheets} sheets");
    }
}
