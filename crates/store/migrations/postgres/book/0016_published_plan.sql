-- Published outage plans (停机预案), whole; a re-plan is a new version, rows are only ever added.
-- Read by: the gate, when a process starts and when a plan is published.
CREATE TABLE published_plan (
    plan         text      NOT NULL CHECK (plan <> ''),
    version      bigint    NOT NULL CHECK (version >= 1),
    text         text      NOT NULL,                          -- TOML, opaque
    published_at timestamp NOT NULL,
    published_by text      NOT NULL,
    PRIMARY KEY (plan, version)
);

-- Events that a plan waits for (如"验收通过"), entered by a person, each once.
-- Read by: the gate, beside the plans.
CREATE TABLE entered_event (
    plan        text      NOT NULL CHECK (plan <> ''),
    event       text      NOT NULL CHECK (event <> ''),
    happened_at timestamp NOT NULL,                           -- the reopening
    entered_at  timestamp NOT NULL,
    entered_by  text      NOT NULL,
    PRIMARY KEY (plan, event)
);

-- Runs of the backfill (补录); one without an end goes on after a restart.
-- Read by: the backfill, its page.
CREATE TABLE backfill_run (
    number         bigint    NOT NULL PRIMARY KEY CHECK (number >= 1),
    plan           text      NOT NULL CHECK (plan <> ''),
    fixmedins_code text      NOT NULL,                        -- '' where it takes all providers
    started_at     timestamp NOT NULL,
    started_by     text      NOT NULL,
    found          bigint    NOT NULL CHECK (found >= 0),
    settled        bigint    NOT NULL CHECK (settled >= 0),
    failed         bigint    NOT NULL CHECK (failed >= 0),
    finished_at    timestamp
);
