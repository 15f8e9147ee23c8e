-- The journal's key is party, msgid and transaction: other parties than providers send too, and real clients send two
-- transactions under one msgid, which 2601 tells apart by oinfno. A variant (2203A) counts as its transaction.
ALTER TABLE message DROP CONSTRAINT message_pkey;
ALTER TABLE message RENAME COLUMN fixmedins_code TO party;     -- 'provider/H52050200102', 'clerk/zhao'
UPDATE message SET party = 'provider/' || party, infno = rtrim(infno, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
ALTER TABLE message ADD CHECK (party LIKE '%/%');
-- Once and only once: of two racing copies only one is kept.
ALTER TABLE message ADD PRIMARY KEY (party, msgid, infno);

ALTER TABLE message_reversal DROP CONSTRAINT message_reversal_pkey;
ALTER TABLE message_reversal RENAME COLUMN fixmedins_code TO party;
UPDATE message_reversal SET party = 'provider/' || party, oinfno = rtrim(oinfno, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
ALTER TABLE message_reversal ADD CHECK (party LIKE '%/%');
ALTER TABLE message_reversal ADD PRIMARY KEY (party, omsgid, oinfno);
