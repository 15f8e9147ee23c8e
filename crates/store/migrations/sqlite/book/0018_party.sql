-- The journal's key is party, msgid and transaction: other parties than providers send too, and real clients send two
-- transactions under one msgid, which 2601 tells apart by oinfno. A variant (2203A) counts as its transaction.
CREATE TABLE message_of_party (
    party       TEXT NOT NULL CHECK (party LIKE '%/%'),        -- 'provider/H52050200102', 'clerk/zhao'
    msgid       TEXT NOT NULL CHECK (msgid <> ''),
    infno       TEXT NOT NULL,                                 -- without the letter of a variant
    digest      TEXT NOT NULL,                                 -- of the canonical input
    output      TEXT NOT NULL,                                 -- JSON, opaque
    warn_msg    TEXT NOT NULL,
    effect      TEXT NOT NULL,                                 -- technical id of the record it made; '' where none
    recorded_at TEXT NOT NULL,
    -- Once and only once: of two racing copies only one is kept.
    PRIMARY KEY (party, msgid, infno)
) STRICT;
INSERT INTO message_of_party
SELECT 'provider/' || fixmedins_code, msgid, rtrim(infno, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), digest, output, warn_msg, effect,
       recorded_at
FROM message ORDER BY rowid;
DROP TABLE message;
ALTER TABLE message_of_party RENAME TO message;

CREATE TABLE message_reversal_of_party (
    party       TEXT NOT NULL CHECK (party LIKE '%/%'),
    omsgid      TEXT NOT NULL CHECK (omsgid <> ''),
    oinfno      TEXT NOT NULL,
    psn_no      TEXT NOT NULL,
    msgid       TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (party, omsgid, oinfno)
) STRICT, WITHOUT ROWID;
INSERT INTO message_reversal_of_party
SELECT 'provider/' || fixmedins_code, omsgid, rtrim(oinfno, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), psn_no, msgid, recorded_at
FROM message_reversal;
DROP TABLE message_reversal;
ALTER TABLE message_reversal_of_party RENAME TO message_reversal;
