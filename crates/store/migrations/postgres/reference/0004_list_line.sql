-- National lists (国家目录) as published: a tab-separated line a row. Loaded, never changed here.
-- Read by: 1301-1315, 9102.
CREATE TABLE list_line (
    infno   text NOT NULL,
    code    text NOT NULL,
    line    text NOT NULL,
    version text NOT NULL,
    PRIMARY KEY (infno, code)
);
