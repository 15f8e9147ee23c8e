//! Fee lines: what they add up to, by parts, and which settlement has taken them.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "明细：金额＝全自费＋超限价＋先行自付＋符合范围",
        examined: "SELECT count(*) FROM fee_line",
        broken: "SELECT mdtrt_id || '/' || feedetl_sn || '：金额与四项之和相差'
                        || (det_item_fee_sumamt_fen - fulamt_ownpay_amt_fen - overlmt_amt_fen - preselfpay_amt_fen
                            - inscp_scp_amt_fen) || '分'
                 FROM fee_line
                 WHERE det_item_fee_sumamt_fen
                       <> fulamt_ownpay_amt_fen + overlmt_amt_fen + preselfpay_amt_fen + inscp_scp_amt_fen",
    },
    Question {
        // Equal sums with other parts are lines of another bill.
        name: "结算：在册结算的总费用和四项＝其费用明细之和",
        examined: "SELECT count(*) FROM settlement
                   WHERE NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)",
        broken: "SELECT setl_id || '：明细之和与总费用相差' || sum_fen || '分'
                        || CASE WHEN own_fen <> 0 THEN '，全自费' || own_fen || '分' ELSE '' END
                        || CASE WHEN over_fen <> 0 THEN '，超限价' || over_fen || '分' ELSE '' END
                        || CASE WHEN before_fen <> 0 THEN '，先行自付' || before_fen || '分' ELSE '' END
                        || CASE WHEN scope_fen <> 0 THEN '，符合范围' || scope_fen || '分' ELSE '' END
                 FROM (SELECT max(settlement.setl_id) AS setl_id,
                              coalesce(sum(det_item_fee_sumamt_fen), 0) - max(medfee_sumamt_fen) AS sum_fen,
                              coalesce(sum(fee_line.fulamt_ownpay_amt_fen), 0)
                              - max(settlement.fulamt_ownpay_amt_fen) AS own_fen,
                              coalesce(sum(overlmt_amt_fen), 0) - max(overlmt_selfpay_fen) AS over_fen,
                              coalesce(sum(fee_line.preselfpay_amt_fen), 0)
                              - max(settlement.preselfpay_amt_fen) AS before_fen,
                              coalesce(sum(fee_line.inscp_scp_amt_fen), 0)
                              - max(settlement.inscp_scp_amt_fen) AS scope_fen
                       FROM settlement
                       LEFT JOIN fee_line ON fee_line.mdtrt_id = settlement.mdtrt_id
                                         AND fee_line.setl_id = settlement.setl_id
                       WHERE NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                       GROUP BY settlement.mdtrt_id, settlement.round) AS of_settlement
                 WHERE sum_fen <> 0 OR own_fen <> 0 OR over_fen <> 0 OR before_fen <> 0 OR scope_fen <> 0
                 ORDER BY setl_id",
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
];
