//! A file that is filled at once: what stands scattered over its indexes is sorted at the end, instead of being written
//! page by page with every row.

use std::path::{Path, PathBuf};

use crate::store::location::OpenError;
use crate::store::migrations;
use crate::store::sqlite::connection::{Connection, Mode};
use crate::store::sqlite::create::explain;

const REBUILD_SEARCH: &str = "INSERT INTO search_index (search_index) VALUES ('rebuild')";

/// What was taken away, as statements that make it again.
pub struct PutOff {
    path: PathBuf,
    again: Vec<String>,
}

/// Takes the indexes of calls and of search away. Until [`PutOff::make_up`] the file has no version: nobody else opens
/// it, and one whose filling broke off is never taken for a whole one.
///
/// # Errors
/// `Unreachable`.
pub fn put_off(path: &Path) -> Result<PutOff, OpenError> {
    let explain = |error: rusqlite::Error| explain(path, &error);
    let connection = Connection::open(path, Mode::Write).map_err(explain)?;
    let again = (|| {
        connection.raw.execute_batch("BEGIN IMMEDIATE")?;
        let again = take_away(&connection.raw, Reach::Largest)?;
        connection.raw.execute_batch("COMMIT")?;
        Ok(again)
    })()
    .map_err(explain)?;
    Ok(PutOff { path: path.to_owned(), again })
}

/// Whose indexes are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those of calls and of search.
    Largest,
    All,
}

/// Takes indexes, triggers and the version away, inside a transaction; answers what makes the former again.
pub fn take_away(raw: &rusqlite::Connection, reach: Reach) -> rusqlite::Result<Vec<String>> {
    let mut standing = raw.prepare(
        "SELECT type, name, sql
         FROM sqlite_schema
         WHERE type IN ('index', 'trigger') AND (?1 OR tbl_name IN ('call', 'search_text')) AND sql IS NOT NULL",
    )?;
    let read = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Vec<(String, String, String)> =
        standing.query_map([reach == Reach::All], read)?.collect::<Result<_, _>>()?;
    drop(standing);
    for (kind, name, _) in &found {
        raw.execute_batch(&format!("DROP {kind} {name}"))?;
    }
    raw.execute_batch("DELETE FROM schema_version")?;
    Ok(found.into_iter().map(|(_, _, sql)| sql).collect())
}

impl PutOff {
    /// Makes everything again; the file is whole when this returns. `heed` hears before each part which of how many it is.
    ///
    /// # Errors
    /// `Unreachable`.
    pub fn make_up(self, mut heed: impl FnMut(usize, usize)) -> Result<(), OpenError> {
        let explain = |error: rusqlite::Error| explain(&self.path, &error);
        let raw = Connection::open(&self.path, Mode::Write).map_err(explain)?.raw;
        (|| {
            // What an index sorts, another thread sorts while this one reads on.
            raw.execute_batch(
                "PRAGMA cache_size = -256000; PRAGMA temp_store = FILE; PRAGMA threads = 2; BEGIN IMMEDIATE",
            )?;
            let parts = [REBUILD_SEARCH].into_iter().chain(self.again.iter().map(String::as_str));
            for (nth, sql) in parts.enumerate() {
                heed(nth + 1, self.again.len() + 1);
                raw.execute_batch(sql)?;
            }
            raw.execute("INSERT INTO schema_version (version) VALUES (?1)", [migrations::LATEST])?;
            raw.execute_batch("COMMIT")
        })()
        .map_err(explain)
    }
}
