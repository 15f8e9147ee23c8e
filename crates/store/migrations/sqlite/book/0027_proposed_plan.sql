-- Versions of plans that one person has written and another decides on (待复核的方案).
-- Read by: the agency's page of plans.
CREATE TABLE proposed_plan (
    number      INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    plan        TEXT    NOT NULL CHECK (plan <> ''),
    version     INTEGER NOT NULL CHECK (version >= 1),
    text        TEXT    NOT NULL,                           -- TOML, opaque
    reason      TEXT    NOT NULL,
    proposed_at TEXT    NOT NULL,
    proposed_by TEXT    NOT NULL,
    decided_at  TEXT,
    decided_by  TEXT    NOT NULL,                           -- '' while it waits
    decision    TEXT    NOT NULL                            -- published, or returned:reason; '' while it waits
) STRICT;
