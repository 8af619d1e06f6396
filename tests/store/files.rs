//! The embedded store's file: made whole, held by one server, and never replaced when it is damaged.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use ringcard::error::Error;
use ringcard::params;
use ringcard::store::Store;
use ringcard::store::location::{OpenError, StoreLocation};
use ringcard::store::tx::Tx;

use crate::place::Place;

fn refusal(place: &Place) -> OpenError {
    Store::open(&place.location).err().unwrap()
}

#[actix_web::test]
async fn a_second_server_is_refused_and_a_command_is_not() {
    let place = Place::sqlite();
    let server = Store::open_for_serving(&place.location).unwrap();
    assert!(matches!(Store::open_for_serving(&place.location), Err(OpenError::InUse(_))));
    let command = place.open();
    command
        .write(|tx| tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params!["n", "1"]))
        .await
        .unwrap();
    drop(server);
    drop(Store::open_for_serving(&place.location).unwrap());
}

#[test]
fn the_file_is_its_owners() {
    let place = Place::sqlite();
    let _store = place.open();
    assert_eq!(fs::metadata(place.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn many_may_come_first_at_once() {
    let place = Place::sqlite();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                place.open().read_blocking(|tx| tx.query("SELECT version FROM schema_version", &[])).unwrap()
            });
        }
    });
    let names = fs::read_dir(place.file().parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    let drafts: Vec<_> = names.filter(|name| name.to_string_lossy().contains("new")).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
}

#[test]
fn the_last_handle_leaves_one_whole_file() {
    let place = Place::sqlite();
    let store = place.open();
    store
        .write_blocking(|tx| tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params!["n", "1"]))
        .unwrap();
    drop(store);
    let copy = place.file().with_file_name("copy.db");
    fs::copy(place.file(), &copy).unwrap();
    let store = Store::open(&StoreLocation::Sqlite(copy)).unwrap();
    let kept = store.read_blocking(|tx| tx.query("SELECT value FROM setting WHERE name = $1", params!["n"])).unwrap();
    assert_eq!(kept.len(), 1);
}

/// R5.
#[test]
fn an_empty_file_is_no_fresh_store() {
    let place = Place::sqlite();
    fs::write(place.file(), "").unwrap();
    assert!(matches!(refusal(&place), OpenError::Damaged { .. }));
    assert_eq!(fs::metadata(place.file()).unwrap().len(), 0, "left as it was found");
}

/// R5.
#[test]
fn a_log_without_its_file_is_no_fresh_store() {
    let place = Place::sqlite();
    fs::write(place.file().with_file_name("ringcard.db-wal"), "something").unwrap();
    assert!(matches!(refusal(&place), OpenError::Damaged { .. }));
    assert!(!place.file().exists());
}

/// R5.
#[test]
fn what_is_no_database_says_so() {
    let place = Place::sqlite();
    fs::write(place.file(), "Dear diary, ".repeat(1_000)).unwrap();
    let refusal = refusal(&place);
    assert!(matches!(refusal, OpenError::Damaged { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("ringcard.db is damaged"), "{refusal}");
}

#[test]
fn anothers_database_is_not_taken() {
    let place = Place::sqlite();
    rusqlite::Connection::open(place.file()).unwrap().execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    assert!(matches!(refusal(&place), OpenError::Damaged { .. }));
}

/// R5.
#[test]
fn overwritten_pages_are_found_before_serving() {
    let place = Place::sqlite();
    drop(place.open());
    let mut bytes = fs::read(place.file()).unwrap();
    let end = bytes.len();
    bytes[8_192..end].fill(0x5a);
    fs::write(place.file(), bytes).unwrap();
    let refused = Store::open_for_serving(&place.location);
    assert!(matches!(refused, Err(OpenError::Damaged { .. })));
}

/// Fills a page with what nobody wrote: the first one of this table, or of this index.
fn overwrite(place: &Place, name: &str) {
    let raw = rusqlite::Connection::open(place.file()).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let number: u32 = raw.query_row(sql, [name], |row| row.get(0)).unwrap();
    let size: u32 = raw.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
    let (number, size) = (usize::try_from(number).unwrap(), usize::try_from(size).unwrap());
    raw.close().unwrap();
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[(number - 1) * size..number * size].fill(0x5a);
    fs::write(place.file(), bytes).unwrap();
}

/// R5: whoever meets the damage, nothing more is written, and the store says that it must end.
#[actix_web::test]
async fn damage_met_while_running_ends_the_store() {
    let set = |tx: &mut Tx| tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params!["n", "1"]);
    for is_met_by_a_reader in [true, false] {
        let place = Place::sqlite();
        drop(place.open());
        overwrite(&place, "setting");
        let store = place.open();
        if is_met_by_a_reader {
            let read = store.show(|tx| tx.query("SELECT value FROM setting", &[])).await;
            assert!(matches!(read, Err(Error::Busy(_))), "{read:?}");
        } else {
            let written = store.write(set).await;
            assert!(matches!(written, Err(Error::Busy(_))), "{written:?}");
        }
        assert!(store.died().await.contains("restore a backup"));
        assert!(!store.is_ready());
        let sound = store.write(|tx| tx.execute("UPDATE schema_version SET version = version", &[])).await;
        assert!(matches!(sound, Err(Error::Busy(_))), "{sound:?}");
    }
}

/// R5: an index with other values than its table answers wrongly, and no statement fails.
#[actix_web::test]
async fn a_wrong_index_is_found_after_the_start() {
    let place = Place::sqlite();
    drop(place.open());
    let raw = |sql: &str| {
        let raw = rusqlite::Connection::open(place.file()).unwrap();
        raw.execute_batch(sql).unwrap();
    };
    raw("PRAGMA foreign_keys = OFF;
         INSERT INTO session (token_hash, id, user_id, browser, address, created_ms, seen_ms) VALUES ('h', 'i', 'one', '', '', 1, 1);
         CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'session_of_user';
         PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'session_of_user'");
    raw("PRAGMA foreign_keys = OFF; UPDATE session SET user_id = 'another'");
    raw("PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept");
    let store = Store::open_for_serving(&place.location).unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while store.damage().is_none() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(store.damage().unwrap().contains("session_of_user"), "{:?}", store.damage());
    assert!(store.is_ready(), "what can be read is served");
}

/// R5.
#[test]
fn a_store_without_its_version_says_so() {
    let place = Place::sqlite();
    drop(place.open());
    rusqlite::Connection::open(place.file()).unwrap().execute_batch("DELETE FROM schema_version").unwrap();
    let refusal = refusal(&place);
    assert!(
        refusal
            .to_string()
            .contains("schema_version is empty, as where a filling or a move broke off. Restore a backup"),
        "{refusal}"
    );
}

/// The next of a row of numbers that look random and are the same in every run.
fn next(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap() % below
}

#[test]
#[ignore = "needs a minute"]
fn r5_two_hundred_damaged_files_are_refused_or_read() {
    let whole = Place::sqlite();
    let store = whole.open();
    for number in 0..2_000 {
        let (name, value) = (format!("n{number}"), "x".repeat(100));
        let sql = "INSERT INTO setting (name, value) VALUES ($1, $2)";
        store.write_blocking(move |tx| tx.execute(sql, params![&name, &value]).map(drop)).unwrap();
    }
    drop(store);
    let bytes = fs::read(whole.file()).unwrap();
    let (mut seed, mut refused, mut met, mut read) = (1, 0, 0, 0);
    for kind in (0..200).map(|number| number % 4) {
        let place = Place::sqlite();
        let mut damaged = bytes.clone();
        match kind {
            0 => (0..8).for_each(|_| {
                let at = next(&mut seed, damaged.len());
                damaged[at] ^= 1 << next(&mut seed, 8);
            }),
            1 => damaged.truncate(next(&mut seed, bytes.len())),
            2 => {
                let at = next(&mut seed, bytes.len() / 4_096) * 4_096;
                damaged[at..at + 4_096].fill(u8::try_from(next(&mut seed, 256)).unwrap());
            }
            _ => damaged.rotate_left(next(&mut seed, bytes.len() - 1) + 1),
        }
        fs::write(place.file(), damaged).unwrap();
        match Store::open_for_serving(&place.location) {
            Err(error) => {
                assert!(matches!(error, OpenError::Damaged { .. } | OpenError::Newer { .. }), "{kind}: {error}");
                refused += 1;
            }
            Ok(store) => match store.read_blocking(|tx| tx.query("SELECT name, value FROM setting", &[])) {
                Err(Error::Busy(why)) => {
                    assert!(why.contains("restore a backup"), "{kind}: {why}");
                    met += 1;
                }
                // A text that is none any more: found in the row, not in the file.
                Err(Error::Internal(_)) => met += 1,
                Err(error) => panic!("{kind}: {error}"),
                Ok(rows) => {
                    assert!(rows.len() > 1_000, "{kind}: {} rows: a fresh store in its place", rows.len());
                    read += 1;
                }
            },
        }
    }
    println!("200 damaged files: {refused} refused at the start, {met} when read, {read} read");
    assert!(refused >= 100, "{refused}");
}

#[test]
fn a_second_server_is_refused_through_a_link_too() {
    let (place, elsewhere) = (Place::sqlite(), tempfile::tempdir().unwrap());
    let _server = Store::open_for_serving(&place.location).unwrap();
    let link = elsewhere.path().join("linked.db");
    std::os::unix::fs::symlink(place.file(), &link).unwrap();
    assert!(matches!(Store::open_for_serving(&StoreLocation::Sqlite(link)), Err(OpenError::InUse(_))));
    let link = elsewhere.path().join("directory");
    std::os::unix::fs::symlink(place.file().parent().unwrap(), &link).unwrap();
    let linked = StoreLocation::Sqlite(link.join("ringcard.db"));
    assert!(matches!(Store::open_for_serving(&linked), Err(OpenError::InUse(_))));
    // On another file system there are none.
    let hard = place.file().with_file_name("hard.db");
    std::fs::hard_link(place.file(), &hard).unwrap();
    assert!(matches!(Store::open_for_serving(&StoreLocation::Sqlite(hard)), Err(OpenError::InUse(_))));
}

#[test]
fn what_was_left_of_a_file_half_made_is_removed_by_the_next_server() {
    let place = Place::sqlite();
    let [old, log, new] = ["old", "old-wal", "new"].map(|name| {
        let path = place.file().with_file_name(format!("ringcard.db.new-{name}"));
        let file = fs::File::create(&path).unwrap();
        if name.starts_with("old") {
            let made = file.metadata().unwrap().modified().unwrap();
            file.set_modified(made - Duration::from_secs(3_600)).unwrap();
        }
        path
    });
    let _server = Store::open_for_serving(&place.location).unwrap();
    assert_eq!((old.exists(), log.exists(), new.exists()), (false, false, true), "somebody may be making the new one");
}

#[test]
fn a_newer_store_is_left_alone() {
    let place = Place::sqlite();
    drop(place.open());
    rusqlite::Connection::open(place.file()).unwrap().execute_batch("UPDATE schema_version SET version = 999").unwrap();
    assert!(matches!(refusal(&place), OpenError::Newer { found: 999, .. }));
}
