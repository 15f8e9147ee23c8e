-- Users of the pages (经办账号); closed in place, never deleted.
-- Read by: every sign-in to the pages.
CREATE TABLE page_user (
    login          TEXT NOT NULL PRIMARY KEY CHECK (login <> ''),
    name           TEXT NOT NULL,
    role           TEXT NOT NULL CHECK (role <> ''),        -- 'provider' or 'agency'
    fixmedins_code TEXT NOT NULL,                           -- '' for the agency
    password       TEXT NOT NULL,                           -- hash (PHC string), never the password
    created_at     TEXT NOT NULL,
    closed_at      TEXT                                     -- may sign in where NULL
) STRICT, WITHOUT ROWID;

-- Sign-ins to the pages (登录会话); forgotten once they have ended.
-- Read by: every page behind a sign-in.
CREATE TABLE page_session (
    digest TEXT NOT NULL PRIMARY KEY CHECK (digest <> ''),  -- of the cookie's secret, never the secret
    login  TEXT NOT NULL REFERENCES page_user (login),
    since  TEXT NOT NULL,
    until  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
