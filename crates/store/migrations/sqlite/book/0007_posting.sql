-- Double-entry postings (复式记账) of settlements and cancellations; rows are only ever added.
-- Read by: 5203 and cancellations (by entry), verify (all). Sums by account read the whole table:
-- an index by account would cost each settlement more than the rare question is worth.
CREATE TABLE posting (
    entry      TEXT    NOT NULL,                            -- a setl_id or a cancellation_id
    seq        INTEGER NOT NULL,
    psn_no     TEXT    NOT NULL,
    account    TEXT    NOT NULL CHECK (account <> ''),
    amount_fen INTEGER NOT NULL,                            -- debit positive; an entry sums to zero
    PRIMARY KEY (entry, seq)
) STRICT, WITHOUT ROWID;
