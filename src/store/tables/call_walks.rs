//! `call`: the history, walked newest first along one index at a time; what else is asked for is picked on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::domain::search::{Search, searchable};
use crate::error::Result;
use crate::params;
use crate::store::tables::{contact_phones, search_texts};
use crate::store::tx::Tx;
use crate::store::value::{Row, Value};
use crate::store::walk::{STRETCH, Stretch};

/// So many calls' clients are read in one statement…
const JUDGED_AT_ONCE: usize = 50;
/// …and a stretch ends when that has taken so long: from a cold disk each is a read of its own.
const JUDGING: Duration = Duration::from_millis(5);

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
    /// As long as nothing is searched for, every call is.
    pub is_found: bool,
}

impl CallHead {
    pub fn place(&self) -> Place {
        (self.started_ms, self.id.clone())
    }
}

/// The heads of the calls for which this holds.
macro_rules! heads {
    ($where:literal) => {
        concat!(
            r#"SELECT id, started_ms, integration_id, callid, direction, state, phone, diversion, user_id, contact_id,
                      outcome,
                      CASE WHEN note = '' THEN 0 ELSE 1 END,
                      CASE WHEN CAST($4 AS BIGINT) = 1 AND facts LIKE '%"link":"%' ESCAPE '\' THEN 1 ELSE 0 END,
                      CASE WHEN CAST($5 AS BIGINT) = 1
                                AND (SELECT COUNT(*) FROM promise p WHERE p.call_id = call.id) > 0 THEN 1 ELSE 0 END,
                      CASE WHEN CAST($6 AS BIGINT) = 1 THEN facts END
               FROM call
               WHERE "#,
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
        Path::Phone(of) => (heads!("phone = $7 AND"), Some(of)),
        Path::Contact(of) => (heads!("contact_id = $7 AND"), Some(of)),
        Path::User(of) => (heads!("user_id = $7 AND"), Some(of)),
        Path::Callid(of) => (heads!("callid = $7 AND"), Some(of)),
        Path::Id(of) => (heads!("id = $7 AND"), Some(of)),
    };
    let flag = |told| Value::from(i64::from(told == Told::Yes));
    let mut params = vec![Value::from(look.from_ms), Value::from(after.0), Value::from(&after.1)];
    params.extend([look.recording, look.promise, look.facts].map(flag));
    params.extend(of.map(Value::from));
    let heads: Result<Vec<_>> = tx.query(sql, &params)?.into_iter().map(read).collect();
    let mut stretch = Stretch::of(heads?, STRETCH, CallHead::place);
    if let Some(search) = &look.search {
        let began = Instant::now();
        let mut judged = 0;
        for heads in stretch.rows.chunks_mut(JUDGED_AT_ONCE) {
            if began.elapsed() >= JUDGING {
                break;
            }
            mark_found(tx, heads, search)?;
            judged += heads.len();
        }
        stretch.cut(judged, CallHead::place);
    }
    Ok(stretch)
}

/// Tells which of these calls are searched for: by the client's number and names, the note.
fn mark_found(tx: &mut Tx, heads: &mut [CallHead], search: &Search) -> Result<()> {
    let mut named: BTreeMap<&str, bool> =
        heads.iter().map(|head| (head.phone.as_str(), search.is_in(&searchable(&head.phone)))).collect();
    let numbers: Vec<_> = named.iter().filter(|(_, is_found)| !**is_found).map(|(number, _)| *number).collect();
    let clients = contact_phones::list_owners(tx, &numbers)?;
    let is_told = |head: &&CallHead| head.has_note || !head.outcome.is_empty();
    let told = heads.iter().filter(is_told).map(|head| head.id.as_str());
    let owners = heads.iter().filter_map(|head| head.contact_id.as_deref()).chain(told);
    let owners: Vec<_> = owners.chain(clients.iter().map(|(_, id)| id.as_str())).collect();
    let texts = search_texts::list(tx, &owners)?.into_iter();
    let owners: BTreeSet<String> = texts.filter(|(_, text)| search.is_in(text)).map(|(owner, _)| owner).collect();
    for (number, _) in clients.iter().filter(|(_, id)| owners.contains(id)) {
        named.insert(number, true);
    }
    let is_found = |head: &CallHead| {
        named.get(head.phone.as_str()).is_some_and(|is_found| *is_found)
            || owners.contains(&head.id)
            || head.contact_id.as_ref().is_some_and(|id| owners.contains(id))
    };
    let found: Vec<bool> = heads.iter().map(is_found).collect();
    heads.iter_mut().zip(found).for_each(|(head, is_found)| head.is_found = is_found);
    Ok(())
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
        has_promise: row.take::<i64>(13)? == 1,
        facts: row.take(14)?,
        is_found: true,
    })
}

/// Id and number of the calls after the id `after`, in the order of their ids, those before the id `before`.
pub fn list_numbers(tx: &mut Tx, after: &str, before: &str) -> Result<Vec<(String, String)>> {
    tx.query("SELECT id, phone FROM call WHERE id > $1 AND id < $2 ORDER BY id LIMIT 250", params![after, before])?
        .into_iter()
        .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
        .collect()
}
