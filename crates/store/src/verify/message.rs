//! The journal: each message once, its outcome there, of the same provider, and gone where it was reversed.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "报文：同一交互方同一交易的同一报文只记一次",
        examined: "SELECT count(*) FROM message",
        broken: "SELECT party || '/' || msgid || '/' || infno || '：记了' || count(*) || '次'
                 FROM message NOT INDEXED
                 GROUP BY party, msgid, infno HAVING count(*) > 1 ORDER BY party, msgid, infno",
    },
    Question {
        name: "报文：报文的结果存在，结算都有其报文",
        examined: "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM settlement)",
        broken: "SELECT party || '/' || msgid || '：报文的结果' || effect || '不存在'
                 FROM message
                 WHERE effect <> ''
                   AND NOT EXISTS (SELECT 1 FROM settlement WHERE setl_id = effect)
                   AND NOT EXISTS (SELECT 1 FROM encounter WHERE mdtrt_id = effect)
                   AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation_id = effect)
                   AND NOT EXISTS (SELECT 1 FROM filing WHERE trt_dcla_detl_sn = effect)
                   AND NOT EXISTS (SELECT 1 FROM sign_in WHERE sign_no = effect)
                   AND NOT EXISTS (SELECT 1 FROM register_entry WHERE number = effect)
                 UNION ALL
                 SELECT setl_id || '：没有记录产生它的报文' || fixmedins_code || '/' || msgid
                 FROM settlement
                 WHERE NOT EXISTS (SELECT 1 FROM message
                                   WHERE message.party IN ('provider/' || settlement.fixmedins_code,
                                                         'platform/' || settlement.fixmedins_code)
                                     AND message.msgid = settlement.msgid
                                     AND message.effect IN (settlement.setl_id, settlement.restores))",
    },
    Question {
        // A settlement that was put back or settled again in the order of care stands under the first one's message. The
        // platform makes messages in a provider's name (`platform/`).
        name: "报文：结果属于发送机构；结算、撤销报文的结果由该报文办理",
        examined: "SELECT count(*) FROM message WHERE effect <> ''",
        broken: "SELECT message.party || '/' || message.msgid || '：报文的结果' || effect || '不是该机构的'
                 FROM message
                 LEFT JOIN settlement ON settlement.setl_id = effect
                 LEFT JOIN encounter ON encounter.mdtrt_id = effect
                 LEFT JOIN filing ON filing.trt_dcla_detl_sn = effect
                 LEFT JOIN sign_in ON sign_in.sign_no = effect
                 WHERE effect <> ''
                   AND message.party NOT IN
                       ('provider/' || coalesce(settlement.fixmedins_code, encounter.fixmedins_code, filing.filed_by,
                                                sign_in.fixmedins_code),
                        'platform/' || coalesce(settlement.fixmedins_code, encounter.fixmedins_code, filing.filed_by,
                                                sign_in.fixmedins_code))
                 UNION ALL
                 SELECT message.party || '/' || message.msgid || '：结算' || effect || '不是该报文办理的'
                 FROM message LEFT JOIN settlement ON settlement.setl_id = effect
                 WHERE infno IN ('2102', '2207', '2304') AND effect <> ''
                   AND settlement.msgid IS DISTINCT FROM message.msgid
                 UNION ALL
                 SELECT message.party || '/' || message.msgid || '：结算' || effect || '不是该报文撤销的'
                 FROM message LEFT JOIN cancellation ON cancellation.setl_id = effect
                 WHERE infno IN ('2103', '2208', '2305') AND effect <> ''
                   AND cancellation.msgid IS DISTINCT FROM message.msgid",
    },
    Question {
        name: "冲正：已冲正的报文不再有在册结果",
        examined: "SELECT count(*) FROM message_reversal",
        // A settlement that was put back stands under the message of the first one. What a provider reverses under a number
        // that the platform has given is no message of the provider's.
        broken: "SELECT settlement.fixmedins_code || '/' || settlement.msgid || '：已冲正，但结算'
                        || settlement.setl_id || '仍在册'
                 FROM settlement
                 JOIN encounter ON encounter.mdtrt_id = settlement.mdtrt_id
                 JOIN message_reversal ON message_reversal.party = 'provider/' || settlement.fixmedins_code
                                      AND message_reversal.omsgid = settlement.msgid
                                      AND message_reversal.oinfno = CASE encounter.setting WHEN 'pharmacy' THEN '2102'
                                                                        WHEN 'inpatient' THEN '2304' ELSE '2207' END
                 WHERE NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   AND NOT EXISTS (SELECT 1 FROM message
                                   WHERE message.party = 'platform/' || settlement.fixmedins_code
                                     AND message.msgid = settlement.msgid)
                 UNION ALL
                 SELECT message.party || '/' || message.msgid || '：已冲正，但入院' || effect || '没有撤销'
                 FROM message_reversal
                 JOIN message ON message.party = message_reversal.party
                             AND message.msgid = message_reversal.omsgid
                             AND message.infno = message_reversal.oinfno
                 JOIN encounter ON encounter.mdtrt_id = message.effect
                 WHERE message.infno = '2401' AND encounter.state <> 'cancelled'",
    },
    Question {
        name: "冲正：与原报文的结果同一人员",
        examined: "SELECT count(*) FROM message_reversal WHERE psn_no <> ''",
        broken: "SELECT message_reversal.party || '/' || message_reversal.msgid || '：与原报文'
                        || omsgid || '的结果' || effect || '的人员不同'
                 FROM message_reversal
                 JOIN message ON message.party = message_reversal.party
                             AND message.msgid = message_reversal.omsgid
                             AND message.infno = message_reversal.oinfno
                 LEFT JOIN settlement ON settlement.setl_id = effect
                 LEFT JOIN encounter ON encounter.mdtrt_id = effect
                 WHERE message_reversal.psn_no <> ''
                   AND coalesce(settlement.psn_no, encounter.psn_no, message_reversal.psn_no)
                       <> message_reversal.psn_no",
    },
];
