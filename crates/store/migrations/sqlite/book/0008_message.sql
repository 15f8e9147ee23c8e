-- The message journal (报文日志): messages that had an effect, with their answers; rows are only ever added.
-- Read by: every recording call, before anything else.
CREATE TABLE message (
    fixmedins_code TEXT NOT NULL,
    msgid          TEXT NOT NULL CHECK (msgid <> ''),
    infno          TEXT NOT NULL,
    digest         TEXT NOT NULL,                           -- of the canonical input
    output         TEXT NOT NULL,                           -- JSON, opaque
    warn_msg       TEXT NOT NULL,
    effect         TEXT NOT NULL,                           -- technical id of the record it made; '' where none
    recorded_at    TEXT NOT NULL,
    -- Once and only once: of two racing copies only one is kept.
    PRIMARY KEY (fixmedins_code, msgid)
) STRICT;

-- Reversals of messages (2601); without the message itself a tombstone against the late original.
CREATE TABLE message_reversal (
    fixmedins_code TEXT NOT NULL,
    omsgid         TEXT NOT NULL CHECK (omsgid <> ''),
    oinfno         TEXT NOT NULL,
    psn_no         TEXT NOT NULL,
    msgid          TEXT NOT NULL,
    recorded_at    TEXT NOT NULL,
    PRIMARY KEY (fixmedins_code, omsgid)
) STRICT, WITHOUT ROWID;
