-- Versions of plans that one person has written and another decides on (待复核的方案).
-- Read by: the agency's page of plans.
CREATE TABLE proposed_plan (
    number      bigint    NOT NULL PRIMARY KEY CHECK (number >= 1),
    plan        text      NOT NULL CHECK (plan <> ''),
    version     bigint    NOT NULL CHECK (version >= 1),
    text        text      NOT NULL,                           -- TOML, opaque
    reason      text      NOT NULL,
    proposed_at timestamp NOT NULL,
    proposed_by text      NOT NULL,
    decided_at  timestamp,
    decided_by  text      NOT NULL,                           -- '' while it waits
    decision    text      NOT NULL                            -- published, or returned:reason; '' while it waits
);
