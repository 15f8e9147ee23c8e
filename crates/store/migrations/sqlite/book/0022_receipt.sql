-- A receipt is claimed by its issuer and number, no longer by its number alone: each provider counts for itself, and leading
-- zeros and full width are no part of a number. Of two entries that turn out to claim one paper the earlier keeps the right;
-- papers that do not tell their provider claim nothing.
INSERT INTO claim_right (claim_key, number)
SELECT 'receipt:' || place || ':' || coalesce(nullif(ltrim(told, '0'), ''), '0'), min(number)
FROM (SELECT claim_right.number,
             CASE kind WHEN 'papers' THEN coalesce(json_extract(details, '$.care_provider'), '')
                       ELSE fixmedins_code END AS place,
             replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                 substr(claim_key, 9), '０', '0'), '１', '1'), '２', '2'), '３', '3'), '４', '4'),
                 '５', '5'), '６', '6'), '７', '7'), '８', '8'), '９', '9') AS told
      FROM claim_right JOIN register_entry ON register_entry.number = claim_right.number
      WHERE claim_key LIKE 'invoice:_%')
WHERE place <> ''
GROUP BY 1;

DELETE FROM claim_right WHERE claim_key LIKE 'invoice:%';

-- The entry that an escalation or a debtor's case is about.
-- Read by: late care (its escalations), certificates in doubt.
CREATE INDEX register_entry_by_subject ON register_entry (json_extract(details, '$.of_entry'))
    WHERE json_extract(details, '$.of_entry') IS NOT NULL;
