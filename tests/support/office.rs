//! A clerk at the office pages: signs in with a browser's cookie, fills in forms, sends files.

use super::client::agent;
use super::program::yibao;
use super::server::Server;

/// A signed-in clerk.
pub struct Clerk {
    base: String,
    cookie: String,
    pub token: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Where it leads; empty where it does not.
    pub location: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Opens an account by `yibao user add` and says its first password.
#[track_caller]
pub fn account(server: &Server, pool: &str, login: &str, provider: &str) -> String {
    let data = server.data();
    let mut arguments = vec!["user", "add", login, "--data", &data, "--pool", pool, "--name", "赵经办"];
    if provider.is_empty() {
        arguments.push("--agency");
    } else {
        arguments.extend(["--provider", provider]);
    }
    arguments.extend(server.rules().into_iter().flat_map(|folder| ["--rules", folder]));
    let said = yibao(&arguments).succeeded().stdout;
    let line = said.lines().find_map(|line| line.strip_prefix("初始密码：")).expect("a first password is printed");
    line.to_owned()
}

impl Clerk {
    /// Opens an account and signs in with it.
    #[track_caller]
    pub fn of(server: &Server, pool: &str, login: &str, provider: &str) -> Clerk {
        let password = account(server, pool, login, provider);
        Clerk::signed_in(server, pool, login, &password)
    }

    /// Signs in with an account that is there.
    #[track_caller]
    pub fn signed_in(server: &Server, pool: &str, login: &str, password: &str) -> Clerk {
        let mut clerk = Clerk { base: server.base(), cookie: String::new(), token: String::new() };
        let fields = [("pool", pool), ("login", login), ("password", password)];
        let form: String = fields.map(|(name, value)| format!("{name}={}", encoded(value))).join("&");
        let mut reply = without_redirects()
            .post(format!("{}/office/sign-in", clerk.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .send(form.as_bytes())
            .expect("the platform answers");
        let kept = reply.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
        let kept = kept.unwrap_or_else(|| panic!("{}", reply.body_mut().read_to_string().unwrap()));
        assert!(kept.contains("HttpOnly") && kept.contains("SameSite=Strict"), "{kept}");
        clerk.cookie = kept.split(';').next().unwrap().to_owned();
        let home = clerk.get("/office").text();
        clerk.token = super::browser::between(&home, "name=\"token\" value=\"", "\"").unwrap().to_owned();
        clerk
    }

    /// The same sign-in at the platform as it runs now.
    #[must_use]
    pub fn again(&self, server: &Server) -> Clerk {
        Clerk { base: server.base(), cookie: self.cookie.clone(), token: self.token.clone() }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        let request = without_redirects().get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        answer(request.call())
    }

    /// Sends a form with the token.
    #[track_caller]
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = [("token", self.token.as_str())];
        self.post_raw(path, &[&token, fields].concat(), &[])
    }

    /// Sends a form as it is.
    #[track_caller]
    pub fn post_raw(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mut request = without_redirects()
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.send(form.join("&").as_bytes()))
    }

    /// Sends files with the token, each under the name of its field.
    #[track_caller]
    pub fn upload(&self, path: &str, files: &[(&str, &[u8])]) -> Answer {
        const EDGE: &str = "yibao-test-edge";
        let mut body = Vec::new();
        let part = |name: &str, file: &str| {
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
        };
        body.extend(format!("{}{}\r\n", part("token", ""), self.token).into_bytes());
        for (name, bytes) in files {
            body.extend(part(name, "; filename=\"a.csv\"").into_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let request = without_redirects()
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"));
        answer(request.send(&body))
    }

    /// A page with its style sheet inside, to be looked at on its own.
    #[track_caller]
    pub fn whole(&self, path: &str) -> String {
        let style =
            agent().get(format!("{}/style.css", self.base)).call().unwrap().body_mut().read_to_string().unwrap();
        let link = "<link rel=\"stylesheet\" href=\"/style.css\">";
        self.get(path).text().replace(link, &format!("<style>{style}</style>"))
    }
}

fn without_redirects() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

#[track_caller]
fn answer(reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut reply = reply.expect("the platform answers");
    let location = reply.headers().get("location").map_or("", |place| place.to_str().unwrap()).to_owned();
    let status = reply.status().as_u16();
    Answer { status, location, bytes: reply.body_mut().read_to_vec().unwrap() }
}

/// A value in a form.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
