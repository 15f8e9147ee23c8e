//! Forms of the registers, filled in as a careful clerk does: every field that the register has and the person, the papers or
//! the hospital's own system can tell.

use crate::city::Citizen;
use crate::life::{Birth, Event, Kind, Leaves, Line};
use crate::till;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::{RegisterKind, Requirement};
use yibao_domain::register::{Action, EntryLine, FieldKind, FieldSpec, Stated, WorkTable, is_met, keeps_own};
use yibao_domain::time::{DateTime, moment_text};

/// What a form is about.
pub struct About<'a> {
    /// The event.
    pub event: &'a Event,
    /// Whose.
    pub person: &'a Citizen,
    /// 医疗类别.
    pub med_type: &'a str,
    /// The stay or visit at the platform; empty where there is none.
    pub mdtrt_id: &'a str,
    /// Where the patient came from, by code; empty where from home.
    pub from_provider: &'a str,
    /// Whether the discharge is known.
    pub is_over: bool,
    /// What is charged in all, in fen, without what was settled before.
    pub total: i64,
    /// The present moment.
    pub now: DateTime,
}

/// The fields of one step.
pub fn filled(table: &WorkTable, kind: RegisterKind, action: Action, about: &About<'_>) -> Stated {
    let mut stated = Stated::new();
    for field in table.fields.of(kind, action) {
        if let Some(value) = value(field, about) {
            stated.insert(field.name.clone(), value);
        }
    }
    stated
}

/// Attests what the notice demands and no field of the form says yet: the card that is shown, a field of its own, or a tick among
/// the other papers. Of alternatives the first does.
pub fn attest(table: &WorkTable, kind: RegisterKind, wanted: &[Requirement], stated: &mut Stated) {
    let fields = &table.fields;
    let of_form = || fields.of(kind, Action::Register);
    for requirement in wanted.iter().filter(|requirement| !requirement.optional) {
        let told = |stated: &Stated, word| fields.attests(kind, Action::Register, stated, word);
        if is_met(requirement, |word| told(stated, word)) {
            continue;
        }
        for word in requirement.any_of.first().into_iter().flatten() {
            if told(stated, *word) {
                continue;
            }
            let chosen = of_form().find(|field| field.evidence.len() > 1 && field.evidence.contains(word));
            let own = of_form().find(|field| field.evidence == [*word] || keeps_own(field, *word));
            if let Some(field) = chosen {
                stated.insert(field.name.clone(), word.name().to_owned());
            } else if let Some(field) = own {
                let said = match field.holds {
                    FieldKind::YesNo => "是",
                    FieldKind::Money => "0.00",
                    _ => word.name(),
                };
                stated.insert(field.name.clone(), said.to_owned());
            } else if let Some(field) = fields.papers(kind) {
                let ticked = stated.entry(field.name.clone()).or_default();
                let apart = if ticked.is_empty() { "" } else { "、" };
                ticked.push_str(&format!("{apart}{}", word.name()));
            }
        }
    }
}

fn value(field: &FieldSpec, about: &About<'_>) -> Option<String> {
    let (event, person) = (about.event, about.person);
    let is_stay = matches!(event.kind, Kind::Stay { .. });
    let papers = format!("{}{:03}", event.id.person, event.id.ordinal);
    let text = match field.name.as_str() {
        "psn_no" => person.psn_no.clone(),
        "psn_name" => person.name.clone(),
        "certno" => person.certno_on_papers(),
        "tel" => format!("138{:08}", person.number),
        "insutype" => person.scheme.insutype().to_owned(),
        "med_type" => about.med_type.to_owned(),
        "begntime" | "care_begntime" => moment_text(event.at),
        "endtime" | "care_endtime" if about.is_over && is_stay => moment_text(event.ended()),
        "dscg_way" if about.is_over => dscg_way(event).to_owned(),
        "ipt_otp_no" => till::ipt_no(event),
        "mdtrt_id" if !about.mdtrt_id.is_empty() => about.mdtrt_id.to_owned(),
        "from_provider" if !about.from_provider.is_empty() => about.from_provider.to_owned(),
        "diag_code" => event.diagnoses.first()?.0.to_owned(),
        "diag_name" => event.diagnoses.first()?.1.to_owned(),
        "other_diags" if event.diagnoses.len() > 1 => {
            let others = event.diagnoses.iter().skip(1).map(|(code, name)| format!("{code} {name}"));
            others.collect::<Vec<_>>().join("、")
        }
        "opsp_dise_code" => event.kind.disease()?.to_owned(),
        "matn_type" | "birctrl_type" | "birctrl_matn_date" | "geso_val" | "fetus_cnt" => {
            return birth(event.birth?, &field.name);
        }
        "medfee_sumamt" if about.is_over || !is_stay => till::yuan(about.total),
        "acct_used_flag" => if event.uses_account { "是" } else { "否" }.to_owned(),
        "invono" => receipt(event),
        "rx_no" => format!("CF{papers}"),
        "card_seen" => "社会保障卡".to_owned(),
        "injury" => "否".to_owned(),
        "identity_checked" | "fees_kept" | "card_number_on_papers" | "halted_stamp" => "是".to_owned(),
        "statement" => "在待遇期内，无等待期".to_owned(),
        "signer" => person.name.clone(),
        // At a counter everybody pays the whole bill.
        "prepayment" if is_stay => till::yuan(deposit(event)),
        "prepayment" => till::yuan(about.total),
        "certificate_issuer" if person.attribute == Some("2302") => "仿真镇人民政府".to_owned(),
        "choice" => "恢复后结算".to_owned(),
        "told_by" | "converted_by" | "explained_by" | "caller" | "handled_by" | "dispensed_by" => "张三".to_owned(),
        "told_whom" => person.name.clone(),
        "reason" => "本人申请".to_owned(),
        "late_reason" => "入院晚于截止时刻".to_owned(),
        "call_outcome" => "已通知".to_owned(),
        _ => return usual(field, about),
    };
    Some(text)
}

/// What somebody pays for a stay ahead, in fen: some a part, never the whole.
pub fn deposit(event: &Event) -> i64 {
    let pays = (event.id.person + u64::from(event.id.ordinal)).is_multiple_of(3);
    if pays { (event.total() / 5).clamp(0, 20_000) } else { 0 }
}

/// The number of the receipt of an event.
pub fn receipt(event: &Event) -> String {
    format!("FP{}{:03}", event.id.person, event.id.ordinal)
}

fn birth(birth: Birth, field: &str) -> Option<String> {
    let text = match field {
        "matn_type" => birth.matn_type.to_owned(),
        "birctrl_type" => birth.birctrl_type.to_owned(),
        "birctrl_matn_date" => birth.day.to_string(),
        "geso_val" => birth.weeks.to_string(),
        _ => birth.children?.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// What a field that must be filled in holds where nothing special is known.
fn usual(field: &FieldSpec, about: &About<'_>) -> Option<String> {
    if field.need != yibao_domain::register::Need::Yes {
        return None;
    }
    Some(match &field.holds {
        FieldKind::Moment => moment_text(about.now),
        FieldKind::Day => about.now.date().to_string(),
        FieldKind::YesNo => "是".to_owned(),
        FieldKind::Count => "0".to_owned(),
        FieldKind::Money => "0.00".to_owned(),
        FieldKind::Choice(words) => words.first()?.clone(),
        FieldKind::Text => "无".to_owned(),
        _ => return None,
    })
}

/// 离院方式: home, or to another hospital.
pub fn dscg_way(event: &Event) -> &'static str {
    match event.kind {
        Kind::Stay { leaves: Leaves::ForAnother, .. } => "2",
        _ => "1",
    }
}

/// Lines of a bill as a register keeps them.
pub fn lines<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<EntryLine> {
    let kept = |line: &Line| EntryLine {
        feedetl_sn: line.serial.clone(),
        fee_ocur_time: line.at,
        med_list_codg: line.code.to_owned(),
        medins_list_codg: format!("Y{}", line.code),
        cnt: Decimal::from(line.count),
        pric: Money::fen(line.price).as_yuan(),
        det_item_fee_sumamt: Money::fen(line.sum()),
        hosp_appr_flag: line.approval.to_owned(),
        init_feedetl_sn: line.returns.clone().unwrap_or_default(),
        ..EntryLine::default()
    };
    lines.into_iter().map(kept).collect()
}
