-- Code mappings (目录对照): a provider's own catalogue code to the national one. Withdrawn, not deleted.
-- Read by: 1316, 1317, 3301, 3302.
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

-- A provider's code is mapped once at a time.
CREATE UNIQUE INDEX mapping_standing ON mapping (fixmedins_code, fixmedins_hilist_id) WHERE withdrawn_at IS NULL;
CREATE INDEX mapping_by_national_code ON mapping (med_list_codg) WHERE withdrawn_at IS NULL;
