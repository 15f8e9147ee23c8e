-- National lists (国家目录) as published: a tab-separated line a row, replaced by its rid (唯一记录号) when it is loaded again.
-- Read by: 1301-1311, 1313-1315, 9102.
CREATE TABLE list_line (
    infno   TEXT NOT NULL,
    rid     TEXT NOT NULL,
    line    TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (infno, rid)
) STRICT;
