//! What a statement says in the shape of the messages of its backfill (补录报文): what they could not take is refused where it is
//! written down, and not weeks later.

use yibao_domain::outage::RegisterKind;
use yibao_domain::register::field::{self, Field, Text};
use yibao_domain::register::{Action, FieldProblem, FieldTable, Stated, diagnoses};
use yibao_interface::Catalogue;

/// Where a field goes: message, node, name there.
type Goes = (&'static str, &'static str, &'static str);

/// Fields of registers that a message takes as they are stated.
const TAKEN: [(Field<Text>, Goes); 10] = [
    (field::CERTNO, ("2401", "mdtrtinfo", "mdtrt_cert_no")),
    (field::MDTRT_ID, ("2402", "dscginfo", "mdtrt_id")),
    (field::IPT_OTP_NO, ("2401", "mdtrtinfo", "ipt_no")),
    (field::ADM_DEPT_NAME, ("2401", "mdtrtinfo", "adm_dept_name")),
    (field::DIAG_CODE, DIAG_CODE),
    (field::DIAG_NAME, DIAG_NAME),
    (field::OPSP_DISE_CODE, ("2402", "dscginfo", "dise_codg")),
    (field::GESO_VAL, ("2402", "dscginfo", "geso_val")),
    (field::FETUS_CNT, ("2402", "dscginfo", "fetus_cnt")),
    (field::INVONO, ("2304", "data", "invono")),
];
const DIAG_CODE: Goes = ("2402", "diseinfo", "diag_code");
const DIAG_NAME: Goes = ("2402", "diseinfo", "diag_name");

/// What no message of the backfill could take, field by field; only of care that is settled by one.
pub(crate) fn problems(table: &FieldTable, kind: RegisterKind, action: Action, stated: &Stated) -> Vec<FieldProblem> {
    if !kind.is_settled() {
        return Vec::new();
    }
    let unfit = |(name, text): (&str, Option<String>)| {
        let field = table.of(kind, action).find(|field| field.name == name)?;
        Some(FieldProblem::of(field, text?))
    };
    let single = TAKEN.iter().map(|(field, goes)| (field.name(), misshapen(*goes, field.of(stated))));
    let others = diagnoses(field::OTHER_DIAGS.of(stated)).unwrap_or_default();
    let of_each = others.iter().flat_map(|of| [misshapen(DIAG_CODE, &of.code), misshapen(DIAG_NAME, &of.name)]);
    single.chain(of_each.map(|text| (field::OTHER_DIAGS.name(), text))).filter_map(unfit).collect()
}

/// Why a field of a message does not hold a value.
fn misshapen((infno, node, name): Goes, value: &str) -> Option<String> {
    let field = Catalogue::national().transaction(infno)?.input_node(node)?.field(name)?;
    let why = field.shaped(value).err().filter(|_| !value.is_empty())?;
    Some(format!("“{value}”{why}，补录时接口不收；请核对"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place_in_a_message() {
        for (field, (infno, node, name)) in TAKEN {
            let message = Catalogue::national().transaction(infno).unwrap();
            assert!(message.input_node(node).unwrap().field(name).is_some(), "{}: {infno} {node} {name}", field.name());
        }
    }

    #[test]
    fn what_a_message_cannot_take_is_named_by_its_field() {
        let table = &yibao_policy::registers::built_in().fields;
        let of = |kind, name: &str, value: &str| {
            problems(table, kind, Action::Register, &Stated::from([(name.to_owned(), value.to_owned())]))
        };
        let long = "A".repeat(31);
        assert_eq!(of(RegisterKind::CashVisit, "invono", &long)[0].label, "发票号");
        assert!(of(RegisterKind::CashVisit, "geso_val", "100")[0].text.contains("“100”过大"));
        let others = format!("I10.x00 高血压、Z51.100 {}", "化".repeat(101));
        assert_eq!(of(RegisterKind::CashVisit, "other_diags", &others)[0].field, "other_diags");
        assert!(of(RegisterKind::CashVisit, "other_diags", "I10.x00 高血压").is_empty());
        assert!(of(RegisterKind::Papers, "invono", &long).is_empty(), "papers become no message");
    }
}
