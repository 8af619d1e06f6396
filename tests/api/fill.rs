//! `ringcard fill`: a made-up past in an empty store, which then is a store like any other.

use std::collections::BTreeMap;
use std::process::{Command, Output};
use std::time::Duration;

use ringcard::app::calls::figures_anew;
use ringcard::app::people::sessions;
use ringcard::cli::fill::args::FillArgs;
use ringcard::cli::fill::{Progress, fill};
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use ringcard::store::tables::{call_figures, contact_talks, missed_episodes};
use ringcard::store::tx::Tx;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::TestApp;
use crate::support::person::Person;
use crate::support::place::Place;
use crate::support::proxy::Proxy;

const CALLS: usize = 3_000;
const CONTACTS: usize = 300;

/// The server on a store that was filled, and its admin.
async fn filled(seed: u64) -> (TestApp, Person) {
    let crm = TestApp::start().await;
    let args = FillArgs { calls: CALLS as u64, contacts: CONTACTS, days: 30, seed };
    let app = crm.app.clone();
    // A command has no runtime around it.
    let heard = std::thread::spawn(move || {
        let (mut rows, mut indexes) = (0, Vec::new());
        let heed = |progress: Progress| match progress {
            Progress::Rows(done) => rows = done,
            Progress::Index { nth, parts } => indexes.push((nth, parts)),
        };
        fill(&app, &args, heed).unwrap();
        (rows, indexes, matches!(app.store.location(), StoreLocation::Sqlite(_)))
    });
    let (rows, indexes, is_embedded) = heard.join().unwrap();
    assert!(rows >= (CALLS + CONTACTS) as u64, "progress counts every call and contact");
    let last = indexes.last().copied();
    assert_eq!(last.is_some_and(|(nth, parts)| nth == parts && indexes.len() == parts), is_embedded, "{indexes:?}");
    let directory = crm.app.directory().await.unwrap();
    let admin = directory.users.iter().find(|user| user.login == "admin").unwrap();
    let appears = json!({"id": admin.id, "login": admin.login, "name": admin.name});
    let token = sessions::begin(&crm.app, &admin.id).await.unwrap();
    let admin = Person::with_session(&crm, &token, appears);
    (crm, admin)
}

/// Where every statement waits for the network, no transaction lasts longer than a write may.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_store_far_away_is_filled() {
    let place = Place::postgres();
    let proxy = Proxy::before(&place);
    let crm = TestApp::start_at(Proxy::location(&place, &[&proxy]));
    proxy.delays(Duration::from_millis(2));
    let args = FillArgs { calls: CALLS as u64, contacts: 30, days: 30, seed: 1 };
    let app = crm.app.clone();
    std::thread::spawn(move || fill(&app, &args, |_| {}).unwrap()).join().unwrap();
}

/// A disk that is slow for a while breaks off nothing.
#[tokio::test]
async fn a_store_that_cannot_be_written_for_a_while_is_filled_all_the_same() {
    let data = tempfile::tempdir().unwrap();
    let crm = TestApp::start_at(StoreLocation::in_dir(data.path()));
    let other = rusqlite::Connection::open(data.path().join("ringcard.db")).unwrap();
    let (app, args) = (crm.app.clone(), FillArgs { calls: 30_000, contacts: 30, days: 30, seed: 1 });
    let (says, heard) = std::sync::mpsc::channel();
    let filling = std::thread::spawn(move || {
        fill(&app, &args, |progress| {
            if let Progress::Rows(done) = progress {
                says.send(done).unwrap()
            }
        })
    });
    assert!(heard.recv().is_ok(), "it has begun");
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Longer than a write waits.
    std::thread::sleep(Duration::from_secs(10));
    other.execute_batch("ROLLBACK").unwrap();
    filling.join().unwrap().unwrap();
    assert!(heard.iter().last().unwrap() >= 30_030);
}

/// Every page of a list.
async fn all(person: &Person, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = person.reads(&format!("{path}limit=200{cursor}")).await;
        items.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return items };
        cursor = format!("&cursor={next}");
    }
}

fn text<'a>(item: &'a Value, member: &str) -> &'a str {
    item[member].as_str().unwrap_or_default()
}

fn share(calls: &[Value], of: impl Fn(&Value) -> bool) -> usize {
    calls.iter().filter(|call| of(call)).count() * 1000 / calls.len()
}

#[tokio::test]
async fn a_filled_store_is_a_store_like_any_other() {
    let (_crm, admin) = filled(1).await;
    let calls = all(&admin, "/api/calls?").await;
    assert_eq!(calls.len(), CALLS);
    for (state, per_mille) in [("answered", 660..760), ("missed", 110..180), ("busy", 10..60), ("ringing", 0..1)] {
        let found = share(&calls, |call| call["state"] == state);
        assert!(per_mille.contains(&found), "{state}: {found} of 1000");
    }
    let out = share(&calls, |call| call["direction"] == "out");
    assert!((180..300).contains(&out), "{out}");
    let noted = share(&calls, |call| call["note"] != "");
    assert!((50..110).contains(&noted), "{noted}");
    assert!(calls.iter().any(|call| text(call, "note").chars().count() > 2_000), "some notes are long");
    let handed_on = calls.iter().find(|call| !call["transferred_to"].is_null()).unwrap();
    let next = admin.reads(&format!("/api/calls/{}", text(handed_on, "transferred_to"))).await;
    assert_eq!((&next["transferred_from"], &next["phone"]), (&handed_on["id"], &handed_on["phone"]));
    assert!(calls.iter().filter(|call| call["state"] == "answered").all(|call| !call["user"].is_null()));
    assert!(calls.iter().all(|call| !text(&call["line"], "label").is_empty()), "every number of ours has its label");

    let contacts = all(&admin, "/api/contacts?").await;
    assert_eq!(contacts.len(), CONTACTS);
    let yo = contacts.iter().find(|contact| text(contact, "name").contains('ё')).unwrap();
    let query = text(yo, "name").replace('ё', "е").replace(' ', "%20");
    let found = all(&admin, &format!("/api/contacts?q={query}&")).await;
    assert!(found.contains(yo), "found by е as well as by ё");
    assert_eq!(admin.reads("/api/users").await["items"].as_array().unwrap().len(), 8);
}

/// What the program itself counts, from the calls alone.
#[tokio::test]
async fn what_reports_count_is_what_the_calls_left() {
    let (crm, _admin) = filled(3).await;
    let counted = async || {
        let read = |tx: &mut Tx| Ok((call_figures::list(tx, 0, i64::MAX)?, missed_episodes::list(tx, 0, i64::MAX)?));
        crm.app.store.show(read).await.unwrap()
    };
    let filled = counted().await;
    assert!((filled.0.len(), filled.1.len() > 100) == (CALLS, true), "{} {}", filled.0.len(), filled.1.len());
    let forget = |tx: &mut Tx| {
        tx.execute("DELETE FROM call_figure", &[])?;
        tx.execute("DELETE FROM missed_episode", &[])?;
        tx.execute("DELETE FROM figure_mark", &[])
    };
    crm.app.store.write(forget).await.unwrap();
    while figures_anew::count(&crm.app).await.unwrap() > 0 {}
    let counted = counted().await;
    assert_eq!(counted.0, filled.0);
    for (counted, filled) in counted.1.iter().zip(&filled.1) {
        let number = filled.number.clone();
        let course =
            crm.app.store.show(move |tx| missed_episodes::list_course(tx, &number, 0, i64::MAX)).await.unwrap();
        assert_eq!(counted, filled, "{course:#?}");
    }
    assert_eq!(counted.1.len(), filled.1.len());
}

/// What the program itself would have counted, from the calls alone.
#[tokio::test]
async fn the_board_is_what_the_calls_left() {
    let (_crm, admin) = filled(2).await;
    let calls = all(&admin, "/api/calls?").await;
    let open = all(&admin, "/api/missed?").await;
    let closed = all(&admin, "/api/missed?state=closed&").await;
    assert!((20..=60).contains(&open.len()), "{} are open", open.len());

    let contacts = all(&admin, "/api/contacts?").await;
    let phones = |contact: &Value| contact["phones"].as_array().unwrap().clone().into_iter();
    let owners: BTreeMap<String, &str> = contacts
        .iter()
        .flat_map(|contact| phones(contact).map(|phone| (text(&phone, "number").to_owned(), text(contact, "id"))))
        .collect();
    let client = |number: &str| (*owners.get(number).unwrap_or(&number)).to_owned();
    let mut missed: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for call in calls.iter().filter(|call| call["state"] == "missed") {
        missed.entry(client(text(call, "phone"))).or_default().push(call);
    }
    let rows: Vec<String> = open.iter().chain(&closed).map(|row| client(text(row, "number"))).collect();
    assert_eq!(rows.len(), missed.len(), "a row for each client who was missed");
    assert!(rows.iter().all(|client| missed.contains_key(client)));
    assert!(open.iter().any(|row| row["numbers"].as_array().unwrap().len() == 2));
    for row in &open {
        let of_client = |call: &&Value| client(text(call, "phone")) == client(text(row, "number"));
        let talks = calls.iter().filter(of_client).filter(|call| call["state"] == "answered");
        let reached = talks.map(|call| text(call, "ended_at")).max().unwrap_or_default();
        let waiting: Vec<_> = missed[&client(text(row, "number"))]
            .iter()
            .filter(|call| text(call, "started_at") >= reached.max(text(row, "first_at")))
            .map(|call| call["id"].clone())
            .collect();
        assert_eq!((&row["calls"], &row["count"]), (&json!(waiting), &json!(waiting.len())), "{row}");
        assert!(text(row, "first_at") >= reached, "nobody talked with him since: {row}");
    }
}

#[tokio::test]
async fn contacts_stand_in_the_order_of_their_latest_talks() {
    let (crm, admin) = filled(2).await;
    let contacts = all(&admin, "/api/contacts?").await;
    let talked: Vec<_> = contacts.iter().filter(|contact| !contact["last_talk"].is_null()).collect();
    assert!(talked.len() > CONTACTS / 3, "{} were talked to", talked.len());
    let at = |contact: &Value| match &contact["last_talk"] {
        Value::Null => text(contact, "created_at").to_owned(),
        talk => text(talk, "at").to_owned(),
    };
    assert!(contacts.is_sorted_by_key(|contact| std::cmp::Reverse(at(contact))));
    let ids: Vec<_> = contacts.iter().map(|contact| text(contact, "id").to_owned()).collect();
    let refreshed = crm.app.store.write(move |tx| {
        let changed: Result<Vec<_>, _> = ids.iter().map(|id| contact_talks::refresh(tx, id)).collect();
        Ok(changed?.into_iter().filter(|is_another| *is_another).count())
    });
    assert_eq!(refreshed.await.unwrap(), 0, "the calls say the same");
}

#[tokio::test]
async fn the_same_seed_makes_the_same_past_up() {
    let (first, second, other) = tokio::join!(filled(3), filled(3), filled(4));
    for path in ["/api/calls?", "/api/contacts?", "/api/missed?"] {
        // An integration's crm_token is always a new one; its id and everybody else's are not.
        let (here, there) = (all(&first.1, path).await, all(&second.1, path).await);
        let apart = here.iter().zip(&there).find(|(here, there)| here != there);
        assert_eq!((here.len(), apart), (there.len(), None), "{path}");
        assert!(here != all(&other.1, path).await, "{path}");
    }
}

fn types(data: &TempDir, line: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringcard"));
    let command = command.env_clear().env("RINGCARD_DATA_DIR", data.path()).args(line);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn only_an_empty_store_is_filled() {
    let data = tempfile::tempdir().unwrap();
    let line = ["fill", "--calls", "50", "--contacts", "5"];
    let (code, out, err) = types(&data, &line);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("50 calls and 5 contacts in "), "{out}");
    let refused =
        (1, String::new(), "ringcard: the store holds calls or contacts: only an empty one is filled\n".to_owned());
    assert_eq!(types(&data, &line), refused);
}

/// Everything that stands in the file beside its tables.
fn made(data: &TempDir) -> Vec<(String, String)> {
    let file = rusqlite::Connection::open(data.path().join("ringcard.db")).unwrap();
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY name";
    let mut made = file.prepare(sql).unwrap();
    let rows = made.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_is_put_off_while_a_store_is_filled_stands_in_the_end() {
    let (filled, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(types(&filled, &["fill", "--calls", "50", "--contacts", "5"]).0, 0);
    assert_eq!(types(&fresh, &["user", "list"]).0, 0);
    assert_eq!(made(&filled), made(&fresh));
}

#[test]
fn a_store_whose_filling_broke_off_is_not_served() {
    let data = tempfile::tempdir().unwrap();
    assert_eq!(types(&data, &["user", "list"]).0, 0);
    let location = StoreLocation::in_dir(data.path());
    let store = Store::open(&location).unwrap();
    drop(store.put_off_indexes().unwrap());
    drop(store);
    let (code, _, err) = types(&data, &["user", "list"]);
    assert_eq!(code, 1);
    assert!(err.contains("the table schema_version is empty, as where a filling or a move broke off"), "{err}");
}

#[test]
fn a_size_is_needed_and_must_be_one() {
    let data = tempfile::tempdir().unwrap();
    for line in [
        &["fill"][..],
        &["fill", "--calls", "50"],
        &["fill", "--calls", "0", "--contacts", "5"],
        &["fill", "--calls", "50", "--contacts", "0"],
        &["fill", "--calls", "50", "--contacts", "5", "--days", "0"],
        &["fill", "--calls", "50", "--contacts", "5", "--listen", "127.0.0.1:0"],
    ] {
        assert_eq!(types(&data, line).0, 2, "{line:?}");
    }
}
