-- Cancellations (撤销, 冲正) of settlements; rows are only ever added.
-- Read by: whatever asks whether a settlement stands.
CREATE TABLE reversal (
    -- The key is the settlement: it is cancelled once or not at all.
    setl_id     TEXT NOT NULL PRIMARY KEY REFERENCES settlement (setl_id),
    reversal_id TEXT NOT NULL UNIQUE CHECK (reversal_id <> setl_id),
    psn_no      TEXT NOT NULL,
    msgid       TEXT NOT NULL,                              -- the cancelling message
    recorded_at TEXT NOT NULL,
    opter       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
