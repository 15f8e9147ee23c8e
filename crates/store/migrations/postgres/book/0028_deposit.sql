-- Documents that providers deposit (资料上传): corrected in place by their key, deleted by a mark. A part a month, made when the
-- first document of the month comes; what a book brings along that moved here lies in the last part.
-- Read by: 3508-3511, 4102, 4103, 5101, the pages' list of deposits; never by a settlement.
CREATE TABLE deposit (
    month          date      NOT NULL,                        -- first day of the month in which it came first
    fixmedins_code text      NOT NULL,
    kind           text      NOT NULL,
    key            text      NOT NULL,
    number         bigint    NOT NULL,
    infno          text      NOT NULL,
    subject        text      NOT NULL,
    psn_no         text      NOT NULL,
    mdtrt_id       text      NOT NULL,
    setl_id        text      NOT NULL,
    review         text      NOT NULL,
    revision       bigint    NOT NULL,
    received_at    timestamp NOT NULL,
    changed_at     timestamp NOT NULL,
    withdrawn_at   timestamp,                                 -- stands where NULL
    content        text      NOT NULL,                        -- JSON, opaque
    PRIMARY KEY (month, fixmedins_code, kind, key)
) PARTITION BY RANGE (month);

CREATE TABLE deposit_other PARTITION OF deposit DEFAULT;

CREATE INDEX deposit_by_key ON deposit (fixmedins_code, kind, key);
CREATE INDEX deposit_by_subject ON deposit (fixmedins_code, subject) WHERE subject <> '';
CREATE INDEX deposit_by_person ON deposit (psn_no) WHERE psn_no <> '';

-- What came by provider, kind and day.
CREATE TABLE deposit_count (
    fixmedins_code text   NOT NULL,
    kind           text   NOT NULL,
    day            date   NOT NULL,
    taken          bigint NOT NULL,
    corrected      bigint NOT NULL,
    withdrawn      bigint NOT NULL,
    bytes          bigint NOT NULL,
    PRIMARY KEY (fixmedins_code, kind, day)
);
