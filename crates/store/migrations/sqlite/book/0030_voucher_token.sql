-- Tokens of the electronic voucher (医保电子凭证令牌); removed once their minutes are over. Read by: 1101, who is at the counter.
CREATE TABLE voucher_token (
    token          TEXT NOT NULL PRIMARY KEY CHECK (token <> ''),
    fixmedins_code TEXT NOT NULL,
    business_type  TEXT NOT NULL,
    certno         TEXT NOT NULL,
    auth_no        TEXT NOT NULL,
    issued_at      TEXT NOT NULL,
    ends_at        TEXT NOT NULL
) STRICT;

CREATE INDEX voucher_token_by_end ON voucher_token (ends_at);
