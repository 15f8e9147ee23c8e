//! The gate of care time (就医时间闸口): once a business is open again, care of the closed time goes by the rule that
//! governed then.
//!
//! Ordinary care costs nothing here: whether care met a window is decided from what the gate has read already. Only late
//! cases, choices and conversions ask the registers.

use crate::call::{Call, Stop};
use crate::facts::entries;
use crate::outage::matching;
use crate::outage::subject::Subject;
use crate::outage::way::{in_time, path_as_chosen};
use crate::policies::Policies;
use yibao_domain::outage::{
    Business, Effective, Moments, Path, Question, RegisterKind, Stay, conversion_of, path_of_visit,
};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::State;
use yibao_domain::settlement::order::discharged_at;
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::encounter::Setting;

/// The care that a call is about.
enum Care {
    Visit(DateTime),
    Stay(Stay),
}

/// Tells that a patient has left.
const DISCHARGE: &str = "2402";

/// Lets a call pass whose care was given while its business was open, or is made good at the provider; refuses the
/// others with what to do instead. `questions` are the names that its business may turn out to have. Answers with what
/// whoever passes has to know.
pub(crate) fn pass(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    subject: &Subject,
    questions: &[Question],
) -> Result<Vec<String>, Stop> {
    let plans = policies.plans();
    match care_of(call, subject)? {
        None => takes_effect(call, policies, questions).map(|()| Vec::new()),
        Some(Care::Visit(care)) => {
            let mut refused = Vec::new();
            for question in questions {
                let moments = Moments { care: Some(care), question: Some(question), ..Moments::default() };
                let stop = match path_of_visit(&plans, question, care) {
                    Path::Ordinary => return Ok(Vec::new()),
                    Path::Elsewhere(way) => way.refusal(&moments, &policies.calendar).into(),
                    Path::Backfill(way) => match in_time(tx, call.now, policies, &way, &moments, whose(call, subject)?)
                    {
                        Ok(()) => return Ok(Vec::new()),
                        Err(stop) => stop,
                    },
                };
                refused.push((question.business.clone(), stop));
            }
            match of_its_kind(tx, call, subject, refused)? {
                Some(stop) => Err(stop),
                None => Ok(Vec::new()),
            }
        }
        Some(Care::Stay(stay)) => {
            let Some(question) = questions.first() else { return Ok(Vec::new()) };
            match pass_stay(tx, call, policies, subject, question, stay) {
                // Who has left has left, whoever settles it: a stay that nobody may end would keep the person from every
                // other hospital. What the settlement will be refused with is told with it.
                Err(Stop::Refused(refusal)) if call.infno == DISCHARGE && subject.encounter.is_some() => {
                    let Refusal { text, advice, .. } = refusal;
                    Ok(std::iter::once(format!("出院已登记。{text}")).chain(advice).collect())
                }
                passed => passed.map(|()| Vec::new()),
            }
        }
    }
}

/// Why a visit is refused that may turn out to be of several kinds: by the kind that was written down of it, else by the most frequent one.
fn of_its_kind(
    tx: &mut dyn Tx,
    call: &Call,
    subject: &Subject,
    mut refused: Vec<(Business, Stop)>,
) -> Result<Option<Stop>, Stop> {
    if let (true, Some(begins), Some(facts)) = (refused.len() > 1, subject.begins, &subject.person) {
        let provider = &call.provider()?.fixmedins_code;
        let mut written = entries::of_person(tx, &facts.person.psn_no)?;
        written.retain(|entry| {
            entry.kind == RegisterKind::CashVisit
                && entry.fixmedins_code == *provider
                && entry.care_from.date() == begins.date()
                && entry.state != State::Withdrawn
        });
        // The visit of that minute before another one of that day.
        written.sort_by_key(|entry| entry.care_from != begins);
        let of_entry = written.iter().find_map(|entry| refused.iter().position(|(of, _)| *of == entry.business));
        if let Some(at) = of_entry {
            return Ok(Some(refused.swap_remove(at).1));
        }
    }
    Ok(refused.into_iter().next().map(|(_, stop)| stop))
}

fn pass_stay(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    subject: &Subject,
    question: &Question,
    stay: Stay,
) -> Result<(), Stop> {
    let business = subject.stays_business(policies);
    let question = Question { business, ..question.clone() };
    let moments = Moments {
        care: Some(stay.admitted),
        discharge: stay.discharged,
        question: Some(&question),
        ..Moments::default()
    };
    let plans = policies.plans();
    match path_as_chosen(tx, &plans, &question, stay, subject.encounter.as_ref())? {
        Path::Ordinary => {}
        Path::Elsewhere(way) => return Err(way.refusal(&moments, &policies.calendar).into()),
        Path::Backfill(way) => in_time(tx, call.now, policies, &way, &moments, whose(call, subject)?)?,
    }
    if matches!(call.infno.as_str(), "2301" | "2304" | DISCHARGE | "2403")
        && let Some(of) = &subject.encounter
        && conversion_of(&plans, &question, &stay).is_some_and(|way| way.is_over(&plans, &question, call.now))
    {
        matching::restore(tx, call, policies, of)?;
    }
    Ok(())
}

/// The care that the call names; none where it is about none, such as a filing or a cancellation.
fn care_of(call: &Call, subject: &Subject) -> Result<Option<Care>, Stop> {
    let of = subject.encounter.as_ref();
    let first = |node: &str| call.input.nodes(node).first();
    let stay = |ends: Option<DateTime>| {
        of.filter(|of| of.setting == Setting::Inpatient).map(|of| {
            Care::Stay(Stay { admitted: of.begntime, discharged: ends.or(of.endtime), chose_to_claim: false })
        })
    };
    Ok(match call.infno.as_str() {
        "2101" | "2102" | "2201" => Some(Care::Visit(subject.begins.unwrap_or(call.now))),
        "2203" | "2203A" | "2204" | "2206" | "2207" => subject.begins.map(Care::Visit),
        "2401" => {
            let stay = |admitted| Care::Stay(Stay { admitted, discharged: None, chose_to_claim: false });
            subject.begins.map(stay)
        }
        "2301" | "2403" => stay(None),
        DISCHARGE => stay(first("dscginfo").map(|fields| fields.moment("endtime")).transpose()?.flatten()),
        "2303" | "2304" => {
            let day = first("data").map(|fields| fields.date("dscgTime")).transpose()?.flatten();
            stay(of.zip(day).map(|(of, day)| discharged_at(of.begntime, of.endtime, day)))
        }
        _ => None,
    })
}

/// Refuses a filing of the closed time that is dated back, where the plan has it take effect when it is processed (P-18).
fn takes_effect(call: &Call, policies: &Policies, questions: &[Question]) -> Result<(), Stop> {
    let node = match call.infno.as_str() {
        "2501" | "2501A" => "refmedin",
        "2503" | "2505" => "data",
        _ => return Ok(()),
    };
    let stated = call.input.nodes(node).first().map(|fields| fields.date("begndate")).transpose()?.flatten();
    let (Some(begndate), Some(question)) = (stated, questions.first()) else { return Ok(()) };
    let plans = policies.plans();
    let (Path::Backfill(way) | Path::Elsewhere(way)) = path_of_visit(&plans, question, begndate.at(12, 0, 0, 0)) else {
        return Ok(());
    };
    if way.closing.rule.effective != Some(Effective::Processing) || begndate >= call.now.date() {
        return Ok(());
    }
    let text = format!(
        "开始日期 begndate {begndate} 在停办期间；本方案规定停机期间的备案按办理日期生效，请填写 {} 或以后的日期",
        call.now.date()
    );
    Err(Refusal::new(Code::Dates, text).into())
}

/// Whose care at which provider a call is about.
fn whose<'a>(call: &'a Call, subject: &'a Subject) -> Result<(&'a str, &'a str), Stop> {
    let psn_no = subject.person.as_ref().map_or("", |facts| facts.person.psn_no.as_str());
    Ok((psn_no, &call.provider()?.fixmedins_code))
}
