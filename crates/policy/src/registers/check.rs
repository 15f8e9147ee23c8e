//! Checks of the work as a whole: whatever is listed can be begun, asked for, and finished.

use super::read::Places;
use super::source::{Place, WrongRow};
use std::collections::BTreeSet;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::field::{REFUND, misread};
use yibao_domain::register::{
    Action, Books, CLAIM_PLACES, FieldKind, FieldSpec, Keeper, Need, Role, State, Step, SumBound, WorkTable,
    claim_names,
};

/// What is wrong with the table as a whole.
pub(super) fn check(table: &WorkTable, places: &Places) -> Vec<WrongRow> {
    let checking = Checking { table, places };
    let kinds = table.kinds.iter().zip(&places.kinds);
    let mut wrong: Vec<WrongRow> = kinds.flat_map(|(kind, place)| checking.kind(*kind, place)).collect();
    wrong.extend(table.steps.iter().zip(&places.steps).flat_map(|(step, place)| checking.step(step, place)));
    wrong
        .extend(table.fields.fields.iter().zip(&places.fields).flat_map(|(field, place)| checking.field(field, place)));
    wrong.extend(checking.twice());
    wrong
}

struct Checking<'a> {
    table: &'a WorkTable,
    places: &'a Places,
}

impl Checking<'_> {
    fn kind(&self, kind: RegisterKind, place: &Place) -> Vec<WrongRow> {
        let mut wrong = Vec::new();
        let name = kind.word();
        if self.steps_of(kind).all(|step| !step.from.is_empty()) {
            wrong.push(place.wrong(format!("{name} 没有“登记”一步；请在 steps.tsv 写明谁可以登记（register）")));
            return wrong;
        }
        let reached = self.reached(kind);
        for state in reached.iter().copied().filter(|state| !state.is_final()) {
            if !self.ends(kind, state) {
                let text =
                    format!("{name} 到“{}”（{}）后没有一步能办结；请在 steps.tsv 补上", state.name(), state.word());
                wrong.push(place.wrong(text));
            }
        }
        if self.asked(kind, Action::Register).next().is_none() {
            wrong.push(place.wrong(format!("{name} 登记时什么也不问；请在 fields.tsv 写明栏目")));
        }
        let row = kind.row();
        if row.keeper == Keeper::Agency && self.table.first_roles(kind).any(Role::keeps_to_its_own) {
            wrong.push(place.wrong(format!(
                "{name} 归经办机构负责（keeper 为 agency），医药机构登记了就看不到；请改 keeper 或 roles"
            )));
        }
        let moment = self.asked(kind, Action::Register).find(|field| field.name == row.moment);
        if moment.is_none_or(|field| field.holds != FieldKind::Moment) {
            let text = format!("{name} 的 moment 应为登记时所填的一个时间栏目，不是“{}”", row.moment);
            wrong.push(place.wrong(text));
        }
        for template in row.claims.split('|').filter(|template| *template != "-") {
            for unknown in claim_names(template).filter(|name| !self.is_claimable(kind, name)) {
                let text =
                    format!("{name} 的 claims 写了“{unknown}”，既不是登记时的栏目，也不是 {}", CLAIM_PLACES.join("、"));
                wrong.push(place.wrong(text));
            }
        }
        wrong
    }

    fn is_claimable(&self, kind: RegisterKind, name: &str) -> bool {
        CLAIM_PLACES.contains(&name) || self.asked(kind, Action::Register).any(|field| field.name == name)
    }

    fn steps_of(&self, kind: RegisterKind) -> impl Iterator<Item = &Step> {
        self.table.steps.iter().filter(move |step| step.kinds.contains(&kind))
    }

    fn asked(&self, kind: RegisterKind, action: Action) -> impl Iterator<Item = &FieldSpec> {
        self.table.fields.of(kind, action)
    }

    /// The states that an entry comes to from its registration.
    fn reached(&self, kind: RegisterKind) -> BTreeSet<State> {
        let first = self.steps_of(kind).filter(|step| step.from.is_empty());
        self.from(kind, first.flat_map(|step| [step.to, step.unpromised, step.claimed]).flatten().collect())
    }

    /// The states that an entry may come to from these, with these.
    fn from(&self, kind: RegisterKind, mut seen: BTreeSet<State>) -> BTreeSet<State> {
        loop {
            let next = self.steps_of(kind).filter(|step| step.from.iter().any(|state| seen.contains(state)));
            let to = next.flat_map(|step| [step.to, step.unpromised, step.claimed]).flatten();
            let next: Vec<State> = to.filter(|to| !seen.contains(to)).collect();
            if next.is_empty() {
                return seen;
            }
            seen.extend(next);
        }
    }

    fn ends(&self, kind: RegisterKind, state: State) -> bool {
        self.from(kind, BTreeSet::from([state])).into_iter().any(State::is_final)
    }

    fn step(&self, step: &Step, place: &Place) -> Vec<WrongRow> {
        let mut wrong = Vec::new();
        let by_person = step.roles.iter().any(|role| role.signs_in()) && step.action != Action::Correct;
        for kind in step.kinds.iter().copied() {
            let (name, action) = (kind.word(), step.action.word());
            if by_person && self.asked(kind, step.action).next().is_none() {
                let text = format!("{name} 的“{}”（{action}）什么也不问；请在 fields.tsv 写明栏目", step.action.name());
                wrong.push(place.wrong(text));
            }
            for earlier in
                step.other_than.iter().filter(|earlier| !self.steps_of(kind).any(|own| own.action == **earlier))
            {
                let text = format!("{name} 没有“{}”一步，other_than 不能写 {}", earlier.name(), earlier.word());
                wrong.push(place.wrong(text));
            }
            if step.books.notes_refund() && self.asked(kind, step.action).all(|field| field.name != REFUND.name()) {
                wrong.push(place.wrong(format!("{name} 的 {action} 要记报销金额，却没有栏目 refund")));
            }
            if step.books == Books::Hold && self.steps_of(kind).all(|own| own.books != Books::Release) {
                wrong.push(place.wrong(format!("{name} 有暂停待遇（hold）的一步，没有解除（release）的一步；请补上")));
            }
            if step.unpromised.is_some() && !kind.is_of_outage() {
                wrong.push(
                    place.wrong(format!("{name} 不依停机方案（governed 为 none），to 不能按方案有无承诺分写两个状态")),
                );
            }
            if step.books == Books::Settlement && !kind.is_settled() {
                wrong.push(place.wrong(format!("{name} 不以结算办结（settles 为 -），books 不能是 settlement")));
            }
        }
        let settles = step.books == Books::Settlement;
        if (settles || step.books == Books::Cancellation) && step.roles.iter().any(|role| role.signs_in()) {
            wrong.push(
                place.wrong("结算由平台记、由平台撤销；books 为 settlement、cancellation 的，roles 只能是 platform"),
            );
        }
        if step.to == Some(State::Settled) && !settles {
            wrong.push(
                place.wrong("到“已结算”（settled）须有结算（books 为 settlement）；不结算的请用 done 或另设状态"),
            );
        }
        if step.from.is_empty() && step.books != Books::Nothing {
            wrong.push(place.wrong("登记只记事，不动账；books 应为 -，要动账的请另写一步"));
        }
        if step.sum.is_some() && step.from.is_empty() {
            wrong.push(place.wrong("登记时还不知道金额；sum 只用于登记以后的步骤"));
        }
        wrong
    }

    fn field(&self, field: &FieldSpec, place: &Place) -> Vec<WrongRow> {
        let mut wrong = Vec::new();
        if misread(field) {
            let text = format!(
                "程序按另一种类型读取栏目 {}；请改回原来的 type，choice 可加词不可减词，或另取栏目名",
                field.name
            );
            wrong.push(place.wrong(text));
        }
        if field.need == Need::ByPlan && field.evidence.is_empty() && field.holds != FieldKind::Papers {
            wrong.push(place.wrong("needed 为 plan 的栏目要写明对应的凭据（evidence）"));
        }
        if let Some(kind) = field.kind {
            if self.steps_of(kind).all(|step| step.action != field.action) {
                let text = format!("{} 没有“{}”一步，栏目 {} 无处可填", kind.word(), field.action.name(), field.name);
                wrong.push(place.wrong(text));
            }
            let same = self.asked(kind, field.action).filter(|other| other.label == field.label).count();
            if same > 1 {
                wrong.push(place.wrong(format!("“{}”在同一步里写了两次", field.label)));
            }
        }
        wrong
    }

    /// Steps between which nobody could choose: of one kind, action, state and role, for one sum.
    fn twice(&self) -> Vec<WrongRow> {
        let steps: Vec<(&Step, &Place)> = self.table.steps.iter().zip(&self.places.steps).collect();
        let mut wrong = Vec::new();
        for (at, (step, place)) in steps.iter().enumerate() {
            for (earlier, before) in &steps[..at] {
                let meets = step.action == earlier.action
                    && step.kinds.iter().any(|kind| earlier.kinds.contains(kind))
                    && step.roles.iter().any(|role| earlier.roles.contains(role))
                    && (step.from.iter().any(|state| earlier.from.contains(state)) || step.from.is_empty())
                    && overlap(step.sum, earlier.sum);
                if meets {
                    wrong.push(place.wrong(format!("与 {}:{} 是同一步；请合为一行", before.file, before.line)));
                }
            }
        }
        wrong
    }
}

fn overlap(one: Option<SumBound>, other: Option<SumBound>) -> bool {
    match (one, other) {
        (Some(SumBound::UpTo(most)), Some(SumBound::Above(least)))
        | (Some(SumBound::Above(least)), Some(SumBound::UpTo(most))) => least < most,
        _ => true,
    }
}
