//! Runs of the backfill: what they say they have done.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[Question {
    // While a run goes on, entries may come on top of those that it has found.
    name: "批量补录：找到的条目属于其方案，结束的不多于找到的，时间有先后",
    examined: "SELECT count(*) FROM backfill_run",
    broken: "SELECT '批量补录' || number || '：' || CASE WHEN finished_at < started_at THEN '结束早于开始'
                                                WHEN finished_at IS NOT NULL AND settled + failed > found
                                                THEN '结算' || settled || '条、未通过' || failed || '条，只找到' || found || '条'
                                                ELSE '找到' || found || '条，其方案没有条目' END
             FROM backfill_run
             WHERE finished_at < started_at
                OR (finished_at IS NOT NULL AND settled + failed > found)
                OR (found > 0 AND NOT EXISTS (SELECT 1 FROM register_entry
                                              WHERE register_entry.plan = backfill_run.plan))
             ORDER BY number",
}];
