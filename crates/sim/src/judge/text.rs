//! The notice as it is read (读取方案) against its text, by the judge's own reading of the file: which rules and duties there are, what each
//! closes for whom and from when until when, what becomes of it and until when. All else that is judged goes by what was read.

use crate::judge::Wrong;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;
use toml::{Table, Value};
use yibao_domain::outage::{
    AfterDeadline, Deadline, Due, PersonIn, Plan, ProviderIn, RegisterKind, Reopens, Scope, Start, Unit, Window,
};

/// What is said under a name, by name.
type Said = BTreeMap<String, String>;

/// Compares a plan with the text that it was read from.
pub(crate) fn judge(plan: &Plan, text: &str, wrong: &mut Vec<Wrong>) {
    let Ok(table) = text.parse::<Table>() else { return };
    let (mut is, mut must) = (Said::new(), Said::new());
    read_plan(plan, &mut is);
    written_plan(&table, &mut must);
    // Only what the text says is compared: what it leaves out has meanings of its own.
    for (name, must) in &must {
        let is = is.get(name).map_or("nothing", String::as_str);
        if is != must {
            wrong.push(Wrong::of_book(4, format!("the notice is read as {name} = {is}, and says {must}")));
        }
    }
    let said = |name: &&String| name.ends_with(".until") || name.ends_with(".register");
    for name in is.keys().filter(said).filter(|name| !must.contains_key(*name)) {
        wrong.push(Wrong::of_book(4, format!("the notice is read as {name} = {}, and says nothing", is[name])));
    }
}

fn listed<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    let mut all: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    all.sort();
    all.join(" ")
}

fn read_plan(plan: &Plan, is: &mut Said) {
    let mut say = |name: String, value: String| drop(is.insert(name, value));
    for (name, value) in [
        ("plan.pool", plan.pool.as_str().to_owned()),
        ("plan.issued", plan.issued.to_string()),
        ("plan.ends", plan.ends.at.to_string()),
        ("plan.closes", plan.window.closes.at.to_string()),
        ("plan.reopens", reopening(&plan.window)),
        ("plan.ahead_hours", plan.ahead_hours.to_string()),
        ("switches.hold_debtor_benefits", plan.switches.hold_debtor_benefits.to_string()),
    ] {
        say(name.to_owned(), value);
    }
    for rule in &plan.rules {
        let mut own = |name: &str, value: String| say(format!("rule {}.{name}", rule.id), value);
        own("disposition", rule.disposition.word().to_owned());
        own("business", listed(&rule.businesses));
        own("clause", listed(&rule.clauses));
        scope(&rule.scope, &mut own);
        if let Some(window) = &rule.window {
            own("closes", window.closes.at.to_string());
            own("reopens", reopening(window));
        }
        if let Some(kind) = rule.stated_register {
            own("register", kind.word().to_owned());
        }
        if let Some(effective) = rule.effective {
            own("effective", effective.word().to_owned());
        }
        if let Some(from) = rule.not_before {
            own("not_before", from.at.to_string());
        }
        if let Some(deadline) = &rule.deadline {
            own("until", until(deadline));
        }
        for fallback in &rule.fallbacks {
            for when in fallback.when.iter().map(|when| when.word()) {
                own(&format!("{when}.disposition"), fallback.disposition.word().to_owned());
                if let Some(deadline) = &fallback.deadline {
                    own(&format!("{when}.until"), until(deadline));
                }
            }
        }
    }
    for duty in &plan.duties {
        let mut own = |name: &str, value: String| say(format!("duty {}.{name}", duty.id), value);
        own("kind", duty.kind.word().to_owned());
        own("business", listed(&duty.businesses));
        scope(&duty.scope, &mut own);
        if let Some(kind) = duty.stated_register {
            own("register", kind.word().to_owned());
        }
        if let Some(deadline) = &duty.deadline {
            own("until", until(deadline));
        }
    }
    for supply in &plan.supplies {
        let mut own = |name: &str, value: String| say(format!("supply {}.{name}", supply.id), value);
        own("business", listed(&supply.businesses));
        scope(&supply.scope, &mut own);
        own("dispense_before", supply.dispense_before.at.to_string());
        own("lasts_until", supply.lasts_until.map_or(String::new(), |day| day.to_string()));
    }
}

/// For whom and where, by the words of the file.
fn scope(scope: &Scope, own: &mut impl FnMut(&str, String)) {
    own("schemes", listed(scope.schemes.iter().map(|of| of.word())));
    own(
        "populations",
        listed(scope.populations.iter().map(|of| match of {
            PersonIn::Population(population) => population.word(),
            PersonIn::Group(group) => &group.id,
        })),
    );
    own("places", listed(scope.places.iter().map(|of| of.word())));
    own("channels", listed(scope.channels.iter().map(|of| of.word())));
    own("counties", listed(&scope.counties));
    own(
        "providers",
        listed(scope.providers.iter().map(|of| match of {
            ProviderIn::Code(code) => code,
            ProviderIn::Group(group) => &group.id,
        })),
    );
}

fn reopening(window: &Window) -> String {
    match &window.reopens {
        Reopens::At(moment) => moment.at.to_string(),
        Reopens::Awaits { .. } => "awaited".to_owned(),
        Reopens::Never => "never".to_owned(),
    }
}

fn until(deadline: &Deadline) -> String {
    let after = deadline.after.word();
    let from = |start: &Start| match start {
        Start::Reopening { of, which } => format!("after_reopening_of {of} {}", which.word()),
        Start::Closing { of } => format!("after_closing_of {of}"),
        Start::Care => "after care".to_owned(),
        Start::Discharge => "after discharge".to_owned(),
        Start::Intake => "after intake".to_owned(),
        Start::Declared => "after declared".to_owned(),
    };
    match &deadline.due {
        Due::By(moment) => format!("by {}, {after}", moment.at),
        Due::Counted { count, unit, from: start } => {
            let unit = match unit {
                Unit::Hours => "within_hours",
                Unit::CalendarDays => "within_calendar_days",
                Unit::WorkingDays => "within_working_days",
                Unit::Months => "within_months",
            };
            format!("{unit} {count} {}, {after}", from(start))
        }
        Due::EndOfMonth { from: start } => format!("same_month {}, {after}", from(start)),
    }
}

// The same, as the text says it.

fn texts(table: &Table, key: &str) -> Vec<String> {
    let said = |value: &Value| value.as_str().map(str::to_owned);
    match table.get(key) {
        Some(Value::Array(all)) => all.iter().filter_map(said).collect(),
        Some(value) => Vec::from_iter(said(value)),
        None => Vec::new(),
    }
}

fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(str::to_owned)
}

/// A moment; 24:00 is the first of the next day.
fn moment(table: &Table, key: &str) -> Option<String> {
    let text = text(table, key)?;
    let (day, time) = text.split_once(' ')?;
    let day: Date = day.parse().ok()?;
    let (hour, minute) = time.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let at: DateTime = day.at(0, 0, 0, 0);
    Some(at.saturating_add(hours.hours()).saturating_add(minutes.minutes()).to_string())
}

fn tables<'a>(of: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    of.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

/// The keys for whom and where.
const SCOPE: &[&str] = &["schemes", "populations", "places", "channels", "counties", "providers"];

fn written_plan(table: &Table, must: &mut Said) {
    let mut say = |name: String, value: Option<String>| {
        if let Some(value) = value {
            must.insert(name, value);
        }
    };
    let Some(plan) = table.get("plan").and_then(Value::as_table) else { return };
    for key in ["pool", "issued"] {
        say(format!("plan.{key}"), text(plan, key));
    }
    for key in ["ends", "closes", "reopens"] {
        say(format!("plan.{key}"), moment(plan, key));
    }
    say("plan.ahead_hours".to_owned(), plan.get("ahead_hours").map(Value::to_string));
    let switch = table.get("switches").and_then(|switches| switches.get("hold_debtor_benefits"));
    say("switches.hold_debtor_benefits".to_owned(), switch.map(Value::to_string));
    for rule in tables(table, "rule") {
        let id = text(rule, "id").unwrap_or_default();
        let mut own = |name: &str, value: Option<String>| say(format!("rule {id}.{name}"), value);
        for key in ["disposition", "effective"] {
            own(key, text(rule, key));
        }
        for key in ["business", "clause"].iter().chain(SCOPE) {
            own(key, Some(listed(texts(rule, key))));
        }
        let is_open = text(rule, "disposition").is_some_and(|word| word == "open");
        // A rule without a window of its own has that of the plan.
        let or_the_plans = |key: &str| moment(rule, key).or_else(|| moment(plan, key)).filter(|_| !is_open);
        own("closes", or_the_plans("closes"));
        own("reopens", if rule.contains_key("reopens_on") { None } else { or_the_plans("reopens") });
        own("not_before", moment(rule, "not_before"));
        own("register", register(rule));
        own("until", written_until(rule));
        for fallback in tables(rule, "fallback") {
            for when in texts(fallback, "when") {
                own(&format!("{when}.disposition"), text(fallback, "disposition"));
                own(&format!("{when}.until"), written_until(fallback));
            }
        }
    }
    for duty in tables(table, "duty") {
        let id = text(duty, "id").unwrap_or_default();
        let mut own = |name: &str, value: Option<String>| say(format!("duty {id}.{name}"), value);
        own("kind", text(duty, "kind"));
        for key in ["business"].iter().chain(SCOPE) {
            own(key, Some(listed(texts(duty, key))));
        }
        own("register", register(duty));
        own("until", written_until(duty));
    }
    for supply in tables(table, "supply") {
        let id = text(supply, "id").unwrap_or_default();
        let mut own = |name: &str, value: Option<String>| say(format!("supply {id}.{name}"), value);
        for key in ["business"].iter().chain(SCOPE) {
            own(key, Some(listed(texts(supply, key))));
        }
        own("dispense_before", moment(supply, "dispense_before"));
        own("lasts_until", Some(text(supply, "lasts_until").unwrap_or_default()));
    }
}

/// The register that it names, where there is one of that name.
fn register(of: &Table) -> Option<String> {
    text(of, "register").filter(|word| RegisterKind::of_word(word).is_some())
}

fn written_until(of: &Table) -> Option<String> {
    let after = text(of, "after_deadline").filter(|word| AfterDeadline::of_word(word).is_some())?;
    if let Some(by) = moment(of, "by") {
        return Some(format!("by {by}, {after}"));
    }
    let which = text(of, "counted_from").unwrap_or_else(|| "actual".to_owned());
    let reopening = text(of, "after_reopening_of").map(|business| format!("after_reopening_of {business} {which}"));
    let closing = || text(of, "after_closing_of").map(|business| format!("after_closing_of {business}"));
    let word = || {
        text(of, "after").map(|word| match word.as_str() {
            "closing" => {
                let own = texts(of, "business").into_iter().find(|business| business != "*");
                format!("after_closing_of {}", own.unwrap_or_default())
            }
            word => format!("after {word}"),
        })
    };
    let from = reopening.or_else(closing).or_else(word)?;
    if of.get("same_month").and_then(Value::as_bool) == Some(true) {
        return Some(format!("same_month {from}, {after}"));
    }
    let units = ["within_hours", "within_calendar_days", "within_working_days", "within_months"];
    let (unit, count) = units.into_iter().find_map(|unit| Some((unit, of.get(unit)?.as_integer()?)))?;
    Some(format!("{unit} {count} {from}, {after}"))
}
