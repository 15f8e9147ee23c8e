-- Claim rights (报销权): the key is taken by one entry at a time, across all routes.
-- Read by: taking in and settling an entry.
CREATE TABLE claim_right (
    claim_key text      NOT NULL PRIMARY KEY CHECK (claim_key <> ''),
    number    text      NOT NULL REFERENCES register_entry (number)
);

CREATE INDEX claim_right_by_entry ON claim_right (number);

-- Holds (暂停待遇) on a debtor's later benefits; the end is noted in place.
-- Read by: settlements of persons that a register names, the registers' pages.
CREATE TABLE benefit_hold (
    number text      NOT NULL REFERENCES register_entry (number),
    since  timestamp NOT NULL,
    psn_no text      NOT NULL CHECK (psn_no <> ''),
    until  timestamp,                                         -- stands where NULL
    PRIMARY KEY (number, since)
);

-- An entry holds benefits once at a time.
CREATE UNIQUE INDEX benefit_hold_standing ON benefit_hold (number) WHERE until IS NULL;
CREATE INDEX benefit_hold_by_person ON benefit_hold (psn_no, since);
