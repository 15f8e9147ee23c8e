//! A step that is taken with many entries of a list at once: with those that are ticked, or with all that fit the filter.
//!
//! Each entry is asked for by itself. What is refused for one stays ticked, with the reason, and the others are done.

use super::{Asked, Told, answer, guard, kind_of, of_step};
use crate::app::App;
use crate::office::form::said;
use crate::office::{Said, Trouble, Visitor, blocking};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::Action;

/// The most entries that one form acts on.
const ENTRIES_MAX: usize = 2_000;

/// What came of it.
#[derive(Default)]
struct Done {
    done: usize,
    /// Chosen with all the others, and not at this step.
    passed_over: usize,
    refused: BTreeMap<String, Vec<String>>,
    trouble: Option<Trouble>,
}

pub(in crate::office) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(word): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let action = app.platform.work().action(said(&form, "action"));
    let (kind, action, asked) = match (kind_of(&app, &word), action, Asked::of(app.platform.work(), &form)) {
        (Ok(kind), Some(action), Ok(asked)) => (kind, action, asked),
        (Err(trouble), _, _) | (_, _, Err(trouble)) => return trouble.answer(&app),
        // Enter where no step is meant: the form's first button is this one, and does nothing.
        (Ok(_), None, Ok(asked)) if said(&form, "action").is_empty() => {
            let (ticked, all) = (ticked(&form), is_all(&form));
            let told = Told { said: Said::refused(NO_STEP), ticked, all, form, ..Told::default() };
            return answer(&app, visitor, &word, asked, told).await;
        }
        (_, None, _) => return Trouble::Missing.answer(&app),
    };
    let ticked = ticked(&form);
    let all = said(&form, "all").parse::<u64>().ok();
    let (stated, is_whole) = (of_step(&form, action), is_all(&form));
    let (is_ours, submission) = (guard::is_token(said(&form, "token"), &visitor), said(&form, "submission").to_owned());
    let mut told = Told { form, action: Some(action), ticked: ticked.clone(), all: is_whole, ..Told::default() };
    let acted = blocking(&app, {
        let (visitor, asked) = (visitor.clone(), asked.clone());
        move |app| {
            is_ours?;
            let (numbers, passed_over) = chosen(app, &visitor, kind, action, &asked, ticked, all)?;
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            let registers = registers.submitted(&submission);
            let mut done = Done { passed_over, ..Done::default() };
            for number in numbers {
                // What kept one from being answered keeps the rest from being asked for.
                if done.trouble.is_some() {
                    done.refused.entry("平台忙或出错，没有办".to_owned()).or_default().push(number);
                    continue;
                }
                match registers.act(&visitor.actor(), app.clock.now(), &number, action, stated.clone()) {
                    Ok(_) => done.done += 1,
                    Err(not_done) => match Trouble::from(not_done) {
                        Trouble::Refused(text) => done.refused.entry(text).or_default().push(number),
                        Trouble::Missing => done.refused.entry("没有这笔台账".to_owned()).or_default().push(number),
                        trouble => {
                            done.trouble = Some(trouble);
                            done.refused.entry("平台忙或出错，没有办".to_owned()).or_default().push(number);
                        }
                    },
                }
            }
            Ok(done)
        }
    });
    let done = match acted.await {
        Ok(done) => done,
        Err(trouble) => match trouble.said() {
            Ok(said) => {
                told.said = said;
                return answer(&app, visitor, &word, asked, told).await;
            }
            Err(trouble) => return trouble.answer(&app),
        },
    };
    let passed_over = match done.passed_over {
        0 => String::new(),
        count => format!("；另有{count}笔不在这一步，没有动"),
    };
    if done.refused.is_empty() {
        told = Told { done: format!("已办{}笔{passed_over}。", done.done), ..Told::default() };
        if asked.text.is_empty() && done.passed_over == 0 {
            let query = asked.query();
            let and = if query.is_empty() { "" } else { "&" };
            let list = format!("/office/registers/{word}?{query}{and}done={}", done.done);
            return Redirect::to(&list).into_response();
        }
        return answer(&app, visitor, &word, asked, told).await;
    }
    let refused: usize = done.refused.values().map(Vec::len).sum();
    let text = format!("已办{}笔{passed_over}；{refused}笔没有办，仍勾着：", done.done);
    told.said = match done.trouble.map(Trouble::said) {
        Some(Ok(said)) => Said { text, ..said },
        _ => Said::refused(text),
    };
    told.ticked = done.refused.values().flatten().cloned().collect();
    told.refused = done.refused;
    told.all = false;
    answer(&app, visitor, &word, asked, told).await
}

/// Said where a form comes that names no step.
const NO_STEP: &str = "没有办理：没有选是哪一步；勾选的都在，请点要办的那一步的按钮";

fn ticked(form: &[(String, String)]) -> BTreeSet<String> {
    form.iter().filter(|(name, _)| name == "number").map(|(_, number)| number.clone()).collect()
}

/// Whether all that fit the filter are meant.
fn is_all(form: &[(String, String)]) -> bool {
    !said(form, "all").is_empty()
}

/// The entries to act on, in the order of the list, and how many of all that were chosen are not at this step.
fn chosen(
    app: &App,
    visitor: &Visitor,
    kind: RegisterKind,
    action: Action,
    asked: &Asked,
    ticked: BTreeSet<String>,
    all: Option<u64>,
) -> Result<(Vec<String>, usize), Trouble> {
    let too_many = |count: usize| {
        let text = format!("一次至多办{ENTRIES_MAX}笔，选中的有{count}笔；请用“进展”等条件分几次办");
        Err(Trouble::Refused(text))
    };
    let Some(total) = all else {
        return match ticked.len() {
            0 => Err(Trouble::Refused("请勾选要办的台账".to_owned())),
            count if count > ENTRIES_MAX => too_many(count),
            // An entry's number grows as entries come in.
            _ => Ok((ticked.into_iter().collect(), 0)),
        };
    };
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let everything = Asked { after: String::new(), ..asked.clone() };
    let listing = registers.list(&visitor.actor(), app.clock.now(), everything.filter(kind, usize::MAX))?;
    if listing.total != total {
        let text = format!("符合条件的现在有{}笔，页面上是{total}笔；没有办理，请核对后再办", listing.total);
        return Err(Trouble::Refused(text));
    }
    let takes = |of: &yibao_engine::desks::registers::ListRow| {
        app.platform.work().step_of(&of.entry, action, visitor.user.role).is_some()
    };
    let (numbers, others): (Vec<_>, Vec<_>) = listing.rows.into_iter().partition(takes);
    match numbers.len() {
        0 => Err(Trouble::Refused(format!("符合条件的都不在“{}”这一步", action.name()))),
        count if count > ENTRIES_MAX => too_many(count),
        _ => Ok((numbers.into_iter().map(|row| row.entry.number).collect(), others.len())),
    }
}
