-- Registers (台账) of an outage. An entry's state moves, its history is only added. Persons may be unknown to the book and
-- stays and settlements come later, so none of them is a foreign key; `verify` asks for the settlements.
-- Read by: the registers' pages, the backfill (by plan, in the order of care), 2207 and 2304 (by stay), cancellations (by
-- settlement), the cutover board, verify.
CREATE TABLE register_entry (
    number         TEXT    NOT NULL PRIMARY KEY CHECK (number <> ''),
    plan           TEXT    NOT NULL CHECK (plan <> ''),
    rule           TEXT    NOT NULL,                        -- the plan's rule or duty
    kind           TEXT    NOT NULL CHECK (kind <> ''),     -- which register
    business       TEXT    NOT NULL CHECK (business <> ''),
    fixmedins_code TEXT    NOT NULL,                        -- '' where the agency is responsible
    admdvs         TEXT    NOT NULL,
    psn_no         TEXT    NOT NULL,                        -- '' where not known
    certno         TEXT    NOT NULL,                        -- '' where the number is known
    mdtrt_id       TEXT    NOT NULL,                        -- '' until there is one
    care_from      TEXT    NOT NULL,                        -- care, yyyy-MM-dd HH:mm:ss
    care_until     TEXT,
    invono         TEXT    NOT NULL,
    charged_fen    INTEGER NOT NULL CHECK (charged_fen >= 0),
    refunded_fen   INTEGER NOT NULL CHECK (refunded_fen >= 0),
    setl_id        TEXT    NOT NULL,                        -- '' until there is one
    state          TEXT    NOT NULL CHECK (state <> ''),
    reason         TEXT    NOT NULL,
    source         TEXT    NOT NULL CHECK (source <> ''),
    taken_at       TEXT    NOT NULL,                        -- our clock
    taken_by       TEXT    NOT NULL,
    details        TEXT    NOT NULL,                        -- the other fields of the register, JSON, opaque
    version        INTEGER NOT NULL CHECK (version >= 1)    -- +1 with every change
) STRICT;

-- Counts of a plan come from this index alone, and lists find rare states in the order of care without the rows.
CREATE INDEX register_entry_by_plan
    ON register_entry (plan, kind, state, business, fixmedins_code, charged_fen, refunded_fen);
CREATE INDEX register_entry_by_care ON register_entry (plan, care_from, number, kind, state);
CREATE INDEX register_entry_by_provider ON register_entry (fixmedins_code, care_from, number);
CREATE INDEX register_entry_by_person ON register_entry (psn_no, care_from);
CREATE INDEX register_entry_by_stay ON register_entry (mdtrt_id);
CREATE INDEX register_entry_by_settlement ON register_entry (setl_id);

-- What was done to an entry (操作记录); rows are only ever added.
CREATE TABLE register_event (
    number      TEXT    NOT NULL REFERENCES register_entry (number),
    seq         INTEGER NOT NULL CHECK (seq >= 1),          -- 1, then +1
    happened_at TEXT    NOT NULL,
    done_by     TEXT    NOT NULL,
    action      TEXT    NOT NULL CHECK (action <> ''),
    state       TEXT    NOT NULL CHECK (state <> ''),       -- after it
    fields      TEXT    NOT NULL,                           -- what was stated with it, JSON, opaque
    PRIMARY KEY (number, seq)
) STRICT, WITHOUT ROWID;

-- Fee lines (费用明细) kept with an entry until its backfill uploads them.
CREATE TABLE register_line (
    number                  TEXT    NOT NULL REFERENCES register_entry (number),
    seq                     INTEGER NOT NULL,               -- order of recording
    feedetl_sn              TEXT    NOT NULL,
    fee_ocur_time           TEXT    NOT NULL,
    med_list_codg           TEXT    NOT NULL,
    medins_list_codg        TEXT    NOT NULL,
    cnt                     TEXT    NOT NULL,               -- decimal
    pric                    TEXT    NOT NULL,               -- decimal, yuan a unit
    det_item_fee_sumamt_fen INTEGER NOT NULL,
    PRIMARY KEY (number, seq)
) STRICT, WITHOUT ROWID;
