//! The `contact_phone` table: the numbers of contacts.

use crate::domain::contact::ContactPhone;
use crate::error::Result;
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tx::Tx;

/// Gives a contact a number, which is in its normal form; one that it has already stays as it is.
pub(super) fn insert(tx: &mut Tx, contact_id: &str, phone: &ContactPhone, position: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO contact_phone (contact_id, number, label, position)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (contact_id, number) DO NOTHING",
        params![contact_id, &phone.number, &phone.label, position],
    )?;
    Ok(())
}

/// Takes all its numbers from a contact.
pub(super) fn delete_of(tx: &mut Tx, contact_id: &str) -> Result<()> {
    tx.execute("DELETE FROM contact_phone WHERE contact_id = $1", params![contact_id])?;
    Ok(())
}

/// The numbers of a contact.
pub fn list_numbers(tx: &mut Tx, contact_id: &str) -> Result<Vec<String>> {
    tx.query("SELECT number FROM contact_phone WHERE contact_id = $1 ORDER BY number", params![contact_id])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}

/// The numbers that nobody but this number's one owner has, as he lists them; none when it has no owner, or several.
pub fn list_of_only_owner(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    tx.query(
        "SELECT p.number
         FROM contact_phone o
         JOIN contact_phone p ON p.contact_id = o.contact_id
         WHERE o.number = $1
           AND NOT EXISTS (SELECT 1
                           FROM contact_phone x
                           WHERE x.number IN (o.number, p.number) AND x.contact_id <> o.contact_id)
         ORDER BY p.position, p.number",
        params![number],
    )?
    .into_iter()
    .map(|mut row| row.take(0))
    .collect()
}

/// Each of these numbers with each contact that has it.
pub fn list_owners(tx: &mut Tx, numbers: &[&str]) -> Result<Vec<(String, String)>> {
    let sql = by_keys!(["SELECT number, contact_id FROM contact_phone WHERE number"] []);
    tx.query_by_keys(sql, numbers)?.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// The contacts with this number.
pub fn list_contacts(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    tx.query("SELECT contact_id FROM contact_phone WHERE number = $1 ORDER BY contact_id", params![number])?
        .into_iter()
        .map(|mut row| row.take(0))
        .collect()
}
