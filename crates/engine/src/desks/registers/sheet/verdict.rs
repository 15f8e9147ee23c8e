//! What became of a row, in the words that people read.

use crate::desks::registers::sheet::given::{Sheet, SheetRow};
use crate::register::Kept;
use yibao_domain::register::Action;

/// What became of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A new entry.
    Added,
    /// It was there already, word by word.
    Unchanged,
    /// An entry was changed.
    Changed,
    /// Not taken, and why.
    Refused(String),
    /// No entry at all, and what it is.
    PassedOver(&'static str),
}

impl Outcome {
    /// The five words, in the order in which they are counted.
    pub const WORDS: [&'static str; 5] = ["已登记", "已更新", "相同", "拒绝", "未导入"];

    /// The word.
    pub const fn word(&self) -> &'static str {
        let [added, changed, same, refused, passed] = Outcome::WORDS;
        match self {
            Outcome::Added => added,
            Outcome::Changed => changed,
            Outcome::Unchanged => same,
            Outcome::Refused(_) => refused,
            Outcome::PassedOver(_) => passed,
        }
    }
}

/// The verdict on a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Which sheet.
    pub sheet: Sheet,
    /// `第3行`, with the sheet's name where there are several.
    pub place: String,
    /// The row's number in its sheet.
    pub line: usize,
    /// The entry, where there is one.
    pub number: Option<String>,
    /// The step that was taken; `None`: a registration or a correction.
    pub action: Option<Action>,
    /// What became of it.
    pub outcome: Outcome,
    /// What is to be looked at, for people.
    pub remarks: Vec<String>,
}

impl Verdict {
    /// A verdict without more words.
    pub(crate) fn new(sheet: Sheet, row: &SheetRow, number: Option<String>, outcome: Outcome) -> Verdict {
        Verdict { sheet, place: row.place(sheet), line: row.line, number, action: None, outcome, remarks: Vec::new() }
    }

    /// The verdict on lines that belong to no row.
    pub(crate) fn of_lines(row: &SheetRow, put: Result<Kept, String>) -> Verdict {
        let (number, outcome) = match put {
            Ok(kept) if kept.is_new => (Some(kept.entry.number), Outcome::Changed),
            Ok(kept) => (Some(kept.entry.number), Outcome::Unchanged),
            Err(text) => (None, Outcome::Refused(text)),
        };
        Verdict::new(Sheet::Lines, row, number, outcome)
    }

    /// The whole sentence.
    pub fn sentence(&self) -> String {
        let number = self.number.as_deref().unwrap_or_default();
        let told = match &self.outcome {
            Outcome::Added => format!("已登记 {number}"),
            Outcome::Unchanged => format!("与{number}相同，未重复登记"),
            Outcome::Changed => {
                format!("已更新 {number}{}", self.action.map_or(String::new(), |action| format!("：{}", action.name())))
            }
            // A wrong field follows its row at once: 第3行“姓名”必填.
            Outcome::Refused(why) if why.starts_with('“') => format!("拒绝：{}{why}", self.place),
            Outcome::Refused(why) => format!("拒绝：{}：{why}", self.place),
            Outcome::PassedOver(why) => format!("未导入：{why}"),
        };
        self.remarks.iter().fold(told, |told, remark| format!("{told}；注意：{remark}"))
    }
}
