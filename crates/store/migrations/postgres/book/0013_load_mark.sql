-- How far a broken-off load has come (装入进度): written by the transaction that takes the line, removed when
-- the file has been taken to its end. `line` and all before it are in every book they belong to.
-- Read by: the loader, to go on from there.
CREATE TABLE load_mark (
    file   text   NOT NULL PRIMARY KEY CHECK (file <> ''),
    digest text   NOT NULL,                                   -- of the whole folder: another content begins anew
    line   bigint NOT NULL CHECK (line >= 1)
);
