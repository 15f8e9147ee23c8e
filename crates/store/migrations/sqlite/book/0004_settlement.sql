-- Settlements (结算); rows are only ever added. Cancellations: cancellation (0005).
-- Read by: settle (rounds of the encounter), cancel (by setl_id), stay numbering, 5203, verify.
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
    trace                 TEXT    NOT NULL,                 -- rule version and way of the decision, opaque
    -- What the code decides, the schema repeats: of two racing settlements only one gets the round.
    PRIMARY KEY (mdtrt_id, round),
    CHECK (medfee_sumamt_fen = fulamt_ownpay_amt_fen + overlmt_selfpay_fen + preselfpay_amt_fen + inscp_scp_amt_fen),
    CHECK (medfee_sumamt_fen = fund_pay_sumamt_fen + psn_part_amt_fen + hosp_part_amt_fen),
    CHECK (psn_part_amt_fen = acct_pay_fen + psn_cash_pay_fen)
) STRICT;

-- What each fund paid (基金分项, setldetail), in the order of the reply.
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

-- What a settlement added to running totals (of its own insutype): the history behind running_total.
CREATE TABLE accumulation (
    setl_id TEXT    NOT NULL REFERENCES settlement (setl_id),
    seq     INTEGER NOT NULL,
    psn_no  TEXT    NOT NULL,
    period  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    delta   INTEGER NOT NULL,                               -- fen or a count, as the name says
    PRIMARY KEY (setl_id, seq)
) STRICT, WITHOUT ROWID;
