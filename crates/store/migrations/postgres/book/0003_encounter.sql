-- Encounters (就诊): a visit, a stay or a pharmacy purchase. The state moves, rows are never deleted.
-- Read by: every call about the encounter, stay numbering (stays of a person), 5201 and 5303.
CREATE TABLE encounter (
    mdtrt_id           text      NOT NULL PRIMARY KEY CHECK (mdtrt_id <> ''),
    psn_no             text      NOT NULL REFERENCES person (psn_no),
    fixmedins_code     text      NOT NULL,
    setting            text      NOT NULL CHECK (setting IN ('outpatient', 'inpatient', 'pharmacy')),
    state              text      NOT NULL CHECK (state IN ('open', 'discharged', 'cancelled')),
    insutype           text      NOT NULL,
    med_type           text      NOT NULL,
    begntime           timestamp NOT NULL,                    -- care, yyyy-MM-dd HH:mm:ss
    endtime            timestamp,                             -- discharge
    ipt_otp_no         text      NOT NULL,
    mdtrt_cert_type    text      NOT NULL,
    dise_codg          text      NOT NULL,
    dise_name          text      NOT NULL,
    dscg_maindiag_code text      NOT NULL,
    dscg_maindiag_name text      NOT NULL,
    dscg_way           text      NOT NULL,
    matn_type          text      NOT NULL,
    birctrl_type       text      NOT NULL,
    geso_val           bigint,
    fetus_cnt          bigint,
    birctrl_matn_date  date,
    recorded_at        timestamp NOT NULL,                    -- our clock, not that of care
    details            text      NOT NULL,                    -- other national fields, JSON, opaque
    CHECK (setting = 'inpatient' OR state <> 'discharged')
);

CREATE INDEX encounter_by_person ON encounter (psn_no, begntime);
CREATE INDEX encounter_by_provider ON encounter (fixmedins_code, begntime);

-- Diagnoses (诊断) of an encounter; replaced by stage and number, voided in place.
CREATE TABLE diagnosis (
    mdtrt_id        text      NOT NULL REFERENCES encounter (mdtrt_id),
    inout_diag_type text      NOT NULL,                       -- '1' visit or admission, '2' discharge
    diag_srt_no     bigint    NOT NULL,
    psn_no          text      NOT NULL,
    diag_type       text      NOT NULL,
    maindiag_flag   boolean   NOT NULL,
    diag_code       text      NOT NULL,
    diag_name       text      NOT NULL,
    valid           boolean   NOT NULL,
    details         text      NOT NULL,
    PRIMARY KEY (mdtrt_id, inout_diag_type, diag_srt_no)
);
