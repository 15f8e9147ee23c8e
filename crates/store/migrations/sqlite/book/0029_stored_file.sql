-- Files that providers exchange with the platform (9101, 9102, answers of 3202); removed once their time is over.
CREATE TABLE stored_file (
    file_qury_no   TEXT NOT NULL PRIMARY KEY CHECK (file_qury_no <> ''),
    fixmedins_code TEXT NOT NULL,
    filename       TEXT NOT NULL,
    content        TEXT NOT NULL,                             -- base64
    created_at     TEXT NOT NULL,
    ends_at        TEXT NOT NULL
) STRICT;

CREATE INDEX stored_file_by_end ON stored_file (ends_at);

-- A provider's settlements and cancellations of some days, for 3201 and 3202.
CREATE INDEX settlement_by_provider ON settlement (fixmedins_code, setl_time);
CREATE INDEX cancellation_by_time ON cancellation (recorded_at);
