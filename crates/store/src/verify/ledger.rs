//! The books: postings against their settlement, running totals against their history. Entries and accounts are next door.
//!
//! What a settlement posts is decided by `yibao_domain::ledger`; a cancellation posts its mirror, so it is enough to hold
//! the settlement's postings against the settlement, and the cancellation's against those. A sum paid out beside the bill
//! is a fund's posting followed by the person's.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[
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
        // An account's name may hold a person's number and is not shown.
        name: "分录：个人账户、现金、医院负担、应付和机构已收＝结算，没有其他科目",
        examined: "SELECT count(*) FROM settlement",
        broken: "SELECT setl_id || '：分录与结算相差'
                        || CASE WHEN account_fen <> 0 THEN '，个人账户' || account_fen || '分' ELSE '' END
                        || CASE WHEN cash_fen <> 0 THEN '，现金' || cash_fen || '分' ELSE '' END
                        || CASE WHEN borne_fen <> 0 THEN '，医院负担' || borne_fen || '分' ELSE '' END
                        || CASE WHEN owed_fen <> 0 THEN '，应付机构' || owed_fen || '分' ELSE '' END
                        || CASE WHEN till_fen <> 0 THEN '，机构已收' || till_fen || '分' ELSE '' END
                 FROM (SELECT settlement.setl_id,
                              sum(CASE WHEN account = 'person/account/' || settlement.psn_no
                                       THEN amount_fen ELSE 0 END) - max(acct_pay_fen) AS account_fen,
                              sum(CASE WHEN account = 'person/cash'
                                       THEN amount_fen ELSE 0 END) - max(psn_cash_pay_fen) AS cash_fen,
                              sum(CASE WHEN account = 'provider/borne/' || fixmedins_code
                                       THEN amount_fen ELSE 0 END) - max(hosp_part_amt_fen) AS borne_fen,
                              sum(CASE WHEN account = 'provider/receivable/' || fixmedins_code
                                       THEN amount_fen ELSE 0 END) + max(fund_pay_sumamt_fen + acct_pay_fen) AS owed_fen,
                              sum(CASE WHEN account = 'provider/cash/' || fixmedins_code
                                       THEN amount_fen ELSE 0 END) + max(psn_cash_pay_fen + hosp_part_amt_fen) AS till_fen
                       FROM settlement JOIN posting ON posting.entry = settlement.setl_id
                       GROUP BY settlement.setl_id) AS of_settlement
                 WHERE account_fen <> 0 OR cash_fen <> 0 OR borne_fen <> 0 OR owed_fen <> 0 OR till_fen <> 0
                 UNION ALL
                 SELECT entry || '：分录第' || seq || '行的科目不属于该笔结算的基金、人员和机构'
                 FROM posting JOIN settlement ON settlement.setl_id = posting.entry
                 WHERE substr(account, 1, 5) <> 'fund/'
                   AND account NOT IN ('person/cash', 'person/account/' || settlement.psn_no,
                                       'person/payable/' || settlement.psn_no, 'provider/borne/' || fixmedins_code,
                                       'provider/receivable/' || fixmedins_code, 'provider/cash/' || fixmedins_code)",
    },
    Question {
        name: "分录：每只基金的支出＝该基金的分项",
        examined: "SELECT count(*) FROM fund_share WHERE fund_pay_type NOT IN ('310200', '999996')",
        broken: "SELECT setl_id || '：基金' || fund || '的分录与分项相差' || sum(amount_fen) || '分'
                 FROM (SELECT setl_id, fund_pay_type AS fund, -fund_payamt_fen AS amount_fen
                       FROM fund_share WHERE fund_pay_type NOT IN ('310200', '999996')
                       UNION ALL
                       SELECT posting.entry, substr(posting.account, 6), posting.amount_fen
                       FROM posting
                       JOIN settlement ON settlement.setl_id = posting.entry
                       LEFT JOIN posting AS paid_out ON paid_out.entry = posting.entry
                                                    AND paid_out.seq = posting.seq + 1
                                                    AND paid_out.account = 'person/payable/' || settlement.psn_no
                       WHERE substr(posting.account, 1, 5) = 'fund/' AND paid_out.entry IS NULL) AS sides
                 GROUP BY setl_id, fund HAVING sum(amount_fen) <> 0 ORDER BY setl_id, fund",
    },
    Question {
        name: "分录：另付个人的每笔金额由其前一行的基金支付",
        examined: "SELECT count(*) FROM posting WHERE substr(account, 1, 15) = 'person/payable/'",
        broken: "SELECT payable.entry || '：分录第' || payable.seq || '行另付个人' || -payable.amount_fen
                        || '分，其前一行不是同额的基金支出'
                 FROM posting AS payable
                 JOIN settlement ON settlement.setl_id = payable.entry
                 LEFT JOIN posting AS paying ON paying.entry = payable.entry AND paying.seq = payable.seq - 1
                                            AND substr(paying.account, 1, 5) = 'fund/'
                 WHERE substr(payable.account, 1, 15) = 'person/payable/'
                   AND (payable.amount_fen >= 0 OR paying.amount_fen IS DISTINCT FROM -payable.amount_fen)
                 ORDER BY payable.entry, payable.seq",
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
                       WHERE NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = accumulation.setl_id)) AS sides
                 GROUP BY psn_no, period, insutype, name HAVING sum(rest) <> 0",
    },
    Question {
        name: "累计明细：期间是该笔结算的年度或当日",
        examined: "SELECT count(*) FROM accumulation",
        broken: "SELECT accumulation.setl_id || '：累计明细第' || accumulation.seq || '行的期间' || accumulation.period
                        || '不是结算的年度或当日'
                 FROM accumulation JOIN settlement ON settlement.setl_id = accumulation.setl_id
                 WHERE accumulation.period NOT IN (CAST(settlement.year AS text), CAST(settlement.enddate AS text))
                    OR substr(CAST(settlement.enddate AS text), 1, 4) <> CAST(settlement.year AS text)
                 ORDER BY accumulation.setl_id, accumulation.seq",
    },
];
