-- Users of the pages (经办账号); closed in place, never deleted.
-- Read by: every sign-in to the pages.
CREATE TABLE page_user (
    login          text      NOT NULL PRIMARY KEY CHECK (login <> ''),
    name           text      NOT NULL,
    role           text      NOT NULL CHECK (role <> ''),     -- 'provider' or 'agency'
    fixmedins_code text      NOT NULL,                        -- '' for the agency
    password       text      NOT NULL,                        -- hash (PHC string), never the password
    created_at     timestamp NOT NULL,
    closed_at      timestamp                                  -- may sign in where NULL
);

-- Sign-ins to the pages (登录会话); forgotten once they have ended.
-- Read by: every page behind a sign-in.
CREATE TABLE page_session (
    digest text      NOT NULL PRIMARY KEY CHECK (digest <> ''), -- of the cookie's secret, never the secret
    login  text      NOT NULL REFERENCES page_user (login),
    since  timestamp NOT NULL,
    until  timestamp NOT NULL
);
