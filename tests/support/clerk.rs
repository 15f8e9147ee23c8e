//! A clerk at the office pages (办理台): signs in, fills in the forms that the pages have, sends spreadsheets, takes exports.
//!
//! Only what stands on a page can be filled in and sent, so that a story fails where a person would be stuck. What the
//! page says went wrong comes back as text.

use super::amounts::yuan;
use super::browser::{between, text};
use super::catalogue::{Bill, Line};
use super::client::agent;
use super::form::{Form, unescaped};
use super::program::yibao;
use super::providers::Provider;
use super::server::Server;
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

const BOUNDARY: &str = "------------------------yibao-stories";
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody with an account.
pub struct Clerk {
    pool: String,
    login: String,
    password: String,
}

/// A signed-in clerk.
pub struct Office {
    base: String,
    cookie: String,
    agent: ureq::Agent,
}

/// A page as it came, after its redirects.
pub struct Page {
    pub status: u16,
    /// Path and query where it stands.
    pub address: String,
    pub document: String,
}

/// What the page of an import says.
pub struct Imported {
    /// What is said about the file as a whole.
    pub remarks: Vec<String>,
    /// Row, outcome, sentence.
    pub verdicts: Vec<(String, String, String)>,
}

/// A row of an export, by its column heads.
pub type Row = BTreeMap<String, String>;

impl Clerk {
    /// Gives somebody at a hospital or pharmacy an account.
    #[track_caller]
    pub fn of(server: &Server, pool: &str, provider: &Provider) -> Clerk {
        Clerk::add(server, pool, &provider.code.to_lowercase(), &["--provider", provider.code])
    }

    /// Gives somebody at the agency an account.
    #[track_caller]
    pub fn agency(server: &Server, pool: &str) -> Clerk {
        Clerk::add(server, pool, "agency", &["--agency"])
    }

    /// Gives somebody else an account of another login, under the same name: `--agency`, or another role.
    #[track_caller]
    pub fn colleague(server: &Server, pool: &str, login: &str, whose: &[&str]) -> Clerk {
        Clerk::add(server, pool, login, whose)
    }

    #[track_caller]
    fn add(server: &Server, pool: &str, login: &str, whose: &[&str]) -> Clerk {
        let data = server.data();
        let mut arguments = vec!["user", "add", login, "--data", &data, "--pool", pool, "--name", "经办某"];
        arguments.extend(whose);
        let told = yibao(&arguments).succeeded().stdout;
        let password = between(&told, "初始密码：", "\n").expect("the command prints a password").to_owned();
        Clerk { pool: pool.to_owned(), login: login.to_owned(), password }
    }

    /// Signs in, at the platform as it runs now.
    #[track_caller]
    pub fn sign_in(&self, server: &Server) -> Office {
        let agent: ureq::Agent = agent();
        let address = format!("{}/office/sign-in", server.base());
        let page = agent.get(&address).call().expect("the platform answers").body_mut().read_to_string().unwrap();
        let said = [("pool", self.pool.as_str()), ("login", &self.login), ("password", &self.password)];
        let typed = Form::on(&page, "/office/sign-in").filled(&said);
        let reply =
            agent.post(address).config().max_redirects(0).build().send_form(typed).expect("the platform answers");
        assert_eq!(reply.status(), 303, "{} may sign in", self.login);
        let cookie = reply.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Office { base: server.base(), cookie, agent }
    }
}

impl Office {
    /// The same sign-in at the platform as it runs now.
    #[must_use]
    pub fn again(&self, server: &Server) -> Office {
        Office { base: server.base(), cookie: self.cookie.clone(), agent: agent() }
    }

    /// A page that is there.
    #[track_caller]
    pub fn page(&self, path: &str) -> Page {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.seen());
        page
    }

    /// Whatever stands there.
    #[track_caller]
    pub fn get(&self, path: &str) -> Page {
        let request = self.agent.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let reply = request.config().max_redirects(0).build().call().expect("the platform answers");
        self.follow(path, reply)
    }

    #[track_caller]
    fn follow(&self, path: &str, mut reply: ureq::http::Response<ureq::Body>) -> Page {
        if reply.status() == 303 {
            return self.get(reply.headers()["location"].to_str().unwrap());
        }
        let status = reply.status().as_u16();
        let document = reply.body_mut().read_to_string().expect("a page is text");
        Page { status, address: path.to_owned(), document }
    }

    /// Fills in and sends the form of that address on that page; other fields go as they stood.
    #[track_caller]
    pub fn fill(&self, page: &str, action: &str, values: &[(&str, &str)]) -> Result<Page, String> {
        let form = Form::on(&self.page(page).document, action);
        let request = self.agent.post(format!("{}{action}", self.base)).header("cookie", &self.cookie);
        let reply =
            request.config().max_redirects(0).build().send_form(form.filled(values)).expect("the platform answers");
        self.follow(action, reply).good()
    }

    /// Writes something down in a register: the number of its entry.
    #[track_caller]
    pub fn add(&self, kind: &str, values: &[(&str, &str)]) -> Result<String, String> {
        let action = format!("/office/registers/{kind}/new");
        Ok(self.fill(&action, &action, values)?.number())
    }

    /// Takes a step with an entry.
    #[track_caller]
    pub fn act(&self, number: &str, step: &str, values: &[(&str, &str)]) -> Result<Page, String> {
        let page = format!("/office/entries/{number}");
        let action = format!("{page}/{step}");
        if Form::find(&self.page(&page).document, &action).is_none() {
            return Err(format!("{number} has no step {step}: {}", self.page(&page).seen()));
        }
        self.fill(&page, &action, values)
    }

    /// Backfills one entry.
    #[track_caller]
    pub fn backfill(&self, number: &str) -> Result<Page, String> {
        self.act(number, "backfill", &[])
    }

    /// What stands on the page of an entry.
    #[track_caller]
    pub fn entry(&self, number: &str) -> String {
        self.page(&format!("/office/entries/{number}")).seen()
    }

    /// Starts a run of the backfill, without waiting for its end.
    #[track_caller]
    pub fn start_run(&self, plan: &str) -> Page {
        self.fill("/office/backfill", "/office/backfill", &[("plan", plan)]).expect("a run starts")
    }

    /// Runs the backfill of a plan to its end.
    #[track_caller]
    pub fn run(&self, plan: &str) {
        self.start_run(plan);
        self.await_runs();
    }

    /// Waits until no run goes on.
    #[track_caller]
    pub fn await_runs(&self) {
        self.until(|| !self.page("/office/backfill").document.contains("进行中"), "the backfill does not end");
    }

    /// How many entries the newest run has been through.
    #[track_caller]
    pub fn progress(&self) -> usize {
        let page = self.page("/office/backfill").document;
        between(&page, "\" value=\"", "\" aria-label=\"第")
            .map_or(0, |done| done.rsplit('"').next().unwrap_or_default().parse().expect("progress is a number"))
    }

    /// Waits until something has come true that the platform does by itself.
    #[track_caller]
    pub fn until(&self, is_so: impl Fn() -> bool, complaint: &str) {
        let started = Instant::now();
        while !is_so() {
            assert!(started.elapsed() < PATIENCE, "{complaint}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends files to a register.
    #[track_caller]
    pub fn import(&self, kind: &str, files: &[(&str, &[u8])]) -> Result<Imported, String> {
        let action = format!("/office/registers/{kind}/import");
        let page = self.upload(&action, &action, &[], files).good()?;
        let told = text(&page.document);
        let table = between(&page.document, "class=\"stack verdicts\"", "</table>").expect("a verdict a row");
        let rows = table.split("<tbody>").nth(1).unwrap_or_default().split("</tr>");
        let verdicts = rows.filter_map(|row| {
            let row = text(&format!("<body>{row}<"));
            let mut cells = row.split('|').map(|cell| cell.trim().to_owned());
            Some((cells.next()?, cells.next()?, cells.next()?))
        });
        let remarks = told.lines().filter(|line| line.contains("列")).map(str::to_owned).collect();
        Ok(Imported { remarks, verdicts: verdicts.collect() })
    }

    /// Sends the form of that address with files, as a browser does.
    #[track_caller]
    pub fn upload(&self, page: &str, action: &str, values: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        let form = Form::on(&self.page(page).document, action);
        let mut body = Vec::new();
        for (name, value) in form.filled(values) {
            let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        for (name, file) in files {
            let head = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend([head.as_bytes(), file, b"\r\n"].concat());
        }
        body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = self.agent.post(format!("{}{action}", self.base)).header("cookie", &self.cookie);
        let request = request.content_type(format!("multipart/form-data; boundary={BOUNDARY}"));
        let reply = request.config().max_redirects(0).build().send(&body[..]).expect("the platform answers");
        self.follow(action, reply)
    }

    /// A file of a register as it is downloaded.
    #[track_caller]
    pub fn file(&self, kind: &str, name: &str) -> Vec<u8> {
        let address = format!("{}/office/registers/{kind}/{name}", self.base);
        let mut reply = self.agent.get(address).header("cookie", &self.cookie).call().expect("the platform answers");
        assert_eq!(reply.status(), 200, "{kind}/{name}");
        reply.body_mut().with_config().limit(50_000_000).read_to_vec().expect("a file")
    }

    /// A register's rows as they are exported.
    #[track_caller]
    pub fn rows(&self, kind: &str) -> Vec<Row> {
        let bytes = self.file(kind, "export.csv");
        let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes));
        let heads = reader.headers().expect("a head").clone();
        let rows = reader.records().map(|row| row.expect("a row of cells"));
        let named =
            |row: csv::StringRecord| heads.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
        rows.map(named).collect()
    }

    /// The one row of a register with this value in this column.
    #[track_caller]
    pub fn row(&self, kind: &str, column: &str, value: &str) -> Row {
        let mut found: Vec<Row> = self.rows(kind).into_iter().filter(|row| row[column] == value).collect();
        assert_eq!(found.len(), 1, "one row of {kind} with {column} {value}");
        found.remove(0)
    }

    /// Waits until a register has a row with this value, which the platform puts there by itself.
    #[track_caller]
    pub fn listed(&self, kind: &str, column: &str, value: &str) -> Row {
        let is_there = || self.rows(kind).iter().any(|row| row[column] == value);
        self.until(is_there, &format!("{kind} does not list {column} {value}"));
        self.row(kind, column, value)
    }
}

impl Page {
    /// What a person reads there.
    pub fn seen(&self) -> String {
        text(&self.document)
    }

    /// The page, or what it says went wrong.
    fn good(self) -> Result<Page, String> {
        if self.status == 200 { Ok(self) } else { Err(unescaped(&self.seen())) }
    }

    /// The number of the entry that is shown.
    #[track_caller]
    fn number(&self) -> String {
        let rest = self.address.strip_prefix("/office/entries/").unwrap_or_else(|| panic!("{}", self.seen()));
        rest.split('?').next().unwrap_or_default().to_owned()
    }
}

impl Imported {
    /// The numbers of rows with this outcome.
    pub fn count(&self, outcome: &str) -> usize {
        self.verdicts.iter().filter(|(_, found, _)| found == outcome).count()
    }

    /// The sentence about a row.
    #[track_caller]
    pub fn about(&self, place: &str) -> &str {
        let found = self.verdicts.iter().find(|(row, _, _)| row == place);
        &found.unwrap_or_else(|| panic!("no verdict on {place}: {:#?}", self.verdicts)).2
    }
}

/// The lines of a bill as they are pasted into a form, their numbers beginning with `serial`.
pub fn pasted(bill: &Bill, serial: &str, time: &str) -> String {
    let row = |(index, line): (usize, &Line)| {
        let (code, amount) = (line.item.code, yuan(line.amount()));
        format!("{serial}{}\t{time}\t{code}\tYY{index}\t{}\t{}\t{amount}", index + 1, line.quantity, line.price)
    };
    bill.lines.iter().enumerate().map(row).collect::<Vec<_>>().join("\n")
}

/// Every part stands in the text.
#[track_caller]
pub fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

/// It was refused, with every one of these parts.
#[track_caller]
pub fn refused<T>(outcome: Result<T, String>, parts: &[&str]) {
    match outcome {
        Ok(_) => panic!("should be refused with {parts:?}"),
        Err(words) => says(&words, parts),
    }
}
