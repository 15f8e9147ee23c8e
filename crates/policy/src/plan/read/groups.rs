//! Reads groups (分组), and the names that a plan gives to pools and providers.

use super::{Reader, values};
use crate::plan::source::{At, Table};
use std::collections::BTreeMap;
use yibao_domain::outage::{Contract, Group, Members, Persons, Population};
use yibao_domain::provider::BenefitLevel;

/// The keys by which providers are told, and those of persons: what the platform keeps of them.
const OF_PROVIDERS: &[&str] = &["providers", "levels", "contracts"];
const OF_PERSONS: &[&str] =
    &["attributes", "person_types", "diseases", "employers", "age_from", "age_until", "civil_servants"];

/// The oldest age that anybody states.
const AGE_MAX: u32 = 150;

/// What a plan that asks for anything else is told.
const NOT_KEPT: &str =
    "平台的档案里没有这一项，不能据此分组；机构请逐一写进 providers，人员请用平台记载的身份、类别、资格、单位、年龄";

impl Reader<'_> {
    pub(super) fn group(&self, table: &Table<'_>) -> Option<Group> {
        let id = table.needed_text("id");
        let name = table.needed_text("name");
        let has = |keys: &[&str]| keys.iter().any(|key| table.has(key));
        let (providers, persons) = (has(OF_PROVIDERS), has(OF_PERSONS));
        let members = match (providers, persons) {
            (true, true) => {
                let text = "[[group]]一组只能是医药机构，或只能是人员，请分成两组";
                self.source.problem(table.line, text);
                None
            }
            (false, false) => {
                let keys = [OF_PROVIDERS, OF_PERSONS].concat().join("、");
                self.source.problem(table.line, format!("[[group]]没有写明谁属于本组，请至少写一项：{keys}"));
                None
            }
            _ => Some(()),
        };
        let of_providers = Members::Providers {
            codes: values(table.texts("providers")),
            levels: table.words("levels", BenefitLevel::of_column, &BenefitLevel::ALL.map(BenefitLevel::column)),
            contracts: table.words(
                "contracts",
                Contract::of_word,
                &Contract::ALL.iter().map(|contract| contract.word()).collect::<Vec<_>>(),
            ),
        };
        let of_persons = Members::Persons(Persons {
            attributes: values(table.texts("attributes")),
            person_types: values(table.texts("person_types")),
            diseases: values(table.texts("diseases")),
            employers: values(table.texts("employers")),
            ages: self.ages(table),
            civil_servants: table.flag("civil_servants"),
        });
        table.explain_unknown(NOT_KEPT);
        if let Some(at) = id.as_ref().filter(|id| Population::of_word(&id.value).is_some()) {
            self.source.problem(at.line, format!("{} 是人群的固定名称，不能用作分组编号，请换一个", at.value));
        }
        let members = members.map(|()| if persons { of_persons } else { of_providers });
        Some(Group { id: id?.value, name: name?.value, line: table.line, members: members? })
    }

    /// `age_from`, `age_until`, or one of them.
    fn ages(&self, table: &Table<'_>) -> Option<(i16, i16)> {
        let (first, last) = (table.number("age_from", AGE_MAX), table.number("age_until", AGE_MAX));
        if first.is_none() && last.is_none() {
            return None;
        }
        let first = first.map_or(0, |at| at.value);
        let last = last.map_or(AGE_MAX, |at| at.value);
        if last < first {
            self.source.problem(table.line, format!("[[group]]的年龄先止（{last}）后起（{first}），请核对"));
        }
        Some((i16::try_from(first).ok()?, i16::try_from(last).ok()?))
    }

    /// `[pools]` or `[providers]`: codes and what they are called.
    pub(super) fn names_by_code(
        &self,
        table: Option<Table<'_>>,
        is_code: impl Fn(&At<String>) -> bool,
    ) -> BTreeMap<String, String> {
        let entries = table.map(|table| table.free_texts()).unwrap_or_default();
        entries.into_iter().filter(|(code, _)| is_code(code)).map(|(code, name)| (code.value, name.value)).collect()
    }
}
