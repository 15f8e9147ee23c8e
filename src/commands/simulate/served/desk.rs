//! The clerks of a simulated city at their browsers: they sign in, open a page, fill in its form and read what comes back. A form
//! that is sent again goes under the number of the page that it was filled in on.

use super::page;
use super::traffic::Traffic;
use jiff::civil::DateTime;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, EntryLine, Stated};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::{Actor, NewEntry, SheetRow, Verdict};
use yibao_sim::office::{Hand, Opening, Told};
use yibao_store::user::User;
use yibao_store::{Fault, Mode, Store};

/// Everybody of a made-up city has this one.
const PASSWORD: &str = "simulated clerk";
/// Its hash, with as little work as Argon2id can have: clerks sign in anew twice a day.
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c2ltdWxhdGVkICBjaXR5IQ$F6QX/VZrRp7aLDLdcEbNgnGlmF9aPCtcovKgoggSmwg";
/// Between the parts of a form with files.
const EDGE: &str = "yibao-simulated-city-edge";
const FORM: &str = "application/x-www-form-urlencoded";

/// The desks of a city at one process.
pub struct Desks {
    agent: ureq::Agent,
    base: String,
    store: Arc<dyn Store>,
    pool: Pool,
    clock: Cell<DateTime>,
    /// The cookie of each login.
    cookies: RefCell<BTreeMap<String, String>>,
    accounts: RefCell<BTreeSet<String>>,
    numbers: Numbers,
    traffic: Arc<Traffic>,
}

/// The number that a page gave each form.
type Numbers = Arc<Mutex<BTreeMap<String, String>>>;

/// What came back.
struct Answer {
    status: u16,
    /// Where it leads; empty where it does not.
    location: String,
    text: String,
}

impl Answer {
    fn read(reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, Told> {
        let lost = |error: ureq::Error| Told::Nothing(error.to_string());
        let mut reply = reply.map_err(lost)?;
        let location = reply.headers().get("location").and_then(|place| place.to_str().ok());
        let (location, status) = (location.unwrap_or_default().to_owned(), reply.status().as_u16());
        Ok(Answer { status, location, text: reply.body_mut().read_to_string().map_err(lost)? })
    }

    fn wants_a_sign_in(&self) -> bool {
        self.location.split('?').next() == Some("/office/sign-in")
    }

    /// What a form came to. The page says why something is refused, and not by which code.
    fn done(self) -> Result<Answer, Told> {
        match self.status {
            200 | 303 => Ok(self),
            404 => Err(Told::Refused(Refusal::new(Code::NotFound, "没有这一页"))),
            422 => {
                let why = page::alert(&self.text).unwrap_or_else(|| self.text.clone());
                Err(Told::Refused(Refusal::new(Code::FieldShape, why)))
            }
            status => Err(Told::Nothing(format!("HTTP {status}: {}", page::alert(&self.text).unwrap_or_default()))),
        }
    }
}

/// A part of a form with files: its name, whether it is a file, what it holds.
type Part<'a> = (&'a str, bool, &'a [u8]);

impl Desks {
    /// Without anybody signed in.
    pub fn new(
        agent: ureq::Agent,
        base: String,
        opening: &Opening,
        (numbers, traffic): (Numbers, Arc<Traffic>),
    ) -> Desks {
        Desks {
            agent,
            base,
            store: opening.store.clone(),
            pool: opening.pools[0].clone(),
            clock: Cell::new(DateTime::MIN),
            cookies: RefCell::default(),
            accounts: RefCell::default(),
            numbers,
            traffic,
        }
    }

    pub fn at(&self, now: DateTime) {
        self.clock.set(now);
    }

    pub fn now(&self) -> DateTime {
        self.clock.get()
    }

    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Writes a statement down; the number of its entry.
    pub fn register(&self, hand: Hand<'_>, new: &NewEntry) -> Result<String, Told> {
        let path = format!("/office/registers/{}/new", new.kind.word());
        let mut fields = said(&new.fields);
        fields.push(("lines".to_owned(), pasted(&new.lines)));
        let answer = self.filled_in(hand, &path, &path, &fields)?;
        let number =
            answer.location.strip_prefix("/office/entries/").map(|rest| rest.split('?').next().unwrap_or(rest));
        number.map(str::to_owned).ok_or_else(|| Told::Nothing(format!("a registration leads to {}", answer.location)))
    }

    pub fn act(&self, hand: Hand<'_>, number: &str, action: Action, fields: &Stated) -> Result<(), Told> {
        let page = format!("/office/entries/{number}");
        self.filled_in(hand, &page, &format!("{page}/{}", action.word()), &said(fields)).map(drop)
    }

    pub fn put_lines(&self, hand: Hand<'_>, number: &str, lines: &[EntryLine]) -> Result<(), Told> {
        let page = format!("/office/entries/{number}");
        let fields = [("lines".to_owned(), pasted(lines))];
        self.filled_in(hand, &page, &format!("{page}/lines"), &fields).map(drop)
    }

    pub fn enter(&self, hand: Hand<'_>, number: &str) -> Result<(), Told> {
        let page = format!("/office/entries/{number}");
        self.filled_in(hand, &page, &format!("{page}/backfill"), &[]).map(drop)
    }

    pub fn start_run(&self, hand: Hand<'_>, plan: &str) -> Result<(), Told> {
        let fields = [("plan".to_owned(), plan.to_owned())];
        self.filled_in(hand, "/office/backfill", "/office/backfill", &fields).map(drop)
    }

    pub fn correct_order(&self, hand: Hand<'_>, psn_no: &str) -> Result<(), Told> {
        let fields = [("psn_no".to_owned(), psn_no.to_owned())];
        self.filled_in(hand, "/office/backfill?lists=1", "/office/backfill/correct", &fields).map(drop)
    }

    pub fn publish(&self, hand: Hand<'_>, text: &str) -> Result<(), Told> {
        self.with_files(hand, "/office/plans", &[("text", false, text.as_bytes())]).map(drop)
    }

    pub fn enter_event(&self, hand: Hand<'_>, (plan, event): (&str, &str), at: DateTime) -> Result<(), Told> {
        let fields =
            [("plan", plan.to_owned()), ("event", event.to_owned()), ("at", at.strftime("%Y-%m-%d %H:%M").to_string())];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        self.filled_in(hand, "/office/plans", "/office/plans/events", &fields).map(drop)
    }

    /// Reads sheets in; the verdicts that the page shows.
    pub fn import(
        &self,
        hand: Hand<'_>,
        kind: RegisterKind,
        rows: &[SheetRow],
        lines: &[SheetRow],
    ) -> Result<Vec<Verdict>, Told> {
        let (rows, lines) = (sheet(rows)?, sheet(lines)?);
        let parts: [Part<'_>; 2] = [("file", true, &rows), ("lines", true, &lines)];
        let answer = self.with_files(hand, &format!("/office/registers/{}/import", kind.word()), &parts)?;
        Ok(page::verdicts(&answer.text))
    }

    /// Opens a page, fills in its form and sends it.
    fn filled_in(&self, hand: Hand<'_>, page: &str, path: &str, fields: &[(String, String)]) -> Result<Answer, Told> {
        let (token, submission) = self.opened(hand, page)?;
        let ours = [("token".to_owned(), token), ("submission".to_owned(), submission)];
        let pairs: Vec<String> =
            ours.iter().chain(fields).map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.send(hand.by, path, FORM, pairs.join("&").as_bytes())?.done()
    }

    /// The same for a form with files, which goes where its page is.
    fn with_files(&self, hand: Hand<'_>, path: &str, parts: &[Part<'_>]) -> Result<Answer, Told> {
        let (token, submission) = self.opened(hand, path)?;
        let ours: [Part<'_>; 2] = [("token", false, token.as_bytes()), ("submission", false, submission.as_bytes())];
        let mut body = Vec::new();
        for (name, is_file, bytes) in ours.iter().chain(parts) {
            let file = if *is_file { "; filename=\"a.csv\"" } else { "" };
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        self.send(hand.by, path, &format!("multipart/form-data; boundary={EDGE}"), &body)?.done()
    }

    /// The token and the number of the form on a page. A form that was sent before keeps its number; a page without one has
    /// nothing to do, and who sends it a form all the same has an old one.
    fn opened(&self, hand: Hand<'_>, path: &str) -> Result<(String, String), Told> {
        let mut shown = self.get(hand.by, path)?;
        if shown.wants_a_sign_in() {
            self.sign_in(hand.by)?;
            shown = self.get(hand.by, path)?;
        }
        let shown = shown.done()?;
        let token = page::hidden(&shown.text, "token");
        let token = token.ok_or_else(|| Told::Nothing(format!("{path} has no form: {}", shown.location)))?;
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || page::hidden(&shown.text, "submission").unwrap_or_else(|| hand.submission.to_owned());
        Ok((token, numbers.entry(hand.submission.to_owned()).or_insert_with(fresh).clone()))
    }

    fn get(&self, by: &Actor, path: &str) -> Result<Answer, Told> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("cookie", &self.cookie(by));
        Answer::read(request.call())
    }

    fn send(&self, by: &Actor, path: &str, kind: &str, body: &[u8]) -> Result<Answer, Told> {
        self.traffic.forms.fetch_add(1, Ordering::Relaxed);
        let request = self.agent.post(format!("{}{path}", self.base)).header("cookie", &self.cookie(by));
        Answer::read(request.header("origin", &self.base).header("content-type", kind).send(body))
    }

    fn cookie(&self, by: &Actor) -> String {
        self.cookies.borrow().get(&by.login).cloned().unwrap_or_default()
    }

    fn sign_in(&self, by: &Actor) -> Result<(), Told> {
        if self.accounts.borrow_mut().insert(by.login.clone()) {
            self.open_account(by).map_err(|fault| Told::Nothing(fault.chain()))?;
        }
        let fields = [("pool", self.pool.as_str()), ("login", &by.login), ("password", PASSWORD)];
        let body = fields.map(|(name, value)| format!("{name}={}", encoded(value))).join("&");
        let request = self.agent.post(format!("{}/office/sign-in", self.base)).header("content-type", FORM);
        let lost = |error: ureq::Error| Told::Nothing(error.to_string());
        let reply = request.send(body.as_bytes()).map_err(lost)?;
        let kept = reply.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()?.split(';').next());
        let kept = kept.ok_or_else(|| Told::Nothing(format!("{} is not let in", by.login)))?;
        self.cookies.borrow_mut().insert(by.login.clone(), kept.to_owned());
        Ok(())
    }

    fn open_account(&self, by: &Actor) -> Result<(), Fault> {
        let user = User {
            login: by.login.clone(),
            name: by.name.clone(),
            role: by.role.word().to_owned(),
            fixmedins_code: by.fixmedins_code.clone(),
            password: HASH.to_owned(),
            created_at: self.now(),
            closed_at: None,
        };
        let mut book = self.store.open(&self.pool)?;
        book.transact(Mode::Write, &mut |tx| tx.put_user(&user))
    }
}

fn said(fields: &Stated) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Lines as they are pasted from a table, in the order of its head.
fn pasted(lines: &[EntryLine]) -> String {
    const HEADS: [&str; 10] = [
        "feedetl_sn",
        "fee_ocur_time",
        "med_list_codg",
        "medins_list_codg",
        "cnt",
        "pric",
        "det_item_fee_sumamt",
        "hosp_appr_flag",
        "init_feedetl_sn",
        "prd_days",
    ];
    let row = |line: &EntryLine| {
        let cells: [String; 10] = [
            line.feedetl_sn.clone(),
            moment_text(line.fee_ocur_time),
            line.med_list_codg.clone(),
            line.medins_list_codg.clone(),
            line.cnt.to_string(),
            line.pric.to_string(),
            line.det_item_fee_sumamt.to_string(),
            line.hosp_appr_flag.clone(),
            line.init_feedetl_sn.clone(),
            line.prd_days.clone(),
        ];
        cells.join("\t")
    };
    if lines.is_empty() {
        return String::new();
    }
    std::iter::once(HEADS.join("\t")).chain(lines.iter().map(row)).collect::<Vec<_>>().join("\n")
}

/// Rows as a file: a column for every field that one of them has; nothing where there are none.
fn sheet(rows: &[SheetRow]) -> Result<Vec<u8>, Told> {
    let heads: BTreeSet<&String> = rows.iter().flat_map(|row| row.cells.keys()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells =
        rows.iter().map(|row| heads.iter().map(|head| row.cells.get(*head).map_or("", String::as_str)).collect());
    let head = heads.iter().map(|head| head.as_str()).collect::<Vec<&str>>();
    for record in (!rows.is_empty()).then_some(head).into_iter().chain(cells) {
        writer.write_record(&record).map_err(|error| Told::Nothing(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| Told::Nothing(error.to_string()))
}

/// A name or a value in a form.
fn encoded(value: &str) -> String {
    let sign = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    value.bytes().map(sign).collect()
}
