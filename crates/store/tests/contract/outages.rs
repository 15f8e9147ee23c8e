//! What every engine promises about plans, events and runs of the backfill.

use crate::engine::{Engine, book, check_not_taken, read, write};
use crate::rows::july;
use yibao_store::outage::{BackfillRun, EnteredEvent, ProposedPlan, PublishedPlan};

fn plan(plan: &str, version: i64) -> PublishedPlan {
    PublishedPlan {
        plan: plan.into(),
        version,
        text: format!("# 第{version}版\n[plan]\nname = \"停机\"\n"),
        published_at: july(1),
        published_by: "赵六".into(),
    }
}

pub fn versions_of_a_plan_stay_side_by_side(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.publish_plan(&plan("b", 1))?;
        tx.publish_plan(&plan("a", 2))?;
        tx.publish_plan(&plan("a", 1))?;
        tx.publish_plan(&plan("a", 10))?;
        check_not_taken(tx, |tx| tx.publish_plan(&plan("a", 2)), "the version is there")
    });
    let expected = [plan("a", 1), plan("a", 2), plan("a", 10), plan("b", 1)];
    assert_eq!(read(book.as_mut(), |tx| tx.published_plans()), expected);
}

pub fn a_proposed_plan_is_decided_once(engine: &dyn Engine) {
    let waits = ProposedPlan {
        number: 1,
        plan: "a".into(),
        version: 2,
        text: "[plan]".into(),
        reason: "验收推迟".into(),
        proposed_at: july(1),
        proposed_by: "赵六".into(),
        decided_at: None,
        decided_by: String::new(),
        decision: String::new(),
    };
    let decided = ProposedPlan {
        decided_at: Some(july(2)),
        decided_by: "钱七".into(),
        decision: "published".into(),
        ..waits.clone()
    };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.propose_plan(&waits)?;
        check_not_taken(tx, |tx| tx.propose_plan(&waits), "the number is there")
    });
    assert_eq!(read(book.as_mut(), |tx| tx.proposed_plans()), [waits]);
    write(book.as_mut(), |tx| {
        tx.decide_proposed_plan(&decided)?;
        check_not_taken(tx, |tx| tx.decide_proposed_plan(&decided), "it is decided")
    });
    assert_eq!(read(book.as_mut(), |tx| tx.proposed_plans()), [decided]);
}

pub fn an_event_of_a_plan_happens_once(engine: &dyn Engine) {
    let event = |plan: &str, event: &str, day| EnteredEvent {
        plan: plan.into(),
        event: event.into(),
        at: july(day),
        entered_at: july(20),
        entered_by: "赵六".into(),
    };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.enter_event(&event("b", "accepted", 3))?;
        tx.enter_event(&event("a", "accepted", 5))?;
        tx.enter_event(&event("a", "tested", 4))?;
        check_not_taken(tx, |tx| tx.enter_event(&event("a", "accepted", 6)), "it has happened")
    });
    let expected = [event("a", "tested", 4), event("a", "accepted", 5), event("b", "accepted", 3)];
    assert_eq!(read(book.as_mut(), |tx| tx.entered_events()), expected);
}

pub fn backfill_runs_come_newest_first_with_their_progress(engine: &dyn Engine) {
    let run = |number| BackfillRun {
        number,
        plan: "cutover".into(),
        fixmedins_code: String::new(),
        started_at: july(20),
        started_by: "赵六".into(),
        found: 0,
        settled: 0,
        failed: 0,
        finished_at: None,
    };
    let done = BackfillRun { found: 12, settled: 10, failed: 2, finished_at: Some(july(21)), ..run(2) };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        for number in [1, 2, 10] {
            tx.add_backfill_run(&run(number))?;
        }
        tx.update_backfill_run(&done)?;
        check_not_taken(tx, |tx| tx.add_backfill_run(&run(2)), "the number is taken")?;
        check_not_taken(tx, |tx| tx.update_backfill_run(&run(3)), "there is no such run")
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.backfill_runs(None, 10)?, [run(10), done.clone(), run(1)]);
        assert_eq!(tx.backfill_runs(Some("H9"), 10)?, []);
        assert_eq!(tx.unfinished_runs()?, [run(1), run(10)]);
        assert_eq!(tx.backfill_runs(None, 1)?, [run(10)]);
        Ok(())
    });
}
