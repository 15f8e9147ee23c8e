//! Checking a stored book: what must be true of the rows, asked again of all of them.
//!
//! A check is two questions: how many records it looks at, and the first that fail, each as one line
//! of Chinese with its technical id and the difference. Nothing is written and no personal data shown.
//! The questions are the same for every engine, in the SQL that all of them understand; each engine adds what its own
//! storage can get wrong.

/// The failing records that a check shows.
pub(crate) const SHOWN: usize = 20;

/// A check.
pub(crate) struct Question {
    /// What is checked, in Chinese.
    pub(crate) name: &'static str,
    /// One number: the records looked at.
    pub(crate) examined: &'static str,
    /// One column: the line about a failing record.
    pub(crate) broken: &'static str,
}

const SETTLEMENTS: &str = "SELECT count(*) FROM settlement";

/// What every engine asks. `NOT INDEXED` (SQLite's word, other engines have their own) marks a question that must look at
/// the table itself, not at the index that has the rule.
pub(crate) const QUESTIONS: &[Question] = &[
    Question {
        name: "结算：总费用＝全自费＋超限价＋先行自付＋符合范围",
        examined: SETTLEMENTS,
        broken: "SELECT setl_id || '：总费用与四项之和相差' || (medfee_sumamt_fen - parts_fen) || '分'
                 FROM (SELECT setl_id, medfee_sumamt_fen,
                              fulamt_ownpay_amt_fen + overlmt_selfpay_fen + preselfpay_amt_fen + inscp_scp_amt_fen
                              AS parts_fen
                       FROM settlement) AS of_settlement
                 WHERE medfee_sumamt_fen <> parts_fen ORDER BY setl_id",
    },
    Question {
        name: "结算：总费用＝基金支付＋个人负担＋医院负担",
        examined: SETTLEMENTS,
        broken: "SELECT setl_id || '：总费用与三方之和相差' || (medfee_sumamt_fen - parts_fen) || '分'
                 FROM (SELECT setl_id, medfee_sumamt_fen,
                              fund_pay_sumamt_fen + psn_part_amt_fen + hosp_part_amt_fen AS parts_fen
                       FROM settlement) AS of_settlement
                 WHERE medfee_sumamt_fen <> parts_fen ORDER BY setl_id",
    },
    Question {
        name: "结算：个人负担＝个人账户＋现金",
        examined: SETTLEMENTS,
        broken: "SELECT setl_id || '：个人负担与两项之和相差'
                        || (psn_part_amt_fen - acct_pay_fen - psn_cash_pay_fen) || '分'
                 FROM settlement
                 WHERE psn_part_amt_fen <> acct_pay_fen + psn_cash_pay_fen ORDER BY setl_id",
    },
    Question {
        // The shares also list what is no fund's: the personal account (310200) and the hospital's part (999996).
        name: "结算：基金支付总额＝各基金栏之和＝基金分项之和",
        examined: SETTLEMENTS,
        broken: "SELECT setl_id || '：基金支付总额' || fund_pay_sumamt_fen || '分，各栏之和' || columns_fen
                        || '分，分项之和' || shares_fen || '分'
                 FROM (SELECT setl_id, fund_pay_sumamt_fen,
                              hifp_pay_fen + cvlserv_pay_fen + hifes_pay_fen + hifmi_pay_fen + hifob_pay_fen
                              + maf_pay_fen + oth_pay_fen AS columns_fen,
                              (SELECT coalesce(sum(fund_payamt_fen), 0) FROM fund_share
                               WHERE fund_share.setl_id = settlement.setl_id
                                 AND fund_pay_type NOT IN ('310200', '999996')) AS shares_fen
                       FROM settlement) AS of_settlement
                 WHERE fund_pay_sumamt_fen <> columns_fen OR fund_pay_sumamt_fen <> shares_fen ORDER BY setl_id",
    },
    Question {
        name: "结算：在册结算的费用明细之和＝总费用",
        examined: "SELECT count(*) FROM settlement WHERE setl_id NOT IN (SELECT setl_id FROM cancellation)",
        broken: "SELECT setl_id || '：明细之和与总费用相差' || (lines_fen - medfee_sumamt_fen) || '分'
                 FROM (SELECT setl_id, medfee_sumamt_fen,
                              (SELECT coalesce(sum(det_item_fee_sumamt_fen), 0) FROM fee_line
                               WHERE fee_line.mdtrt_id = settlement.mdtrt_id
                                 AND fee_line.setl_id = settlement.setl_id) AS lines_fen
                       FROM settlement WHERE setl_id NOT IN (SELECT setl_id FROM cancellation)) AS of_settlement
                 WHERE lines_fen <> medfee_sumamt_fen ORDER BY setl_id",
    },
    Question {
        name: "结算：已结算明细属于同一就诊的在册结算",
        examined: "SELECT count(*) FROM fee_line WHERE setl_id IS NOT NULL",
        broken: "SELECT fee_line.mdtrt_id || '/' || fee_line.feedetl_sn || '：所记结算' || fee_line.setl_id
                        || CASE WHEN settlement.setl_id IS NULL THEN '不存在'
                                WHEN cancellation.setl_id IS NOT NULL THEN '已撤销'
                                ELSE '属于另一就诊' END
                 FROM fee_line
                 LEFT JOIN settlement ON settlement.setl_id = fee_line.setl_id
                 LEFT JOIN cancellation ON cancellation.setl_id = fee_line.setl_id
                 WHERE fee_line.setl_id IS NOT NULL
                   AND (settlement.mdtrt_id IS DISTINCT FROM fee_line.mdtrt_id OR cancellation.setl_id IS NOT NULL)
                 ORDER BY fee_line.mdtrt_id, fee_line.feedetl_sn",
    },
    Question {
        name: "结算：每次住院至多一笔在册的出院结算",
        examined: "SELECT count(*) FROM encounter WHERE setting = 'inpatient'",
        broken: "SELECT encounter.mdtrt_id || '：在册的出院结算有' || count(*) || '笔'
                 FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                 WHERE encounter.setting = 'inpatient' AND NOT settlement.mid_stay
                   AND settlement.setl_id NOT IN (SELECT setl_id FROM cancellation)
                 GROUP BY encounter.mdtrt_id HAVING count(*) > 1 ORDER BY encounter.mdtrt_id",
    },
    Question {
        name: "撤销：每笔撤销对应一笔结算，且只对应一笔",
        examined: "SELECT count(*) FROM cancellation",
        broken:
            "SELECT cancellation.setl_id || '：' || CASE WHEN settlement.setl_id IS NULL THEN '撤销所指的结算不存在'
                                                         ELSE '撤销与结算的人员不同' END
                 FROM cancellation LEFT JOIN settlement ON settlement.setl_id = cancellation.setl_id
                 WHERE settlement.psn_no IS DISTINCT FROM cancellation.psn_no
                 UNION ALL
                 SELECT cancellation_id || '：同一撤销编号用了' || count(*) || '次'
                 FROM cancellation NOT INDEXED GROUP BY cancellation_id HAVING count(*) > 1",
    },
    Question {
        name: "分录：每笔结算和撤销都有分录，每组分录都有来处",
        examined: "SELECT (SELECT count(*) FROM settlement) + (SELECT count(*) FROM cancellation)",
        // A bill of nothing (all lines returned) moves no account.
        broken: "SELECT id || '：没有分录'
                 FROM (SELECT setl_id AS id, medfee_sumamt_fen FROM settlement
                       UNION ALL
                       SELECT cancellation_id, medfee_sumamt_fen
                       FROM cancellation JOIN settlement ON settlement.setl_id = cancellation.setl_id) AS recorded
                 WHERE medfee_sumamt_fen <> 0 AND NOT EXISTS (SELECT 1 FROM posting WHERE posting.entry = recorded.id)
                 UNION ALL
                 SELECT DISTINCT entry || '：分录所属的结算或撤销不存在'
                 FROM posting
                 WHERE NOT EXISTS (SELECT 1 FROM settlement WHERE settlement.setl_id = posting.entry)
                   AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.cancellation_id = posting.entry)",
    },
    Question {
        name: "分录：借贷平衡",
        examined: "SELECT count(DISTINCT entry) FROM posting",
        broken: "SELECT entry || '：借贷相差' || sum(amount_fen) || '分'
                 FROM posting GROUP BY entry HAVING sum(amount_fen) <> 0 ORDER BY entry",
    },
    Question {
        name: "分录：撤销与原结算逐科目相抵",
        examined: "SELECT count(*) FROM cancellation",
        broken: "SELECT DISTINCT setl_id || '：撤销后科目仍余' || sum(amount_fen) || '分'
                 FROM (SELECT cancellation.setl_id, posting.account, posting.amount_fen
                       FROM cancellation JOIN posting ON posting.entry = cancellation.setl_id
                       UNION ALL
                       SELECT cancellation.setl_id, posting.account, posting.amount_fen
                       FROM cancellation JOIN posting ON posting.entry = cancellation.cancellation_id) AS both_entries
                 GROUP BY setl_id, account HAVING sum(amount_fen) <> 0 ORDER BY 1",
    },
    Question {
        name: "累计：累计值＝结转值＋在册结算的累计",
        examined: "SELECT count(*) FROM running_total",
        broken: "SELECT psn_no || '/' || insutype || '/' || period || '/' || name || '：累计值与历史相差' || sum(rest)
                 FROM (SELECT psn_no, period, insutype, name, value - opening AS rest FROM running_total
                       UNION ALL
                       SELECT accumulation.psn_no, accumulation.period, settlement.insutype, accumulation.name,
                              -accumulation.delta
                       FROM accumulation JOIN settlement ON settlement.setl_id = accumulation.setl_id
                       WHERE accumulation.setl_id NOT IN (SELECT setl_id FROM cancellation)) AS sides
                 GROUP BY psn_no, period, insutype, name HAVING sum(rest) <> 0",
    },
    Question {
        name: "账户：余额＝期初－在册结算的个人账户支付，且不为负",
        examined: "SELECT count(*) FROM account",
        broken:
            "SELECT psn_no || '：余额' || sum(balance_fen) || '分，按历史应为' || sum(opening_fen - paid_fen) || '分'
                 FROM (SELECT psn_no, balance_fen, opening_fen, 0 AS paid_fen FROM account
                       UNION ALL
                       SELECT psn_no, 0, 0, acct_pay_fen FROM settlement
                       WHERE setl_id NOT IN (SELECT setl_id FROM cancellation)) AS sides
                 GROUP BY psn_no HAVING sum(balance_fen) <> sum(opening_fen - paid_fen) OR sum(balance_fen) < 0",
    },
    Question {
        name: "报文：同一机构的同一报文只记一次",
        examined: "SELECT count(*) FROM message",
        broken: "SELECT fixmedins_code || '/' || msgid || '：记了' || count(*) || '次'
                 FROM message NOT INDEXED
                 GROUP BY fixmedins_code, msgid HAVING count(*) > 1 ORDER BY fixmedins_code, msgid",
    },
    Question {
        name: "报文：报文的结果存在，结算都有其报文",
        examined: "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM settlement)",
        broken: "SELECT fixmedins_code || '/' || msgid || '：报文的结果' || effect || '不存在'
                 FROM message
                 WHERE effect <> ''
                   AND NOT EXISTS (SELECT 1 FROM settlement WHERE setl_id = effect)
                   AND NOT EXISTS (SELECT 1 FROM encounter WHERE mdtrt_id = effect)
                   AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation_id = effect)
                   AND NOT EXISTS (SELECT 1 FROM filing WHERE trt_dcla_detl_sn = effect)
                   AND NOT EXISTS (SELECT 1 FROM sign_in WHERE sign_no = effect)
                 UNION ALL
                 SELECT setl_id || '：没有记录产生它的报文' || fixmedins_code || '/' || msgid
                 FROM settlement
                 WHERE NOT EXISTS (SELECT 1 FROM message
                                   WHERE message.fixmedins_code = settlement.fixmedins_code
                                     AND message.msgid = settlement.msgid
                                     AND message.effect IN (settlement.setl_id, settlement.restores))",
    },
    Question {
        name: "冲正：已冲正的报文不再有在册结果",
        examined: "SELECT count(*) FROM message_reversal",
        // A settlement that was put back stands under the message of the first one.
        broken: "SELECT settlement.fixmedins_code || '/' || settlement.msgid || '：已冲正，但结算'
                        || settlement.setl_id || '仍在册'
                 FROM settlement
                 JOIN message_reversal ON message_reversal.fixmedins_code = settlement.fixmedins_code
                                      AND message_reversal.omsgid = settlement.msgid
                 WHERE settlement.setl_id NOT IN (SELECT setl_id FROM cancellation)",
    },
    Question {
        name: "台账：操作记录从1起连续，最后一条之后的状态就是条目的状态",
        examined: "SELECT count(*) FROM register_entry",
        broken: "SELECT register_entry.number || '：' || CASE WHEN latest.state IS NULL THEN '没有操作记录'
                            ELSE '状态为' || register_entry.state || '，最后一条操作之后应为' || latest.state END
                 FROM register_entry
                 LEFT JOIN register_event AS latest
                        ON latest.number = register_entry.number
                       AND latest.seq = (SELECT max(seq) FROM register_event
                                         WHERE register_event.number = register_entry.number)
                 WHERE latest.state IS DISTINCT FROM register_entry.state
                 UNION ALL
                 SELECT number || '：操作记录到第' || max(seq) || '条，只有' || count(*) || '条'
                 FROM register_event GROUP BY number HAVING count(*) <> max(seq)",
    },
    Question {
        name: "台账：操作记录、明细、待遇暂停都属于在册条目",
        examined: "SELECT (SELECT count(*) FROM register_event) + (SELECT count(*) FROM register_line)
                        + (SELECT count(*) FROM benefit_hold)",
        broken: "SELECT number || '：' || what || '所属的台账条目不存在'
                 FROM (SELECT number, '操作记录' AS what FROM register_event
                       UNION
                       SELECT number, '费用明细' FROM register_line
                       UNION
                       SELECT number, '待遇暂停' FROM benefit_hold) AS belonging
                 WHERE NOT EXISTS (SELECT 1 FROM register_entry WHERE register_entry.number = belonging.number)
                 ORDER BY number, what",
    },
    Question {
        // The key itself may name a person.
        name: "台账：报销权属于仍占用它的条目",
        examined: "SELECT count(*) FROM claim_right",
        broken: "SELECT claim_right.number || '：'
                        || CASE WHEN register_entry.number IS NULL THEN '报销权所属的台账条目不存在'
                                ELSE '状态' || register_entry.state || '不应再占用报销权' END
                 FROM claim_right LEFT JOIN register_entry ON register_entry.number = claim_right.number
                 WHERE register_entry.number IS NULL OR register_entry.state IN ('refused', 'withdrawn', 'outside')
                 ORDER BY claim_right.number",
    },
    Question {
        name: "台账：已结算的条目有一笔在册结算，退付＝该结算的基金和个人账户支付",
        examined: "SELECT count(*) FROM register_entry WHERE state = 'settled'",
        broken:
            "SELECT number || '：' || CASE WHEN settlement.setl_id IS NULL THEN '所记结算' || entry.setl_id || '不存在'
                            WHEN cancellation.setl_id IS NOT NULL THEN '所记结算' || entry.setl_id || '已撤销'
                            ELSE '退付' || refunded_fen || '分，结算' || entry.setl_id || '支付'
                                 || (fund_pay_sumamt_fen + acct_pay_fen) || '分' END
                 FROM register_entry AS entry
                 LEFT JOIN settlement ON settlement.setl_id = entry.setl_id
                 LEFT JOIN cancellation ON cancellation.setl_id = entry.setl_id
                 WHERE entry.state = 'settled'
                   AND (settlement.setl_id IS NULL OR cancellation.setl_id IS NOT NULL
                        OR refunded_fen <> fund_pay_sumamt_fen + acct_pay_fen
                           AND NOT (entry.kind = 'stay_conversion' AND refunded_fen = 0))
                 ORDER BY number",
    },
    Question {
        // A converted stay is in its own list and, discharged in the outage, among the deferred discharges too.
        name: "台账：一笔结算至多是一个条目的补录（在院转自费除外）",
        examined: "SELECT count(*) FROM register_entry WHERE state = 'settled'",
        broken: "SELECT setl_id || '：有' || count(*) || '个台账条目记为由它结算'
                 FROM register_entry WHERE state = 'settled' AND setl_id <> '' AND kind <> 'stay_conversion'
                 GROUP BY setl_id HAVING count(*) > 1 ORDER BY setl_id",
    },
];
