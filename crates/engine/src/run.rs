//! The one way of every call: resent? → gate → handler → journal. The worker owns the transaction.

pub(crate) mod journal;
pub(crate) mod offered;
pub(crate) mod reversal;

use crate::call::{Answer, Call, ROWS_MAX, Stop};
use crate::outage::gate;
use crate::policies::Policies;
use offered::Leaves;
use std::collections::BTreeSet;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::Date;
use yibao_interface::Fields;
use yibao_store::{Subjects, Tx};

/// Answers one call inside the worker's open transaction.
pub(crate) fn run(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Answer, Stop> {
    let Some(offered) = offered::find(&call.infno) else {
        let name = policies.tables.transaction(&call.infno).map_or("", |transaction| transaction.name.as_str());
        return Err(not_offered(&call.infno, name).into());
    };
    if offered.leaves != Leaves::Documents {
        tx.foresee(&subjects(call, offered.leaves))?;
    }
    if offered.leaves == Leaves::Records
        && let Some(answer) = journal::answered_before(tx, call)?
    {
        return Ok(answer);
    }
    must_be_bounded(call)?;
    let mut remarks = gate::pass(tx, call, policies)?;
    let mut done = (offered.handler)(tx, call, policies)?;
    remarks.extend(done.remarks.iter().cloned());
    let table = policies.tables.transaction(&call.infno).map_or(&[][..], |transaction| transaction.output());
    let output = std::mem::take(&mut done.output).completed(table).to_json();
    let answer = Answer { output, remarks, file: done.file.clone() };
    if offered.leaves == Leaves::Records {
        journal::record(tx, call, &done, &answer)?;
    }
    Ok(answer)
}

/// What the message says it is about. What it says wrongly does no harm: only what it names is made ready.
fn subjects(call: &Call, leaves: Leaves) -> Subjects {
    let (mut persons, mut encounters) = (BTreeSet::new(), BTreeSet::new());
    let mut days = BTreeSet::from([call.now.date()]);
    for row in rows(call) {
        persons.insert(row.text("psn_no"));
        encounters.insert(row.text("mdtrt_id"));
        let stated = ["begntime", "endtime", "dscgTime"].map(|field| row.text(field).get(..10));
        days.extend(stated.into_iter().flatten().filter_map(|day| day.parse::<Date>().ok()));
    }
    let named = |names: BTreeSet<&str>| names.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let journalled = leaves == Leaves::Records;
    Subjects {
        message: journalled.then(|| call.key()),
        persons: named(persons),
        encounters: named(encounters),
        days: days.into_iter().collect(),
    }
}

fn rows(call: &Call) -> impl Iterator<Item = &Fields> {
    call.input.names().flat_map(|name| call.input.nodes(name))
}

/// One message has the pool's writer for a bounded time: what has more rows comes in several messages.
fn must_be_bounded(call: &Call) -> Result<(), Refusal> {
    let count = rows(call).count();
    if count <= ROWS_MAX {
        return Ok(());
    }
    let text = format!("交易 {} 一次报文最多 {ROWS_MAX} 行，本次 {count} 行；请分多次报文上传", call.infno);
    Err(Refusal::new(Code::FieldShape, text))
}

/// What the sender of a transaction without a handler is told.
pub(crate) fn not_offered(infno: &str, name: &str) -> Refusal {
    let text = format!("本平台暂未开通交易 {infno}（{name}）；已开通的交易见接口文档 /docs/interface");
    Refusal::new(Code::NotOffered, text)
}
