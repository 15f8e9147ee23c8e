-- Practitioners (医执人员) of providers: reference data, loaded again and again, rows change in place.
-- Read by: 5102.
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
