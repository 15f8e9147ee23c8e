//! Documents that providers deposit (资料上传): kept once, corrected by their key, apart from what tills wait for.

use crate::engine::{Engine, Selection, once, sql};
use crate::fault::Fault;
use crate::record::{Batch, Record, record};
use crate::value::values;
use yibao_domain::time::{Date, DateTime};

/// A document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deposit {
    /// First day of the month in which it came first: by it the rows are kept apart where an engine can.
    pub month: Date,
    /// Whose it is.
    pub fixmedins_code: String,
    /// Kind, a word of `interface/deposits.tsv`.
    pub kind: String,
    /// What tells it from others of its provider and kind.
    pub key: String,
    /// The platform's number of it.
    pub number: i64,
    /// The transaction by which it came last.
    pub infno: String,
    /// By what it is found: a visit, a batch, a settlement; empty where it does not say.
    pub subject: String,
    /// 人员编号; empty where it does not say.
    pub psn_no: String,
    /// 就诊ID; empty where it does not say.
    pub mdtrt_id: String,
    /// 结算ID; empty where it does not say.
    pub setl_id: String,
    /// How far it is (状态); empty where nobody has said.
    pub review: String,
    /// How often its content has come, from 1.
    pub revision: i64,
    /// When it came first.
    pub received_at: DateTime,
    /// When it changed last.
    pub changed_at: DateTime,
    /// When it was deleted or marked as void; stands where `None`.
    pub withdrawn_at: Option<DateTime>,
    /// Its nodes as canonical JSON; opaque here.
    pub content: String,
}

/// What a provider has deposited of a kind on a day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DepositCount {
    /// Whose.
    pub fixmedins_code: String,
    /// Kind.
    pub kind: String,
    /// The day on which it came.
    pub day: Date,
    /// Documents that came first on this day.
    pub taken: i64,
    /// Documents whose content changed.
    pub corrected: i64,
    /// Documents that were deleted or marked as void.
    pub withdrawn: i64,
    /// Bytes of content that came.
    pub bytes: i64,
}

/// A selection of documents; absent parts select all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DepositFilter {
    /// Whose.
    pub fixmedins_code: Option<String>,
    /// Kinds; empty: all.
    pub kinds: Vec<String>,
    /// By what they are found.
    pub subject: Option<String>,
    /// 人员编号.
    pub psn_no: Option<String>,
    /// 结算ID.
    pub setl_id: Option<String>,
    /// Received on this day or later.
    pub since: Option<Date>,
    /// Received on this day or earlier.
    pub until: Option<Date>,
    /// Those too that were deleted.
    pub with_withdrawn: bool,
}

/// Questions and records about documents.
pub trait Deposits {
    /// A provider's documents of a kind with these keys, deleted ones too.
    fn deposits_of_keys(&mut self, fixmedins_code: &str, kind: &str, keys: &[&str]) -> Result<Vec<Deposit>, Fault>;
    /// Documents of a selection, those that came last first: `(page, total)`.
    fn deposits(&mut self, filter: &DepositFilter, offset: usize, limit: usize) -> Result<(Vec<Deposit>, u64), Fault>;
    /// Stores documents, by their keys; those of one call are of one month or are there already.
    fn put_deposits(&mut self, rows: &[Deposit]) -> Result<(), Fault>;
    /// Adds to what was deposited on a day.
    fn count_deposits(&mut self, rows: &[DepositCount]) -> Result<(), Fault>;
    /// What was deposited between two days, by provider, kind and day; of one provider or of all.
    fn deposit_counts(
        &mut self,
        fixmedins_code: Option<&str>,
        since: Date,
        until: Date,
    ) -> Result<Vec<DepositCount>, Fault>;
}

record! {
    Deposit = "deposit", "上传资料", key [month, fixmedins_code, kind, key];
    fields {
        month, fixmedins_code, kind, key, number, infno, subject, psn_no, mdtrt_id, setl_id, review, revision, received_at,
        changed_at, withdrawn_at, content,
    }
}

record! {
    DepositCount = "deposit_count", "上传资料计数", key [fixmedins_code, kind, day];
    fields { fixmedins_code, kind, day, taken, corrected, withdrawn, bytes }
    sums { "上传资料笔数" = "taken" }
}

impl<E: Engine> Deposits for E {
    fn deposits_of_keys(&mut self, fixmedins_code: &str, kind: &str, keys: &[&str]) -> Result<Vec<Deposit>, Fault> {
        let sql = sql!(
            "SELECT {} FROM deposit
             WHERE fixmedins_code = ?1 AND kind = ?2 AND key IN (SELECT value FROM json_each(?3))
             ORDER BY month, key",
            Deposit::list()
        );
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        self.all(
            ("reading the documents of", fixmedins_code),
            sql,
            &values![fixmedins_code, kind, &keys],
            Deposit::read,
        )
    }

    fn deposits(&mut self, filter: &DepositFilter, offset: usize, limit: usize) -> Result<(Vec<Deposit>, u64), Fault> {
        let mut selection = Selection::default();
        if !filter.with_withdrawn {
            selection.add("withdrawn_at IS NULL");
        }
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        if !filter.kinds.is_empty() {
            selection.add_values("kind IN (SELECT value FROM json_each(?))", values![&filter.kinds]);
        }
        selection.add_some("subject = ?", &filter.subject);
        selection.add_some("psn_no = ?", &filter.psn_no);
        selection.add_some("setl_id = ?", &filter.setl_id);
        let since = filter.since.map(|day| day.at(0, 0, 0, 0));
        let after = filter.until.and_then(|day| day.tomorrow().ok()).map(|day| day.at(0, 0, 0, 0));
        let first_month = filter.since.map(Date::first_of_month);
        let last_month = filter.until.map(Date::first_of_month);
        selection.add_some("month >= ?", &first_month);
        selection.add_some("month <= ?", &last_month);
        selection.add_some("received_at >= ?", &since);
        selection.add_some("received_at < ?", &after);
        let order = "received_at DESC, number DESC";
        self.page(("reading documents", ""), selection, order, (offset, limit))
    }

    fn put_deposits(&mut self, rows: &[Deposit]) -> Result<(), Fault> {
        let Some(first) = rows.first() else { return Ok(()) };
        let mut months: Vec<Date> = rows.iter().map(|row| row.month).collect();
        months.sort_unstable();
        months.dedup();
        for month in months {
            self.keep_apart("deposit", month)?;
        }
        let batch =
            once!(Batch, Deposit::table().insert.followed_by(&Deposit::table().or_replace(&["number", "received_at"])));
        self.record_all(("recording documents of", &first.fixmedins_code), batch, rows.iter().map(Record::values))
    }

    fn count_deposits(&mut self, rows: &[DepositCount]) -> Result<(), Fault> {
        let Some(first) = rows.first() else { return Ok(()) };
        let batch = once!(
            Batch,
            DepositCount::table().insert.followed_by(
                "ON CONFLICT (fixmedins_code, kind, day) DO UPDATE
                 SET taken = deposit_count.taken + excluded.taken,
                     corrected = deposit_count.corrected + excluded.corrected,
                     withdrawn = deposit_count.withdrawn + excluded.withdrawn,
                     bytes = deposit_count.bytes + excluded.bytes"
            )
        );
        self.record_all(("counting the documents of", &first.fixmedins_code), batch, rows.iter().map(Record::values))
    }

    fn deposit_counts(
        &mut self,
        fixmedins_code: Option<&str>,
        since: Date,
        until: Date,
    ) -> Result<Vec<DepositCount>, Fault> {
        let sql = sql!(
            "SELECT {} FROM deposit_count
             WHERE day BETWEEN ?2 AND ?3 AND (CAST(?1 AS text) IS NULL OR fixmedins_code = ?1)
             ORDER BY day DESC, fixmedins_code, kind",
            DepositCount::list()
        );
        self.all(("counting documents", ""), sql, &values![fixmedins_code, &since, &until], DepositCount::read)
    }
}
