-- Filings (备案): transfer, remote care, chronic and special disease, designated provider.
-- Read by: settlements (of one person), 2502, 2504, 2506, 5301, 5302, the loader.
CREATE TABLE filing (
    trt_dcla_detl_sn TEXT NOT NULL PRIMARY KEY CHECK (trt_dcla_detl_sn <> ''),
    psn_no           TEXT NOT NULL REFERENCES person (psn_no),
    kind             TEXT NOT NULL CHECK (kind <> ''),
    insutype         TEXT NOT NULL,
    care_admdvs      TEXT NOT NULL,                         -- '' where none
    fixmedins_code   TEXT NOT NULL,
    fixmedins_name   TEXT NOT NULL,
    begndate         TEXT NOT NULL,
    enddate          TEXT,                                  -- last day, inclusive
    filed_by         TEXT NOT NULL,                         -- '' where loaded
    filed_at         TEXT NOT NULL,
    cancelled_at     TEXT,
    details          TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX filing_by_person ON filing (psn_no, begndate);
