-- Double-entry postings (复式记账) of settlements and cancellations; rows are only ever added.
-- Read by: 5203 and cancellations (by entry), verify (all). Sums by account read the whole table:
-- an index by account would cost each settlement more than the rare question is worth.
CREATE TABLE posting (
    entry      text      NOT NULL,                            -- a setl_id or a cancellation_id
    seq        integer   NOT NULL,
    psn_no     text      NOT NULL,
    account    text      NOT NULL CHECK (account <> ''),
    amount_fen bigint    NOT NULL,                            -- debit positive; an entry sums to zero
    PRIMARY KEY (entry, seq)
);
