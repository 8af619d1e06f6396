//! What the program is built from: licences that let anybody use it, from the one registry, and nothing known to be bad.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::{assert_none, root};

const LICENCES: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "LLVM-exception",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "CC0-1.0",
];

/// By name and how the version begins, and why.
const BANNED: [(&str, &str, &str); 1] = [("h2", "0.3.", "RUSTSEC-2026-0258")];

/// In two versions, or three, as long as those who use them have not agreed: actix-web, rusqlite, the phone numbers' metadata
/// and the two generations of RustCrypto. The list only gets shorter.
const TWICE: [(&str, usize); 20] = [
    ("base64", 2),
    ("chacha20", 2),
    ("const-oid", 2),
    ("cpufeatures", 2),
    ("crypto-common", 2),
    ("fallible-iterator", 2),
    ("foldhash", 2),
    ("getrandom", 2),
    ("hashbrown", 3),
    ("http", 2),
    ("lock_api", 2),
    ("logos", 2),
    ("logos-codegen", 2),
    ("logos-derive", 2),
    ("parking_lot", 2),
    ("parking_lot_core", 2),
    ("rand_core", 2),
    ("syn", 2),
    ("thiserror", 2),
    ("thiserror-impl", 2),
];

/// Names in several versions, and in how many.
fn repeated(packages: &[Value]) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::new();
    for package in packages {
        *counts.entry(package["name"].as_str().unwrap_or_default().to_owned()).or_insert(0) += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).collect()
}

/// Of licences joined by OR one will do, of those joined by AND all are needed: a bracket is one of these.
fn is_free(licence: &str) -> bool {
    let one_will_do = |part: &str| part.replace(['/', '(', ')'], " OR ").split(" OR ").any(is_known);
    licence.split(" AND ").all(one_will_do)
}

fn is_known(part: &str) -> bool {
    let mut words = part.split(" WITH ").map(str::trim).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| LICENCES.contains(&word))
}

fn faults(packages: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in packages {
        let of = |member: &str| package[member].as_str().unwrap_or_default().to_owned();
        let (name, version, licence, source) = (of("name"), of("version"), of("license"), of("source"));
        if !is_free(&licence) {
            wrong.push(format!("{name} has the licence {licence:?}"));
        }
        if !package["source"].is_null() && !source.starts_with("registry+https://github.com/rust-lang/crates.io-index")
        {
            wrong.push(format!("{name} comes from {source}"));
        }
        let is_banned = |(banned, begin, _): &&(&str, &str, &str)| *banned == name && version.starts_with(begin);
        wrong.extend(BANNED.iter().find(is_banned).map(|(_, _, why)| format!("{name} {version}: {why}")));
    }
    wrong
}

/// R44: what is linked into the program on this platform.
#[test]
fn dependencies_are_free_from_the_one_registry_and_not_known_to_be_bad() {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let told: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let packages = told["packages"].as_array().unwrap();
    assert!(packages.len() > 200, "only {} packages", packages.len());
    assert_none(&faults(packages));
    assert_eq!(repeated(packages), TWICE.map(|(name, count)| (name.to_owned(), count)));
}

#[test]
fn what_looks_at_dependencies_finds_what_is_bad() {
    let package = |name: &str, version: &str, licence: &str, source: &str| serde_json::json!({"name": name, "version": version, "license": licence, "source": source});
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let packages = [
        package("a", "1.0.0", "(MIT OR GPL-3.0) AND Unicode-3.0", registry),
        package("b", "1.0.0", "MIT AND GPL-3.0", registry),
        package("c", "1.0.0", "GPL-2.0-only", registry),
        package("d", "1.0.0", "MIT/Apache-2.0", "git+https://example.org/d"),
        package("e", "1.0.0", "", registry),
        package("f", "1.0.0", "Apache-2.0 WITH LLVM-exception", registry),
        package("h2", "0.3.26", "MIT", registry),
        package("h2", "0.4.0", "MIT", registry),
    ];
    let expected = [
        "b has the licence \"MIT AND GPL-3.0\"",
        "c has the licence \"GPL-2.0-only\"",
        "d comes from git+https://example.org/d",
        "e has the licence \"\"",
        "h2 0.3.26: RUSTSEC-2026-0258",
    ];
    assert_eq!(faults(&packages), expected);
    assert_eq!(repeated(&packages), [("h2".to_owned(), 2)]);
}
