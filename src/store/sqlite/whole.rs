//! A whole file, to be moved from or into.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, params_from_iter};

use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::moving::end::{
    AGAIN, End, MAKE_NOTES, Moving, SOURCE, Side, half_made, not_empty, noted, read_noted,
};
use crate::store::moving::outline::{Stretch, Table};
use crate::store::sqlite::connection::{Connection, Mode};
use crate::store::sqlite::create::{self, explain};
use crate::store::sqlite::{Lock, bring_up, bulk, lock};
use crate::store::value::{Row, Value};

/// How the name of a file goes on that was moved.
const MOVED: &str = ".moved-";
const NOTE: &str = "INSERT INTO moving (name, state) VALUES (?1, ?2)
                    ON CONFLICT (name) DO UPDATE SET state = excluded.state";

pub struct Whole {
    path: PathBuf,
    raw: rusqlite::Connection,
    _lock: Lock,
}

impl Whole {
    /// Opens the file as a server does, so that none has it; one to be moved into is made when absent.
    pub fn open(path: &Path, side: Side) -> Moving<Self> {
        match side {
            Side::From if !path.exists() => {
                return Err(OpenError::Refused(format!("there is no store at {}", path.display())));
            }
            Side::From => {}
            Side::To => create::create_if_missing(path)?,
        }
        let path = path.canonicalize().map_err(|error| create::unreachable(path, &error))?;
        let lock = lock(&path)?;
        let connection = Connection::open(&path, Mode::Write).map_err(|error| explain(&path, &error))?;
        if side == Side::From {
            bring_up(&connection, &path)?;
        }
        let raw = connection.raw;
        raw.execute_batch("PRAGMA cache_size = -256000; PRAGMA temp_store = FILE")
            .map_err(|error| explain(&path, &error))?;
        Ok(Self { path, raw, _lock: lock })
    }

    fn ask<T>(&self, ask: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>) -> Moving<T> {
        ask(&self.raw).map_err(|error| explain(&self.path, &error))
    }

    fn note(&self, name: &str) -> Moving<Option<String>> {
        let sql = "SELECT state FROM moving WHERE name = ?1";
        self.ask(|raw| raw.query_row(sql, [name], |row| row.get(0)).optional())
    }

    fn has_rows(&self, sql: &str) -> Moving<bool> {
        self.ask(|raw| raw.prepare(sql)?.exists([]))
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

impl End for Whole {
    fn name(&mut self) -> Moving<String> {
        Ok(self.place())
    }

    fn count(&mut self, table: &Table) -> Moving<u64> {
        let sql = format!("SELECT COUNT(*) FROM {}", table.name);
        let count: i64 = self.ask(|raw| raw.query_row(&sql, [], |row| row.get(0)))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    fn walk(
        &mut self,
        table: &Table,
        stretch: Stretch,
        key: &[Value<'static>],
        heed: &mut dyn FnMut(Row) -> Moving<()>,
    ) -> Moving<()> {
        let explain = |error: rusqlite::Error| explain(&self.path, &error);
        let mut statement = self.raw.prepare(&table.select(stretch, '?')).map_err(explain)?;
        let mut rows = statement.query(params_from_iter(key)).map_err(explain)?;
        while let Some(row) = rows.next().map_err(explain)? {
            let read = |at: usize| match row.get_ref(at)? {
                ValueRef::Null => Ok(Value::Null),
                ValueRef::Integer(int) => Ok(Value::Int(int)),
                other => other.as_str().map(|text| Value::from(text.to_owned())).map_err(rusqlite::Error::from),
            };
            let values: rusqlite::Result<_> = (0..table.columns.len()).map(read).collect();
            heed(Row(values.map_err(explain)?))?;
        }
        Ok(())
    }

    fn begin(&mut self, tables: &[Table], from: &str) -> Moving<()> {
        if self.has_rows("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'moving'")? {
            let is_ours = self.note(SOURCE)?.is_some_and(|noted| noted == from);
            return if is_ours { Ok(()) } else { Err(half_made(&self.place())) };
        }
        if !self.has_rows("SELECT 1 FROM schema_version")? {
            return Err(half_made(&self.place()));
        }
        // A server that was started once has left its link.
        for table in tables.iter().filter(|table| table.name != "setup_link") {
            if self.has_rows(&format!("SELECT 1 FROM {}", table.name))? {
                return Err(not_empty(&table.name, &self.place()));
            }
        }
        self.ask(|raw| {
            raw.execute_batch("BEGIN IMMEDIATE; DELETE FROM setup_link")?;
            raw.execute_batch(MAKE_NOTES)?;
            let rebuild = "INSERT INTO search_index (search_index) VALUES ('rebuild')".to_owned();
            for (n, sql) in [rebuild].into_iter().chain(bulk::take_away(raw, bulk::Reach::All)?).enumerate() {
                raw.execute(NOTE, [format!("{AGAIN}{n:04}"), sql])?;
            }
            raw.execute(NOTE, [SOURCE, from])?;
            raw.execute_batch("COMMIT")
        })
    }

    fn reached(&mut self, table: &Table) -> Moving<Vec<Value<'static>>> {
        self.note(&table.name)?.map_or(Ok(Vec::new()), |text| read_noted(&text))
    }

    fn put(&mut self, table: &Table, rows: &[Row]) -> Moving<()> {
        let Some(last) = rows.last().map(|row| noted(table, row)) else { return Ok(()) };
        let places: Vec<_> = (1..=table.columns.len()).map(|n| format!("?{n}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, table.names(), places.join(", "));
        let keep = |raw: &rusqlite::Connection| {
            raw.execute_batch("BEGIN IMMEDIATE")?;
            let mut insert = raw.prepare_cached(&sql)?;
            rows.iter().try_for_each(|row| insert.execute(params_from_iter(&row.0)).map(drop))?;
            raw.execute(NOTE, [&table.name, &last])?;
            raw.execute_batch("COMMIT")
        };
        self.ask(keep)
    }

    fn finish(&mut self, _tables: &[Table]) -> Moving<()> {
        self.ask(|raw| {
            let mut standing = raw.prepare("SELECT name, state FROM moving WHERE name LIKE ?1 ORDER BY name")?;
            let read = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?));
            let again: Vec<(String, String)> =
                standing.query_map([format!("{AGAIN}%")], read)?.collect::<Result<_, _>>()?;
            drop(standing);
            for (name, sql) in again {
                raw.execute_batch("BEGIN IMMEDIATE")?;
                raw.execute_batch(&sql)?;
                raw.execute("DELETE FROM moving WHERE name = ?1", [name])?;
                raw.execute_batch("COMMIT")?;
            }
            raw.execute_batch("ANALYZE; BEGIN IMMEDIATE; DROP TABLE moving")?;
            raw.execute("INSERT INTO schema_version (version) VALUES (?1)", [migrations::LATEST])?;
            raw.execute_batch("COMMIT")
        })
    }

    fn keep_away(self: Box<Self>, _tables: &[Table], stamp: &str) -> Moving<String> {
        let Self { path, raw, _lock: lock } = *self;
        let unreachable = |error| create::unreachable(&path, &error);
        // The log goes into the file with the last connection.
        raw.close().map_err(|(_, error)| explain(&path, &error))?;
        let kept = create::beside(&path, &format!("{MOVED}{stamp}"));
        if std::fs::metadata(create::beside(&path, "-wal")).is_ok_and(|log| log.len() > 0) {
            return Err(OpenError::Refused(format!(
                "everything is moved, but another program still has {} open: rename it once that has ended",
                path.display()
            )));
        }
        std::fs::rename(&path, &kept).map_err(unreachable)?;
        path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all()).map_err(unreachable)?;
        drop(lock);
        Ok(kept.display().to_string())
    }
}
