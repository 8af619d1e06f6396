//! A store that is moved to the other engine and back is the same store.

use std::path::Path;

use clap::builder::Resettable;
use clap::{Args, Command, FromArgMatches};
use ringcard::app::App;
use ringcard::app::people::setup;
use ringcard::cli::fill::args::FillArgs;
use ringcard::cli::fill::fill;
use ringcard::clock::Clock;
use ringcard::config::Config;
use ringcard::store::Store;
use ringcard::store::location::{OpenError, StoreLocation};
use ringcard::store::moving::outline::{self, ColumnKind};
use ringcard::store::moving::{Step, move_all};
use ringcard::store::tables::contact_walks;
use rusqlite::types::Value;

use crate::place::{Place, ask};

const NOW_MS: i64 = 1_764_400_000_000;
const CALLS: u64 = 11_000;

fn app(store: Store, data: &Path) -> App {
    let line = ["ringcard", "--data-dir", data.to_str().unwrap()];
    let command = Config::augment_args(Command::new("ringcard")).mut_args(|arg| arg.env(Resettable::Reset));
    App::new(store, Clock::fixed(NOW_MS), Config::from_arg_matches(&command.get_matches_from(line)).unwrap())
}

/// A store with a past, and no server.
fn filled(place: &Place) {
    filled_with(place, CALLS);
}

fn filled_with(place: &Place, calls: u64) {
    let data = tempfile::tempdir().unwrap();
    let args = FillArgs { calls, contacts: 500, days: 30, seed: 3 };
    fill(&app(place.open(), data.path()), &args, |_| ()).unwrap();
}

/// Every row of every table of a file, as SQLite itself gives them, by no list of ours.
fn dump(file: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let raw = rusqlite::Connection::open(file).unwrap();
    let mut names = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let names = names.into_iter().filter(|name| !name.starts_with("search_index"));
    let rows = |name: &str| {
        let mut all = raw.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = all.column_count();
        let read = |row: &rusqlite::Row| (0..columns).map(|at| row.get(at)).collect();
        let mut rows: Vec<Vec<Value>> = all.query_map([], read).unwrap().map(Result::unwrap).collect();
        rows.sort_by_cached_key(|row| format!("{row:?}"));
        rows
    };
    names.map(|name| (name.clone(), rows(&name))).collect()
}

/// What stands beside the tables, and how it was made.
fn made(file: &Path) -> Vec<(String, String)> {
    let raw = rusqlite::Connection::open(file).unwrap();
    let sql =
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%' ORDER BY name";
    let mut all = raw.prepare(sql).unwrap();
    all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

fn move_now(from: &StoreLocation, to: &StoreLocation, stamp: &str) -> Result<String, OpenError> {
    move_all(from, to, stamp, &mut |_| Ok(()))
}

/// A move that ends when so many rows of calls have arrived.
fn break_off(from: &StoreLocation, to: &StoreLocation, after: u64) {
    let broke = move_all(from, to, "never", &mut |step| match step {
        Step::Rows { table: "call", done, .. } if done >= after => Err(OpenError::Refused("enough".to_owned())),
        _ => Ok(()),
    });
    assert_eq!(broke.unwrap_err().to_string(), "enough");
}

fn refusal(from: &StoreLocation, to: &StoreLocation) -> String {
    move_now(from, to, "never").unwrap_err().to_string()
}

#[test]
fn the_list_of_tables_is_that_of_the_engine() {
    let place = Place::sqlite();
    drop(place.open());
    let raw = rusqlite::Connection::open(place.file()).unwrap();
    let known = outline::tables();
    let sql = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_index%'";
    let count: i64 = raw.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(i64::try_from(known.len()), Ok(count));
    for table in known {
        let mut all = raw.prepare(&format!("SELECT name, type, pk FROM pragma_table_info('{}')", table.name)).unwrap();
        let all: Vec<(String, String, i64)> =
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect();
        let kind = |kind| if kind == ColumnKind::Text { "TEXT" } else { "BIGINT" };
        let place =
            |at| table.key.iter().position(|&key| key == at).map_or(0, |place| i64::try_from(place + 1).unwrap());
        let ours = table.columns.iter().enumerate();
        let ours: Vec<_> = ours.map(|(at, one)| (one.name.clone(), kind(one.kind).to_owned(), place(at))).collect();
        assert_eq!(ours, all, "{}", table.name);
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn there_and_back_it_is_the_same_store() {
    let (here, there, back) = (Place::sqlite(), Place::postgres(), Place::sqlite());
    filled(&here);
    let (before, was_made) = (dump(&here.file()), made(&here.file()));
    let kept = move_now(&here.location, &there.location, "one").unwrap();
    assert!(!here.file().exists(), "the old file has another name");
    assert_eq!(dump(Path::new(&kept)), before, "and is as it was");

    // What it has become is a store like any other.
    let store = there.open();
    let found = store.read_blocking(|tx| Ok(contact_walks::walk_all(tx, &(i64::MAX, String::new()))?.rows.len()));
    assert!(found.unwrap() > 0);
    drop(store);
    let StoreLocation::Postgres(address) = &there.location else { panic!() };
    let indexes = "SELECT COUNT(*)::text FROM pg_indexes WHERE schemaname = 'public'".to_owned();
    let made_new = Place::postgres();
    drop(Store::open_for_serving(&made_new.location).unwrap());
    let StoreLocation::Postgres(new) = &made_new.location else { panic!() };
    assert_eq!(ask(address.clone(), vec![indexes.clone()]), ask(new.clone(), vec![indexes]));
    let planned = "SELECT (reltuples > 0)::text FROM pg_class WHERE oid = 'call'::regclass".to_owned();
    assert_eq!(ask(address.clone(), vec![planned]), ["true"], "what the planner has to know it knows");

    let kept = move_now(&there.location, &back.location, "two").unwrap();
    assert_eq!(kept, "the schema moved_two of its database");
    assert_eq!(dump(&back.file()), before);
    assert_eq!(made(&back.file()), was_made);
    let raw = rusqlite::Connection::open(back.file()).unwrap();
    let check: String = raw.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    raw.execute_batch("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)").unwrap();
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_move_that_broke_off_goes_on() {
    let (here, there, back) = (Place::sqlite(), Place::postgres(), Place::sqlite());
    filled(&here);
    let before = dump(&here.file());
    break_off(&here.location, &there.location, 5_000);
    assert!(here.file().exists(), "the old store is as it was");
    let half = Store::open(&there.location).err().unwrap().to_string();
    assert!(half.contains("half made"), "{half}");
    let another = Place::sqlite();
    filled_with(&another, 100);
    let refused = refusal(&another.location, &there.location);
    assert!(refused.contains("not by a move from this store"), "{refused}");

    let mut first = None;
    let again = move_all(&here.location, &there.location, "one", &mut |step| {
        if let Step::Rows { table: "call", done, .. } = step {
            first.get_or_insert(done);
        }
        Ok(())
    });
    again.unwrap();
    assert_eq!(first, Some(10_000), "what had arrived is not sent again");
    break_off(&there.location, &back.location, 5_000);
    let half = Store::open(&back.location).err().unwrap().to_string();
    assert!(half.contains("a move broke off"), "{half}");
    move_now(&there.location, &back.location, "two").unwrap();
    assert_eq!(dump(&back.file()), before);
}

#[test]
#[ignore = "needs PostgreSQL"]
fn only_into_an_empty_store_and_past_no_server() {
    let (here, there, data) = (Place::sqlite(), Place::postgres(), tempfile::tempdir().unwrap());
    filled_with(&here, 100);
    let server = Store::open_for_serving(&there.location).unwrap();
    let refused = refusal(&here.location, &there.location);
    assert!(refused.contains("stop all of them first"), "{refused}");
    // Its first start leaves a link, and that is all.
    let app_there = app(server, data.path());
    actix_web::rt::System::new().block_on(setup::renew_link(&app_there)).unwrap().unwrap();
    drop(app_there);

    let server = Store::open_for_serving(&here.location).unwrap();
    let refused = refusal(&here.location, &there.location);
    assert!(refused.starts_with("another ringcard already serves"), "{refused}");
    drop(server);

    let used = Place::postgres();
    filled_with(&used, 100);
    let refused = refusal(&here.location, &used.location);
    assert!(refused.contains("is not empty (there are rows in user_account)"), "{refused}");
    let refused = refusal(&used.location, &here.location);
    assert!(refused.contains("is not empty (there are rows in user_account)"), "{refused}");
    move_now(&here.location, &there.location, "one").unwrap();
}

#[test]
#[ignore = "needs PostgreSQL"]
fn what_changed_meanwhile_is_found() {
    let (here, there) = (Place::sqlite(), Place::postgres());
    filled(&here);
    break_off(&here.location, &there.location, 5_000);
    let raw = rusqlite::Connection::open(here.file()).unwrap();
    raw.execute_batch("UPDATE call SET note = 'later' WHERE id = (SELECT MIN(id) FROM call)").unwrap();
    drop(raw);
    let refused = refusal(&here.location, &there.location);
    assert!(refused.starts_with("call differs: 11000 rows"), "{refused}");
    assert!(here.file().exists());
}
