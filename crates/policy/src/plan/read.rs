//! Reads a plan's text into `domain::outage::Plan`. What cannot be read at all is a problem with its line; what can be
//! read but contradicts itself is left to [`super::check`].

use super::Problem;
use super::businesses::{known_businesses, read_names};
use super::source::{At, Source, Table};
use std::collections::BTreeMap;
use toml::de::DeTable;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Actor, AfterDeadline, Business, Channel, Contact, County, Deadline, Disposition, Due, Duty, DutyKind, Evidence,
    Insurance, InsuredIn, Pattern, Place, Plan, Population, Requirement, Rule, Scope, Supply, Switches, System, Window,
};

/// Reads a plan, or says everything that is wrong with it.
pub fn read(text: &str) -> Result<Plan, Vec<Problem>> {
    let source = Source::new(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let line = error.span().map_or(1, |span| source.line(span.start));
            source.problem(line, format!("不是有效的 TOML:{}", error.message()));
            return Err(source.into_problems());
        }
    };
    let plan = read_plan(&source, &Table::new(&source, root.get_ref(), "方案", 0..0));
    let problems = source.into_problems();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(problems),
    }
}

/// Reads every part before giving up on one, so that all problems are told at once.
fn read_plan(source: &Source, root: &Table<'_>) -> Option<Plan> {
    let mut names = known_businesses();
    if let Some(own) = root.table("businesses", "[businesses]") {
        names.extend(read_names(&own, source));
    }
    let reader = Reader { source, names: &names };
    let head = root.table("plan", "[plan]");
    if head.is_none() && !root.has("plan") {
        source.problem(1, "方案缺少 [plan] 部分,请补上");
    }
    let head = head.and_then(|head| reader.head(head));
    let main = head.as_ref().map(|head| head.window);

    let switches = root.table("switches", "[switches]").map(read_switches).unwrap_or_default();
    let systems = each(root.tables("system", "[[system]]"), |table| reader.system(table));
    let rules = each(root.tables("rule", "[[rule]]"), |table| reader.rule(table, main));
    let duties = each(root.tables("duty", "[[duty]]"), |table| reader.duty(table));
    let supplies = each(root.tables("supply", "[[supply]]"), |table| reader.supply(table));
    let counties = each(root.tables("county", "[[county]]"), |table| reader.county(table));
    let contacts = each(root.tables("contact", "[[contact]]"), |table| reader.contact(table));
    root.report_unknown();

    let head = head?;
    Some(Plan {
        id: head.id,
        title: head.title,
        issuer: head.issuer,
        pool: head.pool,
        issued: head.issued,
        ends: head.ends,
        window: head.window,
        line: head.line,
        ahead_hours: head.ahead_hours,
        switches,
        systems,
        rules,
        duties,
        supplies,
        counties,
        contacts,
        names,
    })
}

/// Reads each table and then reports the keys in it that nobody asked for.
fn each<'a, T>(tables: Vec<Table<'a>>, mut read: impl FnMut(&Table<'a>) -> Option<T>) -> Vec<T> {
    let mut values = Vec::new();
    for table in tables {
        values.extend(read(&table));
        table.report_unknown();
    }
    values
}

fn read_switches(table: Table<'_>) -> Switches {
    let switches = Switches {
        hold_debtor_benefits: table.flag("hold_debtor_benefits"),
        review_clock_stops: table.flag("review_clock_stops"),
        late_payment_forgiven: table.flag("late_payment_forgiven"),
    };
    table.report_unknown();
    switches
}

struct Head {
    id: String,
    title: String,
    issuer: String,
    pool: Pool,
    issued: jiff::civil::Date,
    ends: jiff::civil::DateTime,
    window: Window,
    line: u32,
    ahead_hours: u32,
}

struct Reader<'a> {
    source: &'a Source,
    names: &'a BTreeMap<Business, String>,
}

/// All words of a vocabulary, to offer where one is wrong.
macro_rules! words {
    ($vocabulary:ident) => {
        &$vocabulary::ALL.iter().map(|value| value.word()).collect::<Vec<_>>()
    };
}

impl Reader<'_> {
    fn head(&self, table: Table<'_>) -> Option<Head> {
        let id = table.needed_text("id");
        let title = table.needed_text("title");
        let issuer = table.needed_text("issuer");
        let pool = table.needed_text("pool");
        let issued = table.needed_day("issued");
        let ends = table.needed_moment("ends");
        let closes = table.needed_moment("closes");
        let reopens = table.needed_moment("reopens");
        let ahead_hours = table.number("ahead_hours", 24 * 366).map_or(0, |hours| hours.value);
        table.report_unknown();
        let pool = pool.filter(|pool| self.division(pool))?;
        Some(Head {
            id: id?.value,
            title: title?.value,
            issuer: issuer?.value,
            pool: Pool::new(pool.value),
            issued: issued?.value,
            ends: ends?.value,
            window: Window { closes: closes?.value, reopens: reopens?.value },
            line: table.line,
            ahead_hours,
        })
    }

    fn rule(&self, table: &Table<'_>, main: Option<Window>) -> Option<Rule> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.patterns(table, true);
        let scope = self.scope(table);
        let disposition = table.word("disposition", Disposition::of_word, words!(Disposition));
        if !table.has("disposition") {
            self.source.problem(table.line, "[[rule]]缺少必填项 disposition,请写明处置方式");
        }
        let (closes, reopens) = (table.moment("closes"), table.moment("reopens"));
        let advice = table.needed_text("advice");
        let advice_ahead = table.text("advice_ahead").map(|text| text.value);
        let evidence = self.evidence(table);
        let deadline = self.deadline(table);
        let reading = table.text("reading").map(|text| text.value);
        let disposition = disposition?;
        let window = if disposition == Disposition::Open {
            for moment in [&closes, &reopens].into_iter().flatten() {
                self.source.problem(moment.line, "照常办理(open)的规则没有停办时段,请删去 closes 和 reopens");
            }
            None
        } else {
            let closes = closes.map(|at| at.value).or(main.map(|window| window.closes));
            let reopens = reopens.map(|at| at.value).or(main.map(|window| window.reopens));
            Some(Window { closes: closes?, reopens: reopens? })
        };
        Some(Rule {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            window,
            disposition,
            advice: advice?.value,
            advice_ahead,
            evidence,
            deadline,
            reading,
        })
    }

    fn duty(&self, table: &Table<'_>) -> Option<Duty> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let kind = table.word("kind", DutyKind::of_word, words!(DutyKind));
        if !table.has("kind") {
            self.source.problem(table.line, "[[duty]]缺少必填项 kind,请写明事项类别");
        }
        if !table.has("who") {
            self.source.problem(table.line, "[[duty]]缺少必填项 who,请写明责任方");
        }
        let who = table.words("who", Actor::of_word, words!(Actor));
        let what = table.needed_text("what");
        let businesses = self.patterns(table, false);
        let evidence = self.evidence(table);
        let deadline = self.deadline(table);
        let reading = table.text("reading").map(|text| text.value);
        Some(Duty {
            id: id?.value,
            clauses,
            line: table.line,
            kind: kind?,
            who,
            what: what?.value,
            businesses,
            evidence,
            deadline,
            reading,
        })
    }

    fn supply(&self, table: &Table<'_>) -> Option<Supply> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.patterns(table, true);
        let (first, last) = (table.day("ends_from"), table.day("ends_until"));
        let dispense_before = table.needed_moment("dispense_before");
        let lasts_until = table.day("lasts_until").map(|day| day.value);
        let advice = table.needed_text("advice");
        if first.is_some() != last.is_some() {
            self.source.problem(table.line, "ends_from 与 ends_until 须同时填写");
        }
        Some(Supply {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            ends_between: first.zip(last).map(|(first, last)| (first.value, last.value)),
            dispense_before: dispense_before?.value,
            lasts_until,
            advice: advice?.value,
        })
    }

    fn county(&self, table: &Table<'_>) -> Option<County> {
        let code = table.needed_text("code");
        let name = table.needed_text("name");
        let also = table.texts("also");
        also.iter().for_each(|code| {
            self.division(code);
        });
        let code = code.filter(|code| self.division(code));
        Some(County { code: code?.value, name: name?.value, also: values(also), line: table.line })
    }

    fn contact(&self, table: &Table<'_>) -> Option<Contact> {
        let county = table.needed_text("county");
        let office = table.needed_text("office");
        let insurance = table.word("scheme", Insurance::of_word, words!(Insurance));
        let telephone = table.needed_text("telephone");
        Some(Contact {
            county: county?.value,
            office: office?.value,
            insurance,
            telephone: telephone?.value,
            line: table.line,
        })
    }

    fn system(&self, table: &Table<'_>) -> Option<System> {
        let id = table.needed_text("id");
        let name = table.needed_text("name");
        let role = table.needed_text("role");
        Some(System { id: id?.value, name: name?.value, role: role?.value })
    }

    /// Business names of a rule or duty; each has to be known.
    fn patterns(&self, table: &Table<'_>, needed: bool) -> Vec<Pattern> {
        let texts = if needed { table.needed_texts("business") } else { table.texts("business") };
        texts.into_iter().filter_map(|text| self.pattern(text)).collect()
    }

    fn pattern(&self, text: At<String>) -> Option<Pattern> {
        match Pattern::new(&text.value) {
            Some(Pattern::Under(business)) if !self.names.contains_key(&business) => {
                let near = super::nearest_business(&text.value, self.names.keys());
                let near: Vec<&str> = near.into_iter().map(Business::as_str).collect();
                let hint = if near.is_empty() { String::new() } else { format!("是否指:{}?", near.join("、")) };
                let text_of =
                    format!("没有“{}”这项业务。{hint}确为新业务的,请先在 [businesses] 中写明其中文名", text.value);
                self.source.problem(text.line, text_of);
                None
            }
            Some(pattern) => Some(pattern),
            None => {
                let wanted = "应为以点分隔的小写英文词,如 settlement.pharmacy,或 * 表示全部";
                self.source.problem(text.line, format!("业务名“{}”{wanted}", text.value));
                None
            }
        }
    }

    fn scope(&self, table: &Table<'_>) -> Scope {
        let pools = table.texts("pools");
        let pools = pools.into_iter().filter_map(|text| {
            if text.value == "elsewhere" {
                return Some(InsuredIn::Elsewhere);
            }
            self.division(&text).then(|| InsuredIn::Pool(Pool::new(text.value)))
        });
        Scope {
            pools: pools.collect(),
            providers: values(table.texts("providers")),
            counties: values(table.texts("counties")),
            populations: table.words("populations", Population::of_word, words!(Population)),
            schemes: table.words("schemes", Insurance::of_word, words!(Insurance)),
            places: table.words("places", Place::of_word, words!(Place)),
            channels: table.words("channels", Channel::of_word, words!(Channel)),
        }
    }

    /// `by`, or `within_working_days` with `after_reopening_of`; and `after_deadline`.
    fn deadline(&self, table: &Table<'_>) -> Option<Deadline> {
        let by = table.moment("by");
        let days = table.number("within_working_days", 1000);
        let business = table.text("after_reopening_of");
        let after = table.word("after_deadline", AfterDeadline::of_word, words!(AfterDeadline));
        let business = business.and_then(|text| {
            let line = text.line;
            match self.pattern(text) {
                Some(Pattern::Under(business)) => Some(business),
                Some(Pattern::All) => {
                    self.source.problem(line, "after_reopening_of 须写明一项业务,不能是 *");
                    None
                }
                None => None,
            }
        });
        let due = match (by, days, business) {
            (Some(by), None, None) => Due::By(by.value),
            (None, Some(days), Some(after)) => Due::WorkingDays { days: days.value, after },
            (None, None, None) => {
                if after.is_some() && !table.has("by") && !table.has("within_working_days") {
                    self.source.problem(table.line, "写了 after_deadline 却没有期限,请补 by 或 within_working_days");
                }
                return None;
            }
            (Some(by), _, _) => {
                self.source.problem(by.line, "by 与 within_working_days、after_reopening_of 只能写一种");
                return None;
            }
            _ => {
                self.source.problem(table.line, "within_working_days 与 after_reopening_of 须同时填写");
                return None;
            }
        };
        if after.is_none() && !table.has("after_deadline") {
            self.source.problem(table.line, "有期限而没有 after_deadline,请写明逾期如何处理");
        }
        Some(Deadline { due, after: after? })
    }

    /// `"invoice"`, `"id_card | resident_card"`, `"id_card + household_book"`, `"statement_signature?"`.
    fn evidence(&self, table: &Table<'_>) -> Vec<Requirement> {
        let read = |text: At<String>| {
            let (sets, optional) = match text.value.strip_suffix('?') {
                Some(sets) => (sets, true),
                None => (text.value.as_str(), false),
            };
            let item = |word: &str| {
                let evidence = Evidence::of_word(word.trim());
                if evidence.is_none() {
                    let all = words!(Evidence).join("、");
                    self.source.problem(text.line, format!("没有“{}”这种凭据,可用:{all}", word.trim()));
                }
                evidence
            };
            let set = |set: &str| set.split('+').map(item).collect::<Option<Vec<Evidence>>>();
            Some(Requirement { any_of: sets.split('|').map(set).collect::<Option<Vec<_>>>()?, optional })
        };
        table.texts("evidence").into_iter().filter_map(read).collect()
    }

    fn division(&self, code: &At<String>) -> bool {
        let good = code.value.len() == 6 && code.value.bytes().all(|byte| byte.is_ascii_digit());
        if !good {
            self.source.problem(code.line, format!("“{}”不是六位医保区划代码", code.value));
        }
        good
    }
}

fn values(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
