-- Designated providers (定点医药机构): reference data, loaded again and again, rows change in place.
-- Read by: every call (by code, or by gateway account), 1201.
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
    fixmedins_type  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- An account signs for one provider only.
CREATE UNIQUE INDEX provider_by_paas_id ON provider (paas_id) WHERE paas_id <> '';
