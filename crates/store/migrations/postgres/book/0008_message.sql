-- The message journal (报文日志): messages that had an effect, with their answers; rows are only ever added.
-- Read by: every recording call, before anything else.
CREATE TABLE message (
    fixmedins_code text      NOT NULL,
    msgid          text      NOT NULL CHECK (msgid <> ''),
    infno          text      NOT NULL,
    digest         text      NOT NULL,                        -- of the canonical input
    output         text      NOT NULL,                        -- JSON, opaque
    warn_msg       text      NOT NULL,
    effect         text      NOT NULL,                        -- technical id of the record it made; '' where none
    recorded_at    timestamp NOT NULL,
    -- Once and only once: of two racing copies only one is kept.
    PRIMARY KEY (fixmedins_code, msgid)
);

-- Reversals of messages (2601); without the message itself a tombstone against the late original.
CREATE TABLE message_reversal (
    fixmedins_code text      NOT NULL,
    omsgid         text      NOT NULL CHECK (omsgid <> ''),
    oinfno         text      NOT NULL,
    psn_no         text      NOT NULL,
    msgid          text      NOT NULL,
    recorded_at    timestamp NOT NULL,
    PRIMARY KEY (fixmedins_code, omsgid)
);
