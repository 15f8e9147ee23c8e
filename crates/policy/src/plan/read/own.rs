//! Reads evidence and channels of a plan's own (自定凭据、渠道): a word, its Chinese name, and for evidence the field that keeps it.

use super::Reader;
use crate::plan::source::{At, Entry, Table};
use yibao_domain::outage::{Channel, Evidence};

impl Reader<'_> {
    /// `police_report = "事故认定书"`, or `{ name = "事故认定书", field = "injury_cause", brought = false }`.
    pub(super) fn read_own_evidence(&self, table: Option<Table<'_>>) -> Vec<Evidence> {
        let mut own: Vec<Evidence> = Vec::new();
        for (word, entry) in table.map(|table| table.free_entries("[evidence]")).unwrap_or_default() {
            let (name, field, is_brought) = match entry {
                Entry::Text(name) => (Some(name), None, true),
                Entry::Table(table) => {
                    let name = table.needed_text("name");
                    let field = table.text("field").map(|field| field.value);
                    let is_brought = !table.has("brought") || table.flag("brought");
                    table.report_unknown();
                    (name, field, is_brought)
                }
            };
            let Some(name) = name else { continue };
            let known = Evidence::KNOWN.iter().chain(&own).map(|other| (other.word(), other.name()));
            if self.is_new("凭据", &word, &name, known) {
                self.is_one_name(&name);
                own.push(Evidence::own(&word.value, &name.value, field.as_deref().unwrap_or_default(), is_brought));
            }
        }
        own
    }

    /// `hotline = "12393热线"`.
    pub(super) fn read_own_channels(&self, table: Option<Table<'_>>) -> Vec<Channel> {
        let mut own: Vec<Channel> = Vec::new();
        for (word, name) in table.map(|table| table.free_texts()).unwrap_or_default() {
            let known = Channel::KNOWN.iter().chain(&own).map(|other| (other.word(), other.name()));
            if self.is_new("渠道", &word, &name, known) {
                own.push(Channel::own(&word.value, &name.value, "", false));
            }
        }
        own
    }

    /// Several papers are kept in one field, so that the name of one cannot have what keeps them apart.
    fn is_one_name(&self, name: &At<String>) {
        if let Some(apart) = name.value.chars().find(|c| "、，,;；|+".contains(*c)) {
            let text = format!("凭据的名称“{}”不能含“{apart}”：登记时几项以它分开，请改写", name.value);
            self.source.problem(name.line, text);
        }
    }

    /// A word and a name that nothing else has.
    fn is_new<'k>(
        &self,
        what: &str,
        word: &At<String>,
        name: &At<String>,
        mut known: impl Iterator<Item = (&'k str, &'k str)>,
    ) -> bool {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !word.value.starts_with(|c: char| c.is_ascii_lowercase()) || !word.value.chars().all(fits) {
            let text = format!("{what}“{}”应以小写字母开头，只用小写字母、数字和下划线", word.value);
            self.source.problem(word.line, text);
            return false;
        }
        if let Some((other, its)) = known.find(|(other, its)| *other == word.value || *its == name.value) {
            let text =
                format!("{what}“{}”（{}）已经有了（{other}，{its}），请直接用，或换一个", word.value, name.value);
            self.source.problem(word.line, text);
            return false;
        }
        true
    }
}
