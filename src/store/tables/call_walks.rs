//! `call`: the history, walked newest first along one index at a time; what else is asked for is picked on the way.

use crate::domain::search::{Search, Term};
use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::{Row, Value};
use crate::store::walk::{STRETCH, Stretch};

/// Which calls are walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    All,
    /// A client's number.
    Phone(String),
    /// The contact that a person chose for the call.
    Contact(String),
    User(String),
    Callid(String),
    /// Clicks of which nothing was heard.
    Requested,
    /// The one call of this id.
    Id(String),
}

/// A call's place in the history: its beginning and its id, greatest first.
pub type Place = (i64, String);

/// Whether something is looked for that costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    Yes,
    #[default]
    No,
}

/// What is looked at of each call, beside what is always read.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Begun at this instant or later.
    pub from_ms: i64,
    pub recording: Told,
    pub promise: Told,
    pub facts: Told,
    /// What `is_found` shall be told of: the client's number and names, the note.
    pub search: Option<Search>,
}

/// What the history picks calls by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallHead {
    pub id: String,
    pub started_ms: i64,
    pub integration_id: String,
    pub callid: Option<String>,
    pub direction: String,
    pub state: String,
    pub phone: String,
    pub diversion: Option<String>,
    pub user_id: Option<String>,
    pub contact_id: Option<String>,
    pub outcome: String,
    pub has_note: bool,
    pub has_recording: bool,
    pub has_promise: bool,
    /// What was heard of it, as text.
    pub facts: Option<String>,
    pub is_found: bool,
}

impl CallHead {
    pub fn place(&self) -> Place {
        (self.started_ms, self.id.clone())
    }
}

/// Whether a text holds what is searched for.
macro_rules! holds {
    ($text:literal) => {
        concat!(
            "(",
            $text,
            r" LIKE $5 ESCAPE '\' AND ",
            $text,
            r" LIKE $6 ESCAPE '\' AND ",
            $text,
            r" LIKE $7 ESCAPE '\'
              OR ",
            $text,
            r" LIKE $8 ESCAPE '\' OR ",
            $text,
            r" LIKE $9 ESCAPE '\')"
        )
    };
}

/// The heads of the calls for which this holds. (COUNT, not EXISTS: PostgreSQL would read every text to answer it.)
macro_rules! heads {
    ($where:literal) => {
        concat!(
            r#"SELECT id, started_ms, integration_id, callid, direction, state, phone, diversion, user_id, contact_id,
                      outcome,
                      CASE WHEN note = '' THEN 0 ELSE 1 END,
                      CASE WHEN CAST($4 AS BIGINT) = 1 AND facts LIKE '%"link":"%' ESCAPE '\' THEN 1 ELSE 0 END,
                      CASE WHEN CAST($5 AS TEXT) IS NULL THEN 1
                           WHEN "#,
            holds!("('  ' || phone || '  ')"),
            " THEN 1
                           WHEN (SELECT COUNT(*)
                                 FROM contact_phone p
                                 JOIN search_text s ON s.owner_id = p.contact_id
                                 WHERE p.number = call.phone AND ",
            holds!("s.text"),
            ") > 0 THEN 1
                           WHEN contact_id IS NOT NULL
                                AND (SELECT COUNT(*) FROM search_text s WHERE s.owner_id = call.contact_id AND ",
            holds!("s.text"),
            ") > 0 THEN 1
                           WHEN note <> ''
                                AND (SELECT COUNT(*) FROM search_text s WHERE s.owner_id = call.id AND ",
            holds!("s.text"),
            ") > 0 THEN 1
                           ELSE 0 END,
                      CASE WHEN CAST($10 AS BIGINT) = 1
                                AND (SELECT COUNT(*) FROM promise p WHERE p.call_id = call.id) > 0 THEN 1 ELSE 0 END,
                      CASE WHEN CAST($11 AS BIGINT) = 1 THEN facts END
               FROM call
               WHERE ",
            $where,
            " started_ms >= $1 AND (started_ms, id) < ($2, $3)
               ORDER BY started_ms DESC, id DESC
               LIMIT 250"
        )
    };
}

/// A stretch of a path, newest first, after `after`.
pub fn walk(tx: &mut Tx, path: &Path, after: &Place, look: &Look) -> Result<Stretch<CallHead, Place>> {
    let (sql, of) = match path {
        Path::All => (heads!(""), None),
        Path::Requested => (heads!("state = 'requested' AND"), None),
        Path::Phone(of) => (heads!("phone = $12 AND"), Some(of)),
        Path::Contact(of) => (heads!("contact_id = $12 AND"), Some(of)),
        Path::User(of) => (heads!("user_id = $12 AND"), Some(of)),
        Path::Callid(of) => (heads!("callid = $12 AND"), Some(of)),
        Path::Id(of) => (heads!("id = $12 AND"), Some(of)),
    };
    let patterns: [Option<String>; 5] = match &look.search {
        Some(Search { words: [a, b, c], digits: [d, e] }) => [Some(a), Some(b), Some(c), d.as_ref(), e.as_ref()],
        None => [None; 5],
    }
    .map(|term| term.map(Term::prove));
    let flag = |told| Value::from(i64::from(told == Told::Yes));
    let mut params = vec![Value::from(look.from_ms), Value::from(after.0), Value::from(&after.1), flag(look.recording)];
    params.extend(patterns.into_iter().map(Value::from));
    params.extend([flag(look.promise), flag(look.facts)]);
    params.extend(of.map(Value::from));
    let heads: Result<Vec<_>> = tx.query(sql, &params)?.into_iter().map(read).collect();
    Ok(Stretch::of(heads?, STRETCH, CallHead::place))
}

fn read(mut row: Row) -> Result<CallHead> {
    Ok(CallHead {
        id: row.take(0)?,
        started_ms: row.take(1)?,
        integration_id: row.take(2)?,
        callid: row.take(3)?,
        direction: row.take(4)?,
        state: row.take(5)?,
        phone: row.take(6)?,
        diversion: row.take(7)?,
        user_id: row.take(8)?,
        contact_id: row.take(9)?,
        outcome: row.take(10)?,
        has_note: row.take::<i64>(11)? == 1,
        has_recording: row.take::<i64>(12)? == 1,
        is_found: row.take::<i64>(13)? == 1,
        has_promise: row.take::<i64>(14)? == 1,
        facts: row.take(15)?,
    })
}

/// Id and number of the calls after the id `after`, in the order of their ids, those before the id `before`.
pub fn list_numbers(tx: &mut Tx, after: &str, before: &str) -> Result<Vec<(String, String)>> {
    tx.query("SELECT id, phone FROM call WHERE id > $1 AND id < $2 ORDER BY id LIMIT 250", params![after, before])?
        .into_iter()
        .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
        .collect()
}
