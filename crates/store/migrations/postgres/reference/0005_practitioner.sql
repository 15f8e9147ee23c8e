-- Practitioners (医执人员) of providers: reference data, loaded again and again, rows change in place.
-- Read by: 5102.
CREATE TABLE practitioner (
    fixmedins_code text NOT NULL,
    prac_psn_code  text NOT NULL CHECK (prac_psn_code <> ''),
    prac_psn_no    text NOT NULL,
    prac_psn_name  text NOT NULL,
    prac_psn_type  text NOT NULL,
    psn_cert_type  text NOT NULL,
    certno         text NOT NULL,
    prac_psn_cert  text NOT NULL,
    prac_cert_no   text NOT NULL,
    hi_dr_flag     text NOT NULL,
    begndate       date NOT NULL,
    enddate        date,                                      -- last day, inclusive
    chg_rea        text NOT NULL,
    PRIMARY KEY (fixmedins_code, prac_psn_code)
);
