-- A receipt is claimed by its issuer and number, no longer by its number alone: each provider counts for itself, and leading
-- zeros and full width are no part of a number. Of two entries that turn out to claim one paper the earlier keeps the right;
-- papers that do not tell their provider claim nothing.
INSERT INTO claim_right (claim_key, number)
SELECT 'receipt:' || place || ':' || coalesce(nullif(ltrim(told, '0'), ''), '0'), min(number)
FROM (SELECT claim_right.number,
             CASE kind WHEN 'papers' THEN coalesce(substring(details from '"care_provider":"([^"]*)"'), '')
                       ELSE fixmedins_code END AS place,
             translate(substr(claim_key, 9), '０１２３４５６７８９', '0123456789') AS told
      FROM claim_right JOIN register_entry ON register_entry.number = claim_right.number
      WHERE claim_key LIKE 'invoice:_%') AS claimed
WHERE place <> ''
GROUP BY 1;

DELETE FROM claim_right WHERE claim_key LIKE 'invoice:%';

-- The entry that an escalation or a debtor's case is about. The text is JSON without spaces, so that the name is found as it
-- stands; a cast would not be immutable.
-- Read by: late care (its escalations), certificates in doubt.
CREATE INDEX register_entry_by_subject ON register_entry (substring(details from '"of_entry":"([^"]*)"'))
    WHERE substring(details from '"of_entry":"([^"]*)"') IS NOT NULL;
