-- Designated providers (定点医药机构): reference data, loaded again and again, rows change in place.
-- Read by: every call (by code, or by gateway account), 1201.
CREATE TABLE provider (
    fixmedins_code  text      NOT NULL PRIMARY KEY CHECK (fixmedins_code <> ''),
    fixmedins_name  text      NOT NULL,
    admdvs          text      NOT NULL,
    benefit_level   text      NOT NULL,
    hosp_lv         text      NOT NULL,
    dedc_hosp_lv    text      NOT NULL,
    lmtpric_hosp_lv text      NOT NULL,
    gateway         text      NOT NULL,
    paas_id         text      NOT NULL,                       -- '' where none
    paas_secret     text      NOT NULL,
    infcode_form    text      NOT NULL,
    uscc            text      NOT NULL,
    fixmedins_type  text      NOT NULL,
    special_drug_supplier text      NOT NULL                  -- 0: supplies none
);

-- An account signs for one provider only.
CREATE UNIQUE INDEX provider_by_paas_id ON provider (paas_id) WHERE paas_id <> '';
