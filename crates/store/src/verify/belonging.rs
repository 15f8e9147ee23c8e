//! Whose a record is: everything about a person is of a person of the book, and of the same one as what it hangs on.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "人员：参保、身份、慢特病、账户、累计、就诊、备案都属于在册人员",
        examined: "SELECT (SELECT count(*) FROM insurance) + (SELECT count(*) FROM attribute)
                        + (SELECT count(*) FROM special_disease) + (SELECT count(*) FROM account)
                        + (SELECT count(*) FROM running_total) + (SELECT count(*) FROM encounter)
                        + (SELECT count(*) FROM filing)",
        broken: "SELECT what || '：所属人员不存在'
                 FROM (SELECT psn_no, '参保' || psn_no || '/' || insutype AS what FROM insurance
                       UNION ALL SELECT psn_no, '身份' || psn_no || '/' || psn_idet_type FROM attribute
                       UNION ALL SELECT psn_no, '慢特病' || psn_no || '/' || opsp_dise_code FROM special_disease
                       UNION ALL SELECT psn_no, '账户' || psn_no FROM account
                       UNION ALL SELECT psn_no, '累计' || psn_no || '/' || period || '/' || name FROM running_total
                       UNION ALL SELECT psn_no, '就诊' || mdtrt_id FROM encounter
                       UNION ALL SELECT psn_no, '备案' || trt_dcla_detl_sn FROM filing) AS belonging
                 WHERE NOT EXISTS (SELECT 1 FROM person WHERE person.psn_no = belonging.psn_no)",
    },
    Question {
        name: "人员：基金分项、累计明细、分录、诊断、费用明细与其结算（凭证、就诊）同一人员",
        examined: "SELECT (SELECT count(*) FROM fund_share) + (SELECT count(*) FROM accumulation)
                        + (SELECT count(*) FROM posting) + (SELECT count(*) FROM diagnosis)
                        + (SELECT count(*) FROM fee_line)",
        broken: "SELECT fund_share.setl_id || '：基金分项第' || fund_share.seq || '行与结算的人员不同'
                 FROM fund_share JOIN settlement ON settlement.setl_id = fund_share.setl_id
                 WHERE fund_share.psn_no <> settlement.psn_no
                 UNION ALL
                 SELECT accumulation.setl_id || '：累计明细第' || accumulation.seq || '行与结算的人员不同'
                 FROM accumulation JOIN settlement ON settlement.setl_id = accumulation.setl_id
                 WHERE accumulation.psn_no <> settlement.psn_no
                 UNION ALL
                 SELECT posting.entry || '：分录第' || posting.seq || '行与凭证的人员不同'
                 FROM posting JOIN journal_entry ON journal_entry.entry = posting.entry
                 WHERE posting.psn_no <> journal_entry.psn_no
                 UNION ALL
                 SELECT diagnosis.mdtrt_id || '：诊断' || diagnosis.inout_diag_type || '/' || diagnosis.diag_srt_no
                        || '与就诊的人员不同'
                 FROM diagnosis JOIN encounter ON encounter.mdtrt_id = diagnosis.mdtrt_id
                 WHERE diagnosis.psn_no <> encounter.psn_no
                 UNION ALL
                 SELECT fee_line.mdtrt_id || '：费用明细' || fee_line.feedetl_sn || '与就诊的人员不同'
                 FROM fee_line JOIN encounter ON encounter.mdtrt_id = fee_line.mdtrt_id
                 WHERE fee_line.psn_no <> encounter.psn_no",
    },
    Question {
        name: "备案：慢特病待遇来自本人未撤销的备案",
        examined: "SELECT count(*) FROM special_disease WHERE trt_dcla_detl_sn <> ''",
        broken: "SELECT special_disease.trt_dcla_detl_sn || '：慢特病待遇' || special_disease.opsp_dise_code
                        || CASE WHEN filing.trt_dcla_detl_sn IS NULL THEN '所记备案不存在'
                                WHEN filing.psn_no <> special_disease.psn_no THEN '与备案的人员不同'
                                ELSE '的备案已撤销' END
                 FROM special_disease
                 LEFT JOIN filing ON filing.trt_dcla_detl_sn = special_disease.trt_dcla_detl_sn
                 WHERE special_disease.trt_dcla_detl_sn <> ''
                   AND (filing.psn_no IS DISTINCT FROM special_disease.psn_no OR filing.cancelled_at IS NOT NULL)
                 ORDER BY special_disease.trt_dcla_detl_sn",
    },
];
