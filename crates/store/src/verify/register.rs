//! The registers: entries against their history, their person, their encounter, their settlement and their rights.

use super::Question;

const ENTRIES: &str = "SELECT count(*) FROM register_entry";

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "台账：操作记录从登记起连续，一步一个版本，收件与登记、状态与最后一条相同",
        examined: ENTRIES,
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
                 FROM register_event GROUP BY number HAVING count(*) <> max(seq)
                 UNION ALL
                 SELECT number || '：第一条操作不是登记'
                 FROM register_event WHERE seq = 1 AND action <> 'register'
                 UNION ALL
                 SELECT register_entry.number || '：版本' || register_entry.version || '，操作记录' || max(seq) || '条'
                 FROM register_entry JOIN register_event ON register_event.number = register_entry.number
                 GROUP BY register_entry.number, register_entry.version HAVING max(seq) <> register_entry.version
                 UNION ALL
                 SELECT register_entry.number || '：收件人、收件时间与登记不同'
                 FROM register_entry JOIN register_event ON register_event.number = register_entry.number
                 WHERE seq = 1 AND (done_by <> taken_by OR happened_at <> taken_at)",
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
        name: "台账：费用明细的行号从1起连续",
        examined: "SELECT count(*) FROM register_line",
        broken: "SELECT number || '：费用明细到第' || max(seq) || '行，只有' || count(*) || '行'
                 FROM register_line GROUP BY number HAVING max(seq) <> count(*) OR min(seq) <> 1",
    },
    Question {
        // An identity number of 18 characters was one of 15, without the century and the last.
        name: "台账：人员编号在册，证件号码是该人员的",
        examined: "SELECT count(*) FROM register_entry WHERE psn_no <> ''",
        broken: "SELECT number || '：' || CASE WHEN person.psn_no IS NULL THEN '所记人员不存在'
                                               ELSE '证件号码不是所记人员的' END
                 FROM register_entry LEFT JOIN person ON person.psn_no = register_entry.psn_no
                 WHERE register_entry.psn_no <> ''
                   AND (person.psn_no IS NULL
                        OR (register_entry.certno <> '' AND upper(register_entry.certno) <> upper(person.certno)
                            AND substr(register_entry.certno, 1, 6) || substr(register_entry.certno, 9, 9)
                                <> person.certno
                            AND substr(person.certno, 1, 6) || substr(person.certno, 9, 9)
                                <> register_entry.certno))
                 ORDER BY number",
    },
    Question {
        // A stay's day may be corrected while it is not settled.
        name: "台账：条目与其就诊同一人员、机构，已结算的同一天",
        examined: "SELECT count(*) FROM register_entry WHERE mdtrt_id <> ''",
        broken: "SELECT number || '：' || CASE WHEN encounter.mdtrt_id IS NULL
                                               THEN '所记就诊' || register_entry.mdtrt_id || '不存在'
                                               ELSE '与就诊' || register_entry.mdtrt_id || '的'
                                                    || CASE WHEN encounter.fixmedins_code
                                                                 <> register_entry.fixmedins_code THEN '机构'
                                                            WHEN register_entry.psn_no NOT IN ('', encounter.psn_no)
                                                            THEN '人员' ELSE '日期' END || '不同' END
                 FROM register_entry LEFT JOIN encounter ON encounter.mdtrt_id = register_entry.mdtrt_id
                 WHERE register_entry.mdtrt_id <> ''
                   AND ((encounter.mdtrt_id IS NULL AND register_entry.state = 'settled')
                        OR encounter.fixmedins_code <> register_entry.fixmedins_code
                        OR register_entry.psn_no NOT IN ('', encounter.psn_no)
                        OR (register_entry.state = 'settled'
                            AND substr(CAST(encounter.begntime AS text), 1, 10)
                                <> substr(CAST(register_entry.care_from AS text), 1, 10)))
                 ORDER BY number",
    },
    Question {
        name: "台账：已结算的条目有一笔同一人员、机构、就诊的在册结算，退付＝该结算的基金和个人账户支付",
        examined: "SELECT count(*) FROM register_entry WHERE state = 'settled'",
        broken:
            "SELECT number || '：' || CASE WHEN settlement.setl_id IS NULL THEN '所记结算' || entry.setl_id || '不存在'
                            WHEN cancellation.setl_id IS NOT NULL THEN '所记结算' || entry.setl_id || '已撤销'
                            WHEN settlement.psn_no <> entry.psn_no THEN '与结算' || entry.setl_id || '的人员不同'
                            WHEN settlement.fixmedins_code <> entry.fixmedins_code
                            THEN '与结算' || entry.setl_id || '的机构不同'
                            WHEN settlement.mdtrt_id <> entry.mdtrt_id
                            THEN '与结算' || entry.setl_id || '的就诊不同'
                            ELSE '退付' || refunded_fen || '分，结算' || entry.setl_id || '支付'
                                 || (fund_pay_sumamt_fen + acct_pay_fen) || '分' END
                 FROM register_entry AS entry
                 LEFT JOIN settlement ON settlement.setl_id = entry.setl_id
                 LEFT JOIN cancellation ON cancellation.setl_id = entry.setl_id
                 WHERE entry.state = 'settled'
                   AND (settlement.setl_id IS NULL OR cancellation.setl_id IS NOT NULL
                        OR settlement.psn_no <> entry.psn_no OR settlement.fixmedins_code <> entry.fixmedins_code
                        OR settlement.mdtrt_id <> entry.mdtrt_id
                        OR refunded_fen <> fund_pay_sumamt_fen + acct_pay_fen
                           AND NOT (entry.kind = 'stay_conversion' AND refunded_fen = 0))
                 ORDER BY number",
    },
    Question {
        name: "台账：未结算的条目没有结算，未结算也未报销的没有退付",
        examined: "SELECT count(*) FROM register_entry WHERE state <> 'settled'",
        broken: "SELECT number || '：状态' || state
                        || CASE WHEN setl_id <> '' THEN '，却记了结算' || setl_id
                                ELSE '，却记了退付' || refunded_fen || '分' END
                 FROM register_entry
                 WHERE state <> 'settled' AND (setl_id <> '' OR (state <> 'reimbursed' AND refunded_fen <> 0))",
    },
    Question {
        // A converted stay is in its own list and, discharged in the outage, among the deferred discharges too.
        name: "台账：一笔结算至多是一个条目的补录（在院转自费除外）",
        examined: "SELECT count(*) FROM register_entry WHERE state = 'settled'",
        broken: "SELECT setl_id || '：有' || count(*) || '个台账条目记为由它结算'
                 FROM register_entry WHERE state = 'settled' AND setl_id <> '' AND kind <> 'stay_conversion'
                 GROUP BY setl_id HAVING count(*) > 1 ORDER BY setl_id",
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
        name: "台账：待遇暂停与条目同一人员，已暂停待遇的条目正好有一条存续",
        examined: "SELECT (SELECT count(*) FROM benefit_hold)
                        + (SELECT count(*) FROM register_entry WHERE state = 'held')",
        broken: "SELECT benefit_hold.number || '：待遇暂停'
                        || CASE WHEN benefit_hold.psn_no <> register_entry.psn_no THEN '与条目的人员不同'
                                WHEN benefit_hold.until < benefit_hold.since THEN '的结束早于开始'
                                ELSE '存续，条目的状态为' || register_entry.state END
                 FROM benefit_hold JOIN register_entry ON register_entry.number = benefit_hold.number
                 WHERE benefit_hold.psn_no <> register_entry.psn_no
                    OR benefit_hold.until < benefit_hold.since
                    OR (benefit_hold.until IS NULL
                        AND (register_entry.state <> 'held' OR register_entry.kind <> 'not_entitled'))
                 UNION ALL
                 SELECT number || '：状态为held，没有存续的待遇暂停'
                 FROM register_entry
                 WHERE state = 'held'
                   AND NOT EXISTS (SELECT 1 FROM benefit_hold
                                   WHERE benefit_hold.number = register_entry.number AND until IS NULL)",
    },
];
