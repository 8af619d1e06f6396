//! Contacts that may be the same: walked along what they have alike, so that those of one value stand together.

use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A value, and a contact that has it: by these a walk goes.
pub type Held = (String, String);

/// At most so many rows a walk answers at once; stands in the statements.
pub const STRETCH: usize = 250;

fn read(mut row: Row) -> Result<Held> {
    Ok((row.take(0)?, row.take(1)?))
}

/// Numbers with their contacts.
pub fn walk_numbers(tx: &mut Tx, (number, id): &Held) -> Result<Vec<Held>> {
    tx.query(
        "SELECT number, contact_id
         FROM contact_phone
         WHERE (number, contact_id) > ($1, $2)
         ORDER BY number, contact_id
         LIMIT 250",
        params![number, id],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// E-mail addresses, in lower case.
pub fn walk_emails(tx: &mut Tx, (email, id): &Held) -> Result<Vec<Held>> {
    tx.query(
        "SELECT LOWER(email), id
         FROM contact
         WHERE email <> '' AND LOWER(email) >= $1 AND (LOWER(email) > $1 OR id > $2)
         ORDER BY LOWER(email), id
         LIMIT 250",
        params![email, id],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Names with companies, folded.
pub fn walk_names(tx: &mut Tx, (name, id): &Held) -> Result<Vec<Held>> {
    tx.query(
        "SELECT same_key, id
         FROM contact
         WHERE same_key <> '' AND (same_key, id) > ($1, $2)
         ORDER BY same_key, id
         LIMIT 250",
        params![name, id],
    )?
    .into_iter()
    .map(read)
    .collect()
}
