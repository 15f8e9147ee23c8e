-- The benefit catalogue (医保目录): a row a code, first day and scope; '' in a scope means "every".
-- Read by: fee upload (rows of a code valid on the line's day), 1312, 1318, 1319.
CREATE TABLE catalogue_item (
    med_list_codg         text      NOT NULL CHECK (med_list_codg <> ''),
    begndate              date      NOT NULL,
    pool                  text      NOT NULL,
    scheme                text      NOT NULL,
    level                 text      NOT NULL,
    enddate               date,                               -- last day, inclusive
    hilist_name           text      NOT NULL,
    list_type             text      NOT NULL,
    chrgitm_lv            text      NOT NULL,
    selfpay_prop_bp       bigint,                             -- NULL: the catalogue is silent
    hilist_pric_uplmt_amt numeric,                            -- decimal, yuan a unit; NULL: no limit
    special               text      NOT NULL,
    med_chrgitm_type      text      NOT NULL,
    lmt_used_flag         text      NOT NULL,
    PRIMARY KEY (med_list_codg, begndate, pool, scheme, level)
);
