//! `yibao plan explain`: what a plan says of one business at one moment, and which rule says so.

use super::given::{Events, plan_in};
use super::printed::{padded, say};
use crate::clock::parse_instant;
use crate::rules::Rules;
use anyhow::{anyhow, bail};
use clap::Args;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use yibao_domain::calendar::Calendar;
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::outage::{
    self, Business, Channel, Closed, Considered, Deadline, Due, DueAt, Effective, Explanation, Insurance, Moments,
    Outcome, Place, Plan, Population, Question, RegisterKind, Reopens, Requirement, Rule, Verdict, explain,
    moment_name,
};
use yibao_policy::plan::nearest_business;

/// 查询某项业务在某一时刻是否停办，以及由哪条规则决定
///
/// 没有说明的视为未知，要求它的规则不适用：不给 --scheme 时，只对居民的规则不算。不给 --pool、--place 视为本地参保、本地就医。
///
/// 例：
///   yibao plan explain plans/bijie-2021.toml --business settlement.inpatient --at 2021-07-09T20:00:00+08:00
///   yibao plan explain plans/panzhihua-2020.toml --business settlement.outpatient.ordinary \
///       --at 2020-09-11T00:00:00+08:00 --scheme resident --json
///
/// 退出码：0 已答复（开办或停办）；1 方案有问题，读不出意思（已列出）；2 问题本身有误
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct ExplainArgs {
    /// 方案文件
    file: PathBuf,
    /// 业务名，如 settlement.outpatient.special，或中文名，如 门诊结算
    #[arg(long)]
    business: String,
    /// 时刻，如 2021-07-09T19:55:00+08:00；不写时区即北京时间
    #[arg(long, value_parser = parse_instant)]
    at: DateTime,
    /// 险种：employee、resident、retired_cadre、maternity，或 310、390
    #[arg(long, value_parser = scheme)]
    scheme: Option<Insurance>,
    /// 参保统筹区（六位）；默认为方案的统筹区
    #[arg(long)]
    pool: Option<String>,
    /// 从参保地看的就医地：local、in_province、remote
    #[arg(long, value_parser = place)]
    place: Option<Place>,
    /// 人群，如 retired、registered_poor；可给多个
    #[arg(long, value_parser = population)]
    population: Vec<Population>,
    /// 方案里的分组编号：所问的机构或人员属于这一组；可给多个
    #[arg(long)]
    group: Vec<String>,
    /// 机构编号
    #[arg(long)]
    provider: Option<String>,
    /// 渠道：hospital、pharmacy、tax、hall、agency
    #[arg(long)]
    channel: Option<String>,
    /// 区县代码（六位），用于按区县的规则和咨询电话
    #[arg(long)]
    county: Option<String>,
    /// 输出 JSON，含考虑过的每一条规则
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    events: Events,
    #[command(flatten)]
    rules: Rules,
}

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let Some(plan) = plan_in(&args.file)? else { return Ok(ExitCode::FAILURE) };
    let plan = args.events.entered_in(plan)?;
    let calendar = args.rules.calendar()?;
    let question = question(args, &plan)?;
    let explanation = explain(std::slice::from_ref(&plan), &question, args.at);
    say(&if args.json {
        format!("{:#}\n", as_json(args, &explanation, &plan, &question, &calendar))
    } else {
        as_text(args, &explanation, &plan, &question, &calendar)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn question(args: &ExplainArgs, plan: &Plan) -> anyhow::Result<Question> {
    let by_name = || plan.names.iter().find(|(_, name)| **name == args.business).map(|(business, _)| business.clone());
    let by_word = Business::new(&args.business).filter(|business| plan.names.contains_key(business));
    let Some(business) = by_word.or_else(by_name) else {
        let near = nearest_business(&args.business, &plan.names);
        let near: Vec<String> = near.into_iter().map(|one| format!("{one}（{}）", plan.name_of(one))).collect();
        if near.is_empty() {
            bail!("没有“{}”这项业务；业务名见 docs/plans.md“Businesses”", args.business);
        }
        bail!("没有“{}”这项业务。相近的有：{}", args.business, near.join("、"));
    };
    let mut question = Question::about(business);
    let insured = args.pool.as_deref().map_or_else(|| plan.pool.clone(), Pool::new);
    // A person of another pool meets this plan because the care is given in its pool.
    question.care_pool = (insured != plan.pool).then(|| plan.pool.clone());
    question.insured_pool = Some(insured);
    question.place = args.place;
    question.scheme = args.scheme;
    question.populations.clone_from(&args.population);
    question.provider.clone_from(&args.provider);
    if let Some(unknown) = args.group.iter().find(|id| !plan.groups.iter().any(|group| group.id == **id)) {
        let known: Vec<&str> = plan.groups.iter().map(|group| group.id.as_str()).collect();
        let known = if known.is_empty() { "（无）".to_owned() } else { known.join("、") };
        bail!("方案没有分组“{unknown}”，可用：{known}");
    }
    question.records.groups.clone_from(&args.group);
    question.channel = args.channel.as_deref().map(|said| channel(said, plan)).transpose()?;
    question.county.clone_from(&args.county);
    Ok(question)
}

/// The rule that decided: the one that closes, or the governing one that does not.
fn deciding<'a>(explanation: &Explanation, plan: &'a Plan) -> Option<&'a Rule> {
    let first = explanation.considered.first()?;
    let governs = matches!(first.outcome, Outcome::Answers | Outcome::OutsideWindow(_));
    plan.rules.iter().find(|rule| governs && rule.id == first.rule)
}

/// What stops the personal account, where settlement goes on and whoever asks may have one.
fn account_stopped(args: &ExplainArgs, plan: &Plan, question: &Question) -> Option<Box<Closed>> {
    let is_settled = question.business.is_within(&Business::named("settlement"));
    let has_account = question.scheme != Some(Insurance::from(Scheme::Resident));
    if !is_settled || !has_account {
        return None;
    }
    outage::account_stopped(std::slice::from_ref(plan), question, args.at)
}

/// The rule that says that the business goes on, and how.
fn keeps_open<'a>(explanation: &Explanation, plan: &'a Plan) -> Option<&'a Rule> {
    deciding(explanation, plan).filter(|rule| rule.window.is_none())
}

fn as_text(
    args: &ExplainArgs,
    explanation: &Explanation,
    plan: &Plan,
    question: &Question,
    calendar: &Calendar,
) -> String {
    let mut lines = Vec::new();
    let mut line = |label: &str, text: &str| lines.push(format!("{}{text}", padded(label, 10)));
    line("方案", &format!("{}（{}）", plan.title, plan.id));
    line("业务", &format!("{}（{}）", plan.name_of(&question.business), question.business));
    line("时刻", &format!("{}（北京时间）", args.at.strftime("%Y-%m-%d %H:%M:%S")));
    match &explanation.verdict {
        Verdict::Open { remarks } => {
            match account_stopped(args, plan, question) {
                Some(closed) => {
                    line("结论", "开放，照常办理，但个人账户停用：结算照常，不使用个人账户");
                    line("个人账户", &closed.without_account());
                }
                None => line("结论", "开放，照常办理"),
            }
            if let Some(rule) = keeps_open(explanation, plan) {
                line("办法", &rule.advice);
                if !rule.evidence.is_empty() {
                    let evidence: Vec<String> = rule.evidence.iter().map(Requirement::name).collect();
                    line("凭据", &evidence.join("、"));
                }
            }
            remarks.iter().for_each(|remark| line("提示", remark));
        }
        Verdict::Closed(closed) => tell_closed(closed, plan, question, calendar, &mut line),
    }
    match deciding(explanation, plan) {
        Some(rule) => {
            let clauses = rule.clauses.join("、");
            line("依据", &format!("{}:{} {}（条款{clauses}）", args.file.display(), rule.line, rule.id));
            if let Some(reading) = &rule.reading {
                line("读法", reading);
            }
        }
        None => line("依据", "没有规则提及这种情形，未提及的业务一律开放"),
    }
    for granted in plan.relief_of(question, calendar) {
        line("另有", &format!("{}（第{}行）", granted.text, granted.line));
    }
    for beside in plan.beside(question) {
        line("还有", &format!("{}（第{}行）", beside.text, beside.line));
    }
    for text in plan.unserved_of(question) {
        line("暂为文字", &format!("{}：{}（第{}行）", text.what, text.desk, text.line));
    }
    if !explanation.stages.is_empty() {
        lines.push("\n各批恢复：".to_owned());
        for entry in &explanation.stages {
            let mark = if matches!(entry.outcome, Outcome::Moves(_)) { "→" } else { " " };
            lines.push(format!("{mark} 第{:>3}行 {}  {}", entry.line, entry.rule, entry.outcome));
        }
    }
    lines.push("\n各条规则：".to_owned());
    let told = |entry: &&Considered| entry.outcome != Outcome::OtherBusiness;
    let width = explanation.considered.iter().filter(told).map(|entry| entry.rule.len()).max().unwrap_or(0);
    for entry in explanation.considered.iter().filter(told) {
        let mark = if entry.outcome == Outcome::Answers { "→" } else { " " };
        lines.push(format!("{mark} 第{:>3}行 {}  {}", entry.line, padded(&entry.rule, width), entry.outcome));
    }
    let silent = explanation.considered.iter().filter(|entry| !told(entry)).count();
    lines.push(format!("  另有{silent}条未提及该业务\n"));
    lines.join("\n")
}

fn tell_closed(
    closed: &Closed,
    plan: &Plan,
    question: &Question,
    calendar: &Calendar,
    line: &mut impl FnMut(&str, &str),
) {
    let until = match &closed.until {
        Reopens::At(moment) => format!("{} 恢复", moment_name(*moment)),
        other => other.name(),
    };
    line("结论", &format!("停办：{} 起，{until}", moment_name(closed.since)));
    if let Some(stage) = closed.stage.as_ref().and_then(|id| plan.stages.iter().find(|stage| stage.id == *id)) {
        line("分批恢复", &format!("第{}行 {}", stage.line, stage.id));
    }
    line("处置", closed.disposition.name());
    line("办法", &closed.advice);
    if !closed.evidence.is_empty() {
        let evidence: Vec<String> = closed.evidence.iter().map(Requirement::name).collect();
        line("凭据", &evidence.join("、"));
    }
    if let Some(deadline) = &closed.deadline {
        line(
            "期限",
            &format!(
                "{}{}，{}",
                deadline.name(),
                ends(deadline, plan, closed, question, calendar),
                deadline.after.name()
            ),
        );
    }
    tell_rest(closed, plan, question, calendar, line);
    for contact in &closed.contacts {
        let scheme = contact.insurance.map(|insurance| format!("({})", insurance.name())).unwrap_or_default();
        line("电话", &format!("{} {}{scheme}", contact.office, contact.telephone));
    }
    line("答复原文", &closed.refusal().to_string());
}

/// What the rule says beside the refusal: from when on it is made good, when it takes effect, what to do else.
fn tell_rest(
    closed: &Closed,
    plan: &Plan,
    question: &Question,
    calendar: &Calendar,
    line: &mut impl FnMut(&str, &str),
) {
    let Some(rule) = plan.rules.iter().find(|rule| rule.id == closed.rule) else { return };
    if let Some(not_before) = rule.not_before {
        line("补办起始", &moment_name(not_before));
    }
    if let Some(effective) = rule.effective {
        line("生效", effective.name());
    }
    if let Some(register) = rule.register(&question.business) {
        line("台账", register.name());
    }
    for fallback in &rule.fallbacks {
        let ends = fallback.deadline.as_ref().map(|deadline| {
            format!(
                "（{}{}，{}）",
                deadline.name(),
                ends(deadline, plan, closed, question, calendar),
                deadline.after.name()
            )
        });
        let told = format!("{}:{}。{}", fallback.case(), fallback.disposition.name(), fallback.advice);
        line("否则", &(told + &ends.unwrap_or_default()));
        if !fallback.evidence.is_empty() {
            let evidence: Vec<String> = fallback.evidence.iter().map(Requirement::name).collect();
            line("凭据", &evidence.join("、"));
        }
    }
}

/// The moment of a deadline in brackets, for this question; empty where it depends on the case.
fn ends(deadline: &Deadline, plan: &Plan, closed: &Closed, question: &Question, calendar: &Calendar) -> String {
    match due(deadline, plan, closed, question, calendar) {
        DueAt::At(_) if matches!(deadline.due, Due::By(_)) => String::new(),
        DueAt::At(moment) => format!("（至{}）", moment_name(moment)),
        DueAt::NotYetKnown => "（起算时刻待定）".to_owned(),
        DueAt::Unknowable(_) => String::new(),
    }
}

fn due(deadline: &Deadline, plan: &Plan, closed: &Closed, question: &Question, calendar: &Calendar) -> DueAt {
    let moments = Moments { question: Some(question), since: Some(closed.since.at), ..Moments::default() };
    plan.due(deadline, &moments, calendar)
}

/// With the offset, so that a program cannot misread it.
pub(super) fn moment_json(moment: impl Into<DateTime>) -> Value {
    json!(format!("{}+08:00", moment.into().strftime("%Y-%m-%dT%H:%M:%S")))
}

fn as_json(
    args: &ExplainArgs,
    explanation: &Explanation,
    plan: &Plan,
    question: &Question,
    calendar: &Calendar,
) -> Value {
    let deciding = deciding(explanation, plan);
    let mut answer = json!({
        "plan": plan.id,
        "business": question.business.as_str(),
        "business_name": plan.name_of(&question.business),
        "at": moment_json(args.at),
        "rule": deciding.map(|rule| &rule.id),
        "line": deciding.map(|rule| rule.line),
        "clauses": deciding.map(|rule| &rule.clauses),
        "reading": deciding.and_then(|rule| rule.reading.as_ref()),
        "considered": explanation.considered.iter().map(considered_json).collect::<Vec<_>>(),
        "stages": explanation.stages.iter().map(considered_json).collect::<Vec<_>>(),
        "text_only": plan.unserved_of(question).into_iter().map(|text| format!("{}：{}", text.what, text.desk)).collect::<Vec<_>>(),
        "beside": plan.beside(question).into_iter().map(|beside| beside.text).collect::<Vec<_>>(),
        "relief": plan.relief_of(question, calendar).into_iter().map(|granted| granted.text).collect::<Vec<_>>(),
    });
    let told = match &explanation.verdict {
        Verdict::Open { remarks } => {
            let advice = keeps_open(explanation, plan).map(|rule| &rule.advice);
            let account = account_stopped(args, plan, question).map(|closed| closed.without_account());
            json!({ "verdict": "open", "remarks": remarks, "advice": advice, "without_account": account })
        }
        Verdict::Closed(closed) => closed_json(closed, plan, question, calendar),
    };
    if let (Some(answer), Value::Object(told)) = (answer.as_object_mut(), told) {
        answer.extend(told);
    }
    answer
}

fn closed_json(closed: &Closed, plan: &Plan, question: &Question, calendar: &Calendar) -> Value {
    let refusal = closed.refusal();
    let contacts = closed.contacts.iter().map(|contact| {
        json!({
            "county": contact.county,
            "office": contact.office,
            "scheme": contact.insurance.map(Insurance::word),
            "telephone": contact.telephone,
        })
    });
    let deadline = closed.deadline.as_ref().map(|deadline| {
        json!({
            "name": deadline.name(),
            "before": due(deadline, plan, closed, question, calendar).moment().map(moment_json),
            "after_deadline": deadline.after.word(),
        })
    });
    let evidence = |requirements: &[Requirement]| -> Vec<Value> {
        let told = requirements.iter().map(|requirement| {
            let sets = requirement.any_of.iter().map(|set| set.iter().map(|item| item.word()).collect::<Vec<_>>());
            json!({ "any_of": sets.collect::<Vec<_>>(), "optional": requirement.optional, "name": requirement.name() })
        });
        told.collect()
    };
    let rule = plan.rules.iter().find(|rule| rule.id == closed.rule);
    let fallbacks = rule.into_iter().flat_map(|rule| &rule.fallbacks).map(|fallback| {
        json!({
            "when": fallback.when.iter().map(|when| when.word()).collect::<Vec<_>>(),
            "disposition": fallback.disposition.word(),
            "advice": fallback.advice,
            "evidence": evidence(&fallback.evidence),
            "after_deadline": fallback.deadline.as_ref().map(|deadline| deadline.after.word()),
            "before": fallback.deadline.as_ref().and_then(|deadline| due(deadline, plan, closed, question, calendar).moment()).map(moment_json),
        })
    });
    json!({
        "verdict": "closed",
        "since": moment_json(closed.since),
        "until": closed.until.moment().map(moment_json),
        "expected": closed.until.expected().map(moment_json),
        "reopens": closed.until.name(),
        "stage": closed.stage,
        "disposition": closed.disposition.word(),
        "disposition_name": closed.disposition.name(),
        "advice": closed.advice,
        "evidence": evidence(&closed.evidence),
        "deadline": deadline,
        "not_before": rule.and_then(|rule| rule.not_before).map(moment_json),
        "effective": rule.and_then(|rule| rule.effective).map(Effective::word),
        "register": rule.and_then(|rule| rule.register(&question.business)).map(RegisterKind::word),
        "fallbacks": fallbacks.collect::<Vec<_>>(),
        "contacts": contacts.collect::<Vec<_>>(),
        "err_msg": refusal.to_string(),
        "warn_msg": refusal.advice,
    })
}

fn considered_json(entry: &Considered) -> Value {
    let outcome = match &entry.outcome {
        Outcome::Answers => "answers",
        Outcome::OutsideWindow(_) => "outside_window",
        Outcome::SameRank { .. } => "same_rank",
        Outcome::LessSpecific { .. } => "less_specific",
        Outcome::OtherScope(_) => "other_scope",
        Outcome::OtherBusiness => "other_business",
        Outcome::OtherPool => "other_pool",
        Outcome::Moves(_) => "moves",
        Outcome::MovesNothing => "moves_nothing",
    };
    json!({
        "rule": entry.rule,
        "line": entry.line,
        "clauses": entry.clauses,
        "outcome": outcome,
        "why": entry.outcome.to_string(),
    })
}

fn scheme(text: &str) -> Result<Insurance, String> {
    let by_insutype = Scheme::of_insutype(text).map(Insurance::from);
    let offer = Insurance::ALL.iter().map(|value| (value.word(), value.name()));
    Insurance::of_word(text).or(by_insutype).ok_or_else(|| not_among(text, offer))
}

fn place(text: &str) -> Result<Place, String> {
    Place::of_word(text).ok_or_else(|| not_among(text, Place::ALL.iter().map(|value| (value.word(), value.name()))))
}

fn population(text: &str) -> Result<Population, String> {
    let offer = Population::ALL.iter().map(|value| (value.word(), value.name()));
    Population::of_word(text).ok_or_else(|| not_among(text, offer))
}

fn channel(text: &str, plan: &Plan) -> anyhow::Result<Channel> {
    let known = || Channel::KNOWN.iter().chain(&plan.channels);
    let found = known().copied().find(|channel| channel.word() == text);
    found.ok_or_else(|| anyhow!(not_among(text, known().map(|value| (value.word(), value.name())))))
}

fn not_among(text: &str, offer: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let offer: Vec<String> = offer.map(|(word, name)| format!("{word}（{name}）")).collect();
    format!("没有“{text}”，可用：{}", offer.join("、"))
}
