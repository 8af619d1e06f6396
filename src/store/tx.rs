//! A transaction as the table functions see it, and what it tells afterwards.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::store::keys::KEYS;
use crate::store::value::{Row, Value};

/// What a notice is about; its id is the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A call's row changed: cards may change.
    Call,
    /// The missed board may have changed; the id is the client number's row.
    Missed,
    /// A promise changed.
    Promise,
    /// A promise's time has come.
    Due,
    /// A contact changed.
    Contact,
    /// What the PBX is told of a number may be another thing now: copies of it are void. The id is the number.
    Number,
    /// A number was blocked, or is no longer. The id is the number.
    Block,
    /// Long work has gone on, or ended.
    Task,
    /// Users, lines, integrations, tokens or settings changed: caches of them are void.
    Directory,
    /// A session ended, by its token's hash; or all of a user, by his id.
    Session,
    /// Something changed and nobody can say what (another program wrote, or notices were lost while the store could
    /// not be reached): whatever is shown must be read again. Made by the store alone; the id is empty.
    Everything,
}

/// Something changed, said after the commit, in the order of each writer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub topic: Topic,
    pub id: String,
}

/// What is written for an id at the end of a transaction.
pub type Ending = fn(&mut Tx, &str) -> Result<()>;

/// An engine's connection inside a transaction.
pub trait Executor {
    /// # Errors
    /// `Busy` when the store cannot answer now, `Exists` or `InUse` on a violated constraint, else `Internal`.
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>>;
    /// Returns the number of rows touched. Never for a statement with RETURNING: use `query`.
    ///
    /// # Errors
    /// As `query`.
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64>;
    /// As `execute`, of what nobody needs to know at once what it touches: an engine that is far away may send it along
    /// with what is asked next, and answer 0. What comes of it is heard of then, or when the transaction is committed.
    ///
    /// # Errors
    /// As `query`, and what came of others before it.
    fn send(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        self.execute(sql, params)
    }
    /// Makes transactions of several nodes that give the same key wait for each other until they end. An engine with
    /// one writer has no need of it.
    ///
    /// # Errors
    /// As `query`.
    fn take_turns(&mut self, _key: &str) -> Result<()> {
        Ok(())
    }
}

/// A transaction as the table functions see it. A statement that fails fails the whole closure: PostgreSQL would
/// refuse everything after it, so neither engine keeps anything of it.
pub struct Tx<'a> {
    executor: &'a mut dyn Executor,
    notices: Vec<Notice>,
    endings: BTreeMap<String, Ending>,
    /// A statement that may write has run.
    pub(super) has_written: bool,
    /// A statement has touched a row.
    pub(super) has_changed: bool,
    pub(super) has_failed: bool,
}

impl<'a> Tx<'a> {
    pub fn new(executor: &'a mut dyn Executor) -> Self {
        let (notices, endings) = (Vec::new(), BTreeMap::new());
        Self { executor, notices, endings, has_written: false, has_changed: false, has_failed: false }
    }

    pub fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        refuse_nul(params)?;
        tracing::trace!(target: "sql", sql);
        let may_write = !sql.trim_start().starts_with("SELECT");
        self.has_written |= may_write;
        let rows = self.executor.query(sql, params);
        self.has_changed |= may_write && rows.as_ref().is_ok_and(|rows| !rows.is_empty());
        self.has_failed |= rows.is_err();
        rows
    }

    /// The first row, if there is one.
    pub fn query_opt(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The rows of a `by_keys!` statement, each key asked for once. They come in its order as long as the keys are
    /// [`KEYS`] at most.
    pub fn query_by_keys(&mut self, [one, many]: [&'static str; 2], keys: &[&str]) -> Result<Vec<Row>> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        let mut rows = Vec::new();
        for part in keys.chunks(KEYS) {
            let mut params: Vec<Value> = part.iter().copied().map(Value::from).collect();
            if params.len() > 1 {
                params.resize(KEYS, Value::Null);
            }
            rows.extend(self.query(if params.len() == 1 { one } else { many }, &params)?);
        }
        Ok(rows)
    }

    /// Answers how many rows were touched.
    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        refuse_nul(params)?;
        tracing::trace!(target: "sql", sql);
        let touched = self.executor.execute(sql, params);
        self.note(touched)
    }

    /// As [`Tx::execute`], for a write that nobody waits for: on PostgreSQL it is on its way together with the next
    /// question, or with the commit. Its failure is the closure's all the same; so never for one that is expected.
    pub fn send(&mut self, sql: &'static str, params: &[Value]) -> Result<()> {
        refuse_nul(params)?;
        tracing::trace!(target: "sql", sql);
        let touched = self.executor.send(sql, params);
        self.note(touched).map(drop)
    }

    fn note(&mut self, touched: Result<u64>) -> Result<u64> {
        self.has_written = true;
        self.has_changed |= touched.as_ref().is_ok_and(|touched| *touched > 0);
        self.has_failed |= touched.is_err();
        touched
    }

    /// Lets nobody else who gives this key go on until this transaction ends.
    pub fn take_turns(&mut self, key: &str) -> Result<()> {
        let taken = self.executor.take_turns(key);
        self.has_failed |= taken.is_err();
        taken
    }

    /// Tells everybody who listens, after the commit, that this row changed.
    pub fn notify(&mut self, topic: Topic, id: &str) {
        self.notices.push(Notice { topic, id: id.to_owned() });
    }

    /// Writes something for this id when all closures of the transaction have run: once, after a turn at all such ids,
    /// in one order. For a row that is computed from others and that many closures come to, each in its order.
    pub fn at_the_end(&mut self, id: &str, write: Ending) {
        self.endings.insert(id.to_owned(), write);
    }

    pub fn take_endings(&mut self) -> BTreeMap<String, Ending> {
        std::mem::take(&mut self.endings)
    }

    /// What was noted so far; the engine sends it after the commit.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}

/// PostgreSQL's text holds no NUL, so neither engine is given one: whoever sends it hears the same from both.
fn refuse_nul(params: &[Value]) -> Result<()> {
    let has_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if params.iter().any(has_nul) {
        return Err(Error::BadRequest("a NUL character is no text".to_owned()));
    }
    Ok(())
}
