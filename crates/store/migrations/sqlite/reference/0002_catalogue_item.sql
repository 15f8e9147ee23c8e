-- The benefit catalogue (医保目录): a row a code, first day and scope; '' in a scope means "every".
-- Read by: fee upload (rows of a code valid on the line's day), 1312, 1318, 1319.
CREATE TABLE catalogue_item (
    med_list_codg         TEXT NOT NULL CHECK (med_list_codg <> ''),
    begndate              TEXT NOT NULL,
    pool                  TEXT NOT NULL,
    scheme                TEXT NOT NULL,
    level                 TEXT NOT NULL,
    enddate               TEXT,                             -- last day, inclusive
    hilist_name           TEXT NOT NULL,
    list_type             TEXT NOT NULL,
    chrgitm_lv            TEXT NOT NULL,
    selfpay_prop_bp       INTEGER,                          -- NULL: the catalogue is silent
    hilist_pric_uplmt_amt TEXT,                             -- decimal, yuan a unit; NULL: no limit
    special               TEXT NOT NULL,
    med_chrgitm_type      TEXT NOT NULL,
    lmt_used_flag         TEXT NOT NULL,
    PRIMARY KEY (med_list_codg, begndate, pool, scheme, level)
) STRICT, WITHOUT ROWID;
