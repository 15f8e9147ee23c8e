-- Journal entries (记账凭证) above their postings, and the movements of personal accounts (个人账户变动). Rows are only ever
-- added, but the opening of an account is the one that was loaded last. What is there already gets its entries and movements.

-- Read by: verify, and desks that ask what a source has moved. Its number tells one source from all others, so one source
-- has one entry: of a settlement the setl_id, of its cancellation the cancellation_id, of others 'contribution/…', ….
-- What moves nothing (a bill of which all lines were returned) has none.
CREATE TABLE journal_entry (
    entry       text NOT NULL PRIMARY KEY,
    source_kind text NOT NULL,                                 -- 'settlement', 'cancellation', 'contribution', …
    source_id   text NOT NULL CHECK (source_id <> ''),
    psn_no      text NOT NULL,                                 -- '' where it is nobody's in particular
    recorded_at timestamp NOT NULL
);
INSERT INTO journal_entry (entry, source_kind, source_id, psn_no, recorded_at)
SELECT setl_id, 'settlement', setl_id, psn_no, setl_time FROM settlement
WHERE EXISTS (SELECT 1 FROM posting WHERE posting.entry = settlement.setl_id)
UNION ALL
SELECT cancellation_id, 'cancellation', cancellation_id, psn_no, recorded_at FROM cancellation
WHERE EXISTS (SELECT 1 FROM posting WHERE posting.entry = cancellation.cancellation_id);

-- A balance is the sum of its movements. Number 0 is what the account was opened with, out of the system before this one:
-- it has no entry here and no day. Read by: verify, statements of an account.
CREATE TABLE account_movement (
    psn_no     text NOT NULL,
    number     bigint NOT NULL CHECK (number >= 0),           -- within the account, in the order of recording
    kind       text NOT NULL,                                  -- by the national codes: '101' credited, '201' spent, …
    amount_fen bigint NOT NULL,                               -- positive where the balance grows
    entry      text,                                           -- the journal entry that it belongs to
    moved_at   timestamp,                                           -- when it was recorded
    day        date,                                           -- the day from which it counts, for interest
    PRIMARY KEY (psn_no, number),
    CHECK (number = 0 OR (entry IS NOT NULL AND moved_at IS NOT NULL AND day IS NOT NULL))
);
INSERT INTO account_movement (psn_no, number, kind, amount_fen)
SELECT psn_no, 0, '113', opening_fen FROM account;
-- A cancellation counts from the day of the settlement that it undoes, as if that had never been.
INSERT INTO account_movement (psn_no, number, kind, amount_fen, entry, moved_at, day)
SELECT psn_no, row_number() OVER (PARTITION BY psn_no ORDER BY moved_at, kind DESC, place), kind, amount_fen, entry,
       moved_at, day
FROM (SELECT psn_no, '201' AS kind, -acct_pay_fen AS amount_fen, setl_id AS entry, setl_time AS moved_at, enddate AS day,
             recorded AS place
      FROM settlement
      UNION ALL
      SELECT cancellation.psn_no, '109', acct_pay_fen, cancellation_id, cancellation.recorded_at, enddate, recorded
      FROM cancellation JOIN settlement ON settlement.setl_id = cancellation.setl_id) AS moved
WHERE amount_fen <> 0;

-- How many movements an account has beside its opening: whoever moves it takes the next number with the balance.
ALTER TABLE account ADD COLUMN movements bigint NOT NULL DEFAULT 0;
UPDATE account
SET movements = (SELECT count(*) FROM account_movement
                 WHERE account_movement.psn_no = account.psn_no AND account_movement.number > 0);
