//! The statements of a push, as ringcard runs them: recorded from itself once, then run for other calls without it.

use std::collections::HashMap;

use ringcard::app::calls::hear;
use ringcard::app::change::{FreshIds, Hearing};
use ringcard::app::directory::Directory;
use ringcard::app::pushes;
use ringcard::error::Result;
use ringcard::pbx;
use ringcard::pbx::fields::Fields;
use ringcard::store::tables::contacts;
use ringcard::store::tables::webhooks::{self, WebhookRow};
use ringcard::store::tx::{Executor, Tx};
use ringcard::store::value::{Row, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};

use crate::load::{self, CALL_PLACE, CLIENT_PLACE, FORM};
use crate::ringcard::contact;

/// What stands in the recorded statements for what differs from push to push; as long as the real ones.
const CALL: &str = "9876543210987654";
const CLIENT: &str = "79998887766";
const CALL_ID: &str = "00000000-0000-7000-8000-0000000000ca";
const JOURNAL_ID: &str = "00000000-0000-7000-8000-0000000000fe";
const CONTACT_ID: &str = "00000000-0000-7000-8000-0000000000c0";
const NOW_MS: i64 = 1_790_000_000_000;
const DAY_MS: i64 = 86_400_000;

/// What the load sends; its place in [`Scripts`].
#[derive(Clone, Copy)]
pub enum Kind {
    Incoming,
    Accepted,
    Completed,
    History,
}

/// What differs from push to push.
pub struct About<'a> {
    pub call: &'a [u8],
    pub client: &'a [u8],
    pub call_id: &'a [u8],
    pub journal_id: &'a [u8],
    /// As a step has found it.
    pub contact_id: Vec<u8>,
    pub now_ms: i64,
}

#[derive(Clone, Copy)]
enum Part {
    Call,
    Client,
    CallId,
    JournalId,
    ContactId,
}

enum Param {
    Null,
    Int(i64),
    /// So much later than now.
    Moment(i64),
    /// With the places at which something is put in.
    Text(Vec<u8>, Vec<(usize, Part)>),
}

pub struct Step {
    /// Its place among the prepared statements.
    statement: usize,
    is_query: bool,
    /// Whether it answers whose number it is.
    pub finds_contact: bool,
    params: Vec<Param>,
}

/// By [`Kind`]: what follows the look-up of the call when there is none, and when there is.
pub struct Scripts {
    pub sql: Vec<String>,
    pub look_up: Step,
    pub of_new: HashMap<usize, Vec<Step>>,
    pub of_known: HashMap<usize, Vec<Step>>,
}

impl Scripts {
    /// Plays a call, and a history that comes alone, against this store; nothing is kept.
    pub fn record(connection: &Connection, token: &str) -> Self {
        let mut scripts = Self { sql: Vec::new(), look_up: empty(), of_new: HashMap::new(), of_known: HashMap::new() };
        let [incoming, accepted, completed] =
            ["INCOMING", "ACCEPTED", "COMPLETED"].map(|kind| load::event_form(token, kind));
        let history = load::history_form(token);
        let whole = [
            (Kind::Incoming, &incoming),
            (Kind::Accepted, &accepted),
            (Kind::Completed, &completed),
            (Kind::History, &history),
        ];
        for call in [&whole[..], &[(Kind::History, &history)]] {
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            insert_client(connection);
            for (nth, (kind, form)) in call.iter().enumerate() {
                let mut steps = scripts.record_push(connection, form);
                scripts.look_up = steps.remove(0);
                let of = if nth == 0 { &mut scripts.of_new } else { &mut scripts.of_known };
                of.insert(*kind as usize, steps);
            }
            connection.execute_batch("ROLLBACK").unwrap();
        }
        scripts
    }

    /// As `app::pushes::keep` does.
    fn record_push(&mut self, connection: &Connection, form: &str) -> Vec<Step> {
        let body = form.replace(CALL_PLACE, CALL).replace(CLIENT_PLACE, CLIENT);
        let fields = Fields::decode(FORM, body.as_bytes());
        let event = pbx::parse(&fields, "RU").unwrap_or_else(|_| panic!("{body}"));
        let mut reader = Recorder { connection, run: Vec::new() };
        let directory = Directory::load(&mut Tx::new(&mut reader), 0, "RU").unwrap();
        let integration_id = directory.integrations()[0].id.clone();
        let id = |last: &str| format!("00000000-0000-7000-8000-0000000000{last}");
        let ids = FreshIds {
            call: CALL_ID.to_owned(),
            number: id("01"),
            contact: id("02"),
            // Each call has its own.
            recording: CALL_ID.to_owned(),
            deliveries: Vec::new(),
        };
        let hearing = Hearing { directory: &directory, ids: &ids, now_ms: NOW_MS };
        let mut recorder = Recorder { connection, run: Vec::new() };
        let mut tx = Tx::new(&mut recorder);
        let heard = hear::push(&mut tx, &integration_id, &event, &hearing).unwrap();
        let row = WebhookRow {
            id: JOURNAL_ID.to_owned(),
            integration_id,
            received_ms: NOW_MS,
            cmd: fields.get("cmd").unwrap().to_owned(),
            content_type: FORM.to_owned(),
            body: fields.journal(),
            status: 200,
            detail: pushes::kept_doubts(&heard.doubts),
            call_id: heard.call_id,
        };
        webhooks::insert(&mut tx, &row).unwrap();
        for (id, write) in tx.take_endings() {
            write(&mut tx, &id).unwrap();
        }
        // The next push of this call has a journal row of its own.
        connection.execute("DELETE FROM webhook WHERE id = ?1", [JOURNAL_ID]).unwrap();
        recorder.run.into_iter().map(|(sql, is_query, params)| self.step(sql, is_query, params)).collect()
    }

    fn step(&mut self, sql: String, is_query: bool, params: Vec<Param>) -> Step {
        let known = self.sql.iter().position(|known| *known == sql);
        let statement = known.unwrap_or_else(|| {
            self.sql.push(sql);
            self.sql.len() - 1
        });
        let finds_contact = self.sql[statement].starts_with("SELECT contact_id FROM contact_phone");
        Step { statement, is_query, finds_contact, params }
    }
}

fn empty() -> Step {
    Step { statement: 0, is_query: true, finds_contact: false, params: Vec::new() }
}

/// Whoever rings is a contact, as in ringcard's store.
fn insert_client(connection: &Connection) {
    let (row, phone) = contact(CONTACT_ID.to_owned(), NOW_MS - DAY_MS, 0, format!("+{CLIENT}"));
    contacts::insert(&mut Tx::new(&mut Recorder { connection, run: Vec::new() }), &row, &[phone]).unwrap();
}

impl Step {
    /// Runs it, reads every column, and answers the first one of the first row.
    pub fn run(&mut self, statements: &mut [Statement], about: &About) -> Option<Vec<u8>> {
        let statement = &mut statements[self.statement];
        for (place, param) in (1..).zip(&mut self.params) {
            let value = match param {
                Param::Null => ValueRef::Null,
                Param::Int(int) => ValueRef::Integer(*int),
                Param::Moment(after_ms) => ValueRef::Integer(about.now_ms + *after_ms),
                Param::Text(text, parts) => {
                    for (at, part) in parts {
                        let part = about.part(*part);
                        text[*at..*at + part.len()].copy_from_slice(part);
                    }
                    ValueRef::Text(text)
                }
            };
            statement.raw_bind_parameter(place, ToSqlOutput::Borrowed(value)).unwrap();
        }
        if !self.is_query {
            statement.raw_execute().unwrap();
            return None;
        }
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut first = None;
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value = row.get_ref(column).unwrap();
                if let (None, ValueRef::Text(text)) = (&first, value) {
                    first = Some(text.to_vec());
                }
            }
        }
        first
    }
}

impl About<'_> {
    fn part(&self, part: Part) -> &[u8] {
        match part {
            Part::Call => self.call,
            Part::Client => self.client,
            Part::CallId => self.call_id,
            Part::JournalId => self.journal_id,
            Part::ContactId => &self.contact_id,
        }
    }
}

/// Runs what it is given, and writes it down.
struct Recorder<'a> {
    connection: &'a Connection,
    run: Vec<(String, bool, Vec<Param>)>,
}

impl Recorder<'_> {
    fn note(&mut self, sql: &str, is_query: bool, params: &[Value]) -> String {
        // As the store does for SQLite.
        let sql = sql.strip_suffix("FOR NO KEY UPDATE").unwrap_or(sql).replace('$', "?");
        self.run.push((sql.clone(), is_query, params.iter().map(param).collect()));
        sql
    }
}

impl Executor for Recorder<'_> {
    fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let sql = self.note(sql, true, params);
        let mut statement = self.connection.prepare_cached(&sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).unwrap();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let value = |column| match row.get_ref(column).unwrap() {
                ValueRef::Integer(int) => Value::Int(int),
                ValueRef::Text(text) => Value::from(String::from_utf8(text.to_vec()).unwrap()),
                _ => Value::Null,
            };
            answer.push(Row((0..columns).map(value).collect()));
        }
        Ok(answer)
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        let sql = self.note(sql, false, params);
        let mut statement = self.connection.prepare_cached(&sql).unwrap();
        Ok(statement.execute(rusqlite::params_from_iter(params)).unwrap() as u64)
    }
}

fn param(value: &Value) -> Param {
    match value {
        Value::Null => Param::Null,
        Value::Int(int) if (int - NOW_MS).abs() < DAY_MS => Param::Moment(int - NOW_MS),
        Value::Int(int) => Param::Int(*int),
        Value::Text(text) => {
            let parts = [
                (CALL, Part::Call),
                (CLIENT, Part::Client),
                (CALL_ID, Part::CallId),
                (JOURNAL_ID, Part::JournalId),
                (CONTACT_ID, Part::ContactId),
            ];
            let places = parts.iter().flat_map(|(mark, part)| text.match_indices(mark).map(|(at, _)| (at, *part)));
            Param::Text(text.as_bytes().to_vec(), places.collect())
        }
    }
}
