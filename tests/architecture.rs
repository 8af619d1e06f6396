//! The house's rules, read off the source: which layer may know which, and who may name a driver.

#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each layer may use. `error`, `clock` and `config` are leaves; `error` alone knows the HTTP answer it becomes.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("error", &[]),
    ("clock", &[]),
    ("config", &[]),
    ("pbx", &["pbx", "domain"]),
    ("telephony", &["telephony", "domain", "error", "config", "clock"]),
    ("store", &["store", "domain", "error", "params"]),
    ("live", &["live", "domain"]),
    ("app", &["app", "store", "telephony", "domain", "error", "clock", "config"]),
    ("http", &["http", "app", "pbx", "live", "domain", "error", "config"]),
    ("jobs", &["jobs", "app"]),
    ("server", &["app", "http", "jobs", "live", "store", "error", "clock", "config"]),
    ("simulator", &["simulator", "clock", "domain"]),
    ("cli", &["cli", "server", "simulator", "app", "store", "domain", "error", "clock", "config"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Names that only these files may speak.
const ALONE: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/sqlite", "store/migrations"]),
    ("postgres::", &["store/postgres", "store/open.rs"]),
    ("impl ResponseError", &["http/edge/problem.rs"]),
    ("actix", &["http/", "server", "cli/", "jobs/", "main.rs", "simulator/", "config.rs"]),
    // The health check asks our own server.
    ("reqwest", &["telephony/", "simulator/", "cli/healthcheck.rs"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    assert!(found.len() > 50, "the walk found the program's files");
    let text = |path: &PathBuf| fs::read_to_string(path).unwrap();
    found.iter().map(|path| (path.strip_prefix(&root).unwrap().to_owned(), text(path))).collect()
}

fn layer(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The layers that a file's code names by `crate::…`; its tests may know more.
fn used_layers(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut used = Vec::new();
    for part in code.split("crate::").skip(1) {
        let names = match part.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).collect(),
            None => vec![part],
        };
        for name in names {
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            used.push(name[..end].to_owned());
        }
    }
    used
}

#[test]
fn layers_know_only_what_stands_below_them() {
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let layer = layer(&path);
        let allowed = arrows.get(layer.as_str()).unwrap_or_else(|| panic!("{layer} is a layer that nobody named"));
        for used in used_layers(&text) {
            if !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden arrows:\n{}", wrong.join("\n"));
}

#[test]
fn drivers_and_frameworks_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let path = path.to_str().unwrap();
        for (name, homes) in ALONE {
            let is_home = homes.iter().any(|home| path.starts_with(home));
            let is_spoken = text.lines().any(|line| line.contains(name) && !line.trim_start().starts_with("//"));
            if is_spoken && !is_home {
                wrong.push(format!("{path} speaks of {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_simulator_knows_of_ours_only_clock_and_phone() {
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("simulator")) {
        for line in text.lines().filter(|line| line.contains("crate::domain")) {
            assert!(line.contains("domain::phone"), "{}: {line}", path.display());
        }
    }
}

#[test]
fn telephony_files_do_not_know_each_other() {
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("telephony") && !path.ends_with("mod.rs"))
    {
        for line in text.lines().filter(|line| line.contains("crate::telephony::")) {
            let is_shared = line.contains("telephony::http") || line.contains("telephony::{");
            assert!(is_shared || !line.contains("telephony::cloud_pbx"), "{}: {line}", path.display());
        }
    }
}

#[test]
fn what_was_shown_to_find_a_forbidden_arrow_finds_one() {
    assert_eq!(used_layers("use crate::store::{calls, Tx};\nuse crate::{app, http as web};"), ["store", "app", "http"]);
    assert_eq!(used_layers("// crate::store\n#[cfg(test)]\nmod tests { use crate::store; }"), Vec::<String>::new());
}
