-- Tokens of the electronic voucher (医保电子凭证令牌); removed once their minutes are over. Read by: 1101, who is at the counter.
CREATE TABLE voucher_token (
    token          text NOT NULL PRIMARY KEY CHECK (token <> ''),
    fixmedins_code text NOT NULL,
    business_type  text NOT NULL,
    certno         text NOT NULL,
    auth_no        text NOT NULL,
    issued_at      timestamp NOT NULL,
    ends_at        timestamp NOT NULL
);

CREATE INDEX voucher_token_by_end ON voucher_token (ends_at);
