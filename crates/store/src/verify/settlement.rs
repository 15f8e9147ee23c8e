//! Settlements and cancellations: the identities of a settlement, what it is of, and which rounds stand.

use super::Question;

const SETTLEMENTS: &str = "SELECT count(*) FROM settlement";
const CANCELLATIONS: &str = "SELECT count(*) FROM cancellation";

pub(super) const QUESTIONS: &[Question] = &[
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
        // A negative payment is money made: every sum is right and an account fills.
        name: "结算：各方负担和基金分项不为负，已付起付线不超过本次起付线",
        examined: SETTLEMENTS,
        broken: "SELECT setl_id || '：' || CASE WHEN act_pay_dedc_fen > crt_dedc_fen THEN '已付起付线超过本次起付线'
                                                ELSE '有一方负担为负' END
                 FROM settlement
                 WHERE hifp_pay_fen < 0 OR cvlserv_pay_fen < 0 OR hifes_pay_fen < 0 OR hifmi_pay_fen < 0
                    OR hifob_pay_fen < 0 OR maf_pay_fen < 0 OR oth_pay_fen < 0 OR hosp_part_amt_fen < 0
                    OR acct_pay_fen < 0 OR psn_cash_pay_fen < 0 OR act_pay_dedc_fen > crt_dedc_fen
                 UNION ALL
                 SELECT setl_id || '：基金分项第' || seq || '行为负' FROM fund_share WHERE fund_payamt_fen < 0",
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
        // Which column a fund stands in: `domain::settlement` fills them so. What no column has is shown under 其他.
        name: "结算：各基金栏、个人账户、医院负担＝基金分项的同类合计",
        examined: SETTLEMENTS,
        broken: "SELECT setl_id || '：基金分项与各栏相差'
                        || CASE WHEN basic_fen <> 0 THEN '，统筹' || basic_fen || '分' ELSE '' END
                        || CASE WHEN serious_fen <> 0 THEN '，大病' || serious_fen || '分' ELSE '' END
                        || CASE WHEN large_fen <> 0 THEN '，大额' || large_fen || '分' ELSE '' END
                        || CASE WHEN civil_fen <> 0 THEN '，公务员' || civil_fen || '分' ELSE '' END
                        || CASE WHEN aid_fen <> 0 THEN '，救助' || aid_fen || '分' ELSE '' END
                        || CASE WHEN other_fen <> 0 THEN '，其他' || other_fen || '分' ELSE '' END
                        || CASE WHEN account_fen <> 0 THEN '，个人账户' || account_fen || '分' ELSE '' END
                        || CASE WHEN hospital_fen <> 0 THEN '，医院负担' || hospital_fen || '分' ELSE '' END
                 FROM (SELECT settlement.setl_id,
                              coalesce(sum(CASE WHEN fund_pay_type IN ('310100', '390100', '510100')
                                                THEN fund_payamt_fen END), 0) - max(hifp_pay_fen) AS basic_fen,
                              coalesce(sum(CASE WHEN fund_pay_type = '390200' THEN fund_payamt_fen END), 0)
                              - max(hifmi_pay_fen) AS serious_fen,
                              coalesce(sum(CASE WHEN fund_pay_type = '330100' THEN fund_payamt_fen END), 0)
                              - max(hifob_pay_fen) AS large_fen,
                              coalesce(sum(CASE WHEN fund_pay_type = '320100' THEN fund_payamt_fen END), 0)
                              - max(cvlserv_pay_fen) AS civil_fen,
                              coalesce(sum(CASE WHEN fund_pay_type = '610100' THEN fund_payamt_fen END), 0)
                              - max(maf_pay_fen) AS aid_fen,
                              coalesce(sum(CASE WHEN fund_pay_type NOT IN
                                                     ('310100', '390100', '510100', '390200', '330100', '320100',
                                                      '610100', '310200', '999996')
                                                THEN fund_payamt_fen END), 0)
                              - max(hifes_pay_fen + oth_pay_fen) AS other_fen,
                              coalesce(sum(CASE WHEN fund_pay_type = '310200' THEN fund_payamt_fen END), 0)
                              - max(acct_pay_fen) AS account_fen,
                              coalesce(sum(CASE WHEN fund_pay_type = '999996' THEN fund_payamt_fen END), 0)
                              - max(hosp_part_amt_fen) AS hospital_fen
                       FROM settlement LEFT JOIN fund_share ON fund_share.setl_id = settlement.setl_id
                       GROUP BY settlement.setl_id) AS of_settlement
                 WHERE basic_fen <> 0 OR serious_fen <> 0 OR large_fen <> 0 OR civil_fen <> 0 OR aid_fen <> 0
                    OR other_fen <> 0 OR account_fen <> 0 OR hospital_fen <> 0 ORDER BY setl_id",
    },
    Question {
        // What was cancelled may be of an encounter that was changed since.
        name: "结算：与就诊同一人员、机构；在册结算与就诊日期相同，就诊未撤销",
        examined: SETTLEMENTS,
        broken: "SELECT settlement.setl_id || '：'
                        || CASE WHEN encounter.mdtrt_id IS NULL THEN '所记就诊不存在'
                                WHEN encounter.psn_no <> settlement.psn_no THEN '与就诊的人员不同'
                                WHEN encounter.fixmedins_code <> settlement.fixmedins_code THEN '与就诊的机构不同'
                                WHEN encounter.state = 'cancelled' THEN '在册，但就诊已撤销'
                                ELSE '与就诊的日期不同' END
                 FROM settlement
                 LEFT JOIN encounter ON encounter.mdtrt_id = settlement.mdtrt_id
                 LEFT JOIN cancellation ON cancellation.setl_id = settlement.setl_id
                 WHERE encounter.mdtrt_id IS NULL
                    OR encounter.psn_no <> settlement.psn_no
                    OR encounter.fixmedins_code <> settlement.fixmedins_code
                    OR (cancellation.setl_id IS NULL
                        AND (encounter.state = 'cancelled'
                             OR substr(CAST(encounter.begntime AS text), 1, 10) <> CAST(settlement.begndate AS text)
                             OR (encounter.endtime IS NOT NULL AND NOT settlement.mid_stay
                                 AND substr(CAST(encounter.endtime AS text), 1, 10)
                                     <> CAST(settlement.enddate AS text))))
                 ORDER BY settlement.setl_id",
    },
    Question {
        name: "结算：轮次从1起连续；恢复的结算对应已撤销的原结算，同一原结算至多一笔在册",
        examined: SETTLEMENTS,
        broken: "SELECT mdtrt_id || '：结算到第' || max(round) || '轮，只有' || count(*) || '笔'
                 FROM settlement GROUP BY mdtrt_id HAVING max(round) <> count(*)
                 UNION ALL
                 SELECT again.setl_id || '：所恢复的原结算' || again.restores
                        || CASE WHEN original.setl_id IS NULL THEN '不存在'
                                WHEN cancellation.setl_id IS NULL THEN '没有撤销'
                                ELSE '不是同一就诊较早的结算' END
                 FROM settlement AS again
                 LEFT JOIN settlement AS original ON original.setl_id = again.restores
                 LEFT JOIN cancellation ON cancellation.setl_id = again.restores
                 WHERE again.restores <> ''
                   AND (original.setl_id IS NULL OR cancellation.setl_id IS NULL OR original.restores <> ''
                        OR original.mdtrt_id <> again.mdtrt_id OR original.round >= again.round)
                 UNION ALL
                 SELECT restores || '：恢复后在册的结算有' || count(*) || '笔'
                 FROM settlement
                 WHERE restores <> ''
                   AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                 GROUP BY restores HAVING count(*) > 1",
    },
    Question {
        name: "结算：每次住院至多一笔在册的出院结算",
        examined: "SELECT count(*) FROM encounter WHERE setting = 'inpatient'",
        broken: "SELECT encounter.mdtrt_id || '：在册的出院结算有' || count(*) || '笔'
                 FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                 WHERE encounter.setting = 'inpatient' AND NOT settlement.mid_stay
                   AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                 GROUP BY encounter.mdtrt_id HAVING count(*) > 1 ORDER BY encounter.mdtrt_id",
    },
    Question {
        name: "撤销：每笔撤销对应一笔结算，且只对应一笔",
        examined: CANCELLATIONS,
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
        // What the platform itself cancels, to settle it again in the order of care, is under a message of its own.
        name: "撤销：每笔撤销都有其报文",
        examined: CANCELLATIONS,
        broken: "SELECT cancellation.setl_id || '：没有记录撤销它的报文'
                 FROM cancellation JOIN settlement ON settlement.setl_id = cancellation.setl_id
                 WHERE cancellation.msgid <> 'GZ' || cancellation.setl_id
                   AND NOT EXISTS (SELECT 1 FROM message
                                   WHERE message.party IN ('provider/' || settlement.fixmedins_code,
                                                         'platform/' || settlement.fixmedins_code)
                                     AND message.msgid = cancellation.msgid)
                 ORDER BY cancellation.setl_id",
    },
];
