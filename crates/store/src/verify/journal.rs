//! Journal entries against their sources and postings; accounts against their movements.
//!
//! What a movement takes from an account or gives to it is what its entry posts to the account; of a settlement and its
//! cancellation also what the settlement says. A kind of source that gets a table of its own adds it to the first question.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "凭证：每笔结算和撤销恰有一张凭证，每张凭证恰有一个来源，同类、同人、同时",
        examined: "SELECT count(*) FROM journal_entry",
        // A bill of nothing (all lines returned) moves no account.
        broken: "SELECT id || '：没有凭证'
                 FROM (SELECT setl_id AS id, 'settlement' AS kind, medfee_sumamt_fen FROM settlement
                       UNION ALL
                       SELECT cancellation_id, 'cancellation', medfee_sumamt_fen
                       FROM cancellation JOIN settlement ON settlement.setl_id = cancellation.setl_id) AS recorded
                 WHERE medfee_sumamt_fen <> 0
                   AND NOT EXISTS (SELECT 1 FROM journal_entry
                                   WHERE entry = recorded.id AND source_kind = recorded.kind
                                     AND source_id = recorded.id)
                 UNION ALL
                 SELECT entry || CASE WHEN settlement.setl_id IS NULL THEN '：所记结算' || source_id || '不存在'
                                      WHEN settlement.psn_no <> journal_entry.psn_no THEN '：与结算的人员不同'
                                      ELSE '：与结算的时间不同' END
                 FROM journal_entry LEFT JOIN settlement ON settlement.setl_id = journal_entry.source_id
                 WHERE source_kind = 'settlement'
                   AND (settlement.psn_no IS DISTINCT FROM journal_entry.psn_no
                        OR settlement.setl_time IS DISTINCT FROM journal_entry.recorded_at)
                 UNION ALL
                 SELECT entry || CASE WHEN cancellation.setl_id IS NULL THEN '：所记撤销' || source_id || '不存在'
                                      WHEN cancellation.psn_no <> journal_entry.psn_no THEN '：与撤销的人员不同'
                                      ELSE '：与撤销的时间不同' END
                 FROM journal_entry LEFT JOIN cancellation ON cancellation.cancellation_id = journal_entry.source_id
                 WHERE source_kind = 'cancellation'
                   AND (cancellation.psn_no IS DISTINCT FROM journal_entry.psn_no
                        OR cancellation.recorded_at IS DISTINCT FROM journal_entry.recorded_at)
                 UNION ALL
                 SELECT min(entry) || '：其来源有' || count(*) || '张凭证'
                 FROM journal_entry GROUP BY source_kind, source_id HAVING count(*) > 1
                 UNION ALL
                 SELECT entry || '：来源种类' || source_kind || '不是已知的种类'
                 FROM journal_entry
                 WHERE source_kind NOT IN ('settlement', 'cancellation', 'contribution', 'refund', 'clearing', 'payout',
                                           'transfer', 'interest', 'account_clearing', 'correction',
                                           'legacy_correction')",
    },
    Question {
        name: "凭证：每张凭证都有分录，每组分录都有凭证",
        examined: "SELECT count(DISTINCT entry) FROM posting",
        broken: "SELECT entry || '：没有分录' FROM journal_entry
                 WHERE NOT EXISTS (SELECT 1 FROM posting WHERE posting.entry = journal_entry.entry)
                 UNION ALL
                 SELECT DISTINCT entry || '：分录没有凭证' FROM posting
                 WHERE NOT EXISTS (SELECT 1 FROM journal_entry WHERE journal_entry.entry = posting.entry)",
    },
    Question {
        name: "账户：余额＝变动之和，且不为负；变动条数与账户所记相同",
        examined: "SELECT count(*) FROM account",
        broken: "SELECT psn_no || '：余额' || sum(balance_fen) || '分，变动之和' || sum(amount_fen) || '分，账户所记变动'
                        || sum(movements) || '条，实有' || sum(moved) || '条'
                 FROM (SELECT psn_no, balance_fen, movements, 0 AS amount_fen, 0 AS moved FROM account
                       UNION ALL
                       SELECT psn_no, 0, 0, amount_fen, CASE WHEN number = 0 THEN 0 ELSE 1 END
                       FROM account_movement) AS sides
                 GROUP BY psn_no
                 HAVING sum(balance_fen) <> sum(amount_fen) OR sum(balance_fen) < 0 OR sum(movements) <> sum(moved)",
    },
    Question {
        name: "账户变动：第0条是装入的期初余额，只有它没有凭证",
        examined: "SELECT count(*) FROM account_movement WHERE number = 0",
        broken: "SELECT psn_no || '：期初' || sum(opening_fen) || '分，期初变动' || sum(amount_fen) || '分'
                 FROM (SELECT psn_no, opening_fen, 0 AS amount_fen FROM account
                       UNION ALL
                       SELECT psn_no, 0, amount_fen FROM account_movement WHERE number = 0) AS sides
                 GROUP BY psn_no HAVING sum(opening_fen) <> sum(amount_fen)
                 UNION ALL
                 SELECT psn_no || '：变动第' || number || '条' || CASE WHEN number = 0 THEN '不是期初结转' ELSE '没有凭证' END
                 FROM account_movement
                 WHERE (number = 0 AND (kind <> '113' OR entry IS NOT NULL)) OR (number > 0 AND entry IS NULL)",
    },
    Question {
        name: "账户变动：凭证存在，金额＝凭证在个人账户科目的分录；种类是国家代码，正负相符",
        examined: "SELECT count(*) FROM account_movement",
        // An account's name holds a person's number and is not shown.
        broken: "SELECT entry || '：变动所属的凭证不存在' FROM account_movement
                 WHERE entry IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE journal_entry.entry = account_movement.entry)
                 UNION ALL
                 SELECT entry || '：账户变动与分录相差' || sum(amount_fen) || '分'
                 FROM (SELECT entry, 'person/account/' || psn_no AS account, amount_fen
                       FROM account_movement WHERE entry IS NOT NULL
                       UNION ALL
                       SELECT entry, account, amount_fen FROM posting
                       WHERE substr(account, 1, 15) = 'person/account/') AS sides
                 GROUP BY entry, account HAVING sum(amount_fen) <> 0
                 UNION ALL
                 SELECT psn_no || '：变动第' || number || '条' || amount_fen || '分，种类' || kind || '没有或不该是这个方向'
                 FROM account_movement
                 WHERE NOT (amount_fen >= 0 AND kind IN ('101', '102', '103', '106', '107', '108', '109', '110', '111',
                                                         '112', '113'))
                   AND NOT (amount_fen <= 0 AND kind IN ('104', '201', '202', '203', '205', '206', '207', '208'))",
    },
    Question {
        name: "账户变动：结算支出、撤销返还的人员、金额、时间和日期＝结算的个人账户支付",
        examined: "SELECT count(*) FROM settlement WHERE acct_pay_fen <> 0",
        broken: "SELECT id || '：账户变动' || kind || '与结算的个人账户支付相差' || sum(amount_fen) || '分'
                 FROM (SELECT setl_id AS id, psn_no, '201' AS kind, setl_time AS moved_at, enddate AS day,
                              acct_pay_fen AS amount_fen
                       FROM settlement
                       UNION ALL
                       SELECT cancellation_id, settlement.psn_no, '109', cancellation.recorded_at, enddate, -acct_pay_fen
                       FROM cancellation JOIN settlement ON settlement.setl_id = cancellation.setl_id
                       UNION ALL
                       SELECT account_movement.entry, account_movement.psn_no, kind, moved_at, day, amount_fen
                       FROM account_movement JOIN journal_entry ON journal_entry.entry = account_movement.entry
                       WHERE source_kind IN ('settlement', 'cancellation')) AS sides
                 GROUP BY id, psn_no, kind, moved_at, day HAVING sum(amount_fen) <> 0
                 ORDER BY id",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use yibao_domain::ledger::{Direction, MovementKind, SourceKind};

    fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
        words.map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
    }

    /// Whether a question names exactly these words in one list.
    #[track_caller]
    fn check_lists(list: &str) {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(QUESTIONS.iter().any(|question| flat(question.broken).contains(&format!("IN ({list})"))), "{list}");
    }

    #[test]
    fn the_questions_know_every_word_of_the_vocabularies() {
        check_lists(&listed(SourceKind::ALL.iter().map(|kind| kind.word())));
        for direction in [Direction::In, Direction::Out] {
            let kinds = MovementKind::ALL.iter().filter(|kind| kind.direction() == direction);
            check_lists(&listed(kinds.map(|kind| kind.code())));
        }
    }
}
