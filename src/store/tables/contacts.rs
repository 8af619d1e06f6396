//! The `contact` table, with each contact's numbers where a contact is read whole.

use crate::domain::contact::{ContactKind, ContactPhone};
use crate::error::{Error, Result};
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

/// A contact as the table keeps it; its numbers stand in `contact_phones`.
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
    /// `missed` or `outgoing`: made by automation and untouched since.
    pub made_by: Option<String>,
    pub search_key: String,
    pub created_ms: i64,
    pub updated_ms: i64,
}

/// Which contacts a page shows; an absent member does not restrict.
#[derive(Clone, Debug, Default)]
pub struct ContactFilter {
    /// LIKE patterns over the search key: any of them will do.
    pub patterns: Option<(String, String, String)>,
    /// A number in its normal form.
    pub number: Option<String>,
    pub responsible_id: Option<String>,
    pub kind: Option<ContactKind>,
    /// A LIKE pattern over the JSON of the tags.
    pub tag_pattern: Option<String>,
}

/// The sort key of a page's last row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactKey {
    pub created_ms: i64,
    pub id: String,
}

/// The columns of [`ContactRow`], in the order of `read`.
macro_rules! columns {
    () => {
        "c.id, c.name, c.company, c.email, c.note, c.tags, c.kind, c.responsible_id, c.made_by, c.search_key,
         c.created_ms, c.updated_ms"
    };
}

fn read(row: &mut Row) -> Result<ContactRow> {
    let tags: String = row.take(5)?;
    let kind: String = row.take(6)?;
    Ok(ContactRow {
        id: row.take(0)?,
        name: row.take(1)?,
        company: row.take(2)?,
        email: row.take(3)?,
        note: row.take(4)?,
        // What is damaged, or of a newer version, is shown without it; `lock` lets nobody write over it.
        tags: serde_json::from_str(&tags).unwrap_or_default(),
        kind: ContactKind::parse(&kind).unwrap_or(ContactKind::Client),
        responsible_id: row.take(7)?,
        made_by: row.take(8)?,
        search_key: row.take(9)?,
        created_ms: row.take(10)?,
        updated_ms: row.take(11)?,
    })
}

fn tags_json(tags: &[String]) -> Result<String> {
    serde_json::to_string(tags).map_err(Error::internal)
}

/// Joins the rows of one contact, one a number, that stand together.
fn gather(rows: Vec<Row>) -> Result<Vec<(ContactRow, Vec<ContactPhone>)>> {
    let mut contacts: Vec<(ContactRow, Vec<ContactPhone>)> = Vec::new();
    for mut row in rows {
        let number: Option<String> = row.take(12)?;
        let label: Option<String> = row.take(13)?;
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

/// Inserts a contact; one of that id stays as it is.
pub fn insert(tx: &mut Tx, contact: &ContactRow) -> Result<()> {
    tx.execute(
        "INSERT INTO contact (id, name, company, email, note, tags, kind, responsible_id, made_by, search_key,
                              created_ms, updated_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
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
            contact.made_by.as_ref(),
            &contact.search_key,
            contact.created_ms,
            contact.updated_ms,
        ],
    )?;
    Ok(())
}

/// Writes every member but the instant of creation.
pub fn update(tx: &mut Tx, contact: &ContactRow) -> Result<()> {
    tx.execute(
        "UPDATE contact
         SET name = $2, company = $3, email = $4, note = $5, tags = $6, kind = $7, responsible_id = $8, made_by = $9,
             search_key = $10, updated_ms = $11
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
            contact.made_by.as_ref(),
            &contact.search_key,
            contact.updated_ms,
        ],
    )?;
    Ok(())
}

/// Deletes a contact with its numbers; false when there was none.
pub fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM contact WHERE id = $1", params![id])? > 0)
}

/// Deletes a contact that automation made, unless somebody has touched it since; true when it went.
pub fn delete_untouched(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM contact WHERE id = $1 AND made_by IS NOT NULL", params![id])? > 0)
}

/// A contact with its numbers.
pub fn find(tx: &mut Tx, id: &str) -> Result<Option<(ContactRow, Vec<ContactPhone>)>> {
    let rows = tx.query(
        concat!(
            "SELECT ",
            columns!(),
            ", p.number, p.label
             FROM contact c
             LEFT JOIN contact_phone p ON p.contact_id = c.id
             WHERE c.id = $1
             ORDER BY p.position, p.number"
        ),
        params![id],
    )?;
    Ok(gather(rows)?.into_iter().next())
}

/// At most `limit` contacts, newest first, those after `after`.
pub fn list(
    tx: &mut Tx,
    filter: &ContactFilter,
    after: Option<&ContactKey>,
    limit: i64,
) -> Result<Vec<(ContactRow, Vec<ContactPhone>)>> {
    let (any, digits, sevens) = match &filter.patterns {
        Some((any, digits, sevens)) => (Some(any), Some(digits), Some(sevens)),
        None => (None, None, None),
    };
    let rows = tx.query(
        concat!(
            "SELECT ",
            columns!(),
            ", p.number, p.label
             FROM (SELECT ",
            columns!(),
            "      FROM contact c
                   WHERE (CAST($1 AS BIGINT) IS NULL
                          OR c.created_ms < CAST($1 AS BIGINT)
                          OR (c.created_ms = CAST($1 AS BIGINT) AND c.id < CAST($2 AS TEXT)))
                     AND (CAST($3 AS TEXT) IS NULL
                          OR c.search_key LIKE CAST($3 AS TEXT) ESCAPE '\\'
                          OR c.search_key LIKE CAST($4 AS TEXT) ESCAPE '\\'
                          OR c.search_key LIKE CAST($5 AS TEXT) ESCAPE '\\')
                     AND (CAST($6 AS TEXT) IS NULL
                          OR c.id IN (SELECT n.contact_id FROM contact_phone n WHERE n.number = CAST($6 AS TEXT)))
                     AND (CAST($7 AS TEXT) IS NULL OR c.responsible_id = CAST($7 AS TEXT))
                     AND (CAST($8 AS TEXT) IS NULL OR c.kind = CAST($8 AS TEXT))
                     AND (CAST($9 AS TEXT) IS NULL OR c.tags LIKE CAST($9 AS TEXT) ESCAPE '\\')
                   ORDER BY c.created_ms DESC, c.id DESC
                   LIMIT $10) c
             LEFT JOIN contact_phone p ON p.contact_id = c.id
             ORDER BY c.created_ms DESC, c.id DESC, p.position, p.number"
        ),
        params![
            after.map(|key| key.created_ms),
            after.map(|key| &key.id),
            any,
            digits,
            sevens,
            filter.number.as_ref(),
            filter.responsible_id.as_ref(),
            filter.kind.map(ContactKind::as_str),
            filter.tag_pattern.as_ref(),
            limit,
        ],
    )?;
    gather(rows)
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

/// The ids of the contacts with this number, the one to show first: the one last chosen for it, else the one talked
/// to last, else the oldest. A talk on a shared number counts for all its contacts, unless one was chosen for the call.
pub fn list_ids_by_preference(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    tx.query(
        "SELECT c.id
         FROM contact_phone n
         JOIN contact c ON c.id = n.contact_id
         LEFT JOIN client_number b ON b.number = n.number
         LEFT JOIN contact_phone p ON p.contact_id = c.id
         LEFT JOIN call t ON t.phone = p.number
                         AND t.state IN ('answered', 'talking')
                         AND (t.contact_id IS NULL OR t.contact_id = c.id)
         WHERE n.number = $1
         GROUP BY c.id, c.created_ms, b.contact_id
         ORDER BY CASE WHEN b.contact_id = c.id THEN 0 ELSE 1 END,
                  COALESCE(MAX(t.started_ms), 0) DESC,
                  c.created_ms,
                  c.id",
        params![number],
    )?
    .iter_mut()
    .map(|row| row.take(0))
    .collect()
}
