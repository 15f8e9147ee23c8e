//! The public notice (停机公告), drawn from the plan alone: what stops when, what to do before and meanwhile, for whom,
//! until when, and whom to ask.
//!
//! A page of the site and a file of its own say the same; both print on A4 without script. Every sentence is the plan's
//! advice or follows from its words, and every part names the clauses that it comes from.

mod groups;
mod tables;
mod until;
mod words;

use crate::frame::Frame;
use askama::Template;
pub(crate) use groups::Group;
use groups::{Part, parts};
use tables::{Before, Care, Closing, Late, Said, Wave};
use words::{moment_words, reopening_words};
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Business, Disposition, Insurance, Pattern, Plan, Reopens, Rule, Window};

/// The notice as a page of the site.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) struct NoticePage {
    frame: Frame,
    notice: Notice,
}

/// The notice as a file that needs nothing else.
#[derive(Template)]
#[template(path = "notice_alone.html")]
struct NoticeFile {
    notice: Notice,
    style: &'static str,
}

/// The notice of a plan as an HTML file for the web site of the city and for the printer. The calendar gives the dates
/// of deadlines in working days; one that it does not reach stays in words. The working view, for the offices, says besides how
/// the notice is read where it is doubtful, and what is text until its desk comes.
///
/// # Errors
/// Where the template cannot be written, which is a fault of ours.
pub fn notice(plan: &Plan, calendar: &Calendar, working: bool) -> Result<String, askama::Error> {
    let mut notice = Notice::of(plan, calendar);
    if working {
        notice.working = tables::working(plan);
    }
    NoticeFile { notice, style: include_str!("../../templates/style.css") }.render()
}

impl NoticePage {
    pub(super) fn of(frame: Frame, plan: &Plan, calendar: &Calendar) -> NoticePage {
        NoticePage { frame, notice: Notice::of(plan, calendar) }
    }
}

/// What the notice says.
struct Notice {
    title: String,
    issuer: String,
    issued: String,
    opening: String,
    closings: Vec<Closing>,
    open: Vec<Said>,
    waves: Vec<Wave>,
    beside_closings: Vec<Said>,
    before: Vec<Before>,
    care: Vec<Care>,
    parts: Vec<Part>,
    deadlines: Vec<Late>,
    relief: Vec<Said>,
    telephones: Telephones,
    /// Remarks for the offices; none in the public notice.
    working: Vec<Said>,
}

/// The telephone table: an office a row, a column for each branch of insurance that has numbers of its own.
struct Telephones {
    schemes: Vec<&'static str>,
    rows: Vec<TelephoneRow>,
}

struct TelephoneRow {
    county: String,
    office: String,
    /// One a column, empty where the plan has none; a number for all branches stands in each.
    numbers: Vec<String>,
}

impl Notice {
    fn of(plan: &Plan, calendar: &Calendar) -> Notice {
        let open = plan.rules.iter().filter(|rule| rule.disposition == Disposition::Open);
        Notice {
            title: title(&plan.title),
            issuer: plan.issuer.clone(),
            issued: plan.issued.strftime("%Y年%-m月%-d日").to_string(),
            opening: opening(plan),
            closings: tables::closings(plan),
            open: open.map(|rule| tables::goes_on(rule, plan)).collect(),
            waves: tables::waves(plan),
            beside_closings: tables::beside_closings(plan, calendar),
            before: tables::before(plan, calendar),
            care: tables::care(plan, calendar),
            parts: parts(plan, calendar),
            deadlines: tables::deadlines(plan, calendar),
            relief: tables::relief(plan, calendar),
            telephones: Telephones::of(plan),
            working: Vec::new(),
        }
    }
}

/// A plan's title as that of its notice.
fn title(plan_title: &str) -> String {
    match plan_title.strip_suffix("方案") {
        Some(what) => format!("{what}公告"),
        None if plan_title.ends_with(['告', '知']) => plan_title.to_owned(),
        None => format!("{plan_title}公告"),
    }
}

/// The first paragraph: from when to when, and how to read the rest.
fn opening(plan: &Plan) -> String {
    let cause = if plan.unplanned { "因系统故障，" } else { "" };
    let closes = moment_words(plan.window.closes, plan.issued);
    let until = reopening_words(&plan.window.reopens, plan.issued);
    let until = match &plan.window.reopens {
        Reopens::At(_) => format!("起至{until}止{}，下列业务停办", other_times(plan)),
        Reopens::Awaits { .. } => format!("起，下列业务停办，待{until}恢复"),
        Reopens::Never => "起，下列业务终止".to_owned(),
    };
    let closing = || plan.rules.iter().filter(|rule| rule.window.is_some()).flat_map(|rule| &rule.businesses);
    let query = Business::named("query");
    let closes_queries = closing().any(|pattern| matches!(pattern, Pattern::Under(of) if of.is_within(&query)));
    let rest = match (closing().any(|pattern| *pattern == Pattern::All), closes_queries) {
        (false, _) => "，没有列出的业务照常办理",
        (true, false) => "，查询不受影响",
        (true, true) => "",
    };
    let rows = tables::closings(plan).len() + tables::waves(plan).len();
    let times = if rows > 1 {
        "各项业务停办和恢复的时间不尽相同，以第一部分为准"
    } else {
        "停办的业务见第一部分"
    };
    // Only where every kind of care has a way of its own: care that is simply refused does not go on.
    let mut care = plan.rules.iter().filter(|rule| words::is_care(rule)).peekable();
    let goes_on = |rule: &Rule| !matches!(rule.disposition, Disposition::Refuse | Disposition::RejectRefund);
    let care = if care.peek().is_some() && care.all(goes_on) { "停办期间照常看病，" } else { "停办期间" };
    let replaces = replaced(plan);
    format!("{replaces}{cause}自{closes}{until}。{times}{rest}。{care}请按本公告办理，由此带来的不便敬请谅解。")
}

/// So many other times are named at the beginning.
const TIMES_MAX: usize = 2;

/// The times at which something else is closed, apart from the main ones: `，以及自7月20日18时起至7月21日8时止`.
fn other_times(plan: &Plan) -> String {
    let mut windows: Vec<Window> = plan.rules.iter().filter_map(|rule| tables::window_of(rule, plan)).collect();
    windows.sort();
    // What overlaps the main times, or times that do, is the row of a table and not a time of its own.
    let mut with_the_main: Vec<Window> = vec![plan.window.clone()];
    loop {
        let touches = |window: &Window| with_the_main.iter().any(|other| other.touches(window));
        let (near, far): (Vec<Window>, Vec<Window>) = windows.into_iter().partition(touches);
        windows = far;
        if near.is_empty() {
            break;
        }
        with_the_main.extend(near);
    }
    let mut apart: Vec<Window> = Vec::new();
    for window in windows.into_iter().filter(|window| window.reopens.moment().is_some()) {
        if apart.iter().all(|other| !other.touches(&window)) {
            apart.push(window);
        }
    }
    let others = apart.len();
    if others > TIMES_MAX {
        return format!("，以及第一部分所列的其他{others}个时段");
    }
    let words = apart.iter().map(|window| {
        let closes = moment_words(window.closes, plan.issued);
        format!("，以及自{closes}起至{}止", reopening_words(&window.reopens, plan.issued))
    });
    words.collect()
}

/// What a re-plan replaces, and what it moves the main reopening from; empty for a first version.
fn replaced(plan: &Plan) -> String {
    let Some(version) = plan.replaces else { return String::new() };
    let moved = plan.planned_reopens.filter(|planned| plan.window.reopens.moment() != Some(*planned));
    let moved = moved.map(|planned| {
        let now = reopening_words(&plan.window.reopens, plan.issued);
        format!("恢复时间原定{}，改为{now}。", moment_words(planned, plan.issued))
    });
    format!("本公告（第{}版）取代第{version}版公告。{}", plan.version, moved.unwrap_or_default())
}

impl Telephones {
    fn of(plan: &Plan) -> Telephones {
        let mut branches: Vec<Insurance> = plan.contacts.iter().filter_map(|contact| contact.insurance).collect();
        branches.sort();
        branches.dedup();
        let mut rows: Vec<TelephoneRow> = Vec::new();
        for contact in &plan.contacts {
            let county = plan.counties.iter().find(|county| county.code == contact.county);
            let county = county.map_or(&contact.county, |county| &county.name);
            let at = rows.iter().position(|row| row.county == *county && row.office == contact.office);
            let at = at.unwrap_or_else(|| {
                let numbers = vec![String::new(); branches.len().max(1)];
                rows.push(TelephoneRow { county: county.clone(), office: contact.office.clone(), numbers });
                rows.len() - 1
            });
            for (column, number) in rows[at].numbers.iter_mut().enumerate() {
                if contact.insurance.is_none() || contact.insurance == branches.get(column).copied() {
                    let apart = if number.is_empty() { "" } else { "、" };
                    *number = format!("{number}{apart}{}", contact.telephone);
                }
            }
        }
        let schemes: Vec<&'static str> = branches.into_iter().map(Insurance::name).collect();
        Telephones { schemes: if schemes.is_empty() { vec!["电话"] } else { schemes }, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, rehearsal};
    use super::*;
    use jiff::civil::date;
    use yibao_policy::plan::{SHIPPED, national_calendar, read};

    impl NoticePage {
        /// Both plans that come with the program, one in a rehearsal.
        pub(in crate::pages) fn samples() -> Vec<NoticePage> {
            let frames = [frame(), rehearsal(date(2020, 9, 9).at(9, 0, 0, 0))];
            let plans = SHIPPED.iter().map(|(_, text)| read(text).unwrap());
            plans.zip(frames).map(|(plan, frame)| NoticePage::of(frame, &plan, &national_calendar())).collect()
        }
    }

    fn shipped(index: usize) -> Notice {
        Notice::of(&read(SHIPPED[index].1).unwrap(), &national_calendar())
    }

    #[test]
    fn what_stops_together_stands_in_one_row() {
        let bijie = shipped(0);
        let row = |name: &str| {
            let row = bijie.closings.iter().find(|row| row.names.iter().any(|said| said.text == name));
            row.map(|row| (&*row.closes, &*row.reopens))
        };
        assert_eq!(row("住院结算"), Some(("7月9日20时", "7月15日24时")));
        assert_eq!(row("门诊结算"), Some(("7月9日24时", "7月15日24时")));
        assert_eq!(row("职工医保费征缴"), Some(("7月6日0时", "7月16日0时")), "as the plan writes it");
        assert_eq!(row("手工报销"), Some(("7月9日18时", "7月15日24时")));
    }

    #[test]
    fn times_that_reach_the_main_ones_over_others_are_no_times_of_their_own() {
        let rule = |id: &str, business: &str, window: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\nclause = \"1\"\nbusiness = \"{business}\"\ndisposition = \"refuse\"\nadvice = \"请等恢复。\"\n{window}\n"
            )
        };
        let text = format!(
            "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
             closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n{}{}{}",
            rule("all", "settlement", ""),
            rule("early", "contribution", "closes = \"2021-07-04 00:00\"\nreopens = \"2021-07-07 24:00\""),
            rule("between", "enrolment", "closes = \"2021-07-06 00:00\"\nreopens = \"2021-07-12 24:00\""),
        );
        let notice = Notice::of(&read(&text).unwrap(), &national_calendar());
        assert!(!notice.opening.contains("以及自"), "{}", notice.opening);
    }

    #[test]
    fn a_business_that_closes_twice_is_told_of_both_times_and_which_is_meant() {
        let rule = |id: &str, rest: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\nclause = \"1\"\nbusiness = [\"settlement\", \"encounter\"]\ndisposition = \"refuse\"\n{rest}\n"
            )
        };
        let text = format!(
            "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
             closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n{}{}",
            rule("first", "advice = \"请等恢复。\""),
            rule("second", "closes = \"2021-07-20 18:00\"\nreopens = \"2021-07-21 08:00\"\nadvice = \"请次日办理。\"")
        );
        let notice = Notice::of(&read(&text).unwrap(), &national_calendar());
        let opening = &notice.opening;
        assert!(opening.contains("自7月9日24时起至7月15日24时止，以及自7月20日18时起至7月21日8时止"), "{opening}");
        let told: Vec<&str> =
            notice.parts.iter().flat_map(|part| &part.items).map(|item| item.about.as_str()).collect();
        let second = "医保结算、住院业务（7月20日18时起停办的）";
        assert!(told.contains(&second) && told.iter().any(|about| about.contains("7月9日24时起停办的")), "{told:?}");
        let rows: Vec<&str> =
            notice.closings.iter().flat_map(|row| &row.names).map(|said| said.text.as_str()).collect();
        assert!(rows.iter().all(|name| !name.contains("起停办的")), "the row says its times: {rows:?}");
    }

    #[test]
    fn deadlines_in_working_days_are_dates() {
        let panzhihua = shipped(1);
        let due: Vec<&str> = panzhihua.deadlines.iter().map(|row| &*row.until.text).collect();
        assert!(due.contains(&"10月9日（星期五）24时前"), "{due:?}");
        assert!(due.contains(&"12月31日（星期四）24时前"), "{due:?}");
    }

    #[test]
    fn a_number_for_all_branches_stands_in_each_column() {
        let text =
            SHIPPED[0].1.to_owned() + "\n[[contact]]\ncounty = \"520500\"\noffice = \"热线\"\ntelephone = \"12393\"\n";
        let telephones = Telephones::of(&read(&text).unwrap());
        assert_eq!(telephones.schemes, ["职工医保", "居民医保"]);
        assert_eq!(telephones.rows.last().unwrap().numbers, ["12393", "12393"]);
        assert_eq!(telephones.rows[0].numbers, ["0857-8296182", "0857-8245518"]);
    }

    #[test]
    fn the_opening_promises_nothing_that_the_plan_closes() {
        let text = SHIPPED[0].1;
        let of = |text: &str| opening(&read(text).unwrap());
        assert!(of(text).contains("，查询不受影响。"));
        assert!(!of(&text.replacen("business = \"*\"", "business = [\"*\", \"query\"]", 1)).contains("查询"));
        let single = text.replacen("business = \"*\"", "business = \"catalogue\"", 1);
        assert!(of(&single).contains("，没有列出的业务照常办理。"));
    }

    #[test]
    fn a_wave_has_a_deadline_of_its_own() {
        let stage = "\n[[stage]]\nid = \"late\"\nproviders = \"H52050200001\"\nreopens = \"2020-10-12 08:00\"\n";
        let plan = read(&format!("{}{stage}", SHIPPED[1].1)).unwrap();
        let due = Notice::of(&plan, &national_calendar()).deadlines;
        // Ten working days after October 12 at 8:00: 13 to 16, 19 to 23, 26.
        let both = "10月9日（星期五）24时前；机构H52050200001：10月26日（星期一）24时前";
        assert!(
            due.iter().any(|row| row.until.text == both),
            "{:?}",
            due.iter().map(|row| &row.until).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_stage_for_everybody_is_the_reopening_that_is_told() {
        let stage = "\n[[stage]]\nid = \"later\"\nreopens = \"2021-07-18 08:00\"\n";
        let plan = read(&format!("{}{stage}", SHIPPED[0].1)).unwrap();
        let notice = Notice::of(&plan, &national_calendar());
        assert!(notice.closings.iter().all(|row| row.reopens == "7月18日8时"));
    }

    #[test]
    fn a_second_version_says_what_it_replaces() {
        let second = "[plan]\nversion = 2\nreplaces = 1\nplanned_reopens = \"2021-07-13 24:00\"\n";
        let plan = read(&SHIPPED[0].1.replacen("[plan]\n", second, 1)).unwrap();
        let said = opening(&plan);
        assert!(said.starts_with("本公告（第2版）取代第1版公告。恢复时间原定7月13日24时，改为7月15日24时。"), "{said}");
    }

    #[test]
    fn the_public_reads_nothing_of_lists_and_questions_among_offices() {
        for (_, text) in SHIPPED {
            let page = notice(&read(text).unwrap(), &national_calendar(), false).unwrap();
            assert!(!page.contains("请示。") && !page.contains("逾期列入清单"));
        }
    }

    #[test]
    fn the_working_view_says_how_the_notice_is_read_and_what_is_text() {
        let plan = read(SHIPPED[1].1).unwrap();
        let (public, working) = (notice(&plan, &national_calendar(), false), notice(&plan, &national_calendar(), true));
        assert!(!public.unwrap().contains("工作附注"));
        let working = working.unwrap();
        let text = "迟缴不影响待遇：征缴业务上线后";
        assert!(working.contains("工作附注") && working.contains(text) && working.contains("读法"), "{working}");
    }

    #[test]
    fn patients_hospitals_and_suppliers_are_told_what_concerns_them() {
        let duty = "\n[[duty]]\nid = \"stock\"\nclause = \"X\"\nkind = \"check\"\nwho = \"drug_supplier\"\nschemes = \"resident\"\nwhat = \"特药备货\"\n";
        let rule = "\n[[rule]]\nid = \"own\"\nclause = \"X\"\nbusiness = \"settlement.outpatient.special_drug\"\ndisposition = \"cash_claim\"\nschemes = \"resident\"\nplaces = \"remote\"\nadvice = \"特药先付后报\"\n";
        let plan = read(&format!("{}{duty}{rule}", SHIPPED[0].1)).unwrap();
        let parts = Notice::of(&plan, &national_calendar()).parts;
        let told = |group: &str, text: &str| {
            let mut own = parts.iter().filter(|part| part.groups.iter().any(|own| own.name() == group));
            own.any(|part| part.items.iter().any(|item| item.text.contains(text)))
        };
        for group in ["参保人员", "定点医疗机构", "供药机构"] {
            assert!(told(group, "特药先付后报"), "{group}");
        }
        assert!(told("供药机构", "特药备货") && !told("定点零售药店", "特药备货"));
    }

    #[test]
    fn what_a_rule_leaves_out_is_said() {
        let left_out = "business = \"hall\"\nexcept = [\"hall.filing\"]";
        let plan = read(&SHIPPED[0].1.replacen("business = \"hall\"", left_out, 1)).unwrap();
        let notice = Notice::of(&plan, &national_calendar());
        let mut names = notice.closings.iter().flat_map(|row| &row.names);
        assert!(names.any(|said| said.text == "网上服务大厅（不含网厅备案业务）"));
    }

    #[test]
    fn a_plan_becomes_a_notice_by_name() {
        assert_eq!(title("毕节市停机方案"), "毕节市停机公告");
        assert_eq!(title("停机公告"), "停机公告");
        assert_eq!(title("系统切换"), "系统切换公告");
    }
}
