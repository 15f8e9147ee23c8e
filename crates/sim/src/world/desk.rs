//! What clerks write down, and the steps that they take with it.

use super::World;
use crate::city::Place;
use crate::forms;
use crate::judge::ways::rules_of;
use crate::life::{Event, Kind, Line};
use yibao_domain::outage::{RegisterKind, Requirement};
use yibao_domain::register::{Action, Role, Source, Stated, field};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::{Actor, NewEntry};

/// A clerk of a place.
pub(crate) fn clerk_of(place: &Place) -> Actor {
    let code = &place.code;
    Actor {
        login: format!("k{}", &code[code.len() - 5..]),
        name: "张三".to_owned(),
        role: Role::Provider,
        fixmedins_code: code.clone(),
    }
}

impl World<'_> {
    /// A clerk of the place where an event is.
    pub(crate) fn clerk(&self, event: &Event) -> Actor {
        clerk_of(self.place(event))
    }

    /// A clerk of the agency.
    pub fn agency() -> Actor {
        Actor { login: "jb1".to_owned(), name: "李四".to_owned(), role: Role::Agency, fixmedins_code: String::new() }
    }

    /// Writes an event down in a register: carefully, or with a slip that is put right later.
    pub(crate) fn register(&mut self, event: &Event, kind: RegisterKind, is_over: bool) {
        let statement = self.statement(event, kind, is_over);
        self.written_down(event, &statement);
    }

    /// What a careful clerk writes down.
    pub(super) fn statement(&self, event: &Event, kind: RegisterKind, is_over: bool) -> NewEntry {
        let person = self.person(event);
        let case = &self.cases[&event.id];
        let from = self.leg_before(event).map(|before| self.place(before).code.clone()).unwrap_or_default();
        let about = forms::About {
            event,
            person: &person,
            med_type: self.med_type(event),
            mdtrt_id: &case.mdtrt_id,
            from_provider: &from,
            is_over,
            total: event.lines[case.parted..].iter().map(Line::sum).sum(),
            now: self.office.now(),
        };
        let mut fields = forms::filled(&self.office.work, kind, Action::Register, &about);
        if self.brings_a_certificate(event, kind) {
            fields.insert(field::CERTIFICATE_ISSUER.name().to_owned(), super::certified::ISSUER.to_owned());
        }
        forms::attest(&self.office.work, kind, &self.demanded(event, kind), &mut fields);
        // Who is not enrolled yet has a document and no number.
        if !person.cover.is_known(about.now) {
            fields.remove("psn_no");
        }
        // What has a stay at the platform is uploaded there; a visit's register names no visit, and so has its lines.
        let is_kept = match event.kind {
            Kind::Stay { .. } => is_over && case.mdtrt_id.is_empty(),
            _ => true,
        };
        let lines = if is_kept { forms::lines(&event.lines) } else { Vec::new() };
        NewEntry { kind, fixmedins_code: String::new(), fields, lines, source: Source::Page }
    }

    /// What the notice demands of whoever writes an event down in a register: what every rule says that kept its care from the platform.
    fn demanded(&self, event: &Event, kind: RegisterKind) -> Vec<Requirement> {
        let (plans, asked) = (self.plans(), self.question(event));
        let mut demanded: Vec<Requirement> = Vec::new();
        for shut in rules_of(&plans, &asked, event, kind) {
            let evidence = shut.rule.evidence.iter().filter(|one| !demanded.contains(one)).cloned();
            let evidence: Vec<Requirement> = evidence.collect();
            demanded.extend(evidence);
        }
        demanded
    }

    /// Keeps a statement of an event; whether it was taken.
    pub(super) fn kept(&mut self, event: &Event, statement: &NewEntry) -> bool {
        match self.office.register(self.turn(event), &self.clerk(event), statement) {
            Ok(kept) => {
                let case = self.case(event.id);
                case.entry = kept.number;
                case.kind = Some(statement.kind);
                true
            }
            Err(why) => {
                let at = self.office.now();
                self.surprises.push(format!(
                    "{}/{}登记“{}”（{}）：{why}",
                    event.id.person,
                    event.id.ordinal,
                    statement.kind.name(),
                    moment_text(at)
                ));
                false
            }
        }
    }

    /// Takes a step with the entry of an event.
    pub(crate) fn step(&mut self, event: &Event, action: Action) -> bool {
        let case = &self.cases[&event.id];
        let (kind, number) = (case.kind.unwrap_or(RegisterKind::CashVisit), case.entry.clone());
        let fields = self.filled(event, kind, action);
        let taken = self.office.act(self.turn(event), &self.clerk(event), &number, action, &fields);
        if let Err(why) = &taken {
            let at = moment_text(self.office.now());
            self.surprises.push(format!("{}/{}“{}”（{at}）：{why}", event.id.person, event.id.ordinal, action.name()));
        }
        taken.is_ok()
    }

    /// The fields of a step about an event that is over, as a careful clerk fills them in.
    pub(super) fn filled(&self, event: &Event, kind: RegisterKind, action: Action) -> Stated {
        let (person, case) = (self.person(event), &self.cases[&event.id]);
        let about = forms::About {
            event,
            person: &person,
            med_type: self.med_type(event),
            mdtrt_id: &case.mdtrt_id,
            from_provider: "",
            is_over: true,
            total: event.lines[case.parted..].iter().map(Line::sum).sum(),
            now: self.office.now(),
        };
        forms::filled(&self.office.work, kind, action, &about)
    }
}
