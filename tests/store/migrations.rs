//! That the steps of `migrations/` end where `schema.sql` begins.

use ringcard::store::migrations::{LATEST, SCHEMA, STEPS, after};
use rusqlite::Connection;

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
