//! A plan taken apart into entries and facts in words, so that two plans can be compared.

use super::part::Part;
use crate::calendar::Calendar;
use crate::outage::{
    Actor, Arrangement, Deadline, Due, Duty, Fallback, Pattern, Plan, Reopens, Requirement, Rule, Stage, Whose,
    moment_name,
};
use crate::time::{DateTime, Moment};
use crate::words::Worded;
use std::collections::BTreeMap;

/// One entry of a plan.
pub(super) struct Entry {
    pub part: Part,
    pub id: String,
    pub line: u32,
    pub businesses: Vec<String>,
    pub whom: String,
    /// Those of them who have their reopening, and what counts from it, by a stage.
    pub staged: Vec<String>,
    /// Always the same aspects in the same order for one part.
    pub facts: Vec<Fact>,
}

/// What an entry says of one aspect.
pub(super) struct Fact {
    pub aspect: &'static str,
    pub text: String,
    /// The text with each midnight written in one way: to write it otherwise changes nothing.
    same: String,
    pub moment: Option<DateTime>,
    pub is_deadline: bool,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Fact) -> bool {
        (self.aspect, &self.same, self.moment, self.is_deadline)
            == (other.aspect, &other.same, other.moment, other.is_deadline)
    }
}

fn fact(aspect: &'static str, text: impl Into<String>) -> Fact {
    let text = text.into();
    Fact { aspect, same: text.clone(), text, moment: None, is_deadline: false }
}

fn moment(aspect: &'static str, moment: Option<impl Into<Moment>>) -> Fact {
    let moment = moment.map(Into::into);
    let at = moment.map(|moment| moment.at);
    let same = at.map(moment_name).unwrap_or_default();
    Fact { moment: at, same, ..fact(aspect, moment.map(moment_name).unwrap_or_default()) }
}

fn reopening(aspect: &'static str, reopens: Option<&Reopens>) -> Fact {
    let text = reopens.map(Reopens::name).unwrap_or_default();
    let same = reopens.map(|reopens| reopens.in_one_way().name()).unwrap_or_default();
    Fact { moment: reopens.and_then(Reopens::expected), same, ..fact(aspect, text) }
}

/// A plan and the calendar that its deadlines are counted with.
struct Reading<'a> {
    plan: &'a Plan,
    calendar: &'a Calendar,
}

/// Everything that a plan says.
pub(super) fn entries(plan: &Plan, calendar: &Calendar) -> Vec<Entry> {
    let reading = Reading { plan, calendar };
    let mut entries = vec![reading.head()];
    entries.extend(plan.rules.iter().map(|rule| reading.rule(rule)));
    entries.extend(plan.stages.iter().map(|stage| reading.stage(stage)));
    entries.extend(plan.duties.iter().map(|duty| reading.duty(duty)));
    entries.extend(reading.relief());
    entries.extend(reading.rest());
    entries
}

/// The deadlines that a stage of either plan moves, of rules and duties that stand in both: by the earlier plan, and by the
/// later one. Who is of a stage in one plan only has the deadline of all others in the other.
pub(super) fn staged_deadlines(old: &Plan, new: &Plan, calendar: &Calendar) -> (Vec<Entry>, Vec<Entry>) {
    let of_rules = new.rules.iter().filter_map(|rule| {
        let earlier = old.rules.iter().find(|earlier| earlier.id == rule.id)?;
        let dues = (&earlier.deadline.as_ref()?.due, &rule.deadline.as_ref()?.due);
        Some((&rule.id, rule.line, &rule.businesses, Whose::from(rule), dues))
    });
    let of_duties = new.duties.iter().filter_map(|duty| {
        let earlier = old.duties.iter().find(|earlier| earlier.id == duty.id)?;
        let dues = (&earlier.deadline.as_ref()?.due, &duty.deadline.as_ref()?.due);
        Some((&duty.id, duty.line, &duty.businesses, Whose::from(&duty.scope), dues))
    });
    let gone = old.stages.iter().filter(|stage| !new.stages.iter().any(|kept| kept.id == stage.id));
    let stages: Vec<&Stage> = new.stages.iter().chain(gone).collect();
    let (before, after) = (Reading { plan: old, calendar }, Reading { plan: new, calendar });
    let mut entries = (Vec::new(), Vec::new());
    for (id, line, businesses, whose, (earlier, later)) in of_rules.chain(of_duties) {
        for stage in &stages {
            let ends = (before.end_of(stage, earlier, whose), after.end_of(stage, later, whose));
            if ends.0.1 || ends.1.1 {
                let id = format!("{id}·{}", stage.id);
                let entry = |reading: &Reading<'_>, due, end| {
                    let facts = vec![ending("期限", due, end)];
                    reading.entry(Part::StagedDeadline, &id, line, businesses, reading.plan.whom(&stage.scope), facts)
                };
                entries.0.push(entry(&before, earlier, ends.0.0));
                entries.1.push(entry(&after, later, ends.1.0));
            }
        }
    }
    entries
}

impl Reading<'_> {
    /// When a deadline ends for those of a stage, and whether it is the stage that says so.
    fn end_of(&self, stage: &Stage, due: &Due, whose: Whose<'_>) -> (Option<DateTime>, bool) {
        let own = self.plan.stages.iter().find(|own| own.id == stage.id);
        match own.and_then(|own| self.plan.end_under(own, due, whose, self.calendar)) {
            Some(at) => (at.moment(), at != self.plan.end_for(due, whose, self.calendar)),
            None => (self.plan.end_for(due, whose, self.calendar).moment(), false),
        }
    }

    /// Whom a stage is about, else which businesses.
    fn of_stage(&self, stage: &Stage) -> String {
        match self.plan.whom(&stage.scope) {
            whom if whom.is_empty() => self.names(&stage.businesses).join("、"),
            whom => whom,
        }
    }

    fn head(&self) -> Entry {
        let plan = self.plan;
        let switches = [
            (plan.switches.hold_debtor_benefits, "暂停欠费人后续待遇"),
            (plan.switches.review_clock_stops, "审核时限停计"),
            (plan.switches.late_payment_forgiven, "迟缴不影响待遇"),
        ];
        let switches: Vec<&str> = switches.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
        let (month, day) = plan.benefit_year_begins;
        let facts = vec![
            fact("名称", &*plan.title),
            fact("发布单位", &*plan.issuer),
            fact("统筹区", plan.pool.as_str()),
            fact("公告日期", plan.issued.to_string()),
            fact("突发停机", if plan.unplanned { "是" } else { "" }),
            moment("宣布时刻", plan.declared),
            moment("停办时刻", Some(plan.window.closes)),
            reopening("恢复时刻", Some(&plan.window.reopens)),
            moment("最后期限", Some(plan.ends)),
            fact("提醒提前", format!("{}小时", plan.ahead_hours)),
            fact("待遇年度起始", format!("{month}月{day}日")),
            fact("开关", switches.join("、")),
            fact("有意不提的业务", self.names(&plan.silent_ok).join("、")),
        ];
        let staged = plan.stages.iter().map(|stage| self.of_stage(stage)).collect();
        Entry { staged, ..self.entry(Part::Head, &plan.id, plan.line, &[], String::new(), facts) }
    }

    fn rule(&self, rule: &Rule) -> Entry {
        let window = rule.window.as_ref();
        let except: Vec<&str> = rule.except.iter().map(|business| self.plan.name_of(business)).collect();
        let facts = vec![
            fact("业务", self.names(&rule.businesses).join("、")),
            fact("不含业务", except.join("、")),
            fact("对象", self.plan.whom(&rule.scope)),
            fact("告知对象", actors(&rule.stated_audience)),
            fact("优先", if rule.prevails { "压过其他规则" } else { "" }),
            moment("停办时刻", window.map(|window| window.closes)),
            reopening("恢复时刻", window.map(|window| &window.reopens)),
            fact("处置方式", rule.disposition.name()),
            fact("办法", &*rule.advice),
            fact("停办前提醒", rule.advice_ahead.as_deref().unwrap_or_default()),
            fact("凭据", evidence(&rule.evidence)),
            self.deadline(rule.deadline.as_ref(), rule),
            lateness(rule.deadline.as_ref()),
            moment("起办时刻", rule.not_before),
            fact("生效日期", rule.effective.map(|effective| effective.name()).unwrap_or_default()),
            fact("备用办法", self.fallbacks(&rule.fallbacks, rule)),
            fact("台账", registers(rule)),
            fact("读法", rule.reading.as_deref().unwrap_or_default()),
            fact("条款", rule.clauses.join("、")),
        ];
        let staged = self.plan.staged_windows(rule).into_iter().map(|(stage, _)| self.of_stage(stage)).collect();
        let entry = self.entry(Part::Rule, &rule.id, rule.line, &rule.businesses, self.plan.whom(&rule.scope), facts);
        Entry { staged, ..entry }
    }

    fn stage(&self, stage: &Stage) -> Entry {
        let facts = vec![
            fact("业务", self.names(&stage.businesses).join("、")),
            fact("对象", self.plan.whom(&stage.scope)),
            fact("优先", if stage.prevails { "压过其他批次" } else { "" }),
            reopening("恢复时刻", Some(&stage.reopens)),
            fact("办法", stage.advice.as_deref().unwrap_or_default()),
            fact("条款", stage.clauses.join("、")),
        ];
        self.entry(Part::Stage, &stage.id, stage.line, &stage.businesses, self.plan.whom(&stage.scope), facts)
    }

    fn duty(&self, duty: &Duty) -> Entry {
        let facts = vec![
            fact("类别", duty.kind.name()),
            fact("责任方", actors(&duty.who)),
            fact("内容", &*duty.what),
            fact("业务", self.names(&duty.businesses).join("、")),
            fact("对象", self.plan.whom(&duty.scope)),
            fact("告知对象", actors(&duty.stated_audience)),
            fact("凭据", evidence(&duty.evidence)),
            self.deadline(duty.deadline.as_ref(), &duty.scope),
            lateness(duty.deadline.as_ref()),
            moment("起办时刻", duty.not_before),
            fact("台账", duty.register().map(|register| register.name()).unwrap_or_default()),
            fact("读法", duty.reading.as_deref().unwrap_or_default()),
            fact("条款", duty.clauses.join("、")),
        ];
        let due = duty.deadline.as_ref().map(|deadline| &deadline.due);
        let of_due = |stage: &&Stage| {
            due.is_some_and(|due| self.plan.end_under(stage, due, &duty.scope, self.calendar).is_some())
        };
        let staged = self.plan.stages.iter().filter(of_due).map(|stage| self.of_stage(stage)).collect();
        Entry { staged, ..self.entry(Part::Duty, &duty.id, duty.line, &duty.businesses, actors(&duty.who), facts) }
    }

    /// Supply ahead, extended limits, tolerance, and who loses nothing.
    fn relief(&self) -> Vec<Entry> {
        let plan = self.plan;
        let days = |days: Option<(_, _)>| days.map(|(first, last)| format!("{first}至{last}")).unwrap_or_default();
        let supplies = plan.supplies.iter().map(|supply| {
            let facts = vec![
                fact("业务", self.names(&supply.businesses).join("、")),
                fact("对象", plan.whom(&supply.scope)),
                fact("药量截止区间", days(supply.ends_between)),
                moment("提前开药截止", Some(supply.dispense_before)),
                fact("药量最长", supply.lasts_until.map(|day| day.to_string()).unwrap_or_default()),
                fact("办法", &*supply.advice),
                fact("条款", supply.clauses.join("、")),
            ];
            self.entry(Part::Supply, &supply.id, supply.line, &supply.businesses, plan.whom(&supply.scope), facts)
        });
        let extensions = plan.extensions.iter().map(|extension| {
            let facts = vec![
                fact("业务", self.names(&extension.businesses).join("、")),
                fact("对象", plan.whom(&extension.scope)),
                fact("就医时段", extension.care.map(|period| period.name()).unwrap_or_default()),
                fact("顺延范围", days(Some(extension.limit_ends))),
                self.due("顺延至", Some(&extension.due), &extension.scope),
                fact("条款", extension.clauses.join("、")),
            ];
            let businesses = &extension.businesses;
            self.entry(Part::Extension, &extension.id, extension.line, businesses, plan.whom(&extension.scope), facts)
        });
        let tolerances = plan.tolerances.iter().map(|tolerance| {
            let from = tolerance.from.as_ref().map_or("期限", |from| from.name());
            let facts = vec![
                fact("业务", self.names(&tolerance.businesses).join("、")),
                fact("对象", plan.whom(&tolerance.scope)),
                fact("宽限", format!("{from}后{}{}", tolerance.days, tolerance.unit.name())),
                fact("条款", tolerance.clauses.join("、")),
            ];
            let businesses = &tolerance.businesses;
            self.entry(Part::Tolerance, &tolerance.id, tolerance.line, businesses, plan.whom(&tolerance.scope), facts)
        });
        let harmless = plan.hold_harmless.iter().map(|promise| {
            let protects: Vec<&str> = promise.protects.iter().map(|protection| protection.name()).collect();
            let facts = vec![
                fact("业务", self.names(&promise.businesses).join("、")),
                fact("对象", plan.whom(&promise.scope)),
                fact("就医时段", promise.care.map(|period| period.name()).unwrap_or_default()),
                fact("不受损", protects.join("、")),
                self.due("期限", promise.due.as_ref(), &promise.scope),
                fact("办法", &*promise.advice),
                fact("条款", promise.clauses.join("、")),
            ];
            self.entry(
                Part::HoldHarmless,
                &promise.id,
                promise.line,
                &promise.businesses,
                plan.whom(&promise.scope),
                facts,
            )
        });
        supplies.chain(extensions).chain(tolerances).chain(harmless).chain(self.arrangements()).collect()
    }

    /// What holds around the closings.
    fn arrangements(&self) -> Vec<Entry> {
        let entry = |one: Arrangement| {
            let facts = vec![
                fact("业务", self.names(&one.businesses).join("、")),
                fact("对象", self.plan.whom(&one.scope)),
                Fact { moment: one.moment, is_deadline: one.is_deadline, ..fact("内容", one.text) },
                fact("办法", one.advice),
                fact("条款", one.clauses.join("、")),
            ];
            self.entry(one.part, &one.id, one.line, &one.businesses, self.plan.whom(&one.scope), facts)
        };
        self.plan.arrangements().into_iter().map(entry).collect()
    }

    /// Events, lists, names of businesses, groups, systems, counties, pools, providers and telephone numbers.
    fn rest(&self) -> Vec<Entry> {
        let plan = self.plan;
        let events = plan.events.iter().map(|event| {
            let facts = vec![fact("名称", &*event.name), fact("登记人", actors(&event.who))];
            self.entry(Part::Event, &event.id, event.line, &[], String::new(), facts)
        });
        let checklists = plan.checklists.iter().map(|list| {
            let facts = vec![
                fact("名称", &*list.title),
                fact("责任方", actors(&list.who)),
                fact("清单", list.items.join("、")),
                moment("期限", list.by),
                fact("条款", list.clauses.join("、")),
            ];
            self.entry(Part::Checklist, &list.id, list.line, &[], actors(&list.who), facts)
        });
        let names = plan.names.iter().map(|(business, name)| {
            self.entry(Part::Business, business.as_str(), 0, &[], String::new(), vec![fact("名称", &**name)])
        });
        let systems = plan.systems.iter().map(|system| {
            let facts = vec![fact("名称", &*system.name), fact("说明", &*system.role)];
            self.entry(Part::System, &system.id, 0, &[], String::new(), facts)
        });
        let groups = plan.groups.iter().map(|group| {
            let facts = vec![fact("名称", &*group.name), fact("成员", group.told())];
            self.entry(Part::Group, &group.id, group.line, &[], group.name.clone(), facts)
        });
        let named = |part: Part, names: &BTreeMap<String, String>| {
            let entry = |(code, name): (&String, &String)| {
                self.entry(part, code, 0, &[], name.clone(), vec![fact("名称", &**name)])
            };
            names.iter().map(entry).collect::<Vec<_>>()
        };
        let words = |part: Part, words: Vec<&'static Worded>| {
            let entry = |row: &Worded| {
                let facts = vec![fact("名称", row.name), fact("栏目", row.field)];
                self.entry(part, row.word, 0, &[], row.name.to_owned(), facts)
            };
            words.into_iter().map(entry).collect::<Vec<_>>()
        };
        let evidence = words(Part::Evidence, plan.evidence.iter().map(|own| own.row()).collect());
        let channels = words(Part::Channel, plan.channels.iter().map(|own| own.row()).collect());
        let pools = named(Part::Pool, &plan.pool_names);
        let providers = named(Part::Provider, &plan.provider_names);
        let counties = plan.counties.iter().map(|county| {
            let facts = vec![fact("名称", &*county.name), fact("其他代码", county.also.join("、"))];
            self.entry(Part::County, &county.code, county.line, &[], county.name.clone(), facts)
        });
        let contacts = plan.contacts.iter().map(|contact| {
            let insurance = contact.insurance.map(|insurance| insurance.name()).unwrap_or_default();
            let county = plan.counties.iter().find(|county| county.code == contact.county);
            let county = county.map_or(&*contact.county, |county| &*county.name);
            let whom = if insurance.is_empty() { county.to_owned() } else { format!("{county}·{insurance}") };
            let id = format!("{} {}{insurance}", contact.county, contact.office);
            self.entry(Part::Contact, &id, contact.line, &[], whom, vec![fact("电话", &*contact.telephone)])
        });
        let named = groups.chain(evidence).chain(channels).chain(pools).chain(providers).chain(counties);
        events.chain(checklists).chain(names).chain(systems).chain(named).chain(contacts).collect()
    }

    fn entry(&self, part: Part, id: &str, line: u32, about: &[Pattern], whom: String, facts: Vec<Fact>) -> Entry {
        Entry { part, id: id.to_owned(), line, businesses: self.names(about), staged: Vec::new(), whom, facts }
    }

    fn names(&self, patterns: &[Pattern]) -> Vec<String> {
        let name = |pattern: &Pattern| match pattern {
            Pattern::All => "其余全部业务",
            Pattern::Under(business) => self.plan.name_of(business),
        };
        patterns.iter().map(|pattern| name(pattern).to_owned()).collect()
    }

    fn deadline<'s>(&self, deadline: Option<&Deadline>, whose: impl Into<Whose<'s>>) -> Fact {
        self.due("期限", deadline.map(|deadline| &deadline.due), whose)
    }

    fn due<'s>(&self, aspect: &'static str, due: Option<&Due>, whose: impl Into<Whose<'s>>) -> Fact {
        let Some(due) = due else { return Fact { is_deadline: true, ..fact(aspect, "") } };
        let moment = self.plan.end_for(due, whose, self.calendar).moment();
        ending(aspect, due, moment)
    }

    fn fallbacks(&self, fallbacks: &[Fallback], rule: &Rule) -> String {
        let name = |fallback: &Fallback| {
            let deadline = self.deadline(fallback.deadline.as_ref(), rule).text;
            let (evidence, late) = (evidence(&fallback.evidence), lateness(fallback.deadline.as_ref()).text);
            let parts = [fallback.disposition.name(), &fallback.advice, &evidence, &deadline, &late];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!("{}:{}", fallback.case(), parts.join(","))
        };
        fallbacks.iter().map(name).collect::<Vec<_>>().join("；")
    }
}

/// `恢复后10个工作日内(至2020-10-09 24:00)`: so it differs where its moment does.
fn ending(aspect: &'static str, due: &Due, moment: Option<DateTime>) -> Fact {
    let until = match (due, moment) {
        (Due::By(_), _) | (_, None) => String::new(),
        (_, Some(moment)) => format!("（至{}）", moment_name(moment)),
    };
    let same = match due {
        Due::By(by) => moment_name(by.at),
        _ => format!("{}{until}", due.name()),
    };
    Fact { aspect, text: format!("{}{until}", due.name()), same, moment, is_deadline: true }
}

/// What happens to who is late.
fn lateness(deadline: Option<&Deadline>) -> Fact {
    fact("逾期处理", deadline.map(|deadline| deadline.after.name()).unwrap_or_default())
}

fn evidence(requirements: &[Requirement]) -> String {
    requirements.iter().map(Requirement::name).collect::<Vec<_>>().join("、")
}

fn registers(rule: &Rule) -> String {
    rule.registers().iter().map(|register| register.name()).collect::<Vec<_>>().join("、")
}

fn actors(who: &[Actor]) -> String {
    who.iter().map(|actor| actor.name()).collect::<Vec<_>>().join("、")
}
