-- Code mappings (目录对照): a provider's own catalogue code to the national one. Withdrawn, not deleted.
-- Read by: 1316, 1317, 3301, 3302.
CREATE TABLE mapping (
    fixmedins_code        text      NOT NULL,
    fixmedins_hilist_id   text      NOT NULL,
    fixmedins_hilist_name text      NOT NULL,
    list_type             text      NOT NULL,
    med_list_codg         text      NOT NULL,
    begndate              date      NOT NULL,
    enddate               date,
    uploaded_at           timestamp NOT NULL,
    withdrawn_at          timestamp,                          -- stands where NULL
    details               text      NOT NULL
);

-- A provider's code is mapped once at a time.
CREATE UNIQUE INDEX mapping_standing ON mapping (fixmedins_code, fixmedins_hilist_id) WHERE withdrawn_at IS NULL;
CREATE INDEX mapping_by_national_code ON mapping (med_list_codg) WHERE withdrawn_at IS NULL;
