//! That the steps of `migrations/` end where `schema.sql` begins.

use ringcard::store::copy;
use ringcard::store::migrations::{LATEST, SCHEMA, STEPS, after};
use rusqlite::Connection;

use crate::place::Place;

/// Everything that a store is made of, comments and white space aside.
fn shape(connection: &Connection) -> Vec<String> {
    let mut shape = Vec::new();
    let mut list = connection
        .prepare(
            "SELECT t.name, c.name, c.type, c.\"notnull\", c.pk, COALESCE(c.dflt_value, '')
             FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             UNION ALL
             SELECT t.name, i.name, i.\"unique\", i.partial, COALESCE(x.name, ''), x.seqno
             FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) x
             WHERE t.type = 'table'
             UNION ALL
             SELECT t.name, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update
             FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
             WHERE t.type = 'table'",
        )
        .unwrap();
    let mut rows = list.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        shape.push((0..6).map(|index| format!("{:?} ", row.get_ref(index).unwrap())).collect());
    }
    shape.sort();
    shape
}

/// R13: an upgraded store is like a fresh one.
#[test]
fn all_steps_end_at_the_schema() {
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    let migrated = Connection::open_in_memory().unwrap();
    for (_, sql) in STEPS {
        migrated.execute_batch(sql).unwrap();
    }
    assert!(!shape(&fresh).is_empty());
    assert_eq!(shape(&migrated), shape(&fresh));
}

#[test]
fn steps_are_numbered_from_one_without_gaps() {
    let numbers: Vec<i64> = STEPS.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=LATEST).collect::<Vec<_>>());
    assert_eq!(after(LATEST).count(), 0);
    assert_eq!(after(0).count(), STEPS.len());
}

/// R13: what an upgrade begins from stays beside the file, whatever becomes of the upgrade.
#[test]
fn a_copy_is_kept_before_the_first_step() {
    let place = Place::sqlite();
    drop(place.open());
    let store = Connection::open(place.file()).unwrap();
    store.execute("INSERT INTO setting (name, value) VALUES ('n', '1')", []).unwrap();
    store.execute("UPDATE schema_version SET version = 0", []).unwrap();
    drop(store);
    // Its first step makes tables that are there already.
    assert!(ringcard::store::Store::open(&place.location).is_err());
    let kept = place.file().with_added_extension("before-upgrade-from-0");
    assert_eq!(copy::look_through(&kept).unwrap().schema, 0);
    for file in [kept, place.file()] {
        let store = Connection::open(file).unwrap();
        let found = store.query_row("SELECT version, value FROM schema_version, setting", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        });
        assert_eq!(found, Ok((0, "1".to_owned())));
    }
}
