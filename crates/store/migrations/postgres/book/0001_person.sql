-- Insured persons (参保人) with their insurances, attributes and qualifications: master data, loaded
-- again and again, so rows change in place.
-- Read by: every settlement (all rows of one person), 1101 (by certificate or card), the loader.
CREATE TABLE person (
    psn_no        text      NOT NULL PRIMARY KEY CHECK (psn_no <> ''),
    psn_cert_type text      NOT NULL,
    certno        text      NOT NULL,
    psn_name      text      NOT NULL,
    gend          text      NOT NULL,
    brdy          date,                                       -- yyyy-MM-dd
    naty          text      NOT NULL,
    card_no       text      NOT NULL                          -- social security card; '' where none
);

-- Not unique: a number may have been used twice, and the operator is told so.
CREATE INDEX person_by_certno ON person (certno);
CREATE INDEX person_by_card_no ON person (card_no) WHERE card_no <> '';

-- One row an insurance period (参保信息).
CREATE TABLE insurance (
    psn_no           text      NOT NULL REFERENCES person (psn_no),
    insutype         text      NOT NULL,
    begndate         date      NOT NULL,                      -- first day, yyyy-MM-dd
    enddate          date,                                    -- last day, inclusive; open where NULL
    paused_from      date,                                    -- first day of the pause; NULL: not paused
    psn_type         text      NOT NULL,
    insuplc_admdvs   text      NOT NULL,
    emp_name         text      NOT NULL,
    continuous_years bigint    NOT NULL CHECK (continuous_years >= 0),
    cvlserv_flag     boolean   NOT NULL,
    PRIMARY KEY (psn_no, insutype, begndate)
);

-- One row an attribute (人员身份类别) and period.
CREATE TABLE attribute (
    psn_no        text      NOT NULL REFERENCES person (psn_no),
    psn_idet_type text      NOT NULL,
    begndate      date      NOT NULL,
    enddate       date,
    PRIMARY KEY (psn_no, psn_idet_type, begndate)
);

-- One row a qualification for chronic or special disease, two diseases or a special drug (慢特病资格).
CREATE TABLE special_disease (
    psn_no           text      NOT NULL REFERENCES person (psn_no),
    opsp_dise_code   text      NOT NULL,
    begndate         date      NOT NULL,
    enddate          date,
    opsp_dise_name   text      NOT NULL,
    trt_dcla_detl_sn text      NOT NULL,                      -- the filing (2503) that gave it; '' where loaded
    PRIMARY KEY (psn_no, opsp_dise_code, begndate)
);
