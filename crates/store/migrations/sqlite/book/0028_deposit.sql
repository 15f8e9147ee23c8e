-- Documents that providers deposit (资料上传): corrected in place by their key, deleted by a mark.
-- Read by: 3508-3511, 4102, 4103, 5101, the pages' list of deposits; never by a settlement.
CREATE TABLE deposit (
    month          TEXT NOT NULL,                           -- first day of the month in which it came first
    fixmedins_code TEXT NOT NULL,
    kind           TEXT NOT NULL,
    key            TEXT NOT NULL,
    number         INTEGER NOT NULL,
    infno          TEXT NOT NULL,
    subject        TEXT NOT NULL,
    psn_no         TEXT NOT NULL,
    mdtrt_id       TEXT NOT NULL,
    setl_id        TEXT NOT NULL,
    review         TEXT NOT NULL,
    revision       INTEGER NOT NULL,
    received_at    TEXT NOT NULL,
    changed_at     TEXT NOT NULL,
    withdrawn_at   TEXT,                                    -- stands where NULL
    content        TEXT NOT NULL,                           -- JSON, opaque
    PRIMARY KEY (month, fixmedins_code, kind, key)
) STRICT;

CREATE INDEX deposit_by_key ON deposit (fixmedins_code, kind, key);
CREATE INDEX deposit_by_subject ON deposit (fixmedins_code, subject) WHERE subject <> '';
CREATE INDEX deposit_by_person ON deposit (psn_no) WHERE psn_no <> '';

-- What came by provider, kind and day.
CREATE TABLE deposit_count (
    fixmedins_code TEXT NOT NULL,
    kind           TEXT NOT NULL,
    day            TEXT NOT NULL,
    taken          INTEGER NOT NULL,
    corrected      INTEGER NOT NULL,
    withdrawn      INTEGER NOT NULL,
    bytes          INTEGER NOT NULL,
    PRIMARY KEY (fixmedins_code, kind, day)
) STRICT, WITHOUT ROWID;
