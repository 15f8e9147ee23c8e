//! The table of work: which kinds there are, who may take an entry from which state to which, and what each step asks for.
//!
//! One table, made of the rows under `registers/`; what it does not list is refused. It is handed to whoever decides, so
//! that a kind of work is added by data alone. Invariant: whoever has taken one of the steps that a step names under
//! `other_than` does not take that step (four eyes).

use super::{Entry, Event, FieldTable};
use crate::money::Money;
use crate::outage::Disposition;
use crate::work::{Action, Books, RegisterKind, Role, State};

/// What a plan promises for what is stated (补办承诺).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    /// It is made good by whoever keeps the entry.
    MadeGood,
    /// The agency pays it back (经办机构报销): there is nothing to be settled where the care was given.
    Claimed,
    /// Nothing (B-13, P-04).
    Nothing,
}

/// A step that an entry may take.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The kinds of work that have it.
    pub kinds: Vec<RegisterKind>,
    /// What is done.
    pub action: Action,
    /// From where; none: before there is an entry.
    pub from: Vec<State>,
    /// To where; `None`: the state stays.
    pub to: Option<State>,
    /// To where instead, where the plan promises nothing for what is stated (B-13, P-04); `None`: it makes no difference.
    pub unpromised: Option<State>,
    /// To where instead, where the agency pays it back; `None`: it makes no difference.
    pub claimed: Option<State>,
    /// Who may.
    pub roles: Vec<Role>,
    /// Whoever has taken one of these steps with the entry may not take this one.
    pub other_than: Vec<Action>,
    /// What it does to the books.
    pub books: Books,
    /// Only for entries whose charge is so; `None`: for all.
    pub sum: Option<SumBound>,
}

/// A bound on what an entry has cost (费用总额).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SumBound {
    /// More than this.
    Above(Money),
    /// This or less.
    UpTo(Money),
}

impl SumBound {
    /// Whether a sum is within the bound.
    pub fn admits(self, sum: Money) -> bool {
        match self {
            SumBound::Above(bound) => sum > bound,
            SumBound::UpTo(bound) => sum <= bound,
        }
    }
}

impl Step {
    fn is_for(&self, kind: RegisterKind, role: Role) -> bool {
        self.kinds.contains(&kind) && self.roles.contains(&role)
    }

    /// The state after it. Whether the plan promises anything is told where it is judged anew; else what was judged stands.
    pub fn after(&self, before: State, promised: Option<Promise>) -> State {
        let stands = || [self.unpromised, self.claimed].into_iter().flatten().find(|state| *state == before);
        let other = match promised {
            Some(Promise::MadeGood) => None,
            Some(Promise::Claimed) => self.claimed,
            Some(Promise::Nothing) => self.unpromised,
            None => stands(),
        };
        other.or(self.to).unwrap_or(before)
    }

    /// Every state that it may lead to from there.
    pub fn leads_to(&self, from: State) -> impl Iterator<Item = State> {
        [self.to.unwrap_or(from)].into_iter().chain(self.unpromised).chain(self.claimed)
    }

    /// Why this person may not take the step: an earlier one that has to be another's was his or hers.
    pub fn bars(&self, entry: &Entry, history: &[Event], login: &str) -> Option<String> {
        let own = |event: &&Event| !login.is_empty() && event.actor == login && self.other_than.contains(&event.action);
        let earlier = history.iter().rfind(own)?;
        Some(format!(
            "{}的“{}”由{}办理，“{}”须由另一人办理；请由其他经办人登录后办理",
            entry.number,
            earlier.action.name(),
            earlier.by,
            self.action.name()
        ))
    }
}

/// Other names (别名) that offices' own sheets give to a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherNames {
    /// The field.
    pub field: String,
    /// Its other names.
    pub names: Vec<String>,
}

/// How a word of a register is said under a disposition that its usual name does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wording {
    /// Under which disposition.
    pub disposition: Disposition,
    /// In which register.
    pub kind: RegisterKind,
    /// The word of the register itself, an action, a state or a field.
    pub word: String,
    /// What it is called.
    pub name: &'static str,
}

/// Every kind of work with its steps and fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WorkTable {
    /// The kinds, in the order of lists.
    pub kinds: Vec<RegisterKind>,
    /// The states.
    pub states: Vec<State>,
    /// What may be done, in the order of forms.
    pub actions: Vec<Action>,
    /// Who acts.
    pub roles: Vec<Role>,
    /// The steps.
    pub steps: Vec<Step>,
    /// What the steps ask for.
    pub fields: FieldTable,
    /// What offices call the fields.
    pub other_names: Vec<OtherNames>,
    /// What is called otherwise under a disposition.
    pub wordings: Vec<Wording>,
    /// How offices say codes.
    pub spoken: Vec<Spoken>,
}

/// How offices say a code (俗称): 居民医保 instead of 390 or 城乡居民基本医疗保险.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spoken {
    /// The national code table.
    pub table: String,
    /// What is said.
    pub said: String,
    /// The code that is meant.
    pub code: String,
}

impl WorkTable {
    /// The code that is meant by what offices say instead of it.
    pub fn code_said(&self, table: &str, said: &str) -> Option<&str> {
        let meant = self.spoken.iter().find(|spoken| spoken.table == table && spoken.said == said);
        meant.map(|spoken| spoken.code.as_str())
    }

    /// The step of this action from this state for this role, if there is one.
    pub fn step(&self, kind: RegisterKind, state: State, action: Action, role: Role) -> Option<&Step> {
        self.steps_from(kind, state, role).find(|step| step.action == action)
    }

    /// Every step from this state for this role, whatever an entry has cost.
    pub fn steps_from(&self, kind: RegisterKind, state: State, role: Role) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.is_for(kind, role) && step.from.contains(&state))
    }

    /// Every step that an entry may take now.
    pub fn steps_of(&self, entry: &Entry, role: Role) -> impl Iterator<Item = &Step> {
        let charged = entry.charged;
        let fits = move |step: &&Step| step.sum.is_none_or(|sum| sum.admits(charged));
        self.steps_from(entry.kind, entry.state, role).filter(fits)
    }

    /// The step of this action that an entry may take now, if there is one.
    pub fn step_of(&self, entry: &Entry, action: Action, role: Role) -> Option<&Step> {
        self.steps_of(entry, role).find(|step| step.action == action)
    }

    /// What an entry waits for from a role (下一步): the one step that brings it on, or [`Action::Settle`] where the backfill does. `None`
    /// where several steps would, or where it is for somebody else, or for nobody, to act.
    pub fn next_step(&self, entry: &Entry, role: Role) -> Option<Action> {
        if entry.awaits_hand_back() {
            return self.step_of(entry, Action::HandBack, role).map(|step| step.action);
        }
        let brings_on = |step: &&Step| {
            step.kinds.contains(&entry.kind)
                && step.from.contains(&entry.state)
                && step.to.is_some()
                && !step.action.is_aside()
                && step.sum.is_none_or(|sum| sum.admits(entry.charged))
        };
        let mut next = None;
        for step in self.steps.iter().filter(brings_on) {
            match step.action {
                // What stands behind it in the table is done only where it is not.
                Action::Settle => return next.or(Some(Action::Settle)),
                action if step.roles.contains(&role) && next.is_some_and(|known| known != action) => return None,
                action if step.roles.contains(&role) => next = Some(action),
                _ => {}
            }
        }
        next
    }

    /// Every step that entries of a kind may wait for from a role, in the order of the table.
    pub fn next_steps(&self, kind: RegisterKind, role: Role) -> Vec<Action> {
        let brings_on = |step: &&Step| {
            let is_own = step.roles.contains(&role) || step.action == Action::Settle;
            let is_back = step.action == Action::HandBack && step.roles.contains(&role);
            let is_on = step.to.is_some() && !step.from.is_empty() && !step.action.is_aside() && is_own;
            step.kinds.contains(&kind) && (is_on || is_back)
        };
        let mut actions: Vec<Action> = Vec::new();
        for step in self.steps.iter().filter(brings_on) {
            if !actions.contains(&step.action) {
                actions.push(step.action);
            }
        }
        actions
    }

    /// The step by which a role makes an entry, if it may.
    pub fn first_step(&self, kind: RegisterKind, role: Role) -> Option<&Step> {
        self.steps.iter().find(|step| step.is_for(kind, role) && step.from.is_empty())
    }

    /// The roles that may make an entry of a kind.
    pub fn first_roles(&self, kind: RegisterKind) -> impl Iterator<Item = Role> {
        let first = self.steps.iter().filter(move |step| step.kinds.contains(&kind) && step.from.is_empty());
        first.flat_map(|step| step.roles.iter().copied())
    }

    /// Whether work that no outage plan governs holds benefits.
    pub fn holds_without_plan(&self) -> bool {
        let ordinary = |step: &&Step| step.kinds.iter().any(|kind| !kind.is_of_outage());
        self.steps.iter().filter(|step| step.books == Books::Hold).any(|step| ordinary(&step))
    }

    /// The kinds of work that somebody takes this step with.
    pub fn kinds_with(&self, action: Action) -> impl Iterator<Item = RegisterKind> {
        let has =
            move |kind: &RegisterKind| self.steps.iter().any(|step| step.action == action && step.kinds.contains(kind));
        self.kinds.iter().copied().filter(has)
    }

    /// The kind of a word; `None` where this table does not have it.
    pub fn kind(&self, word: &str) -> Option<RegisterKind> {
        self.kinds.iter().copied().find(|kind| kind.word() == word)
    }

    /// The action of a word; `None` where this table does not have it.
    pub fn action(&self, word: &str) -> Option<Action> {
        self.actions.iter().copied().find(|action| action.word() == word)
    }

    /// The action of a Chinese name, as sheets write it, or of a word.
    pub fn action_named(&self, text: &str) -> Option<Action> {
        self.actions.iter().copied().find(|action| action.name() == text).or_else(|| self.action(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::example;

    fn step(sum: Option<SumBound>, other_than: &[Action]) -> Step {
        Step {
            kinds: vec![RegisterKind::Papers],
            action: Action::PreApprove,
            from: vec![State::Waiting],
            to: Some(State::Approved),
            unpromised: None,
            claimed: None,
            roles: vec![Role::Agency],
            other_than: other_than.to_vec(),
            books: Books::Nothing,
            sum,
        }
    }

    #[test]
    fn the_sum_decides_between_two_steps_of_one_action() {
        let bound = Money::yuan(50_000);
        let small = Step { to: Some(State::Done), ..step(Some(SumBound::UpTo(bound)), &[]) };
        let table = WorkTable { steps: vec![small, step(Some(SumBound::Above(bound)), &[])], ..WorkTable::default() };
        let to = |charged: Money| {
            let entry = Entry { charged, ..example::entry(RegisterKind::Papers, &[]) };
            table.step_of(&entry, Action::PreApprove, Role::Agency).and_then(|step| step.to)
        };
        assert_eq!(to(bound), Some(State::Done));
        assert_eq!(to(Money::fen(5_000_001)), Some(State::Approved));
    }

    #[test]
    fn four_eyes_go_by_the_login_and_not_by_the_name() {
        let entry = example::entry(RegisterKind::Papers, &[]);
        let history = [example::event(Action::Register, "zhang", "张三(zhang)")];
        let step = step(None, &[Action::Register]);
        let barred = step.bars(&entry, &history, "zhang").unwrap();
        assert!(barred.contains("TJ1的“登记”由张三(zhang)办理") && barred.contains("须由另一人"), "{barred}");
        assert_eq!(step.bars(&entry, &history, "zhang2"), None);
        // What nobody signed in did, as the platform, is nobody's.
        let by_platform = [example::event(Action::Register, "", "平台")];
        assert_eq!(step.bars(&entry, &by_platform, ""), None);
    }
}
