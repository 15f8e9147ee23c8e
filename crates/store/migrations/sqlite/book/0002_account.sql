-- What a person has left and what a person has used up: figures that every settlement reads and moves.
-- Both are kept beside the rows they derive from, under the same transaction; `verify` compares.

-- The personal account (个人账户): balance = opening - acct_pay of the standing settlements.
CREATE TABLE account (
    psn_no      TEXT    NOT NULL PRIMARY KEY REFERENCES person (psn_no),
    opening_fen INTEGER NOT NULL CHECK (opening_fen >= 0),  -- migrated balance
    -- What the code decides, the schema repeats: of many tills asking at once none gets below zero.
    balance_fen INTEGER NOT NULL CHECK (balance_fen >= 0)
) STRICT, WITHOUT ROWID;

-- Running totals (累计): value = opening + accumulations of the standing settlements.
CREATE TABLE running_total (
    psn_no   TEXT    NOT NULL REFERENCES person (psn_no),
    period   TEXT    NOT NULL,                              -- '2021' a benefit year, '2021-07-01' a day
    insutype TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    opening  INTEGER NOT NULL,                              -- migrated part; fen or a count, as the name says
    value    INTEGER NOT NULL,
    PRIMARY KEY (psn_no, period, insutype, name)
) STRICT, WITHOUT ROWID;
