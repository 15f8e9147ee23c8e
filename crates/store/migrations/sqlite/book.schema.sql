CREATE TABLE account (
    psn_no      TEXT    NOT NULL PRIMARY KEY REFERENCES person (psn_no),
    opening_fen INTEGER NOT NULL CHECK (opening_fen >= 0),  -- migrated balance
    -- What the code decides, the schema repeats: of many tills asking at once none gets below zero.
    balance_fen INTEGER NOT NULL CHECK (balance_fen >= 0)
, movements INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE account_movement (
    psn_no     TEXT NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 0),           -- within the account, in the order of recording
    kind       TEXT NOT NULL,                                  -- by the national codes: '101' credited, '201' spent, …
    amount_fen INTEGER NOT NULL,                               -- positive where the balance grows
    entry      TEXT,                                           -- the journal entry that it belongs to
    moved_at   TEXT,                                           -- when it was recorded
    day        TEXT,                                           -- the day from which it counts, for interest
    PRIMARY KEY (psn_no, number),
    CHECK (number = 0 OR (entry IS NOT NULL AND moved_at IS NOT NULL AND day IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE accumulation (
    setl_id TEXT    NOT NULL REFERENCES settlement (setl_id),
    seq     INTEGER NOT NULL,
    psn_no  TEXT    NOT NULL,
    period  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    delta   INTEGER NOT NULL,                               -- fen or a count, as the name says
    PRIMARY KEY (setl_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE attribute (
    psn_no        TEXT NOT NULL REFERENCES person (psn_no),
    psn_idet_type TEXT NOT NULL,
    begndate      TEXT NOT NULL,
    enddate       TEXT,
    PRIMARY KEY (psn_no, psn_idet_type, begndate)
) STRICT, WITHOUT ROWID;

CREATE TABLE backfill_run (
    number         INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    plan           TEXT    NOT NULL CHECK (plan <> ''),
    fixmedins_code TEXT    NOT NULL,                        -- '' where it takes all providers
    started_at     TEXT    NOT NULL,
    started_by     TEXT    NOT NULL,
    found          INTEGER NOT NULL CHECK (found >= 0),
    settled        INTEGER NOT NULL CHECK (settled >= 0),
    failed         INTEGER NOT NULL CHECK (failed >= 0),
    finished_at    TEXT
) STRICT;

CREATE TABLE benefit_hold (
    number TEXT NOT NULL REFERENCES register_entry (number),
    since  TEXT NOT NULL,
    psn_no TEXT NOT NULL CHECK (psn_no <> ''),
    until  TEXT,                                            -- stands where NULL
    PRIMARY KEY (number, since)
) STRICT, WITHOUT ROWID;

CREATE INDEX benefit_hold_by_person ON benefit_hold (psn_no, since);

CREATE UNIQUE INDEX benefit_hold_standing ON benefit_hold (number) WHERE until IS NULL;

CREATE TABLE cancellation (
    -- The key is the settlement: it is cancelled once or not at all.
    setl_id         TEXT NOT NULL PRIMARY KEY REFERENCES settlement (setl_id),
    cancellation_id TEXT NOT NULL UNIQUE CHECK (cancellation_id <> setl_id),
    psn_no          TEXT NOT NULL,
    msgid           TEXT NOT NULL,                          -- the cancelling message
    recorded_at     TEXT NOT NULL,
    opter           TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX cancellation_by_time ON cancellation (recorded_at);

CREATE TABLE claim_right (
    claim_key TEXT NOT NULL PRIMARY KEY CHECK (claim_key <> ''),
    number    TEXT NOT NULL REFERENCES register_entry (number)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_right_by_entry ON claim_right (number);

CREATE TABLE deposit (
    month          TEXT NOT NULL,                           -- first day of the month in which it came first
    fixmedins_code TEXT NOT NULL,
    kind           TEXT NOT NULL,
    key            TEXT NOT NULL,
    number         INTEGER NOT NULL,
    infno          TEXT NOT NULL,
    subject        TEXT NOT NULL,
    psn_no         TEXT NOT NULL,
    mdtrt_id       TEXT NOT NULL,
    setl_id        TEXT NOT NULL,
    review         TEXT NOT NULL,
    revision       INTEGER NOT NULL,
    received_at    TEXT NOT NULL,
    changed_at     TEXT NOT NULL,
    withdrawn_at   TEXT,                                    -- stands where NULL
    content        TEXT NOT NULL,                           -- JSON, opaque
    PRIMARY KEY (month, fixmedins_code, kind, key)
) STRICT;

CREATE INDEX deposit_by_key ON deposit (fixmedins_code, kind, key);

CREATE INDEX deposit_by_person ON deposit (psn_no) WHERE psn_no <> '';

CREATE INDEX deposit_by_subject ON deposit (fixmedins_code, subject) WHERE subject <> '';

CREATE TABLE deposit_count (
    fixmedins_code TEXT NOT NULL,
    kind           TEXT NOT NULL,
    day            TEXT NOT NULL,
    taken          INTEGER NOT NULL,
    corrected      INTEGER NOT NULL,
    withdrawn      INTEGER NOT NULL,
    bytes          INTEGER NOT NULL,
    PRIMARY KEY (fixmedins_code, kind, day)
) STRICT, WITHOUT ROWID;

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
    details            TEXT NOT NULL, cancelled_at TEXT,                       -- other national fields, JSON, opaque
    CHECK (setting = 'inpatient' OR state <> 'discharged')
) STRICT;

CREATE INDEX encounter_by_person ON encounter (psn_no, begntime);

CREATE INDEX encounter_by_provider ON encounter (fixmedins_code, begntime);

CREATE TABLE entered_event (
    plan        TEXT NOT NULL CHECK (plan <> ''),
    event       TEXT NOT NULL CHECK (event <> ''),
    happened_at TEXT NOT NULL,                              -- the reopening
    entered_at  TEXT NOT NULL,
    entered_by  TEXT NOT NULL,
    PRIMARY KEY (plan, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE fee_line (
    mdtrt_id                TEXT    NOT NULL REFERENCES encounter (mdtrt_id),
    feedetl_sn              TEXT    NOT NULL,
    seq                     INTEGER NOT NULL,               -- order of upload within the encounter
    psn_no                  TEXT    NOT NULL,
    -- The standing settlement that took the line: at most one, NULL while unsettled.
    setl_id                 TEXT    REFERENCES settlement (setl_id),
    chrg_bchno              TEXT    NOT NULL,
    fee_ocur_time           TEXT    NOT NULL,
    med_list_codg           TEXT    NOT NULL,
    medins_list_codg        TEXT    NOT NULL,
    hilist_name             TEXT    NOT NULL,
    list_type               TEXT    NOT NULL,
    med_chrgitm_type        TEXT    NOT NULL,
    cnt                     TEXT    NOT NULL,               -- decimal
    pric                    TEXT    NOT NULL,               -- decimal, yuan a unit
    det_item_fee_sumamt_fen INTEGER NOT NULL,
    chrgitm_lv              TEXT    NOT NULL,
    pric_uplmt_amt          TEXT,                           -- decimal, yuan a unit; NULL: no limit
    selfpay_prop_bp         INTEGER,                        -- NULL: the catalogue is silent
    special                 TEXT    NOT NULL,
    hosp_appr_flag          TEXT    NOT NULL,
    fulamt_ownpay_amt_fen   INTEGER NOT NULL,
    overlmt_amt_fen         INTEGER NOT NULL,
    preselfpay_amt_fen      INTEGER NOT NULL,
    inscp_scp_amt_fen       INTEGER NOT NULL,
    init_feedetl_sn         TEXT    NOT NULL,               -- the line it returns; '' otherwise
    details                 TEXT    NOT NULL,               -- other national fields, JSON, opaque
    PRIMARY KEY (mdtrt_id, feedetl_sn),
    CHECK (det_item_fee_sumamt_fen
         = fulamt_ownpay_amt_fen + overlmt_amt_fen + preselfpay_amt_fen + inscp_scp_amt_fen)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE fund_share (
    setl_id              TEXT    NOT NULL REFERENCES settlement (setl_id),
    seq                  INTEGER NOT NULL,
    psn_no               TEXT    NOT NULL,
    fund_pay_type        TEXT    NOT NULL,
    inscp_scp_amt_fen    INTEGER NOT NULL,
    crt_payb_lmt_amt_fen INTEGER,                           -- room before this settlement; NULL: no limit
    fund_payamt_fen      INTEGER NOT NULL,
    setl_proc_info       TEXT    NOT NULL,
    PRIMARY KEY (setl_id, seq)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE journal_entry (
    entry       TEXT NOT NULL PRIMARY KEY,
    source_kind TEXT NOT NULL,                                 -- 'settlement', 'cancellation', 'contribution', …
    source_id   TEXT NOT NULL CHECK (source_id <> ''),
    psn_no      TEXT NOT NULL,                                 -- '' where it is nobody's in particular
    recorded_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE load_mark (
    file   TEXT    NOT NULL PRIMARY KEY CHECK (file <> ''),
    digest TEXT    NOT NULL,                                -- of the whole folder: another content begins anew
    line   INTEGER NOT NULL CHECK (line >= 1)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping (
    fixmedins_code        TEXT NOT NULL,
    fixmedins_hilist_id   TEXT NOT NULL,
    fixmedins_hilist_name TEXT NOT NULL,
    list_type             TEXT NOT NULL,
    med_list_codg         TEXT NOT NULL,
    begndate              TEXT NOT NULL,
    enddate               TEXT,
    uploaded_at           TEXT NOT NULL,
    withdrawn_at          TEXT,                             -- stands where NULL
    details               TEXT NOT NULL
) STRICT;

CREATE INDEX mapping_by_national_code ON mapping (med_list_codg) WHERE withdrawn_at IS NULL;

CREATE UNIQUE INDEX mapping_standing ON mapping (fixmedins_code, fixmedins_hilist_id) WHERE withdrawn_at IS NULL;

CREATE TABLE "message" (
    party       TEXT NOT NULL CHECK (party LIKE '%/%'),        -- 'provider/H52050200102', 'clerk/zhao'
    msgid       TEXT NOT NULL CHECK (msgid <> ''),
    infno       TEXT NOT NULL,                                 -- without the letter of a variant
    digest      TEXT NOT NULL,                                 -- of the canonical input
    output      TEXT NOT NULL,                                 -- JSON, opaque
    warn_msg    TEXT NOT NULL,
    effect      TEXT NOT NULL,                                 -- technical id of the record it made; '' where none
    recorded_at TEXT NOT NULL,
    -- Once and only once: of two racing copies only one is kept.
    PRIMARY KEY (party, msgid, infno)
) STRICT;

CREATE TABLE "message_reversal" (
    party       TEXT NOT NULL CHECK (party LIKE '%/%'),
    omsgid      TEXT NOT NULL CHECK (omsgid <> ''),
    oinfno      TEXT NOT NULL,
    psn_no      TEXT NOT NULL,
    msgid       TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (party, omsgid, oinfno)
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL
) STRICT;

CREATE TABLE page_session (
    digest TEXT NOT NULL PRIMARY KEY CHECK (digest <> ''),  -- of the cookie's secret, never the secret
    login  TEXT NOT NULL REFERENCES page_user (login),
    since  TEXT NOT NULL,
    until  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE page_user (
    login          TEXT NOT NULL PRIMARY KEY CHECK (login <> ''),
    name           TEXT NOT NULL,
    role           TEXT NOT NULL CHECK (role <> ''),        -- 'provider' or 'agency'
    fixmedins_code TEXT NOT NULL,                           -- '' for the agency
    password       TEXT NOT NULL,                           -- hash (PHC string), never the password
    created_at     TEXT NOT NULL,
    closed_at      TEXT                                     -- may sign in where NULL
) STRICT, WITHOUT ROWID;

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

CREATE INDEX person_by_card_no ON person (card_no) WHERE card_no <> '';

CREATE INDEX person_by_certno ON person (certno);

CREATE TABLE posting (
    entry      TEXT    NOT NULL,                            -- a setl_id or a cancellation_id
    seq        INTEGER NOT NULL,
    psn_no     TEXT    NOT NULL,
    account    TEXT    NOT NULL CHECK (account <> ''),
    amount_fen INTEGER NOT NULL,                            -- debit positive; an entry sums to zero
    PRIMARY KEY (entry, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE proposed_plan (
    number      INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    plan        TEXT    NOT NULL CHECK (plan <> ''),
    version     INTEGER NOT NULL CHECK (version >= 1),
    text        TEXT    NOT NULL,                           -- TOML, opaque
    reason      TEXT    NOT NULL,
    proposed_at TEXT    NOT NULL,
    proposed_by TEXT    NOT NULL,
    decided_at  TEXT,
    decided_by  TEXT    NOT NULL,                           -- '' while it waits
    decision    TEXT    NOT NULL                            -- published, or returned:reason; '' while it waits
) STRICT;

CREATE TABLE published_plan (
    plan         TEXT    NOT NULL CHECK (plan <> ''),
    version      INTEGER NOT NULL CHECK (version >= 1),
    text         TEXT    NOT NULL,                          -- TOML, opaque
    published_at TEXT    NOT NULL,
    published_by TEXT    NOT NULL,
    PRIMARY KEY (plan, version)
) STRICT;

CREATE TABLE register_entry (
    number         TEXT    NOT NULL PRIMARY KEY CHECK (number <> ''),
    plan           TEXT    NOT NULL CHECK (plan <> ''),
    rule           TEXT    NOT NULL,                        -- the plan's rule or duty
    kind           TEXT    NOT NULL CHECK (kind <> ''),     -- which register
    business       TEXT    NOT NULL CHECK (business <> ''),
    fixmedins_code TEXT    NOT NULL,                        -- '' where the agency is responsible
    admdvs         TEXT    NOT NULL,
    psn_no         TEXT    NOT NULL,                        -- '' where not known
    certno         TEXT    NOT NULL,                        -- '' where the number is known
    mdtrt_id       TEXT    NOT NULL,                        -- '' until there is one
    care_from      TEXT    NOT NULL,                        -- care, yyyy-MM-dd HH:mm:ss
    care_until     TEXT,
    invono         TEXT    NOT NULL,
    charged_fen    INTEGER NOT NULL CHECK (charged_fen >= 0),
    refunded_fen   INTEGER NOT NULL CHECK (refunded_fen >= 0),
    setl_id        TEXT    NOT NULL,                        -- '' until there is one
    state          TEXT    NOT NULL CHECK (state <> ''),
    reason         TEXT    NOT NULL,
    source         TEXT    NOT NULL CHECK (source <> ''),
    taken_at       TEXT    NOT NULL,                        -- our clock
    taken_by       TEXT    NOT NULL,
    details        TEXT    NOT NULL,                        -- the other fields of the register, JSON, opaque
    version        INTEGER NOT NULL CHECK (version >= 1)    -- +1 with every change
) STRICT;

CREATE INDEX register_entry_by_care ON register_entry (plan, care_from, number, kind, state);

CREATE INDEX register_entry_by_document ON register_entry (certno, care_from) WHERE certno <> '';

CREATE INDEX register_entry_by_person ON register_entry (psn_no, care_from);

CREATE INDEX register_entry_by_plan
    ON register_entry (plan, kind, state, business, fixmedins_code, charged_fen, refunded_fen);

CREATE INDEX register_entry_by_provider ON register_entry (fixmedins_code, care_from, number);

CREATE INDEX register_entry_by_receipt ON register_entry (plan, business, taken_at, number)
    WHERE kind = 'papers' AND state IN ('waiting', 'approved');

CREATE INDEX register_entry_by_settlement ON register_entry (setl_id);

CREATE INDEX register_entry_by_statement ON register_entry (kind, care_from, details) WHERE psn_no = '' AND certno = '';

CREATE INDEX register_entry_by_stay ON register_entry (mdtrt_id);

CREATE INDEX register_entry_by_subject ON register_entry (json_extract(details, '$.of_entry'))
    WHERE json_extract(details, '$.of_entry') IS NOT NULL;

CREATE TABLE register_event (
    number      TEXT    NOT NULL REFERENCES register_entry (number),
    seq         INTEGER NOT NULL CHECK (seq >= 1),          -- 1, then +1
    happened_at TEXT    NOT NULL,
    done_by     TEXT    NOT NULL,
    action      TEXT    NOT NULL CHECK (action <> ''),
    state       TEXT    NOT NULL CHECK (state <> ''),       -- after it
    fields      TEXT    NOT NULL, actor TEXT NOT NULL DEFAULT '',                           -- what was stated with it, JSON, opaque
    PRIMARY KEY (number, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE register_line (
    number                  TEXT    NOT NULL REFERENCES register_entry (number),
    seq                     INTEGER NOT NULL,               -- order of recording
    feedetl_sn              TEXT    NOT NULL,
    fee_ocur_time           TEXT    NOT NULL,
    med_list_codg           TEXT    NOT NULL,
    medins_list_codg        TEXT    NOT NULL,
    cnt                     TEXT    NOT NULL,               -- decimal
    pric                    TEXT    NOT NULL,               -- decimal, yuan a unit
    det_item_fee_sumamt_fen INTEGER NOT NULL, hosp_appr_flag TEXT NOT NULL DEFAULT '', init_feedetl_sn TEXT NOT NULL DEFAULT '', prd_days TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (number, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE running_total (
    psn_no   TEXT    NOT NULL REFERENCES person (psn_no),
    period   TEXT    NOT NULL,                              -- '2021' a benefit year, '2021-07-01' a day
    insutype TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    opening  INTEGER NOT NULL,                              -- migrated part; fen or a count, as the name says
    value    INTEGER NOT NULL,
    PRIMARY KEY (psn_no, period, insutype, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE serial (
    series TEXT    NOT NULL PRIMARY KEY CHECK (series <> ''),
    last   INTEGER NOT NULL CHECK (last >= 1)
) STRICT, WITHOUT ROWID;

CREATE TABLE settlement (
    mdtrt_id              TEXT    NOT NULL REFERENCES encounter (mdtrt_id),
    round                 INTEGER NOT NULL CHECK (round >= 1), -- 1, then +1, cancelled ones counted
    restores              TEXT    NOT NULL,                 -- first settlement of these amounts, put back by 2601; else ''
    setl_id               TEXT    NOT NULL UNIQUE CHECK (setl_id <> ''),
    psn_no                TEXT    NOT NULL,
    fixmedins_code        TEXT    NOT NULL,
    msgid                 TEXT    NOT NULL,                 -- the sender's message
    insutype              TEXT    NOT NULL,
    psn_type              TEXT    NOT NULL,
    cvlserv_flag          INTEGER NOT NULL CHECK (cvlserv_flag IN (0, 1)),
    med_type              TEXT    NOT NULL,
    mdtrt_cert_type       TEXT    NOT NULL,
    chrg_bchno            TEXT    NOT NULL,                 -- '' for a stay or purchase
    invono                TEXT    NOT NULL,
    setl_time             TEXT    NOT NULL,                 -- our clock
    begndate              TEXT    NOT NULL,                 -- care: first day
    enddate               TEXT    NOT NULL,                 -- care: last day
    year                  INTEGER NOT NULL,                 -- benefit year
    mid_stay              INTEGER NOT NULL CHECK (mid_stay IN (0, 1)),
    stay_number           INTEGER NOT NULL CHECK (stay_number >= 0),
    owner                 TEXT    NOT NULL,                 -- 'target', or 'legacy' for run-off
    medfee_sumamt_fen     INTEGER NOT NULL,
    fulamt_ownpay_amt_fen INTEGER NOT NULL,
    overlmt_selfpay_fen   INTEGER NOT NULL,
    preselfpay_amt_fen    INTEGER NOT NULL,
    inscp_scp_amt_fen     INTEGER NOT NULL,
    dedc_std_fen          INTEGER NOT NULL,
    crt_dedc_fen          INTEGER NOT NULL,
    act_pay_dedc_fen      INTEGER NOT NULL,
    pool_prop_selfpay_bp  INTEGER NOT NULL,
    hifp_pay_fen          INTEGER NOT NULL,
    cvlserv_pay_fen       INTEGER NOT NULL,
    hifes_pay_fen         INTEGER NOT NULL,
    hifmi_pay_fen         INTEGER NOT NULL,
    hifob_pay_fen         INTEGER NOT NULL,
    maf_pay_fen           INTEGER NOT NULL,
    oth_pay_fen           INTEGER NOT NULL,
    hosp_part_amt_fen     INTEGER NOT NULL,
    fund_pay_sumamt_fen   INTEGER NOT NULL,
    psn_part_amt_fen      INTEGER NOT NULL,
    acct_pay_fen          INTEGER NOT NULL,
    psn_cash_pay_fen      INTEGER NOT NULL,
    balc_fen              INTEGER NOT NULL,                 -- account balance afterwards
    clr_optins            TEXT    NOT NULL,
    clr_way               TEXT    NOT NULL,
    clr_type              TEXT    NOT NULL,
    opter                 TEXT    NOT NULL,
    opter_name            TEXT    NOT NULL,
    trace                 TEXT    NOT NULL, counts_at TEXT NOT NULL DEFAULT '', acct_used_flag TEXT NOT NULL DEFAULT '',                 -- rule version and way of the decision, opaque
    -- What the code decides, the schema repeats: of two racing settlements only one gets the round.
    PRIMARY KEY (mdtrt_id, round),
    CHECK (medfee_sumamt_fen = fulamt_ownpay_amt_fen + overlmt_selfpay_fen + preselfpay_amt_fen + inscp_scp_amt_fen),
    CHECK (medfee_sumamt_fen = fund_pay_sumamt_fen + psn_part_amt_fen + hosp_part_amt_fen),
    CHECK (psn_part_amt_fen = acct_pay_fen + psn_cash_pay_fen)
) STRICT;

CREATE INDEX settlement_by_provider ON settlement (fixmedins_code, setl_time);

CREATE TABLE sign_in (
    sign_no        TEXT NOT NULL PRIMARY KEY CHECK (sign_no <> ''),
    fixmedins_code TEXT NOT NULL,
    opter_no       TEXT NOT NULL,
    signed_in_at   TEXT NOT NULL,
    signed_out_at  TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE special_disease (
    psn_no           TEXT NOT NULL REFERENCES person (psn_no),
    opsp_dise_code   TEXT NOT NULL,
    begndate         TEXT NOT NULL,
    enddate          TEXT,
    opsp_dise_name   TEXT NOT NULL,
    trt_dcla_detl_sn TEXT NOT NULL,                         -- the filing (2503) that gave it; '' where loaded
    PRIMARY KEY (psn_no, opsp_dise_code, begndate)
) STRICT, WITHOUT ROWID;

CREATE TABLE stored_file (
    file_qury_no   TEXT NOT NULL PRIMARY KEY CHECK (file_qury_no <> ''),
    fixmedins_code TEXT NOT NULL,
    filename       TEXT NOT NULL,
    content        TEXT NOT NULL,                             -- base64
    created_at     TEXT NOT NULL,
    ends_at        TEXT NOT NULL
) STRICT;

CREATE INDEX stored_file_by_end ON stored_file (ends_at);

CREATE TABLE voucher_token (
    token          TEXT NOT NULL PRIMARY KEY CHECK (token <> ''),
    fixmedins_code TEXT NOT NULL,
    business_type  TEXT NOT NULL,
    certno         TEXT NOT NULL,
    auth_no        TEXT NOT NULL,
    issued_at      TEXT NOT NULL,
    ends_at        TEXT NOT NULL
) STRICT;

CREATE INDEX voucher_token_by_end ON voucher_token (ends_at);
