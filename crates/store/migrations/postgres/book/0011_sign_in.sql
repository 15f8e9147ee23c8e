-- Sign-ins (签到) of operators; the sign-out is noted in place.
-- Read by: 9002 and whoever checks a sign_no.
CREATE TABLE sign_in (
    sign_no        text      NOT NULL PRIMARY KEY CHECK (sign_no <> ''),
    fixmedins_code text      NOT NULL,
    opter_no       text      NOT NULL,
    signed_in_at   timestamp NOT NULL,
    signed_out_at  timestamp
);
