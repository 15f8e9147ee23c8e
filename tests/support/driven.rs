//! A real browser that is driven (WebDriver): it clicks, and waits for what a page comes to show.

use super::server::free_port;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Milliseconds after which something that does not come to be shown is missed.
const PATIENCE: u64 = 240_000;
/// The name under which WebDriver tells elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window.
pub struct Driven {
    driver: Child,
    session: String,
    agent: ureq::Agent,
    _profile: TempDir,
}

impl Driven {
    /// A browser whose window shows pages of this width.
    pub fn start(width: u32, height: u32) -> Driven {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run `cargo xtask test`, which installs it");
        let profile = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let base = format!("http://127.0.0.1:{port}");
        let began = Instant::now();
        while agent.get(format!("{base}/status")).call().is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "chromedriver does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        let folder = format!("--user-data-dir={}", profile.path().display());
        let mut options =
            json!({ "args": ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", folder] });
        // A window is never narrower than 500 pixels; a telephone is asked for as one.
        options["mobileEmulation"] =
            json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0 } });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options, "timeouts": { "implicit": PATIENCE }
        } } });
        let mut driven = Driven { driver, session: format!("{base}/session"), agent, _profile: profile };
        let id = driven.asked("POST", "", Some(&wanted))["sessionId"].as_str().expect("a session").to_owned();
        driven.session = format!("{base}/session/{id}");
        driven
    }

    #[track_caller]
    fn tried(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let address = format!("{}{path}", self.session);
        let reply = match method {
            "GET" => self.agent.get(address).call(),
            _ => self.agent.post(address).send(body.unwrap_or(&json!({})).to_string()),
        };
        let text = reply.expect("the driver answers").body_mut().read_to_string().expect("a text");
        let told: Value = serde_json::from_str(&text).expect("JSON");
        match told["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", told["value"]["message"])),
            None => Ok(told["value"].clone()),
        }
    }

    #[track_caller]
    fn asked(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.tried(method, path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Opens a page.
    #[track_caller]
    pub fn open(&self, address: &str) {
        self.asked("POST", "/url", Some(&json!({ "url": address })));
    }

    /// The first element that a selector finds, as soon as there is one.
    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.tried("POST", "/element", Some(&wanted));
        let found = found.unwrap_or_else(|error| panic!("{selector}: {error}\n{}", self.address()));
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    /// Waits until the page shows what this selector finds.
    #[track_caller]
    pub fn wait_for(&self, selector: &str) {
        self.element(selector);
    }

    /// Does something with an element; where the page has put another in its place meanwhile, with that one.
    #[track_caller]
    fn with<T>(&self, selector: &str, act: impl Fn(&str) -> Result<T, String>) -> T {
        let began = Instant::now();
        loop {
            match act(&self.element(selector)) {
                Ok(done) => return done,
                Err(error) if error.contains("stale element") || error.contains("not interactable") => {
                    assert!(began.elapsed() < Duration::from_secs(30), "{selector}: {error}");
                }
                Err(error) => panic!("{selector}: {error}"),
            }
        }
    }

    /// Clicks on it.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        self.with(selector, |element| self.tried("POST", &format!("/element/{element}/click"), None).map(drop));
    }

    /// The text that it shows.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let told = |told: Value| told.as_str().unwrap_or_default().to_owned();
        self.with(selector, |element| self.tried("GET", &format!("/element/{element}/text"), None).map(told))
    }

    /// One of its attributes; empty where it has none.
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let told = |told: Value| told.as_str().unwrap_or_default().to_owned();
        self.with(selector, |element| {
            self.tried("GET", &format!("/element/{element}/attribute/{name}"), None).map(told)
        })
    }

    /// Types a text, or presses keys by their codes, wherever the focus is.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        });
        let strokes: Vec<Value> = strokes.collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.asked("POST", "/actions", Some(&actions));
    }

    /// Puts a text into a field that is empty, as if typed.
    #[track_caller]
    pub fn write(&self, selector: &str, text: &str) {
        let typed = json!({ "text": text });
        self.with(selector, |element| self.tried("POST", &format!("/element/{element}/value"), Some(&typed)).map(drop));
    }

    /// What a script returns.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.asked("POST", "/execute/sync", Some(&json!({ "script": script, "args": [] })))
    }

    /// What a script comes to, that answers later by calling its last argument.
    #[track_caller]
    pub fn script_later(&self, script: &str) -> Value {
        self.asked("POST", "/execute/async", Some(&json!({ "script": script, "args": [] })))
    }

    /// The id of what has the focus; empty where nothing has.
    #[track_caller]
    pub fn focus(&self) -> String {
        self.script("return document.activeElement.id").as_str().unwrap_or_default().to_owned()
    }

    /// Forgets who is signed in.
    #[track_caller]
    pub fn forget(&self) {
        let _ = self.agent.delete(format!("{}/cookie", self.session)).call().expect("the driver answers");
    }

    /// Where it is.
    #[track_caller]
    pub fn address(&self) -> String {
        self.asked("GET", "/url", None).as_str().unwrap_or_default().to_owned()
    }

    /// How wide the page is: more than its window is an overflow.
    #[track_caller]
    pub fn page_width(&self) -> u64 {
        let script = json!({ "script": "return document.documentElement.scrollWidth", "args": [] });
        self.asked("POST", "/execute/sync", Some(&script)).as_u64().expect("a number")
    }

    /// The page on paper of so many centimetres, as a PDF.
    #[track_caller]
    pub fn printed(&self, width: f64, height: f64) -> Vec<u8> {
        let paper = json!({ "page": { "width": width, "height": height },
            "margin": { "top": 1, "bottom": 1, "left": 1, "right": 1 } });
        let pdf = self.asked("POST", "/print", Some(&paper));
        STANDARD.decode(pdf.as_str().expect("a document")).expect("base64")
    }

    /// What the window shows, as a PNG.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let picture = self.asked("GET", "/screenshot", None);
        STANDARD.decode(picture.as_str().expect("a picture")).expect("base64")
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        // The driver ends the browser with the session; it is ended itself whatever comes of that.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
