-- Settlements (结算); rows are only ever added. Cancellations: cancellation (0005).
-- What a settlement brings along (shares, accumulations, postings, lines) is recorded with it by the same transaction and
-- names it without a foreign key, which would look it up again for every row; `verify` asks for all of them.
-- Read by: settle (rounds of the encounter), cancel (by setl_id), stay numbering, 5203, verify.
CREATE TABLE settlement (
    mdtrt_id              text      NOT NULL REFERENCES encounter (mdtrt_id),
    round                 bigint    NOT NULL CHECK (round >= 1), -- 1, then +1, cancelled ones counted
    restores              text      NOT NULL,                 -- first settlement of these amounts, put back by 2601; else ''
    setl_id               text      NOT NULL UNIQUE CHECK (setl_id <> ''),
    psn_no                text      NOT NULL,
    fixmedins_code        text      NOT NULL,
    msgid                 text      NOT NULL,                 -- the sender's message
    insutype              text      NOT NULL,
    psn_type              text      NOT NULL,
    cvlserv_flag          boolean   NOT NULL,
    med_type              text      NOT NULL,
    mdtrt_cert_type       text      NOT NULL,
    chrg_bchno            text      NOT NULL,                 -- '' for a stay or purchase
    invono                text      NOT NULL,
    setl_time             timestamp NOT NULL,                 -- our clock
    begndate              date      NOT NULL,                 -- care: first day
    enddate               date      NOT NULL,                 -- care: last day
    year                  smallint  NOT NULL,                 -- benefit year
    mid_stay              boolean   NOT NULL,
    stay_number           bigint    NOT NULL CHECK (stay_number >= 0),
    owner                 text      NOT NULL,                 -- 'target', or 'legacy' for run-off
    medfee_sumamt_fen     bigint    NOT NULL,
    fulamt_ownpay_amt_fen bigint    NOT NULL,
    overlmt_selfpay_fen   bigint    NOT NULL,
    preselfpay_amt_fen    bigint    NOT NULL,
    inscp_scp_amt_fen     bigint    NOT NULL,
    dedc_std_fen          bigint    NOT NULL,
    crt_dedc_fen          bigint    NOT NULL,
    act_pay_dedc_fen      bigint    NOT NULL,
    pool_prop_selfpay_bp  bigint    NOT NULL,
    hifp_pay_fen          bigint    NOT NULL,
    cvlserv_pay_fen       bigint    NOT NULL,
    hifes_pay_fen         bigint    NOT NULL,
    hifmi_pay_fen         bigint    NOT NULL,
    hifob_pay_fen         bigint    NOT NULL,
    maf_pay_fen           bigint    NOT NULL,
    oth_pay_fen           bigint    NOT NULL,
    hosp_part_amt_fen     bigint    NOT NULL,
    fund_pay_sumamt_fen   bigint    NOT NULL,
    psn_part_amt_fen      bigint    NOT NULL,
    acct_pay_fen          bigint    NOT NULL,
    psn_cash_pay_fen      bigint    NOT NULL,
    balc_fen              bigint    NOT NULL,                 -- account balance afterwards
    clr_optins            text      NOT NULL,
    clr_way               text      NOT NULL,
    clr_type              text      NOT NULL,
    opter                 text      NOT NULL,
    opter_name            text      NOT NULL,
    -- Order of recording: of one person's settlements the later one has the higher number.
    recorded              bigint    GENERATED ALWAYS AS IDENTITY,
    trace                 text      NOT NULL,                 -- rule version and way of the decision, opaque
    -- What the code decides, the schema repeats: of two racing settlements only one gets the round.
    PRIMARY KEY (mdtrt_id, round),
    CHECK (medfee_sumamt_fen = fulamt_ownpay_amt_fen + overlmt_selfpay_fen + preselfpay_amt_fen + inscp_scp_amt_fen),
    CHECK (medfee_sumamt_fen = fund_pay_sumamt_fen + psn_part_amt_fen + hosp_part_amt_fen),
    CHECK (psn_part_amt_fen = acct_pay_fen + psn_cash_pay_fen)
);

-- What each fund paid (基金分项, setldetail), in the order of the reply.
CREATE TABLE fund_share (
    setl_id              text      NOT NULL,
    seq                  integer   NOT NULL,
    psn_no               text      NOT NULL,
    fund_pay_type        text      NOT NULL,
    inscp_scp_amt_fen    bigint    NOT NULL,
    crt_payb_lmt_amt_fen bigint,                              -- room before this settlement; NULL: no limit
    fund_payamt_fen      bigint    NOT NULL,
    setl_proc_info       text      NOT NULL,
    PRIMARY KEY (setl_id, seq)
);

-- What a settlement added to running totals (of its own insutype): the history behind running_total.
CREATE TABLE accumulation (
    setl_id text      NOT NULL,
    seq     integer   NOT NULL,
    psn_no  text      NOT NULL,
    period  text      NOT NULL,
    name    text      NOT NULL,
    delta   bigint    NOT NULL,                               -- fen or a count, as the name says
    PRIMARY KEY (setl_id, seq)
);
