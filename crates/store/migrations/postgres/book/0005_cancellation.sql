-- Cancellations (撤销) of settlements, by 2103, 2208, 2305 or 2601; rows are only ever added.
-- Read by: whatever asks whether a settlement stands.
CREATE TABLE cancellation (
    -- The key is the settlement: it is cancelled once or not at all.
    setl_id         text      NOT NULL PRIMARY KEY REFERENCES settlement (setl_id),
    cancellation_id text      NOT NULL UNIQUE CHECK (cancellation_id <> setl_id),
    psn_no          text      NOT NULL,
    msgid           text      NOT NULL,                       -- the cancelling message
    recorded_at     timestamp NOT NULL,
    opter           text      NOT NULL
);
