//! How a public notice says dates, what becomes of a business, and what to bring: words for people without a manual.

use jiff::civil::{Date, Weekday};
use yibao_domain::outage::{
    AfterDeadline, Business, Disposition, Evidence, Pattern, Plan, Reopens, Requirement, Rule, Scope, Stage,
};
use yibao_domain::time::Moment;

/// What a rule on all business is called beside rules on single ones.
const REST: &str = "未单列的其他业务";

/// `7月9日`, with the year where it is not that of the notice.
pub(super) fn day_words(day: Date, issued: Date) -> String {
    let text = if day.year() == issued.year() { "%-m月%-d日" } else { "%Y年%-m月%-d日" };
    day.strftime(text).to_string()
}

/// `7月9日20时`, `9月18日8时30分`; midnight as its author writes it, else 24时 of the day that ends.
pub(super) fn moment_words(moment: impl Into<Moment>, issued: Date) -> String {
    let (day, time) = day_and_time(moment);
    format!("{}{time}", day_words(day, issued))
}

/// `10月9日（星期五）24时前`: a deadline as people look it up in a calendar.
pub(super) fn deadline_words(moment: impl Into<Moment>, issued: Date) -> String {
    let (day, time) = day_and_time(moment);
    let weekday = match day.weekday() {
        Weekday::Monday => "一",
        Weekday::Tuesday => "二",
        Weekday::Wednesday => "三",
        Weekday::Thursday => "四",
        Weekday::Friday => "五",
        Weekday::Saturday => "六",
        Weekday::Sunday => "日",
    };
    format!("{}（星期{weekday}）{time}前", day_words(day, issued))
}

fn day_and_time(moment: impl Into<Moment>) -> (Date, String) {
    match moment.into().day_and_time() {
        (day, hour, 0) => (day, format!("{hour}时")),
        (day, hour, minute) => (day, format!("{hour}时{minute:02}分")),
    }
}

/// What the person does while the business is closed: no more than the plan says.
pub(super) fn for_persons(rule: &Rule) -> String {
    let leaves =
        rule.businesses.iter().all(|pattern| is_under(pattern, &["settlement.inpatient", "encounter.discharge"]));
    let leaves = if leaves { "照常出院，" } else { "" };
    let asks =
        |wanted: Evidence| rule.evidence.iter().flat_map(|one| one.any_of.iter().flatten()).any(|one| *one == wanted);
    let does = match rule.disposition {
        Disposition::Open => "照常办理。",
        Disposition::Refuse => "暂停办理，请在恢复后办理。",
        Disposition::CashReenter => "先付现金，恢复后回原机构补录，退还医保支付的部分。",
        Disposition::CashClaim => "先付现金，再到参保地经办机构报销。",
        Disposition::RegisterLater if papers(&rule.evidence).is_empty() => "先登记，恢复后办理。",
        Disposition::RegisterLater => "先交资料登记，恢复后办理。",
        Disposition::DeferSettlement => return format!("{leaves}暂不结算，恢复后再来结算。"),
        Disposition::ConvertSelfPay => "照常收治，暂按自费记账，恢复后转回医保结算。",
        Disposition::AdmitOnStatement => {
            let stated = asks(Evidence::Statement) || asks(Evidence::StatementSignature);
            let stated = if stated { "，如实说明待遇状态" } else { "" };
            let paid = if asks(Evidence::Prepayment) { "，只预交个人负担部分" } else { "" };
            return format!("照常入院{stated}{paid}。");
        }
        Disposition::DispenseAhead => "请在停办前开药。",
        Disposition::PaperCertificate if is_care(rule) => "凭纸质证明照常收治。",
        Disposition::PaperCertificate => "凭纸质证明照常办理。",
        Disposition::RejectRefund => "不予受理，已付的款项退回。",
        Disposition::OnAccount => return format!("{leaves}费用先挂账，恢复后再来结算。"),
        Disposition::CancelRecreate => "照常治疗，停办前取消的登记由医院在恢复后重新办理。",
        Disposition::AgencyReimburses => "先付现金，由经办机构主动报销，不用申请。",
        Disposition::Deposit => "先交押金，恢复后结算，多退少补。",
        Disposition::NoRoute => "全额支付现金，没有规定补报办法。",
    };
    does.to_owned()
}

/// Whether a rule is about something that a patient does: settle, or be admitted.
pub(super) fn is_care(rule: &Rule) -> bool {
    let is_care = |pattern: &Pattern| is_under(pattern, &["settlement", "encounter.admission", "encounter.transfer"]);
    rule.disposition != Disposition::Open && rule.businesses.iter().any(is_care)
}

fn is_under(pattern: &Pattern, roots: &[&'static str]) -> bool {
    match pattern {
        Pattern::All => false,
        Pattern::Under(business) => roots.iter().any(|root| business.is_within(&Business::named(root))),
    }
}

/// What the person brings of what is asked for: papers, not what the provider notes by itself.
pub(super) fn papers(evidence: &[Requirement]) -> String {
    let brought = |requirement: &&Requirement| requirement.any_of.iter().flatten().any(|item| item.row().is_brought);
    evidence.iter().filter(brought).map(name).collect::<Vec<_>>().join("、")
}

/// What the provider or office records or checks.
pub(super) fn records(evidence: &[Requirement]) -> String {
    evidence.iter().map(name).collect::<Vec<_>>().join("、")
}

/// The same of a rule. What is paid ahead is a deposit where the plan says so.
pub(super) fn records_of(rule: &Rule) -> String {
    let told = records(&rule.evidence);
    if rule.disposition == Disposition::Deposit { told.replace(Evidence::Prepayment.name(), "押金") } else { told }
}

fn name(requirement: &Requirement) -> String {
    requirement.name().replace('(', "（").replace(')', "）")
}

/// What patterns name, in Chinese, with those concerned behind: `住院结算（居民医保）`, `挂号、检查（均限跨省异地）`.
pub(super) fn names(businesses: &[Pattern], scope: &Scope, plan: &Plan) -> String {
    let name = |pattern: &Pattern| match pattern {
        Pattern::All => REST,
        Pattern::Under(business) => plan.name_of(business),
    };
    let names: Vec<&str> = businesses.iter().map(name).collect();
    let (names, whom) = (names.join("、"), plan.whom(scope));
    match businesses.len() {
        _ if whom.is_empty() => names,
        0 => whom,
        1 => format!("{names}（{whom}）"),
        _ => format!("{names}（均限{whom}）"),
    }
}

/// What a rule is about; where another one closes the same at another time, of which closing besides.
pub(super) fn about(rule: &Rule, plan: &Plan) -> String {
    let names = named(rule, plan);
    let Some(window) = &rule.window else { return names };
    let is_twin = |other: &&Rule| {
        let same = (&other.businesses, &other.scope, &other.except) == (&rule.businesses, &rule.scope, &rule.except);
        same && other.window.as_ref().is_some_and(|its| its.closes != window.closes)
    };
    match plan.rules.iter().any(|other| is_twin(&other)) {
        true => format!("{names}（{}起停办的）", moment_words(window.closes, plan.issued)),
        false => names,
    }
}

/// The businesses that a rule names, whom they are for, and what it leaves out.
pub(super) fn named(rule: &Rule, plan: &Plan) -> String {
    let names = names(&rule.businesses, &rule.scope, plan);
    let except: Vec<&str> = rule.except.iter().map(|business| plan.name_of(business)).collect();
    if except.is_empty() { names } else { format!("{names}（不含{}）", except.join("、")) }
}

/// Those of a stage: whom it is for, else what it is about.
pub(super) fn stage_words(stage: &Stage, plan: &Plan) -> String {
    let whom = plan.whom(&stage.scope);
    if whom.is_empty() { names(&stage.businesses, &stage.scope, plan) } else { whom }
}

/// What the public is told of who is late; what the offices do about it among themselves is theirs.
pub(super) fn late_words(after: AfterDeadline) -> &'static str {
    match after {
        AfterDeadline::Refuse => "逾期不再受理。",
        AfterDeadline::Listed | AfterDeadline::ByCase => "逾期请联系经办机构。",
    }
}

/// A reopening: `7月15日24时`, `“验收通过”后（预计7月15日24时）`, `不再恢复`.
pub(super) fn reopening_words(reopens: &Reopens, issued: Date) -> String {
    match reopens {
        Reopens::At(moment) => moment_words(*moment, issued),
        Reopens::Awaits { name, expected, .. } => {
            let expected = expected.map(|moment| format!("（预计{}）", moment_words(moment, issued)));
            format!("“{name}”后{}", expected.unwrap_or_default())
        }
        Reopens::Never => "不再恢复".to_owned(),
    }
}

/// The text as a sentence of the notice: full-width punctuation but between figures, and a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let mut wide = String::with_capacity(text.len() + 3);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let within_figures =
            wide.ends_with(|c: char| c.is_ascii_digit()) && rest.peek().is_some_and(char::is_ascii_digit);
        wide.push(match c {
            ',' if !within_figures => '，',
            ':' if !within_figures => '：',
            ';' => '；',
            '(' => '（',
            ')' => '）',
            other => other,
        });
    }
    if !wide.ends_with(['。', '！', '？']) {
        wide.push('。');
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moments_are_said_as_notices_say_them() {
        let issued = date(2020, 9, 8);
        assert_eq!(moment_words(date(2020, 9, 21).at(0, 0, 0, 0), issued), "9月20日24时");
        assert_eq!(moment_words(date(2020, 9, 18).at(8, 30, 0, 0), issued), "9月18日8时30分");
        assert_eq!(moment_words(date(2021, 1, 1).at(0, 0, 0, 0), issued), "12月31日24时");
        assert_eq!(moment_words(date(2021, 1, 4).at(9, 0, 0, 0), issued), "2021年1月4日9时");
        assert_eq!(deadline_words(date(2020, 10, 10).at(0, 0, 0, 0), issued), "10月9日（星期五）24时前");
    }

    #[test]
    fn punctuation_is_chinese_but_for_the_colon_of_a_time() {
        assert_eq!(sentence("先自费,20:00后(含)再来;不退"), "先自费，20:00后（含）再来；不退。");
        assert_eq!(sentence("照常受理。"), "照常受理。");
    }

    #[test]
    fn a_person_brings_papers_and_the_provider_keeps_the_rest() {
        let needs = |item| Requirement { any_of: vec![vec![item]], optional: false };
        let evidence = [needs(Evidence::Telephone), needs(Evidence::Invoice), needs(Evidence::HaltedStamp)];
        assert_eq!(papers(&evidence), "发票");
        assert!(records(&evidence).contains("联系电话"));
    }
}
