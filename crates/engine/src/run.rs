//! The one way of every call: resent? → gate → handler → journal. The worker owns the transaction.

pub(crate) mod journal;
pub(crate) mod offered;
pub(crate) mod reversal;

use crate::call::{Answer, Call, Stop};
use crate::outage::gate;
use crate::policies::Policies;
use offered::Leaves;
use yibao_domain::refusal::{Code, Refusal};
use yibao_store::{Subjects, Tx};

/// Answers one call inside the worker's open transaction.
pub(crate) fn run(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Answer, Stop> {
    let Some(offered) = offered::find(&call.infno) else { return Err(not_offered(call, policies).into()) };
    tx.foresee(&subjects(call, offered.leaves))?;
    if offered.leaves == Leaves::Records
        && let Some(answer) = journal::answered_before(tx, call)?
    {
        return Ok(answer);
    }
    let mut remarks = gate::pass(tx, call, policies)?;
    let done = (offered.handler)(tx, call, policies)?;
    remarks.extend(done.remarks.iter().cloned());
    let answer = Answer { output: done.output.to_json(), remarks };
    if offered.leaves == Leaves::Records {
        journal::record(tx, call, &done, &answer)?;
    }
    Ok(answer)
}

/// What the message says it is about. What it says wrongly does no harm: only what it names is made ready.
fn subjects(call: &Call, leaves: Leaves) -> Subjects {
    let mut subjects = Subjects { days: vec![call.now.date()], ..Subjects::default() };
    if leaves == Leaves::Records {
        subjects.message = Some(call.key());
    }
    for row in call.input.names().flat_map(|name| call.input.nodes(name)) {
        add_new(&mut subjects.persons, row.text("psn_no"));
        add_new(&mut subjects.encounters, row.text("mdtrt_id"));
        for field in ["begntime", "endtime", "dscgTime"] {
            if let Some(day) = row.text(field).get(..10).and_then(|day| day.parse().ok())
                && !subjects.days.contains(&day)
            {
                subjects.days.push(day);
            }
        }
    }
    subjects
}

fn add_new(names: &mut Vec<String>, name: &str) {
    if !name.is_empty() && names.iter().all(|known| known != name) {
        names.push(name.to_owned());
    }
}

fn not_offered(call: &Call, policies: &Policies) -> Refusal {
    let name = policies.tables.transaction(&call.infno).map_or("", |transaction| transaction.name.as_str());
    Refusal::new(
        Code::NotOffered,
        format!("本平台暂未开通交易 {}（{name}）；已开通的交易见接口文档 /docs/interface", call.infno),
    )
}
