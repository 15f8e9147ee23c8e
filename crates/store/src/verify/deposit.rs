//! Documents: what was counted day by day is what is there.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[Question {
    name: "上传资料：逐日计数与资料一致",
    examined: "SELECT count(*) FROM deposit_count",
    broken: "SELECT counted.fixmedins_code || '/' || counted.kind || '：计数' || counted.taken || '份，资料'
                    || coalesce(kept.documents, 0) || '份'
             FROM (SELECT fixmedins_code, kind, sum(taken) AS taken FROM deposit_count
                   GROUP BY fixmedins_code, kind) AS counted
             LEFT JOIN (SELECT fixmedins_code, kind, count(*) AS documents FROM deposit
                        GROUP BY fixmedins_code, kind) AS kept
                    ON kept.fixmedins_code = counted.fixmedins_code AND kept.kind = counted.kind
             WHERE counted.taken <> coalesce(kept.documents, 0)
             UNION ALL
             SELECT DISTINCT fixmedins_code || '/' || kind || '：有资料而没有计数'
             FROM deposit
             WHERE NOT EXISTS (SELECT 1 FROM deposit_count
                               WHERE deposit_count.fixmedins_code = deposit.fixmedins_code
                                 AND deposit_count.kind = deposit.kind)",
}];
