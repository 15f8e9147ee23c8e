-- Number series (encounter, settlement, …), drawn in blocks by a transaction of its own: a process that ends leaves a gap.
CREATE TABLE serial (
    series text      NOT NULL PRIMARY KEY CHECK (series <> ''),
    last   bigint    NOT NULL CHECK (last >= 1)
);
