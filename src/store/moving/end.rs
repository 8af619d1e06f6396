//! What is asked of an engine's store that is moved from, or into.

use crate::store::location::OpenError;
use crate::store::moving::outline::{Stretch, Table};
use crate::store::value::{Row, Value};

pub type Moving<T> = Result<T, OpenError>;

/// Which side of a move a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    From,
    To,
}

/// A whole store, which nobody else serves while this is open.
pub trait End: Send {
    /// A name that another store has not.
    fn name(&mut self) -> Moving<String>;
    fn count(&mut self, table: &Table) -> Moving<u64>;
    /// Hands on the rows of a table; `key` is that of [`Stretch::Behind`].
    fn walk(
        &mut self,
        table: &Table,
        stretch: Stretch,
        key: &[Value<'static>],
        heed: &mut dyn FnMut(Row) -> Moving<()>,
    ) -> Moving<()>;
    /// Makes it ready to be moved into from the store of this name: an empty one, or one that the same move was broken
    /// off in. Until `finish` nobody else opens it.
    fn begin(&mut self, tables: &[Table], from: &str) -> Moving<()>;
    /// The key of the last row that arrived; empty, when none has.
    fn reached(&mut self, table: &Table) -> Moving<Vec<Value<'static>>>;
    /// Keeps rows, and that their last one has arrived.
    fn put(&mut self, table: &Table, rows: &[Row]) -> Moving<()>;
    /// Makes it a store like any other.
    fn finish(&mut self, tables: &[Table]) -> Moving<()>;
    /// Gives what was moved from it another name, which is answered: whoever opens the old one finds nothing.
    fn keep_away(self: Box<Self>, tables: &[Table], stamp: &str) -> Moving<String>;
}

/// The table in which a store says, while it is moved into, from where, how far, and what was put off.
pub const MAKE_NOTES: &str = "CREATE TABLE moving (name TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL)";
/// The row of it that names where everything comes from.
pub const SOURCE: &str = "from";
/// How the names of statements begin that were put off.
pub const AGAIN: &str = "again";

/// A row's key, as it is noted.
pub fn noted(table: &Table, row: &Row) -> String {
    let key = table.key.iter().map(|&at| match row.0.get(at) {
        Some(Value::Int(int)) => serde_json::Value::from(*int),
        Some(Value::Text(text)) => serde_json::Value::from(text.as_ref()),
        Some(Value::Null) | None => serde_json::Value::Null,
    });
    serde_json::Value::Array(key.collect()).to_string()
}

/// What was noted, as a key again.
pub fn read_noted(text: &str) -> Moving<Vec<Value<'static>>> {
    let unreadable = || OpenError::Refused("the table moving holds what no move has written".to_owned());
    let parts: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|_| unreadable())?;
    let read = |part: &serde_json::Value| match part {
        serde_json::Value::String(text) => Some(Value::from(text.clone())),
        other => other.as_i64().map(Value::from),
    };
    parts.iter().map(|part| read(part).ok_or_else(unreadable)).collect()
}

pub fn not_empty(table: &str, place: &str) -> OpenError {
    OpenError::Refused(format!(
        "{place} is not empty (there are rows in {table}): a store is moved into an empty one only. Name another \
         database, or empty this one"
    ))
}

pub fn half_made(place: &str) -> OpenError {
    OpenError::Refused(format!(
        "{place} is half made, and not by a move from this store: empty it, or name another database"
    ))
}
