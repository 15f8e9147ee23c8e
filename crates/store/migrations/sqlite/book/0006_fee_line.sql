-- Fee lines (费用明细), kept together by encounter. Unsettled lines may be deleted, settled ones stay.
-- Read by: settle (all lines of the encounter), 5204, 5205 (by way of the person's encounters).
-- The growing part of the book: one b-tree, no further index.
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
