//! `yibao load`: the same twice changes nothing; a bad row is named; whole files or, when asked, the good rows.

use crate::support::city::City;
use crate::support::people::Profile;
use crate::support::program::{Ran, yibao};
use crate::support::providers::{self, BJ_L2};
use crate::support::server::Server;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

struct Folder {
    root: TempDir,
}

impl Folder {
    fn of_a_city() -> Folder {
        let root = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let folder = Folder { root };
        fs::create_dir(folder.city()).unwrap();
        let profiles = vec![Profile::resident("resident", "520502").copies(5)];
        City::new("2021", providers::bijie(), profiles).write(&folder.city());
        folder
    }

    fn city(&self) -> PathBuf {
        self.root.path().join("city")
    }

    fn load(&self, more: &[&str]) -> Ran {
        let (data, city) = (self.root.path().join("data"), self.city());
        let mut arguments = vec!["load", "--data", data.to_str().unwrap(), city.to_str().unwrap()];
        arguments.extend(more);
        yibao(&arguments)
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.city().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

#[test]
fn the_same_folder_twice_changes_nothing() {
    let profiles = vec![Profile::employee("employee", "520502").balance("300.00")];
    let mut server = Server::start(City::new("2021", providers::bijie(), profiles), "2021-07-05T18:00:00");
    let person = server.someone("employee");
    let before = server.client(&BJ_L2).read_person(&person).output();
    server.kill();
    let city = server.path("city").to_string_lossy().into_owned();
    yibao(&["load", "--data", &server.data(), &city]).succeeded();
    server.restart();
    assert_eq!(server.client(&BJ_L2).read_person(&person).output(), before);
    server.kill();
    yibao(&["verify", "--data", &server.data()]).succeeded();
}

/// The file, the line, the field, the value.
#[track_caller]
fn names(ran: &Ran, words: &[&str]) {
    assert_ne!(ran.code, 0, "{}", ran.text());
    for word in words {
        assert!(ran.text().contains(word), "says {word:?}: {}", ran.text());
    }
}

#[test]
fn a_bad_row_is_reported_with_file_line_field_and_value() {
    let folder = Folder::of_a_city();
    folder.edit("persons.csv", "1985-04-12", "1985-02-31");
    names(&folder.load(&[]), &["persons.csv", "2", "brdy", "1985-02-31"]);

    let folder = Folder::of_a_city();
    folder.edit("catalogue.csv", ",01,,,2019-01-01", ",07,,,2019-01-01");
    names(&folder.load(&[]), &["catalogue.csv", "2", "chrgitm_lv", "07"]);

    let folder = Folder::of_a_city();
    folder.edit("insurances.csv", ",390,", ",777,");
    names(&folder.load(&[]), &["insurances.csv", "2", "insutype", "777"]);
}

#[test]
fn a_missing_column_is_reported_by_name() {
    let folder = Folder::of_a_city();
    folder.edit("providers.csv", "fixmedins_name", "hospital_name");
    names(&folder.load(&[]), &["providers.csv", "fixmedins_name"]);
}

#[test]
fn a_check_digit_that_is_wrong_is_remarked_and_taken_as_it_is() {
    let folder = Folder::of_a_city();
    let text = fs::read_to_string(folder.city().join("persons.csv")).unwrap();
    let certno = text.lines().nth(1).unwrap().split(',').nth(2).unwrap().to_owned();
    let wrong = if certno.ends_with('1') { "2" } else { "1" };
    folder.edit("persons.csv", &certno, &format!("{}{wrong}", &certno[..17]));
    let text = folder.load(&[]).succeeded().text();
    assert!(text.contains("persons.csv") && text.contains("校验码") && text.contains("第 2 行"), "{text}");
    assert!(!text.contains(&certno[..17]), "without the number itself: {text}");
}

#[test]
fn nothing_of_a_file_with_a_bad_row_is_taken_unless_asked() {
    let folder = Folder::of_a_city();
    folder.edit("persons.csv", "1985-04-12", "1985-02-31");
    assert_ne!(folder.load(&[]).code, 0);
    let ran = folder.load(&["--keep-good"]);
    let text = ran.text();
    assert!(text.contains("1985-02-31") || text.contains("persons.csv"), "still reported: {text}");
    // the file put right is taken as a whole
    folder.edit("persons.csv", "1985-02-31", "1985-04-12");
    folder.load(&[]).succeeded();
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = Folder::of_a_city();
    let data = folder.root.path().join("data");
    let ran = yibao(&["load", "--data", data.to_str().unwrap(), "/nowhere/at/all"]);
    names(&ran, &["/nowhere/at/all"]);
}
