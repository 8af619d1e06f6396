//! `contact`: the lists, walked along one index at a time; what else is asked for is picked on the way.

use std::collections::BTreeMap;

use crate::domain::contact::ContactKind;
use crate::domain::search::Search;
use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tables::contacts::read_kind;
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tx::Tx;
use crate::store::value::Row;
use crate::store::walk::{STRETCH, Stretch};

/// What a list picks contacts by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactHead {
    pub id: String,
    /// When the last talk began; of one never talked to, when it was made.
    pub talked_ms: i64,
    pub responsible_id: Option<String>,
    pub kind: ContactKind,
    pub tags: Vec<String>,
}

impl ContactHead {
    /// Its place in the list: greatest first.
    pub fn key(&self) -> (i64, String) {
        (self.talked_ms, self.id.clone())
    }
}

/// A stretch of all contacts, whom one talked to last first, after `after`.
pub fn walk_all(tx: &mut Tx, after: &(i64, String)) -> Result<Stretch<ContactHead, (i64, String)>> {
    let rows = tx.query(
        "SELECT id, talked_ms, responsible_id, kind, tags
         FROM contact
         WHERE (talked_ms, id) < ($1, $2)
         ORDER BY talked_ms DESC, id DESC
         LIMIT 250",
        params![after.0, &after.1],
    )?;
    let heads: Result<Vec<_>> = rows.into_iter().map(read_head).collect();
    Ok(Stretch::of(heads?, STRETCH, ContactHead::key))
}

/// A stretch of all contacts by id, which is newest first, before `before`.
pub fn walk_made(tx: &mut Tx, before: &str) -> Result<Stretch<ContactHead, String>> {
    let rows = tx.query(
        "SELECT id, talked_ms, responsible_id, kind, tags
         FROM contact
         WHERE id < $1
         ORDER BY id DESC
         LIMIT 250",
        params![before],
    )?;
    let heads: Result<Vec<_>> = rows.into_iter().map(read_head).collect();
    Ok(Stretch::of(heads?, STRETCH, |head| head.id.clone()))
}

/// A stretch of the contacts that are searched for, newest first, with ids in `search_text` under `below`; with these.
pub fn walk_found(tx: &mut Tx, search: &Search, below: i64) -> Result<Stretch<(i64, ContactHead), i64>> {
    let Stretch { rows, reached } = search_texts::walk(tx, Kind::Contact, search, i64::MIN..below)?;
    let ids: Vec<_> = rows.iter().map(|(_, id)| id.as_str()).collect();
    let heads = list_heads(tx, &ids)?.into_iter();
    let mut heads: BTreeMap<_, _> = heads.map(|head| (head.id.clone(), head)).collect();
    let rows = rows.into_iter().filter_map(|(id, owner_id)| Some((id, heads.remove(&owner_id)?))).collect();
    Ok(Stretch { rows, reached })
}

/// Untouched leads of whom nothing was heard since: no talk, no call, nothing owed to them. At most `limit`.
pub fn list_silent_leads(tx: &mut Tx, since_ms: i64, limit: i64) -> Result<Vec<String>> {
    let rows = tx.query(
        "SELECT id
         FROM contact c
         WHERE made_by IS NOT NULL AND kind = 'lead' AND talked_ms < $1
           AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.contact_id = c.id AND p.done_ms IS NULL)
           AND NOT EXISTS (
               SELECT 1
               FROM contact_phone p
               JOIN client_number n ON n.number = p.number
               WHERE p.contact_id = c.id AND n.misses > 0)
           AND NOT EXISTS (
               SELECT 1
               FROM contact_phone p
               JOIN call k ON k.phone = p.number
               WHERE p.contact_id = c.id AND k.started_ms >= $1)
         ORDER BY talked_ms
         LIMIT $2",
        params![since_ms, limit],
    )?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// The heads of these contacts, in no order.
pub fn list_heads(tx: &mut Tx, ids: &[&str]) -> Result<Vec<ContactHead>> {
    let sql = by_keys!(["SELECT id, talked_ms, responsible_id, kind, tags FROM contact WHERE id"] []);
    tx.query_by_keys(sql, ids)?.into_iter().map(read_head).collect()
}

fn read_head(mut row: Row) -> Result<ContactHead> {
    Ok(ContactHead {
        id: row.take(0)?,
        talked_ms: row.take(1)?,
        responsible_id: row.take(2)?,
        kind: read_kind(&row.take::<String>(3)?),
        tags: serde_json::from_str(&row.take::<String>(4)?).unwrap_or_default(),
    })
}
