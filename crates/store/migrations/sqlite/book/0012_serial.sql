-- Number series (encounter, settlement, …), drawn inside the transaction that uses the number: no gaps.
CREATE TABLE serial (
    series TEXT    NOT NULL PRIMARY KEY CHECK (series <> ''),
    last   INTEGER NOT NULL CHECK (last >= 1)
) STRICT, WITHOUT ROWID;
