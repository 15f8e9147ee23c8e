-- Files that providers exchange with the platform (9101, 9102, answers of 3202); removed once their time is over.
CREATE TABLE stored_file (
    file_qury_no   text NOT NULL PRIMARY KEY CHECK (file_qury_no <> ''),
    fixmedins_code text NOT NULL,
    filename       text NOT NULL,
    content        text NOT NULL,                             -- base64
    created_at     timestamp NOT NULL,
    ends_at        timestamp NOT NULL
);

CREATE INDEX stored_file_by_end ON stored_file (ends_at);

-- A provider's settlements and cancellations of some days, for 3201 and 3202.
CREATE INDEX settlement_by_provider ON settlement (fixmedins_code, setl_time);
CREATE INDEX cancellation_by_time ON cancellation (recorded_at);
