-- What a person has left and what a person has used up: figures that every settlement reads and moves.
-- Both are kept beside the rows they derive from, under the same transaction; `verify` compares.

-- The personal account (个人账户): balance = opening - acct_pay of the standing settlements.
CREATE TABLE account (
    psn_no      text      NOT NULL PRIMARY KEY REFERENCES person (psn_no),
    opening_fen bigint    NOT NULL CHECK (opening_fen >= 0),  -- migrated balance
    -- What the code decides, the schema repeats: of many tills asking at once none gets below zero.
    balance_fen bigint    NOT NULL CHECK (balance_fen >= 0)
) WITH (fillfactor = 80);

-- Running totals (累计): value = opening + accumulations of the standing settlements.
CREATE TABLE running_total (
    psn_no   text      NOT NULL REFERENCES person (psn_no),
    period   text      NOT NULL,                              -- '2021' a benefit year, '2021-07-01' a day
    insutype text      NOT NULL,
    name     text      NOT NULL,
    opening  bigint    NOT NULL,                              -- migrated part; fen or a count, as the name says
    value    bigint    NOT NULL,
    PRIMARY KEY (psn_no, period, insutype, name)
) WITH (fillfactor = 80);
