//! A connection of this node that writes; it has several.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::store::engine::{Fault, WriteConnection};
use crate::store::postgres::address::Address;
use crate::store::postgres::connection::Connection;
use crate::store::postgres::listener;
use crate::store::tx::{Executor, Notice};
use crate::store::value::{Row, Value};

/// PostgreSQL keeps 64 savepoints of a transaction at hand; beyond them every look at a row grows slow.
const BATCH_LIMIT: usize = 64;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// What one closure of several stands in.
const SAVEPOINT: &str = "SAVEPOINT closure";
/// How long a look whether the server is back may take.
const PROBE_LIMIT: Duration = Duration::from_secs(3);

pub struct Writer {
    address: Arc<Address>,
    connection: Option<Connection>,
    is_begun: bool,
    /// At what this transaction has its turn already, whatever savepoint it goes back to.
    turns: HashSet<String>,
    fault: Option<Fault>,
    pause: Duration,
    not_before: Option<Instant>,
}

impl Writer {
    /// Connects when there is something to write.
    pub fn new(address: Arc<Address>) -> Self {
        Self {
            address,
            connection: None,
            is_begun: false,
            turns: HashSet::new(),
            fault: None,
            pause: FIRST_PAUSE,
            not_before: None,
        }
    }

    /// The connection, made anew when it was lost; not more often than the pause allows.
    fn connect(&mut self, deadline: Instant) -> Result<()> {
        if let Some(connection) = self.connection.as_mut().filter(|connection| !connection.is_lost()) {
            connection.set_deadline(deadline);
            return Ok(());
        }
        self.connection = None;
        if self.not_before.is_some_and(|instant| Instant::now() < instant) {
            return Err(self.unreachable("PostgreSQL cannot be reached".to_owned()));
        }
        match Connection::open(&self.address, deadline) {
            Ok(mut connection) => {
                connection.set_deadline(deadline);
                self.connection = Some(connection);
                self.pause = FIRST_PAUSE;
                self.not_before = None;
                Ok(())
            }
            Err(error) => {
                self.not_before = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                Err(self.unreachable(error.to_string()))
            }
        }
    }

    fn unreachable(&mut self, why: String) -> Error {
        self.fault = Some(Fault::Unavailable(why.clone()));
        Error::Busy(why)
    }

    fn with<T>(&mut self, run: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let Some(connection) = &mut self.connection else {
            return Err(Error::Busy("PostgreSQL cannot be reached".to_owned()));
        };
        let result = run(connection);
        if let Some(fault) = connection.fault.take() {
            if let Fault::Disconnected(_) = fault {
                self.connection = None;
            }
            self.fault = Some(fault);
        }
        result
    }

    fn control(&mut self, sql: &str) -> Result<()> {
        self.with(|connection| connection.control(sql))
    }

    /// Goes along with whatever is asked next.
    fn send_control(&mut self, sql: &'static str) -> Result<()> {
        self.with(|connection| {
            connection.send_control(sql);
            Ok(())
        })
    }
}

impl Executor for Writer {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        self.with(|connection| connection.query(sql, params))
    }
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        self.with(|connection| connection.execute(sql, params))
    }
    /// What it touches is known when the transaction is committed.
    fn send(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        self.with(|connection| connection.send(sql, params)).map(|()| 0)
    }
    fn take_turns(&mut self, key: &str) -> Result<()> {
        if self.turns.contains(key) {
            return Ok(());
        }
        let sql = "SELECT COUNT(*) FROM pg_advisory_xact_lock(hashtextextended($1, 0))";
        self.with(|connection| connection.send(sql, &[Value::from(key)]))
    }
}

impl WriteConnection for Writer {
    fn begin(&mut self, deadline: Instant) -> Result<()> {
        self.is_begun = false;
        self.turns.clear();
        self.connect(deadline)?;
        self.is_begun = true;
        self.with(|connection| {
            connection.has_touched = false;
            connection.send_control("BEGIN");
            Ok(())
        })
    }
    /// The notices go along with the commit, behind it, so that all nodes hear of what was committed, and can read it. If
    /// a write that goes along before it fails, the server takes all of it back.
    fn commit(&mut self, notices: &[Notice]) -> Result<bool> {
        let has_touched = self.with(|connection| {
            connection.control(&listener::commit_with(notices))?;
            Ok(connection.has_touched)
        })?;
        self.is_begun = false;
        Ok(has_touched)
    }
    fn rollback(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.forget_after("BEGIN");
        }
        if self.is_begun && self.connection.is_some() && self.control("ROLLBACK").is_err() {
            // Nobody knows what it still holds.
            self.connection = None;
        }
        self.is_begun = false;
    }
    fn take_all_turns(&mut self, keys: &BTreeSet<&str>) -> Result<()> {
        let sql = "SELECT COUNT(pg_advisory_xact_lock(sorted.hash))
                   FROM (SELECT DISTINCT hashtextextended(key, 0) AS hash
                         FROM unnest(string_to_array($1, chr(10))) AS key
                         ORDER BY hash) AS sorted";
        let all = keys.iter().copied().collect::<Vec<_>>().join("\n");
        self.with(|connection| connection.send(sql, &[Value::from(all)]))?;
        self.turns.extend(keys.iter().map(|&key| key.to_owned()));
        Ok(())
    }
    fn hurry(&mut self) -> Result<()> {
        self.send_control("SET LOCAL lock_timeout = '10ms'")
    }
    fn savepoint(&mut self) -> Result<()> {
        self.send_control(SAVEPOINT)
    }
    fn release(&mut self) -> Result<()> {
        self.control("RELEASE SAVEPOINT closure")
    }
    fn rollback_to_savepoint(&mut self) -> Result<()> {
        self.with(|connection| {
            connection.forget_after(SAVEPOINT);
            connection.send_control("ROLLBACK TO SAVEPOINT closure");
            Ok(())
        })
    }
    fn is_in_transaction(&self) -> bool {
        self.is_begun && self.connection.is_some()
    }
    fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }
    fn batch_limit(&self) -> usize {
        BATCH_LIMIT
    }
    fn carries_notices(&self) -> bool {
        true
    }
    fn tidy(&mut self) {}
    fn tend(&mut self) {}
    fn probe(&mut self) -> Result<()> {
        self.begin(Instant::now() + PROBE_LIMIT)?;
        let written = self.control("UPDATE schema_version SET version = version").and_then(|()| self.commit(&[]));
        self.rollback();
        written.map(drop)
    }
}
