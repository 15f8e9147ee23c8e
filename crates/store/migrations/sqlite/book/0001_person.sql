-- Insured persons (参保人) with their insurances, attributes and qualifications: master data, loaded
-- again and again, so rows change in place.
-- Read by: every settlement (all rows of one person), 1101 (by certificate or card), the loader.
CREATE TABLE person (
    psn_no        TEXT NOT NULL PRIMARY KEY CHECK (psn_no <> ''),
    psn_cert_type TEXT NOT NULL,
    certno        TEXT NOT NULL,
    psn_name      TEXT NOT NULL,
    gend          TEXT NOT NULL,
    brdy          TEXT,                                     -- yyyy-MM-dd
    naty          TEXT NOT NULL,
    card_no       TEXT NOT NULL                             -- social security card; '' where none
) STRICT, WITHOUT ROWID;

-- Not unique: a number may have been used twice, and the operator is told so.
CREATE INDEX person_by_certno ON person (certno);
CREATE INDEX person_by_card_no ON person (card_no) WHERE card_no <> '';

-- One row an insurance period (参保信息).
CREATE TABLE insurance (
    psn_no           TEXT    NOT NULL REFERENCES person (psn_no),
    insutype         TEXT    NOT NULL,
    begndate         TEXT    NOT NULL,                      -- first day, yyyy-MM-dd
    enddate          TEXT,                                  -- last day, inclusive; open where NULL
    paused_from      TEXT,                                  -- first day of the pause; NULL: not paused
    psn_type         TEXT    NOT NULL,
    insuplc_admdvs   TEXT    NOT NULL,
    emp_name         TEXT    NOT NULL,
    continuous_years INTEGER NOT NULL CHECK (continuous_years >= 0),
    cvlserv_flag     INTEGER NOT NULL CHECK (cvlserv_flag IN (0, 1)),
    PRIMARY KEY (psn_no, insutype, begndate)
) STRICT, WITHOUT ROWID;

-- One row an attribute (人员身份类别) and period.
CREATE TABLE attribute (
    psn_no        TEXT NOT NULL REFERENCES person (psn_no),
    psn_idet_type TEXT NOT NULL,
    begndate      TEXT NOT NULL,
    enddate       TEXT,
    PRIMARY KEY (psn_no, psn_idet_type, begndate)
) STRICT, WITHOUT ROWID;

-- One row a qualification for chronic or special disease, two diseases or a special drug (慢特病资格).
CREATE TABLE special_disease (
    psn_no           TEXT NOT NULL REFERENCES person (psn_no),
    opsp_dise_code   TEXT NOT NULL,
    begndate         TEXT NOT NULL,
    enddate          TEXT,
    opsp_dise_name   TEXT NOT NULL,
    trt_dcla_detl_sn TEXT NOT NULL,                         -- the filing (2503) that gave it; '' where loaded
    PRIMARY KEY (psn_no, opsp_dise_code, begndate)
) STRICT, WITHOUT ROWID;
