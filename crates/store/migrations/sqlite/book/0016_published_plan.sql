-- Published outage plans (停机预案), whole; a re-plan is a new version, rows are only ever added.
-- Read by: the gate, when a process starts and when a plan is published.
CREATE TABLE published_plan (
    plan         TEXT    NOT NULL CHECK (plan <> ''),
    version      INTEGER NOT NULL CHECK (version >= 1),
    text         TEXT    NOT NULL,                          -- TOML, opaque
    published_at TEXT    NOT NULL,
    published_by TEXT    NOT NULL,
    PRIMARY KEY (plan, version)
) STRICT;

-- Events that a plan waits for (如"验收通过"), entered by a person, each once.
-- Read by: the gate, beside the plans.
CREATE TABLE entered_event (
    plan        TEXT NOT NULL CHECK (plan <> ''),
    event       TEXT NOT NULL CHECK (event <> ''),
    happened_at TEXT NOT NULL,                              -- the reopening
    entered_at  TEXT NOT NULL,
    entered_by  TEXT NOT NULL,
    PRIMARY KEY (plan, event)
) STRICT, WITHOUT ROWID;

-- Runs of the backfill (补录); one without an end goes on after a restart.
-- Read by: the backfill, its page.
CREATE TABLE backfill_run (
    number         INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    plan           TEXT    NOT NULL CHECK (plan <> ''),
    fixmedins_code TEXT    NOT NULL,                        -- '' where it takes all providers
    started_at     TEXT    NOT NULL,
    started_by     TEXT    NOT NULL,
    found          INTEGER NOT NULL CHECK (found >= 0),
    settled        INTEGER NOT NULL CHECK (settled >= 0),
    failed         INTEGER NOT NULL CHECK (failed >= 0),
    finished_at    TEXT
) STRICT;
