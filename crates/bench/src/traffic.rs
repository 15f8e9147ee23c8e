//! The traffic (业务): what a patient's way through a provider is, message by message.
//!
//! A journey (一次就诊) knows its next message from the platform's answer to the one before. Invariant: seed and number
//! decide a journey, so two runs send the same.

use crate::city;
use crate::draw;
use crate::message::{self, Facts};
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

/// What a patient comes for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A purchase of five drugs at a pharmacy (药店购药).
    Purchase,
    /// A visit with five lines (门诊).
    Visit,
    /// A stay with a hundred lines in four uploads (住院).
    Stay,
}

impl Kind {
    /// Its name (中文).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Purchase => "购药",
            Kind::Visit => "门诊",
            Kind::Stay => "住院",
        }
    }

    /// The messages in order.
    pub(crate) fn steps(self) -> &'static [&'static str] {
        match self {
            Kind::Purchase => &["2102"],
            Kind::Visit => &["2201", "2203A", "2204", "2206", "2207"],
            Kind::Stay => &["2401", "2301", "2301", "2301", "2301", "2402", "2303", "2304"],
        }
    }
}

/// Which journeys come, and in what share.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Mix {
    /// Of a hundred journeys so many are purchases.
    pub purchases: u64,
    /// Of a hundred journeys so many are visits; the rest are stays.
    pub visits: u64,
}

impl Mix {
    /// The kinds that come at all.
    pub(crate) fn kinds(self) -> Vec<Kind> {
        let stays = 100_u64.saturating_sub(self.purchases + self.visits);
        let shares = [(Kind::Purchase, self.purchases), (Kind::Visit, self.visits), (Kind::Stay, stays)];
        shares.into_iter().filter(|(_, share)| *share > 0).map(|(kind, _)| kind).collect()
    }
}

/// What a city sends.
#[derive(Clone, Debug)]
pub(crate) struct Traffic {
    pub mix: Mix,
    pub persons: u64,
    pub seed: u64,
}

/// Numbers of messages of one journey; more than the longest has steps.
const NUMBERS_A_JOURNEY: u64 = 16;
/// One person in so many is kept for stays: who is in hospital goes nowhere else.
const STAYING_ONE_IN: u64 = 4;

impl Traffic {
    /// The journey with this number.
    pub(crate) fn journey(&self, number: u64) -> Journey {
        let mut random = draw::of_journey(self.seed, number);
        let kind = match random.u64(..100) {
            percent if percent < self.mix.purchases => Kind::Purchase,
            percent if percent < self.mix.purchases + self.mix.visits => Kind::Visit,
            _ => Kind::Stay,
        };
        let (person, provider) = self.people(kind, number, &mut random);
        let (admitted, day) = match kind {
            Kind::Stay => message::days_of_stay(number / self.staying()),
            Kind::Purchase | Kind::Visit => (message::TODAY.to_owned(), message::TODAY.to_owned()),
        };
        Journey::new(kind, Facts { person, provider, day, admitted, mdtrt_id: String::new(), number })
    }

    /// Persons kept for stays.
    fn staying(&self) -> u64 {
        (self.persons / STAYING_ONE_IN).max(1)
    }

    /// Person and provider. Stays take those kept for them in turn, each of a person's after the other: nobody is in two hospitals at a time.
    fn people(&self, kind: Kind, number: u64, random: &mut fastrand::Rng) -> (u64, String) {
        let staying = self.staying();
        let others = self.persons.saturating_sub(staying).max(1);
        match kind {
            Kind::Purchase => (draw::person(random, others), city::pharmacy(draw::provider(random, city::PHARMACIES))),
            Kind::Visit => (draw::person(random, others), city::hospital(draw::provider(random, city::HOSPITALS))),
            Kind::Stay => {
                let person = self.persons - 1 - number % staying;
                (person, city::hospital(draw::provider(random, city::HOSPITALS)))
            }
        }
    }
}

/// A message ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Number of the transaction (交易编号).
    pub infno: &'static str,
    /// The sender's own number (报文ID).
    pub msgid: String,
    /// The whole envelope.
    pub body: String,
}

/// One patient's way.
#[derive(Debug)]
pub(crate) struct Journey {
    kind: Kind,
    facts: Facts,
    step: usize,
}

impl Journey {
    /// A journey with these facts.
    pub(crate) fn new(kind: Kind, facts: Facts) -> Journey {
        Journey { kind, facts, step: 0 }
    }

    /// The next message, after the answer to the one before; none where the journey is over.
    pub(crate) fn next(&mut self, answer: &[u8]) -> anyhow::Result<Option<Message>> {
        if self.step > 0 && self.facts.mdtrt_id.is_empty() && self.kind != Kind::Purchase {
            self.facts.mdtrt_id = text_of(answer, "mdtrt_id").context("答复里没有 mdtrt_id")?.to_owned();
        }
        let Some(infno) = self.kind.steps().get(self.step).copied() else { return Ok(None) };
        let facts = &self.facts;
        let input = match infno {
            "2102" => message::purchase(facts),
            "2201" => message::registration(facts),
            "2203A" => message::visit(facts),
            "2204" => message::visit_lines(facts),
            "2206" | "2207" => message::visit_settlement(facts),
            "2401" => message::admission(facts),
            "2301" => message::stay_lines(facts, self.step as u64 - 1),
            "2402" => message::discharge(facts),
            "2303" | "2304" => message::stay_settlement(facts),
            other => bail!("没有交易 {other} 的报文"),
        };
        let serial = facts.number * NUMBERS_A_JOURNEY + self.step as u64;
        let msgid = format!("{}20210701{serial:010}", facts.provider);
        let body = message::envelope(infno, &msgid, facts, &input);
        self.step += 1;
        Ok(Some(Message { infno, msgid, body }))
    }

    /// Its kind's name, which the reference's samples have too.
    pub(crate) fn kind_name(&self) -> &'static str {
        self.kind.name()
    }

    /// Whether its last message has been made.
    pub(crate) fn is_over(&self) -> bool {
        self.step == self.kind.steps().len()
    }

    /// Number of the provider.
    pub(crate) fn provider(&self) -> &str {
        &self.facts.provider
    }

    /// The person, as the city counts them.
    pub(crate) fn person(&self) -> u64 {
        self.facts.person
    }
}

/// The first text of this name in an answer, which is written without spaces.
pub(crate) fn text_of<'a>(answer: &'a [u8], name: &str) -> Option<&'a str> {
    let answer = std::str::from_utf8(answer).ok()?;
    let rest = &answer[answer.find(&format!("\"{name}\":\""))? + name.len() + 4..];
    rest.split('"').next()
}
