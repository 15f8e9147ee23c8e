//! A city that is data alone: a folder of rules gives it books, accounts, desks and simulations by one argument.

use crate::support::office::Clerk;
use crate::support::program::{ROOT, plan, yibao};
use crate::support::server::Server;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const POOL: &str = "520300";

/// The rules that come with the program, and a third city that has those of Bijie.
fn rules_with_a_third_city(folder: &TempDir) -> String {
    let all = folder.path().join("rules");
    copy(&Path::new(ROOT).join("rules"), &all);
    let own = all.join(format!("{POOL}-zunyi"));
    copy(&all.join("520500-bijie"), &own);
    let pool = "code = \"520300\"\nname = \"遵义市\"\nprovince = \"guizhou\"\nagency = \"520399\"\n\n[[area]]\n\
                code = \"520302\"\nname = \"红花岗区\"\n";
    fs::write(own.join("pool.toml"), pool).unwrap();
    all.to_string_lossy().into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn a_city_that_is_data_alone_is_loaded_has_accounts_and_a_desk() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let rules = rules_with_a_third_city(&folder);
    let server = Server::by_rules(rules.clone(), "2021-07-05T10:00:00");
    let clerk = Clerk::of(&server, POOL, "zhao", "");
    let home = clerk.get("/office");
    assert!(home.status == 200 && home.text().contains("遵义市"), "{}", home.text());
    let data = server.data();
    let list = |more: &[&str]| {
        let mut arguments = vec!["user", "list", "--data", &data, "--pool", POOL];
        arguments.extend(more);
        yibao(&arguments)
    };
    let listed = list(&["--rules", &rules]).succeeded().stdout;
    assert!(listed.contains("zhao") && listed.contains("经办机构"), "{listed}");
    // Without the folder it is said what is missing.
    let refused = list(&[]);
    assert!(refused.code == 2 && refused.stderr.contains("--rules"), "{}", refused.stderr);
    for deed in [&["user", "close", "zhao"][..], &["store", "create"]] {
        let mut arguments = deed.to_vec();
        arguments.extend(["--data", &data, "--pool", POOL, "--rules", &rules]);
        yibao(&arguments).succeeded();
    }
}

#[test]
fn a_city_that_is_data_alone_is_simulated() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let rules = rules_with_a_third_city(&folder);
    let text = fs::read_to_string(plan("bijie-2021")).unwrap().replace("\"5205", "\"5203").replace("H5205", "H5203");
    let file = folder.path().join("zunyi.toml");
    fs::write(&file, text).unwrap();
    let file = file.to_string_lossy().into_owned();
    let asked = ["simulate", "--plan", &file, "--persons", "2", "--days", "12", "--seed", "1"];
    let refused = yibao(&asked);
    assert!(refused.code == 2 && refused.stderr.contains("--rules"), "{}", refused.stderr);
    yibao(&[&asked[..], &["--rules", &rules]].concat()).succeeded();
}
