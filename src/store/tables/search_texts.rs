//! `search_text`: what is searched. Kept in step by the tables whose rows it speaks of.

use std::ops::Range;

use crate::domain::search::{Search, Term, searchable};
use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;
use crate::store::walk::{STRETCH, Stretch};

/// What so many of a stretch hold is common.
const COMMON: usize = 5;
/// A pattern that every text has, and that asks nothing of an index.
const ANYTHING: &str = "%";

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Contact,
    /// A call's note.
    Note,
    /// A number that called or was called.
    Number,
}

impl Kind {
    /// The least id of the kind; the next kind's is greater than all of them.
    pub const fn first_id(self) -> i64 {
        (self as i64) << 61
    }

    /// Greater than every id of the kind.
    pub const fn past_id(self) -> i64 {
        match self {
            Self::Contact => Self::Note.first_id(),
            Self::Note => Self::Number.first_id(),
            Self::Number => i64::MAX,
        }
    }

    /// When the text with this id is of.
    pub fn at_ms(id: i64) -> i64 {
        (id >> 19) & ((1 << 42) - 1)
    }

    /// Where a text of this instant stands: newer ones greater, 42 bits for the time; owners of one millisecond apart.
    fn id(self, owner_id: &str, at_ms: i64) -> i64 {
        let hash =
            owner_id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
        let at_ms = at_ms.clamp(0, (1 << 42) - 2);
        self.first_id() + (at_ms << 19) + i64::from(hash >> 13)
    }
}

/// Keeps what is found of this owner from now on; an empty text: nothing. `at_ms` places a new one among the others.
pub fn put(tx: &mut Tx, kind: Kind, owner_id: &str, at_ms: i64, text: &str) -> Result<()> {
    let text = searchable(text);
    match find(tx, owner_id)? {
        Some(known) if known == text => Ok(()),
        Some(_) if text.is_empty() => delete(tx, owner_id),
        Some(_) => {
            tx.execute("UPDATE search_text SET text = $2 WHERE owner_id = $1", params![owner_id, &text]).map(drop)
        }
        None if text.is_empty() => Ok(()),
        None => insert(tx, kind.id(owner_id, at_ms), owner_id, &text),
    }
}

/// At this id, or at the next that is free.
fn insert(tx: &mut Tx, mut id: i64, owner_id: &str, text: &str) -> Result<()> {
    let sql = "INSERT INTO search_text (id, owner_id, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    while tx.execute(sql, params![id, owner_id, text])? == 0 {
        let is_there = tx.query_opt("SELECT id FROM search_text WHERE owner_id = $1", params![owner_id])?.is_some();
        if is_there {
            // Another node was faster.
            return Ok(());
        }
        id += 1;
    }
    Ok(())
}

/// Nothing is found of this owner any more.
pub fn delete(tx: &mut Tx, owner_id: &str) -> Result<()> {
    tx.execute("DELETE FROM search_text WHERE owner_id = $1", params![owner_id]).map(drop)
}

/// The owner has another id from now on.
pub fn rename(tx: &mut Tx, owner_id: &str, new_id: &str) -> Result<()> {
    tx.execute("UPDATE search_text SET owner_id = $2 WHERE owner_id = $1", params![owner_id, new_id]).map(drop)
}

/// A text, and where it stands.
struct Text {
    id: i64,
    owner_id: String,
    text: String,
}

/// The owners of a kind whose text is searched for, newest first, with ids among these. What many of the newest texts
/// hold is looked for among these: an index would answer with all that there is of it first.
pub fn walk(tx: &mut Tx, kind: Kind, search: &Search, ids: Range<i64>) -> Result<Stretch<(i64, String), i64>> {
    let ids = ids.start.max(kind.first_id())..ids.end.min(kind.past_id());
    let newest = Stretch::of(list_newest(tx, &ids)?, STRETCH, |text| text.id);
    let held = newest.rows.iter().filter(|text| search.is_in(&text.text));
    if newest.reached.is_none() || held.clone().count() >= COMMON {
        let rows = held.map(|text| (text.id, text.owner_id.clone())).collect();
        return Ok(Stretch { rows, reached: newest.reached });
    }
    let sample = newest.rows.iter().map(|text| text.text.as_str());
    let mut stretches = Vec::new();
    for terms in search.alternatives() {
        let rows = find_by_index(tx, terms, sample.clone(), &ids)?;
        stretches.push(Stretch::of(rows, STRETCH, |(id, _)| *id));
    }
    Ok(Stretch::merge(stretches, |(id, _)| *id))
}

fn list_newest(tx: &mut Tx, ids: &Range<i64>) -> Result<Vec<Text>> {
    let sql = "SELECT id, owner_id, text FROM search_text WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 250";
    tx.query(sql, params![ids.start, ids.end])?
        .into_iter()
        .map(|mut row| Ok(Text { id: row.take(0)?, owner_id: row.take(1)?, text: row.take(2)? }))
        .collect()
}

/// What is found of one alternative: the first LIKEs go by index and find too much, the last ones prove. (CROSS JOIN:
/// SQLite begins with the index.)
fn find_by_index<'a>(
    tx: &mut Tx,
    terms: [&Term; 3],
    sample: impl Iterator<Item = &'a str> + Clone,
    ids: &Range<i64>,
) -> Result<Vec<(i64, String)>> {
    let [prove_a, prove_b, prove_c] = terms.map(Term::prove);
    // What is asked twice is looked up twice.
    let is_first = |at: usize| !terms[..at].contains(&terms[at]);
    let [find_a, find_b, find_c] =
        [0, 1, 2].map(|at| if is_first(at) { terms[at].find(sample.clone()) } else { ANYTHING.to_owned() });
    tx.query(
        r"SELECT f.rowid, s.owner_id
          FROM search_index f
          CROSS JOIN search_text s
          WHERE s.id = f.rowid
            AND f.text LIKE $1 AND f.text LIKE $2 AND f.text LIKE $3
            AND s.text LIKE $4 ESCAPE '\' AND s.text LIKE $5 ESCAPE '\' AND s.text LIKE $6 ESCAPE '\'
            AND f.rowid >= $7 AND f.rowid < $8
          ORDER BY f.rowid DESC
          LIMIT 250",
        params![find_a, find_b, find_c, prove_a, prove_b, prove_c, ids.start, ids.end],
    )?
    .into_iter()
    .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
    .collect()
}

/// Between which ids the texts of a kind stand. (Asked for both ends at once, SQLite reads all that is between them.)
pub fn ids(tx: &mut Tx, kind: Kind) -> Result<Range<i64>> {
    let sql = "SELECT (SELECT MIN(id) FROM search_text WHERE id >= $1 AND id < $2),
                      (SELECT MAX(id) FROM search_text WHERE id >= $1 AND id < $2)";
    let row = tx.query_opt(sql, params![kind.first_id(), kind.past_id()])?;
    let Some(mut row) = row else { return Ok(0..0) };
    Ok(row.take::<Option<i64>>(0)?.unwrap_or_default()..row.take::<Option<i64>>(1)?.map_or(0, |last| last + 1))
}

/// What these owners are found by, beside the owner.
pub fn list(tx: &mut Tx, owner_ids: &[&str]) -> Result<Vec<(String, String)>> {
    let sql = by_keys!(["SELECT owner_id, text FROM search_text WHERE owner_id"] []);
    tx.query_by_keys(sql, owner_ids)?.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// What this owner is found by.
pub fn find(tx: &mut Tx, owner_id: &str) -> Result<Option<String>> {
    let known = tx.query_opt("SELECT text FROM search_text WHERE owner_id = $1", params![owner_id])?;
    known.map(|mut row| row.take(0)).transpose()
}

/// Up to which call the numbers can be searched.
pub fn find_mark(tx: &mut Tx) -> Result<Option<String>> {
    tx.query_opt("SELECT call_id FROM search_mark WHERE id = 1", &[])?.map(|mut row| row.take(0)).transpose()
}

/// Moves the mark; never back.
pub fn set_mark(tx: &mut Tx, call_id: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO search_mark (id, call_id)
         VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET call_id = excluded.call_id
         WHERE search_mark.call_id < excluded.call_id",
        params![call_id],
    )
    .map(drop)
}
