CREATE TABLE catalogue_item (
    med_list_codg         TEXT NOT NULL CHECK (med_list_codg <> ''),
    begndate              TEXT NOT NULL,
    pool                  TEXT NOT NULL,
    scheme                TEXT NOT NULL,
    level                 TEXT NOT NULL,
    enddate               TEXT,                             -- last day, inclusive
    hilist_name           TEXT NOT NULL,
    list_type             TEXT NOT NULL,
    chrgitm_lv            TEXT NOT NULL,
    selfpay_prop_bp       INTEGER,                          -- NULL: the catalogue is silent
    hilist_pric_uplmt_amt TEXT,                             -- decimal, yuan a unit; NULL: no limit
    special               TEXT NOT NULL,
    med_chrgitm_type      TEXT NOT NULL,
    lmt_used_flag         TEXT NOT NULL,
    PRIMARY KEY (med_list_codg, begndate, pool, scheme, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_line (
    infno   TEXT NOT NULL,
    rid     TEXT NOT NULL,
    line    TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (infno, rid)
) STRICT;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL
) STRICT;

CREATE TABLE practitioner (
    fixmedins_code TEXT NOT NULL,
    prac_psn_code  TEXT NOT NULL CHECK (prac_psn_code <> ''),
    prac_psn_no    TEXT NOT NULL,
    prac_psn_name  TEXT NOT NULL,
    prac_psn_type  TEXT NOT NULL,
    psn_cert_type  TEXT NOT NULL,
    certno         TEXT NOT NULL,
    prac_psn_cert  TEXT NOT NULL,
    prac_cert_no   TEXT NOT NULL,
    hi_dr_flag     TEXT NOT NULL,
    begndate       TEXT NOT NULL,
    enddate        TEXT,                                      -- last day, inclusive
    chg_rea        TEXT NOT NULL,
    PRIMARY KEY (fixmedins_code, prac_psn_code)
) STRICT;

CREATE TABLE provider (
    fixmedins_code  TEXT NOT NULL PRIMARY KEY CHECK (fixmedins_code <> ''),
    fixmedins_name  TEXT NOT NULL,
    admdvs          TEXT NOT NULL,
    benefit_level   TEXT NOT NULL,
    hosp_lv         TEXT NOT NULL,
    dedc_hosp_lv    TEXT NOT NULL,
    lmtpric_hosp_lv TEXT NOT NULL,
    gateway         TEXT NOT NULL,
    paas_id         TEXT NOT NULL,                          -- '' where none
    paas_secret     TEXT NOT NULL,
    infcode_form    TEXT NOT NULL,
    uscc            TEXT NOT NULL,
    fixmedins_type  TEXT NOT NULL,
    special_drug_supplier TEXT NOT NULL                    -- 0: supplies none
, dialect TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX provider_by_paas_id ON provider (paas_id) WHERE paas_id <> '';
