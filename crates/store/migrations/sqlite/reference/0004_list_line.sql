-- National lists (国家目录) as published: a tab-separated line a row. Loaded, never changed here.
-- Read by: 1301-1315, 9102.
CREATE TABLE list_line (
    infno   TEXT NOT NULL,
    code    TEXT NOT NULL,
    line    TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (infno, code)
) STRICT;
