-- Fee lines (费用明细), kept together by encounter. Unsettled lines may be deleted, settled ones stay.
-- Read by: settle (all lines of the encounter), 5204, 5205 (by way of the person's encounters).
-- The growing part of the book: one index, and no foreign keys, which would look up the encounter again for every line:
-- a new line takes its person from the encounter and so is refused where there is none. `verify` asks for both.
CREATE TABLE fee_line (
    mdtrt_id                text      NOT NULL,
    feedetl_sn              text      NOT NULL,
    seq                     bigint    GENERATED ALWAYS AS IDENTITY,               -- order of upload within the encounter
    psn_no                  text      NOT NULL,
    -- The standing settlement that took the line: at most one, NULL while unsettled.
    setl_id                 text,
    chrg_bchno              text      NOT NULL,
    fee_ocur_time           timestamp NOT NULL,
    med_list_codg           text      NOT NULL,
    medins_list_codg        text      NOT NULL,
    hilist_name             text      NOT NULL,
    list_type               text      NOT NULL,
    med_chrgitm_type        text      NOT NULL,
    cnt                     numeric   NOT NULL,               -- decimal
    pric                    numeric   NOT NULL,               -- decimal, yuan a unit
    det_item_fee_sumamt_fen bigint    NOT NULL,
    chrgitm_lv              text      NOT NULL,
    pric_uplmt_amt          numeric,                          -- decimal, yuan a unit; NULL: no limit
    selfpay_prop_bp         bigint,                           -- NULL: the catalogue is silent
    special                 text      NOT NULL,
    hosp_appr_flag          text      NOT NULL,
    fulamt_ownpay_amt_fen   bigint    NOT NULL,
    overlmt_amt_fen         bigint    NOT NULL,
    preselfpay_amt_fen      bigint    NOT NULL,
    inscp_scp_amt_fen       bigint    NOT NULL,
    init_feedetl_sn         text      NOT NULL,               -- the line it returns; '' otherwise
    details                 text      NOT NULL,               -- other national fields, JSON, opaque
    PRIMARY KEY (mdtrt_id, feedetl_sn),
    CHECK (det_item_fee_sumamt_fen
         = fulamt_ownpay_amt_fen + overlmt_amt_fen + preselfpay_amt_fen + inscp_scp_amt_fen)
);
