//! `contact_change`: what people changed of contacts.

use crate::error::{Error, Result};
use crate::params;
use crate::store::tx::Tx;
use serde::{Deserialize, Serialize};

/// One change, of any number of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactChangeRow {
    pub id: String,
    pub contact_id: String,
    pub at_ms: i64,
    /// `None`: a command did it.
    pub user_id: Option<String>,
    pub fields: Vec<FieldChange>,
}

impl ContactChangeRow {
    /// Its place among the changes: greatest first.
    pub fn place(&self) -> (i64, String) {
        (self.at_ms, self.id.clone())
    }
}

/// What a field was and became, as the contact's own member shows it; people by their id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    pub before: serde_json::Value,
    pub after: serde_json::Value,
}

/// Keeps a change; of each contact the newest 200.
pub fn insert(tx: &mut Tx, change: &ContactChangeRow) -> Result<()> {
    let fields = serde_json::to_string(&change.fields).map_err(Error::internal)?;
    tx.execute(
        "INSERT INTO contact_change (id, contact_id, at_ms, user_id, fields)
         VALUES ($1, $2, $3, $4, $5)",
        params![&change.id, &change.contact_id, change.at_ms, change.user_id.as_ref(), fields],
    )?;
    tx.execute(
        "DELETE FROM contact_change
         WHERE id IN (SELECT id
                      FROM contact_change
                      WHERE contact_id = $1
                      ORDER BY at_ms DESC, id DESC
                      LIMIT 50 OFFSET 200)",
        params![&change.contact_id],
    )?;
    Ok(())
}

/// The changes are another contact's from now on; answers which.
pub fn move_all(tx: &mut Tx, from_id: &str, into_id: &str) -> Result<Vec<String>> {
    tx.query("UPDATE contact_change SET contact_id = $2 WHERE contact_id = $1 RETURNING id", params![from_id, into_id])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}

/// This change is another contact's from now on.
pub fn move_one(tx: &mut Tx, id: &str, into_id: &str) -> Result<()> {
    tx.execute("UPDATE contact_change SET contact_id = $2 WHERE id = $1", params![id, into_id])?;
    Ok(())
}

pub fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    tx.execute("DELETE FROM contact_change WHERE id = $1", params![id])?;
    Ok(())
}

/// At most `limit` changes of a contact, newest first, after `after`.
pub fn list(tx: &mut Tx, contact_id: &str, after: &(i64, String), limit: i64) -> Result<Vec<ContactChangeRow>> {
    tx.query(
        "SELECT id, contact_id, at_ms, user_id, fields
         FROM contact_change
         WHERE contact_id = $1 AND (at_ms, id) < ($2, $3)
         ORDER BY at_ms DESC, id DESC
         LIMIT $4",
        params![contact_id, after.0, &after.1, limit],
    )?
    .into_iter()
    .map(|mut row| {
        let fields: String = row.take(4)?;
        Ok(ContactChangeRow {
            id: row.take(0)?,
            contact_id: row.take(1)?,
            at_ms: row.take(2)?,
            user_id: row.take(3)?,
            // What a newer version wrote is shown without its fields.
            fields: serde_json::from_str(&fields).unwrap_or_default(),
        })
    })
    .collect()
}
