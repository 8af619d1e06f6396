//! What may not be said at all, or only in certain places.

use crate::code::Code;
use crate::imports::{Modules, named};
use crate::{Source, assert_none, lines, planted, program};

/// Words of code that only these places may speak. The pools of the async runtime are no place for blocking work.
const ALONE: &[(&str, &[&str])] = &[("spawn_blocking", &[]), ("ResponseError", &["http/"])];

/// Crates, or parts of them, that only these places may name.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/sqlite/", "store/migrations.rs"]),
    ("postgres", &["store/postgres/"]),
    ("tokio_postgres", &["store/postgres/"]),
    ("actix", &["http/", "server/", "cli/", "jobs/", "main.rs", "simulator/"]),
    ("actix_web::web::block", &[]),
    // The health check asks our own server.
    ("reqwest", &["telephony/", "simulator/", "cli/healthcheck.rs"]),
];

fn said_elsewhere(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut judge = |path: &str, name: &str, homes: &[&str]| {
        if !homes.iter().any(|home| path.starts_with(home)) {
            wrong.push(format!("{path} speaks of {name}"));
        }
    };
    for named in named(sources, &Modules::of(sources)).iter().filter(|named| named.to.is_none()) {
        let rest = |name: &&(&str, _)| named.path.strip_prefix(name.0).map(str::to_owned);
        let is_meant =
            |name: &&(&str, _)| rest(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '_']));
        CRATES.iter().filter(is_meant).for_each(|(name, homes)| judge(&named.from, name, homes));
    }
    for source in sources {
        let tokens = Code::read(&source.text).tokens;
        for (name, homes) in ALONE.iter().filter(|(name, _)| tokens.iter().any(|token| token == name)) {
            judge(&source.path, name, homes);
        }
    }
    wrong.dedup();
    wrong
}

/// The text holds a statement in capitals, or begins with one in small letters: prose that says "select" is none.
fn is_sql(text: &str) -> bool {
    let text = text.replace("\\n", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    (0..words.len()).any(|at| {
        let is = |word: &str, keyword: &str| word == keyword || at == 0 && word == keyword.to_lowercase();
        let follows = |verb: &str, distance: usize, keyword: &str| {
            is(words[at], verb) && words.get(at + distance).is_some_and(|word| is(word, keyword))
        };
        let selects = is(words[at], "SELECT") && words[at..].iter().any(|word| is(word, "FROM"));
        selects || follows("INSERT", 1, "INTO") || follows("UPDATE", 2, "SET") || follows("DELETE", 1, "FROM")
    })
}

fn sql_outside_the_store(sources: &[Source]) -> Vec<String> {
    let outside = sources.iter().filter(|source| !source.path.starts_with("store/"));
    let texts = outside.flat_map(|source| Code::read(&source.text).texts.into_iter().map(|text| (&source.path, text)));
    texts.filter(|(_, text)| is_sql(text)).map(|(path, text)| format!("{path}: {text}")).collect()
}

/// Public functions of the layers with rules that take a bool: at the call it says nothing.
fn bool_parameters(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    let layers = ["app/", "domain/", "store/"];
    for source in sources.iter().filter(|source| layers.iter().any(|layer| source.path.starts_with(layer))) {
        let tokens = Code::read(&source.text).tokens;
        for (at, _) in tokens.windows(2).enumerate().filter(|(_, two)| *two == ["pub", "fn"]) {
            let ends = ["{", ";"].map(str::to_owned);
            let head = tokens[at..].split(|token| ends.contains(token)).next().unwrap();
            let is_bool = |three: &[String]| three[..2] == [":", "bool"] && [",", ")"].contains(&three[2].as_str());
            if head.windows(3).any(is_bool) {
                wrong.push(format!("{}: {} takes a bool", source.path, head[2]));
            }
        }
    }
    wrong
}

#[test]
fn drivers_frameworks_and_blocking_work_stay_where_they_belong() {
    assert_none(&said_elsewhere(&program()));
}

#[test]
fn sql_stands_in_the_store_alone() {
    assert_none(&sql_outside_the_store(&program()));
}

#[test]
fn no_public_function_of_the_rules_takes_a_bool() {
    assert_none(&bool_parameters(&program()));
}

#[test]
fn what_looks_for_words_out_of_place_finds_them() {
    let sources = planted(
        "http/mod.rs: use actix_web::{ResponseError, web as w}; async fn a() { w::block(b) }
         app/a.rs: fn a() { runtime.spawn_blocking(b); } // rusqlite::Connection
         store/engine/mod.rs: use crate::store::postgres; fn a() { postgres::open(); r2d2_sqlite() }
         store/postgres/mod.rs: use postgres::Client;
         store/tables/a.rs: fn a() { rusqlite::open() }
         error.rs: #[actix_rt::main] impl ResponseError for E {}",
    );
    let faults = "
        http/mod.rs speaks of actix_web::web::block
        store/tables/a.rs speaks of rusqlite
        error.rs speaks of actix
        app/a.rs speaks of spawn_blocking
        error.rs speaks of ResponseError";
    assert_eq!(said_elsewhere(&sources), lines(faults));
}

#[test]
fn what_looks_for_sql_finds_it_and_leaves_prose_alone() {
    let sources = planted(
        r##"http/a.rs: const A: &str = "-- x\nSELECT id
            FROM call"; const B: &str = "Update your profile, or set it; select one from the list";
            app/a.rs: fn a() { b(concat!("insert into call"), r#"DELETE FROM call"#, "update call SET a = 1"); }
            store/tables/a.rs: const A: &str = "SELECT id FROM call";
            app/b.rs: #[cfg(test)] mod tests { const A: &str = "SELECT id FROM call"; }"##,
    );
    let found: Vec<String> =
        sql_outside_the_store(&sources).iter().map(|fault| fault.replace(['\n', ' '], "_")).collect();
    let expected = [
        "http/a.rs:_--_x\\nSELECT_id_FROM_call",
        "app/a.rs:_insert_into_call",
        "app/a.rs:_DELETE_FROM_call",
        "app/a.rs:_update_call_SET_a_=_1",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_looks_for_bool_parameters_finds_them() {
    let text = "pub fn a<T>(of: &[T], is_b: bool) -> u8 { let c: bool = d(); } pub fn e() -> bool {} fn f(g: bool) {}";
    let sources = planted(&format!("app/a.rs: {text}\nhttp/a.rs: {text}"));
    assert_eq!(bool_parameters(&sources), ["app/a.rs: a takes a bool"]);
}
