-- When a settlement counts among the person's settlements (计入次序): what an outage kept back when it would have been
-- settled, all else when it was first recorded. And whether the account was to pay, which the amount alone does not say.
-- Read by: settle and correct the order of what an outage kept back.
ALTER TABLE settlement ADD COLUMN counts_at timestamp;
ALTER TABLE settlement ADD COLUMN acct_used_flag text NOT NULL DEFAULT '';
UPDATE settlement SET
    acct_used_flag = CASE WHEN acct_pay_fen > 0 THEN '1' ELSE '0' END,
    counts_at = coalesce(
        -- The register knows what an outage kept back, by any settlement of the same encounter.
        (SELECT least(coalesce(CASE WHEN encounter.setting = 'inpatient' THEN encounter.endtime END,
                               CASE WHEN encounter.setting = 'inpatient' THEN settlement.enddate::timestamp END,
                               encounter.begntime),
                      settlement.setl_time)
         FROM encounter
         WHERE encounter.mdtrt_id = settlement.mdtrt_id AND NOT settlement.mid_stay
           AND EXISTS (SELECT FROM register_entry JOIN settlement AS tied ON tied.setl_id = register_entry.setl_id
                       WHERE register_entry.kind IN
                             ('cash_visit', 'admission', 'transfer', 'deferred_discharge', 'stay_conversion')
                         AND tied.mdtrt_id = settlement.mdtrt_id)),
        (SELECT first.setl_time FROM settlement AS first WHERE first.setl_id = settlement.restores),
        settlement.setl_time);
ALTER TABLE settlement ALTER COLUMN counts_at SET NOT NULL
