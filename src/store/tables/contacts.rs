//! The `contact` table, with each contact's numbers where a contact is read whole.

use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::fold::fold;
use crate::error::{Error, Result};
use crate::params;
use crate::store::keys::by_keys;
use crate::store::tables::contact_phones;
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A contact as the table keeps it; its numbers stand in `contact_phones`, what it is found by in `search_texts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRow {
    pub id: String,
    pub name: String,
    pub company: String,
    pub email: String,
    pub note: String,
    pub tags: Vec<String>,
    pub kind: ContactKind,
    pub responsible_id: Option<String>,
    pub vip: bool,
    pub alert: String,
    /// `missed` or `outgoing`: made by automation and untouched since.
    pub made_by: Option<String>,
    pub created_ms: i64,
    pub updated_ms: i64,
}

/// The columns of [`ContactRow`], in the order of `read`.
macro_rules! columns {
    () => {
        "c.id, c.name, c.company, c.email, c.note, c.tags, c.kind, c.responsible_id, c.vip, c.alert, c.made_by,
         c.created_ms, c.updated_ms"
    };
}

pub(super) fn read_kind(kind: &str) -> ContactKind {
    ContactKind::parse(kind).unwrap_or(ContactKind::Client)
}

fn read(row: &mut Row) -> Result<ContactRow> {
    let tags: String = row.take(5)?;
    Ok(ContactRow {
        id: row.take(0)?,
        name: row.take(1)?,
        company: row.take(2)?,
        email: row.take(3)?,
        note: row.take(4)?,
        // What is damaged, or of a newer version, is shown without it; `lock` lets nobody write over it.
        tags: serde_json::from_str(&tags).unwrap_or_default(),
        kind: read_kind(&row.take::<String>(6)?),
        responsible_id: row.take(7)?,
        vip: row.take::<i64>(8)? != 0,
        alert: row.take(9)?,
        made_by: row.take(10)?,
        created_ms: row.take(11)?,
        updated_ms: row.take(12)?,
    })
}

fn tags_json(tags: &[String]) -> Result<String> {
    serde_json::to_string(tags).map_err(Error::internal)
}

/// What contacts who may be the same have alike: the words of the name in any order, and the company. A single word without
/// a company is nobody's own.
fn same_key(contact: &ContactRow) -> String {
    let name = fold(&contact.name);
    let mut words: Vec<_> = name.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.len() == 1 && contact.company.is_empty() {
        return String::new();
    }
    words.sort_unstable();
    format!("{}\n{}", words.join(" "), fold(&contact.company))
}

/// Joins the rows of one contact, one a number, that stand together.
fn gather(rows: Vec<Row>) -> Result<Vec<(ContactRow, Vec<ContactPhone>)>> {
    let mut contacts: Vec<(ContactRow, Vec<ContactPhone>)> = Vec::new();
    for mut row in rows {
        let number: Option<String> = row.take(13)?;
        let label: Option<String> = row.take(14)?;
        let contact = read(&mut row)?;
        if contacts.last().is_none_or(|(last, _)| last.id != contact.id) {
            contacts.push((contact, Vec::new()));
        }
        if let (Some((_, phones)), Some(number)) = (contacts.last_mut(), number) {
            phones.push(ContactPhone { number, label: label.unwrap_or_default() });
        }
    }
    Ok(contacts)
}

/// Whether there is such a contact; it is locked until the transaction ends.
///
/// # Errors
/// `Damaged` when it cannot be read whole: what is written back would lose the rest.
pub fn lock(tx: &mut Tx, id: &str) -> Result<bool> {
    let found = tx.query_opt("SELECT tags, kind FROM contact WHERE id = $1 FOR NO KEY UPDATE", params![id])?;
    let Some(mut row) = found else { return Ok(false) };
    let (tags, kind): (String, String) = (row.take(0)?, row.take(1)?);
    if serde_json::from_str::<Vec<String>>(&tags).is_err() {
        return Err(Error::damaged("contact", id, "its tags cannot be read"));
    }
    if ContactKind::parse(&kind).is_none() {
        return Err(Error::damaged("contact", id, "a kind that this version does not know"));
    }
    Ok(true)
}

/// Inserts a contact with its numbers, found from then on; one of that id stays as it is.
pub fn insert(tx: &mut Tx, contact: &ContactRow, phones: &[ContactPhone]) -> Result<()> {
    let inserted = tx.execute(
        "INSERT INTO contact (id, name, company, email, note, tags, kind, responsible_id, vip, alert, made_by,
                              created_ms, updated_ms, talked_ms, same_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $14)
         ON CONFLICT (id) DO NOTHING",
        params![
            &contact.id,
            &contact.name,
            &contact.company,
            &contact.email,
            &contact.note,
            tags_json(&contact.tags)?,
            contact.kind.as_str(),
            contact.responsible_id.as_ref(),
            i64::from(contact.vip),
            &contact.alert,
            contact.made_by.as_ref(),
            contact.created_ms,
            contact.updated_ms,
            same_key(contact),
        ],
    )?;
    if inserted == 0 {
        return Ok(());
    }
    keep_phones(tx, contact, phones)
}

/// Writes every member but the instant of creation and the last talk, the numbers, and what the contact is found by.
pub fn update(tx: &mut Tx, contact: &ContactRow, phones: &[ContactPhone]) -> Result<()> {
    tx.execute(
        "UPDATE contact
         SET name = $2, company = $3, email = $4, note = $5, tags = $6, kind = $7, responsible_id = $8, vip = $9,
             alert = $10, made_by = $11, updated_ms = $12, same_key = $13
         WHERE id = $1",
        params![
            &contact.id,
            &contact.name,
            &contact.company,
            &contact.email,
            &contact.note,
            tags_json(&contact.tags)?,
            contact.kind.as_str(),
            contact.responsible_id.as_ref(),
            i64::from(contact.vip),
            &contact.alert,
            contact.made_by.as_ref(),
            contact.updated_ms,
            same_key(contact),
        ],
    )?;
    contact_phones::delete_of(tx, &contact.id)?;
    keep_phones(tx, contact, phones)
}

fn keep_phones(tx: &mut Tx, contact: &ContactRow, phones: &[ContactPhone]) -> Result<()> {
    for (position, phone) in (0_i64..).zip(phones) {
        contact_phones::insert(tx, &contact.id, phone, position)?;
    }
    let numbers: Vec<_> = phones.iter().map(|phone| phone.number.as_str()).collect();
    let text = [&contact.name, &contact.company, &contact.email, numbers.join(" ").as_str()].join(" ");
    search_texts::put(tx, Kind::Contact, &contact.id, contact.created_ms, &text)
}

/// Deletes a contact with its numbers; false when there was none.
pub fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    search_texts::delete(tx, id)?;
    Ok(tx.execute("DELETE FROM contact WHERE id = $1", params![id])? > 0)
}

/// Deletes a contact that automation made, unless somebody has touched it since; true when it went.
pub fn delete_untouched(tx: &mut Tx, id: &str) -> Result<bool> {
    let is_gone = tx.execute("DELETE FROM contact WHERE id = $1 AND made_by IS NOT NULL", params![id])? > 0;
    if is_gone {
        search_texts::delete(tx, id)?;
    }
    Ok(is_gone)
}

/// A contact with its numbers.
pub fn find(tx: &mut Tx, id: &str) -> Result<Option<(ContactRow, Vec<ContactPhone>)>> {
    Ok(list(tx, &[id])?.into_iter().next())
}

/// The contacts of these ids with their numbers, by id.
pub fn list(tx: &mut Tx, ids: &[&str]) -> Result<Vec<(ContactRow, Vec<ContactPhone>)>> {
    let sql = by_keys!(
        [
            "SELECT ",
            columns!(),
            ", p.number, p.label
             FROM contact c
             LEFT JOIN contact_phone p ON p.contact_id = c.id
             WHERE c.id"
        ][" ORDER BY c.id, p.position, p.number"]
    );
    gather(tx.query_by_keys(sql, ids)?)
}

/// Every contact with this number, oldest first.
pub fn list_of_number(tx: &mut Tx, number: &str) -> Result<Vec<ContactRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM contact_phone n
             JOIN contact c ON c.id = n.contact_id
             WHERE n.number = $1
             ORDER BY c.created_ms, c.id"
        ),
        params![number],
    )?
    .iter_mut()
    .map(read)
    .collect()
}

/// Every contact with this e-mail address, in any letter case, oldest first.
pub fn list_of_email(tx: &mut Tx, email: &str) -> Result<Vec<ContactRow>> {
    tx.query(
        concat!(
            "SELECT ",
            columns!(),
            " FROM contact c
             WHERE LOWER(c.email) = LOWER($1) AND c.email <> ''
             ORDER BY c.created_ms, c.id"
        ),
        params![email],
    )?
    .iter_mut()
    .map(read)
    .collect()
}

/// The ids of the contacts with this number, the one to show first: the one last chosen for it, else the one talked
/// to last, else the oldest. A talk on a shared number counts for all its contacts, unless one was chosen for the call.
/// (Of each number the latest talk is looked for, not all of them.)
pub fn list_ids_by_preference(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    tx.query(
        "SELECT c.id
         FROM contact_phone n
         JOIN contact c ON c.id = n.contact_id
         LEFT JOIN client_number b ON b.number = n.number
         WHERE n.number = $1
         ORDER BY CASE WHEN b.contact_id = c.id THEN 0 ELSE 1 END,
                  COALESCE((SELECT MAX((SELECT t.started_ms
                                        FROM call t
                                        WHERE t.phone = p.number
                                          AND t.state IN ('answered', 'talking')
                                          AND (t.contact_id IS NULL OR t.contact_id = p.contact_id)
                                        ORDER BY t.started_ms DESC, t.id DESC
                                        LIMIT 1))
                            FROM contact_phone p
                            WHERE p.contact_id = c.id), 0) DESC,
                  c.created_ms,
                  c.id",
        params![number],
    )?
    .iter_mut()
    .map(|row| row.take(0))
    .collect()
}
