-- Filings (备案): transfer, remote care, chronic and special disease, designated provider.
-- Read by: settlements (of one person), 2502, 2504, 2506, 5301, 5302, the loader.
CREATE TABLE filing (
    trt_dcla_detl_sn text      NOT NULL PRIMARY KEY CHECK (trt_dcla_detl_sn <> ''),
    psn_no           text      NOT NULL REFERENCES person (psn_no),
    kind             text      NOT NULL CHECK (kind <> ''),
    insutype         text      NOT NULL,
    care_admdvs      text      NOT NULL,                      -- '' where none
    fixmedins_code   text      NOT NULL,
    fixmedins_name   text      NOT NULL,
    begndate         date      NOT NULL,
    enddate          date,                                    -- last day, inclusive
    filed_by         text      NOT NULL,                      -- '' where loaded
    filed_at         timestamp NOT NULL,
    cancelled_at     timestamp,
    details          text      NOT NULL
);

CREATE INDEX filing_by_person ON filing (psn_no, begndate);
