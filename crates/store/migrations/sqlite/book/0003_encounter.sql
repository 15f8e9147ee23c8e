-- Encounters (就诊): a visit, a stay or a pharmacy purchase. The state moves, rows are never deleted.
-- Read by: every call about the encounter, stay numbering (stays of a person), 5201 and 5303.
CREATE TABLE encounter (
    mdtrt_id           TEXT NOT NULL PRIMARY KEY CHECK (mdtrt_id <> ''),
    psn_no             TEXT NOT NULL REFERENCES person (psn_no),
    fixmedins_code     TEXT NOT NULL,
    setting            TEXT NOT NULL CHECK (setting IN ('outpatient', 'inpatient', 'pharmacy')),
    state              TEXT NOT NULL CHECK (state IN ('open', 'discharged', 'cancelled')),
    insutype           TEXT NOT NULL,
    med_type           TEXT NOT NULL,
    begntime           TEXT NOT NULL,                       -- care, yyyy-MM-dd HH:mm:ss
    endtime            TEXT,                                -- discharge
    ipt_otp_no         TEXT NOT NULL,
    mdtrt_cert_type    TEXT NOT NULL,
    dise_codg          TEXT NOT NULL,
    dise_name          TEXT NOT NULL,
    dscg_maindiag_code TEXT NOT NULL,
    dscg_maindiag_name TEXT NOT NULL,
    dscg_way           TEXT NOT NULL,
    matn_type          TEXT NOT NULL,
    birctrl_type       TEXT NOT NULL,
    geso_val           INTEGER,
    fetus_cnt          INTEGER,
    birctrl_matn_date  TEXT,
    recorded_at        TEXT NOT NULL,                       -- our clock, not that of care
    details            TEXT NOT NULL,                       -- other national fields, JSON, opaque
    CHECK (setting = 'inpatient' OR state <> 'discharged')
) STRICT;

CREATE INDEX encounter_by_person ON encounter (psn_no, begntime);
CREATE INDEX encounter_by_provider ON encounter (fixmedins_code, begntime);

-- Diagnoses (诊断) of an encounter; replaced by stage and number, voided in place.
CREATE TABLE diagnosis (
    mdtrt_id        TEXT    NOT NULL REFERENCES encounter (mdtrt_id),
    inout_diag_type TEXT    NOT NULL,                       -- '1' visit or admission, '2' discharge
    diag_srt_no     INTEGER NOT NULL,
    psn_no          TEXT    NOT NULL,
    diag_type       TEXT    NOT NULL,
    maindiag_flag   INTEGER NOT NULL CHECK (maindiag_flag IN (0, 1)),
    diag_code       TEXT    NOT NULL,
    diag_name       TEXT    NOT NULL,
    valid           INTEGER NOT NULL CHECK (valid IN (0, 1)),
    details         TEXT    NOT NULL,
    PRIMARY KEY (mdtrt_id, inout_diag_type, diag_srt_no)
) STRICT, WITHOUT ROWID;
