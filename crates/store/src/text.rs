//! Records as text: what somebody was answered, by the names of its columns, to be read back as it was.

use crate::fault::Fault;
use crate::record::{Columns, Record};
use serde_json::Value as Json;

/// A record that can be kept as text.
pub trait AsText: Sized {
    /// One JSON object, a member a column.
    fn as_text(&self) -> String;
    /// What [`AsText::as_text`] has written; a fault where it is not the text of such a record.
    fn of_text(text: &str) -> Result<Self, Fault>;
}

impl<R: Record> AsText for R {
    fn as_text(&self) -> String {
        let names = R::columns().iter().map(|column| column.name.clone());
        Json::Object(names.zip(self.values().iter().map(|value| value.json())).collect()).to_string()
    }

    fn of_text(text: &str) -> Result<R, Fault> {
        let unreadable = |why: String| Fault::new("reading the text of a record of", R::table().name, why);
        let kept: Json = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        let row: Json = R::columns().iter().map(|column| kept[column.name.as_str()].clone()).collect();
        let read = Columns::of_json(&row).and_then(|mut columns| R::read(&mut columns));
        read.map_err(|why| unreadable(why.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::BackfillRun;
    use jiff::civil::date;

    #[test]
    fn a_record_is_read_back_from_its_text_as_it_was() {
        let run = BackfillRun {
            number: 7,
            plan: "town".into(),
            fixmedins_code: String::new(),
            started_at: date(2021, 7, 16).at(9, 0, 0, 0),
            started_by: "张三(\"h1\")".into(),
            found: 12,
            settled: 0,
            failed: 0,
            finished_at: None,
        };
        let text = run.as_text();
        assert!(text.contains("\"plan\":\"town\""), "{text}");
        assert_eq!(BackfillRun::of_text(&text).unwrap(), run);
        for broken in ["null", "{}", "{\"number\":\"seven\"}", "["] {
            assert!(BackfillRun::of_text(broken).is_err(), "{broken}");
        }
    }
}
