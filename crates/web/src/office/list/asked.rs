//! What of a register is asked for: the filter, the page, and which part of it may stand in an address.

use crate::office::Trouble;
use crate::office::form::said;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Bucket, WorkTable};
use yibao_engine::desks::registers::ListFilter;

/// How many rows a page may have; the first is usual.
pub(super) const PAGES: [usize; 4] = [50, 100, 200, 500];

/// What is asked for.
#[derive(Clone, Default)]
pub(in crate::office) struct Asked {
    pub bucket: String,
    pub step: Option<Action>,
    pub overdue: bool,
    pub doubles: bool,
    pub text: String,
    pub after: String,
    pub provider: String,
    /// Rows of a page; 0: as usual.
    pub rows: usize,
}

impl Asked {
    /// Reads it; refuses a word that would choose nothing.
    pub fn of(work: &WorkTable, form: &[(String, String)]) -> Result<Asked, Trouble> {
        let bucket = said(form, "bucket");
        if !bucket.is_empty() && Bucket::of_word(bucket).is_none() {
            let known: Vec<&str> = Bucket::ALL.iter().map(|known| known.word()).collect();
            let text = format!("“进展” bucket 没有 {bucket}；应为 {}，或不填", known.join("、"));
            return Err(Trouble::Refused(text));
        }
        let step = match said(form, "step") {
            "" => None,
            word => match work.action(word) {
                None => return Err(Trouble::Refused(format!("“要办的”没有 {word}；请重新选择，或不选"))),
                step => step,
            },
        };
        let rows = match said(form, "rows") {
            "" => 0,
            rows => rows.parse().ok().filter(|rows| PAGES.contains(rows)).ok_or_else(|| {
                let text = format!("“每页笔数”{rows}不能用；应为{}", PAGES.map(|rows| rows.to_string()).join("、"));
                Trouble::Refused(text)
            })?,
        };
        Ok(Asked {
            rows,
            step,
            bucket: bucket.to_owned(),
            overdue: !said(form, "overdue").is_empty(),
            doubles: !said(form, "doubles").is_empty(),
            text: said(form, "text").to_owned(),
            after: said(form, "after").to_owned(),
            provider: said(form, "provider").to_owned(),
        })
    }

    pub fn filter(&self, kind: RegisterKind, rows: usize) -> ListFilter {
        ListFilter {
            kind: Some(kind),
            bucket: Bucket::of_word(&self.bucket),
            step: self.step,
            overdue: self.overdue,
            doubles: self.doubles,
            fixmedins_code: (!self.provider.is_empty()).then(|| self.provider.clone()),
            text: self.text.clone(),
            after: self.after.clone(),
            rows,
            ..ListFilter::default()
        }
    }

    /// The part that may stand in an address: no names, no numbers of persons.
    pub fn query(&self) -> String {
        let yes = |is_so: bool| if is_so { "1" } else { "" };
        let rows = if self.rows == 0 { String::new() } else { self.rows.to_string() };
        let said = [
            ("bucket", self.bucket.as_str()),
            ("step", self.step.map_or("", Action::word)),
            ("overdue", yes(self.overdue)),
            ("doubles", yes(self.doubles)),
            ("provider", &self.provider),
            ("rows", &rows),
            ("after", &self.after),
        ];
        let said: Vec<_> = said.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(said).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_a_word_that_chooses_nothing_is_refused_with_the_words_that_do() {
        let work = yibao_policy::registers::built_in();
        let asked = |bucket: &str| Asked::of(&work, &[("bucket".to_owned(), bucket.to_owned())]);
        assert!(asked("").is_ok() && asked("waiting").is_ok());
        let Err(Trouble::Refused(text)) = asked("zzz") else { panic!("it was taken") };
        assert!(text.contains("zzz") && text.contains("waiting"), "{text}");
    }

    #[test]
    fn a_page_has_one_of_the_lengths_that_are_offered() {
        let work = yibao_policy::registers::built_in();
        let asked = |rows: &str| Asked::of(&work, &[("rows".to_owned(), rows.to_owned())]).map(|asked| asked.query());
        assert!(matches!(asked("200"), Ok(query) if query == "rows=200"));
        assert!(matches!(asked(""), Ok(query) if query.is_empty()));
        for rows in ["7", "0", "alle"] {
            assert!(
                matches!(asked(rows), Err(Trouble::Refused(text)) if text.contains(rows) && text.contains("50、100"))
            );
        }
    }
}
