//! Forms from the registers' fields: the right control for what a field holds, hints, and errors at their fields.

mod demands;

use demands::{attested, brought, businesses_of, is_demanded, papers};
use std::collections::BTreeMap;
use yibao_domain::outage::{Business, Channel, Plan, RegisterKind};
use yibao_domain::register::{Action, FieldKind, FieldProblem, FieldSpec, FieldTable, Need, Proposal, field, listed};
use yibao_domain::settlement::CareKind;
use yibao_domain::time::{DateTime, minute_text};
use yibao_domain::written::when;
use yibao_interface::Catalogue;
use yibao_policy::rules::RuleBook;

/// Values by field name, as typed.
pub(super) type Stated = BTreeMap<String, String>;

/// What a form is made from besides its fields.
pub(super) struct Ground<'a> {
    /// The plans in force of the pool.
    pub plans: &'a [Plan],
    /// The register.
    pub kind: RegisterKind,
    /// The fields of all registers.
    pub fields: &'a FieldTable,
    /// Which kind of care a 医疗类别 is.
    pub rules: &'a RuleBook,
    /// The platform's time, which is proposed where somebody says when something was done.
    pub now: DateTime,
    /// Who fills it in, proposed where somebody says who did it.
    pub clerk: &'a str,
    /// Told apart from other forms on the page.
    pub id: &'a str,
}

/// A part of a form.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub title: &'static str,
    pub inputs: Vec<Input>,
}

/// One field of a form.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub id: String,
    pub name: String,
    pub label: String,
    pub required: bool,
    /// Demanded by the plan's evidence, and of which businesses alone where the form may be about others.
    pub by_plan: bool,
    pub by_plan_for: String,
    pub note: String,
    pub value: String,
    pub problem: String,
    /// Has the focus when the page is shown.
    pub is_first: bool,
    pub control: Control,
}

/// How it is typed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Control {
    Text,
    Telephone,
    Money,
    Moment,
    Day,
    /// Value and what people read.
    Choice(Vec<(String, String)>),
    /// Names to tick, and which are ticked.
    Papers(Vec<(String, bool)>),
}

impl<'a> Ground<'a> {
    fn demands(&self) -> demands::Of<'a> {
        demands::Of { plans: self.plans, kind: self.kind, fields: self.fields }
    }
}

impl Input {
    fn of(field: &FieldSpec, ground: &Ground<'_>, stated: &Stated, problems: &[FieldProblem]) -> Input {
        let typed = stated.get(&field.name).cloned();
        let about = Business::new(field::BUSINESS.of(stated));
        let control = Control::of(field, ground, about.as_ref());
        let proposed = typed.unwrap_or_else(|| proposal(field, ground));
        let (control, value) = control.with(proposed);
        let wrong = problems.iter().find(|problem| problem.field == field.name);
        let by_plan = match field.need {
            Need::Yes => false,
            Need::ByPlan => is_demanded(field, ground.demands(), about.as_ref()),
            Need::No => attested(field, ground.demands(), about.as_ref()),
        };
        let asks_for_business = by_plan && ground.kind == RegisterKind::Papers && about.is_none();
        Input {
            id: format!("{}-{}", ground.id, field.name),
            name: field.name.clone(),
            label: field.label.clone(),
            required: field.need == Need::Yes,
            by_plan,
            by_plan_for: if asks_for_business { businesses_of(field, ground.demands()) } else { String::new() },
            note: field.note.clone(),
            value,
            problem: wrong.map(|problem| problem.text.clone()).unwrap_or_default(),
            is_first: false,
            control,
        }
    }
}

impl Input {
    /// A field in which there is nothing to tick is left out.
    fn is_asked(&self) -> bool {
        !matches!(&self.control, Control::Papers(options) if options.is_empty())
    }
}

impl Input {
    /// Whether a time has seconds, which browsers take back only where a field says that it has some.
    pub(super) fn has_seconds(&self) -> bool {
        self.control == Control::Moment && self.value.len() > "2021-07-12T10:30".len()
    }
}

impl Control {
    fn of(field: &FieldSpec, ground: &Ground<'_>, about: Option<&Business>) -> Control {
        let same = |word: &str| (word.to_owned(), word.to_owned());
        match &field.holds {
            FieldKind::Text | FieldKind::Quantity | FieldKind::Price | FieldKind::Count | FieldKind::Diagnoses => {
                Control::Text
            }
            FieldKind::Telephone => Control::Telephone,
            FieldKind::Money => Control::Money,
            FieldKind::Moment => Control::Moment,
            FieldKind::Day => Control::Day,
            FieldKind::YesNo => Control::Choice(vec![same(field::YES), same(field::NO)]),
            FieldKind::Choice(words) => Control::Choice(words.iter().map(|word| same(word)).collect()),
            FieldKind::Papers if field.action == Action::Register => ticks(papers(ground.demands(), about)),
            FieldKind::Papers => ticks(brought(ground.demands())),
            FieldKind::Code(table) => {
                let values = Catalogue::national().codes(table).map(|table| table.values.as_slice());
                let option = |code: &str, meaning: &str| (code.to_owned(), format!("{code} {meaning}"));
                let fits = |code: &str| field.name != field::MED_TYPE.name() || is_care_of(ground, code);
                let values = values.unwrap_or_default().iter().filter(|value| fits(&value.code));
                Control::Choice(values.map(|value| option(&value.code, &value.meaning)).collect())
            }
            FieldKind::Channel => {
                let own = ground.plans.iter().flat_map(|plan| &plan.channels);
                let mut names: Vec<&str> = Vec::new();
                for channel in Channel::KNOWN.iter().chain(own) {
                    if !names.contains(&channel.name()) {
                        names.push(channel.name());
                    }
                }
                Control::Choice(names.into_iter().map(same).collect())
            }
            FieldKind::Business => {
                let names = ground.plans.iter().flat_map(|plan| &plan.names);
                let mut options: Vec<_> = names.map(|(business, name)| (business.to_string(), name.clone())).collect();
                options.sort();
                options.dedup();
                Control::Choice(options)
            }
        }
    }

    /// The control with its value in the form that browsers want; what was typed and is no date stays as text.
    fn with(self, value: String) -> (Control, String) {
        match self {
            Control::Moment if value.is_empty() => (Control::Moment, value),
            Control::Moment => match when::moment(&value) {
                // Whole, also to the second: what nobody touches comes back as it was.
                Ok(at) => (Control::Moment, minute_text(at).replacen(' ', "T", 1)),
                Err(_) => (Control::Text, value),
            },
            Control::Day if !value.is_empty() => match when::day(&value) {
                Ok(on) => (Control::Day, on.to_string()),
                Err(_) => (Control::Text, value),
            },
            Control::Choice(mut options) => {
                if !value.is_empty() && options.iter().all(|(option, _)| *option != value) {
                    options.push((value.clone(), format!("{value}（不在表内）")));
                }
                (Control::Choice(options), value)
            }
            Control::Papers(mut options) => {
                for name in listed(&value) {
                    match options.iter_mut().find(|(known, _)| known == name) {
                        Some((_, is_ticked)) => *is_ticked = true,
                        None => options.push((name.to_owned(), true)),
                    }
                }
                (Control::Papers(options), value)
            }
            other => (other, value),
        }
    }
}

fn ticks(names: Vec<String>) -> Control {
    Control::Papers(names.into_iter().map(|name| (name, false)).collect())
}

/// Whether a 医疗类别 can be registered there: stays as stays, visits and purchases as visits, and nothing that is not
/// settled at all.
fn is_care_of(ground: &Ground<'_>, med_type: &str) -> bool {
    let of_stay = ground.kind.is_stay();
    match ground.rules.care_kind(med_type) {
        Some(CareKind::Inpatient | CareKind::MaternityInpatient) => of_stay,
        Some(_) => !of_stay,
        None => false,
    }
}

/// What is most often true: a deed is written down when it was done, by who did it.
fn proposal(field: &FieldSpec, ground: &Ground<'_>) -> String {
    match field.proposed {
        Some(Proposal::Now) => ground.now.strftime("%Y-%m-%d %H:%M").to_string(),
        Some(Proposal::Clerk) => ground.clerk.to_owned(),
        None => String::new(),
    }
}

/// The fields of a step as one list.
pub(super) fn inputs<'f>(
    fields: impl IntoIterator<Item = &'f FieldSpec>,
    ground: &Ground<'_>,
    stated: &Stated,
    problems: &[FieldProblem],
) -> Vec<Input> {
    let inputs = fields.into_iter().map(|field| Input::of(field, ground, stated, problems));
    inputs.filter(Input::is_asked).collect()
}

/// What says who somebody is, in the order of a form.
const OF_PERSON: [field::Field<field::Text>; 5] =
    [field::CERTNO, field::PSN_NAME, field::PSN_NO, field::PSN_CERT_TYPE, field::TEL];

/// The fields of a registration by parts: the person, the care, what is shown or kept.
pub(super) fn sections<'f>(
    fields: impl IntoIterator<Item = &'f FieldSpec>,
    ground: &Ground<'_>,
    stated: &Stated,
    problems: &[FieldProblem],
) -> Vec<Section> {
    let mut parts = [("人员", vec![]), ("经过", vec![]), ("凭据与核验", vec![])];
    for field in fields {
        let part = match field.name.as_str() {
            name if OF_PERSON.iter().any(|of| of.name() == name) => 0,
            _ if !field.evidence.is_empty() || field.holds == FieldKind::Papers => 2,
            _ => 1,
        };
        parts[part].1.extend(Some(Input::of(field, ground, stated, problems)).filter(Input::is_asked));
    }
    // What a card tells, or its reader types, comes first.
    parts[0].1.sort_by_key(|input| OF_PERSON.iter().position(|of| of.name() == input.name));
    let parts = parts.into_iter().filter(|(_, inputs)| !inputs.is_empty());
    parts.map(|(title, inputs)| Section { title, inputs }).collect()
}

/// What was typed, as the registers take it: empty fields are left out, moments lose the mark of the browser's control.
pub(super) fn stated(form: &[(String, String)]) -> Stated {
    let typed = form.iter().filter(|(name, value)| !is_ours(name) && !value.trim().is_empty());
    let mut stated = Stated::new();
    for (name, value) in typed {
        // What is ticked several times is a list.
        let kept = stated.entry(name.clone()).or_default();
        *kept = if kept.is_empty() { value.trim().to_owned() } else { format!("{kept}、{}", value.trim()) };
    }
    stated
}

/// The same of a form whose fields are all shown: what was emptied is stated as empty, and takes back what was there.
pub(super) fn restated(form: &[(String, String)]) -> Stated {
    let mut stated = stated(form);
    let emptied = form.iter().filter(|(name, value)| !is_ours(name) && value.trim().is_empty());
    for (name, _) in emptied {
        stated.entry(name.clone()).or_default();
    }
    stated
}

/// Fields of the page itself.
pub(super) fn is_ours(name: &str) -> bool {
    ["token", "submission", "number", "action", "version", "lines", "from", "lookup", "another"].contains(&name)
}

/// What was pasted into a field of many lines: the tab at its beginning is an empty cell.
pub(crate) fn as_pasted<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim_matches(['\r', '\n', ' ']))
}

/// One field of a form.
pub(crate) fn said<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_policy::registers::built_in;

    fn plans() -> Vec<Plan> {
        yibao_policy::plan::SHIPPED.iter().map(|(_, text)| yibao_policy::plan::read(text).unwrap()).collect()
    }

    fn form(kind: RegisterKind, action: Action, stated: &Stated, problems: &[FieldProblem]) -> Vec<Input> {
        let now = date(2020, 9, 12).at(9, 30, 0, 0);
        let (plans, rules, work) = (plans(), RuleBook::embedded().unwrap(), built_in());
        let (fields, clerk) = (&work.fields, "赵经办");
        let ground = Ground { plans: &plans, rules: &rules, fields, kind, now, clerk, id: "f" };
        inputs(work.fields.of(kind, action), &ground, stated, problems)
    }

    fn one(inputs: &[Input], name: &str) -> Input {
        inputs.iter().find(|input| input.name == name).cloned().unwrap()
    }

    #[test]
    fn a_field_gets_the_control_of_what_it_holds_and_the_plan_s_demand() {
        let inputs = form(RegisterKind::CashVisit, Action::Register, &Stated::new(), &[]);
        assert_eq!(one(&inputs, "begntime").control, Control::Moment);
        assert!(one(&inputs, "medfee_sumamt").required);
        assert!(one(&inputs, "invono").by_plan && one(&inputs, "halted_stamp").by_plan);
        let Control::Choice(codes) = one(&inputs, "insutype").control else { panic!("codes are chosen") };
        assert!(codes.iter().any(|(code, text)| code == "310" && text.contains("职工")));
    }

    #[test]
    fn what_nobody_touches_comes_back_as_it_was() {
        let kept = Stated::from([("begntime".to_owned(), "2020-09-12 10:30:25".to_owned())]);
        let input = one(&form(RegisterKind::CashVisit, Action::Register, &kept, &[]), "begntime");
        assert_eq!(
            (input.control, when::moment(&input.value)),
            (Control::Moment, Ok(date(2020, 9, 12).at(10, 30, 25, 0)))
        );
        let whole = Stated::from([("begntime".to_owned(), "2020-09-12 10:30:00".to_owned())]);
        assert_eq!(
            one(&form(RegisterKind::CashVisit, Action::Register, &whole, &[]), "begntime").value,
            "2020-09-12T10:30"
        );
    }

    #[test]
    fn what_is_no_longer_ticked_is_emptied_and_what_is_ticked_stays() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        // Each list of ticks begins with a value of nothing, which is all that comes of one without a tick.
        let none = restated(&[pair("shown", ""), pair("tel", "")]);
        assert_eq!((none["shown"].as_str(), none["tel"].as_str()), ("", ""));
        let two = restated(&[pair("shown", ""), pair("shown", "发票"), pair("shown", "处方")]);
        assert_eq!(two["shown"], "发票、处方");
    }

    #[test]
    fn papers_of_an_enrolment_are_not_asked_for_a_bill() {
        let of = |business: &str| {
            let stated = Stated::from([("business".to_owned(), business.to_owned())]);
            one(&form(RegisterKind::Papers, Action::Register, &stated, &[]), "invono")
        };
        assert!(!of("enrolment.new").by_plan && of("reimbursement").by_plan);
        let blank = of("");
        assert!(blank.by_plan && !blank.by_plan_for.is_empty(), "of which businesses is said: {blank:?}");
    }

    #[test]
    fn a_register_offers_the_kinds_of_care_that_it_keeps() {
        let offered = |kind| {
            let inputs = form(kind, Action::Register, &Stated::new(), &[]);
            let Control::Choice(codes) = one(&inputs, "med_type").control else { panic!("codes are chosen") };
            codes.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
        };
        let has = |codes: &[String], code: &str| codes.iter().any(|known| known == code);
        let (visits, stays) = (offered(RegisterKind::CashVisit), offered(RegisterKind::Admission));
        assert!(has(&visits, "11") && has(&visits, "41") && !has(&visits, "21") && !has(&visits, "52"));
        assert!(has(&stays, "21") && has(&stays, "52") && !has(&stays, "11") && !has(&stays, "41"));
    }

    #[test]
    fn what_was_typed_stays_with_its_error_even_where_it_is_no_date() {
        let typed = Stated::from([("begntime".to_owned(), "昨天".to_owned()), ("insutype".into(), "999".into())]);
        let problem = FieldProblem { field: "begntime".into(), label: "时间".into(), text: "不是时间".into() };
        let inputs = form(RegisterKind::CashVisit, Action::Register, &typed, &[problem]);
        let begun = one(&inputs, "begntime");
        assert_eq!((begun.control, begun.value.as_str(), begun.problem.as_str()), (Control::Text, "昨天", "不是时间"));
        assert_eq!(one(&inputs, "insutype").value, "999");
    }

    #[test]
    fn a_deed_is_proposed_for_now_and_its_clerk_and_a_visit_is_not() {
        let told = form(RegisterKind::InpatientNotice, Action::Tell, &Stated::new(), &[]);
        assert_eq!(one(&told, "told_at").value, "2020-09-12T09:30");
        assert_eq!(one(&told, "told_by").value, "赵经办");
        let visit = form(RegisterKind::CashVisit, Action::Register, &Stated::new(), &[]);
        assert_eq!(one(&visit, "begntime").value, "");
        let back = form(RegisterKind::CashVisit, Action::HandBack, &Stated::new(), &[]);
        assert_eq!((one(&back, "received_by").value.as_str(), one(&back, "handed_by").value.as_str()), ("", "赵经办"));
        let papers = form(RegisterKind::Papers, Action::Register, &Stated::new(), &[]);
        assert_eq!(one(&papers, "begntime").value, "2020-09-12T09:30");
    }

    #[test]
    fn what_a_plan_demands_of_its_own_is_a_tick_or_the_field_that_it_names_and_its_channels_are_offered() {
        let own = "\n[evidence]\nambulance_slip = \"急救转运单\"\ndoctor_note = { name = \"受伤经过\", field = \"injury_cause\" }\n[channels]\nhotline = \"12393热线\"\n";
        let text = yibao_policy::plan::SHIPPED[0].1;
        let demand = "evidence = [\"fee_records\"]";
        assert!(text.contains(demand));
        let text = text.replace(demand, "evidence = [\"ambulance_slip\", \"doctor_note\"]") + own;
        let plans = [yibao_policy::plan::read(&text).unwrap()];
        let (rules, work) = (RuleBook::embedded().unwrap(), built_in());
        let now = date(2021, 7, 12).at(9, 30, 0, 0);
        let of = |kind| {
            let (plans, fields, action) = (&plans[..], &work.fields, Action::Register);
            let ground = Ground { plans, rules: &rules, fields, kind, now, clerk: "赵经办", id: "f" };
            inputs(fields.of(kind, action), &ground, &Stated::new(), &[])
        };
        let admission = of(RegisterKind::Admission);
        let Control::Papers(ticks) = one(&admission, "shown").control else { panic!("papers are ticked") };
        let ticks: Vec<&str> = ticks.iter().map(|(name, _)| name.as_str()).collect();
        assert!(ticks.contains(&"急救转运单") && !ticks.contains(&"受伤经过"), "{ticks:?}");
        assert!(one(&admission, "injury_cause").by_plan);
        let Control::Choice(channels) = one(&of(RegisterKind::Papers), "channel").control else { panic!("chosen") };
        let has = |name: &str| channels.iter().any(|(value, _)| value == name);
        assert!(has("12393热线") && has("网上服务大厅"), "{channels:?}");
    }
    #[test]
    fn the_note_of_a_channel_names_none_that_a_plan_would_have_to_name_first_as_if_it_were_there() {
        let channel = one(&form(RegisterKind::Papers, Action::Register, &Stated::new(), &[]), "channel");
        let Control::Choice(offered) = &channel.control else { panic!("channels are chosen") };
        let (of_all, of_plans) = channel.note.split_once("停机方案自定的渠道").expect("it says where others come from");
        for name in ["电话", "信函", "邮寄", "网上", "手机"] {
            let is_offered = offered.iter().any(|(known, _)| known.contains(name));
            assert!(is_offered || !of_all.contains(name), "{name} is named and not offered");
        }
        assert!(of_plans.contains("没有列出的不填"), "{of_plans}");
    }
}
