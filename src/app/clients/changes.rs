//! What people changed of a contact: kept with the change, shown in its timeline.

use serde_json::{Value, json};

use crate::app::clients::draft::ContactDraft;
use crate::error::Result;
use crate::store::tables::contact_changes::{self, ContactChangeRow, FieldChange};
use crate::store::tx::Tx;

/// Of a long text so much is kept, from where the two begin to differ: enough to recognise the change.
const TEXT_CHARS: usize = 300;
/// In place of a field: who became part of the contact.
const MERGED: &str = "merged";

/// Keeps what differs, if anything does. `user_id`: `None` for a command on the server.
pub fn keep(
    tx: &mut Tx,
    change_id: &str,
    contact_id: &str,
    user_id: Option<&str>,
    at_ms: i64,
    [before, after]: [&ContactDraft; 2],
) -> Result<()> {
    let fields = differences(before, after);
    if fields.is_empty() {
        return Ok(());
    }
    let change = ContactChangeRow {
        id: change_id.to_owned(),
        contact_id: contact_id.to_owned(),
        at_ms,
        user_id: user_id.map(str::to_owned),
        fields,
    };
    contact_changes::insert(tx, &change)
}

/// Keeps that another contact became part of this one, with every value that did not stay. `mine` and `theirs` are the two
/// as they were, `after` is the one.
pub fn keep_merge(
    tx: &mut Tx,
    change_id: &str,
    contact_id: &str,
    user_id: &str,
    at_ms: i64,
    [mine, theirs, after]: [&ContactDraft; 3],
) -> Result<()> {
    let mut fields = differences(mine, after);
    let is_lost = |field: &FieldChange| {
        let is_said = ![json!(""), json!(null), json!([]), json!(false)].contains(&field.before);
        // Numbers, tags and notes are joined.
        is_said
            && !matches!(field.field.as_str(), "phones" | "tags" | "note")
            && fields.iter().all(|other| other.field != field.field)
    };
    let lost: Vec<_> = differences(theirs, after).into_iter().filter(is_lost).collect();
    let who = [&theirs.name, &theirs.company, &theirs.email].into_iter().find(|text| !text.is_empty());
    let who = who.or(theirs.phones.first().map(|phone| &phone.number));
    let merged = FieldChange { field: MERGED.to_owned(), before: json!(who), after: serde_json::Value::Null };
    fields.insert(0, merged);
    fields.extend(lost);
    let change = ContactChangeRow {
        id: change_id.to_owned(),
        contact_id: contact_id.to_owned(),
        at_ms,
        user_id: Some(user_id.to_owned()),
        fields,
    };
    contact_changes::insert(tx, &change)
}

fn differences(before: &ContactDraft, after: &ContactDraft) -> Vec<FieldChange> {
    let pairs = members(before).into_iter().zip(members(after));
    let differing = pairs.filter(|((_, before), (_, after))| before != after);
    let change = |((field, before), (_, after)): ((&str, Value), (&str, Value))| {
        let (before, after) = cut(before, after);
        FieldChange { field: field.to_owned(), before, after }
    };
    differing.map(change).collect()
}

/// Every member, by the name that it has in the API.
fn members(draft: &ContactDraft) -> [(&'static str, Value); 10] {
    [
        ("name", json!(draft.name)),
        ("company", json!(draft.company)),
        ("phones", json!(draft.phones)),
        ("email", json!(draft.email)),
        ("note", json!(draft.note)),
        ("tags", json!(draft.tags)),
        ("kind", json!(draft.kind)),
        ("responsible", json!(draft.responsible_id)),
        ("vip", json!(draft.vip)),
        ("alert", json!(draft.alert)),
    ]
}

fn cut(before: Value, after: Value) -> (Value, Value) {
    let (Value::String(was), Value::String(is)) = (&before, &after) else { return (before, after) };
    if was.chars().count().max(is.chars().count()) <= TEXT_CHARS {
        return (before, after);
    }
    let same = was.chars().zip(is.chars()).take_while(|(one, other)| one == other).count();
    let part = |text: &str| {
        let head = if same > 0 { "…" } else { "" };
        let rest: String = text.chars().skip(same).take(TEXT_CHARS).collect();
        let tail = if text.chars().count() > same + TEXT_CHARS { "…" } else { "" };
        Value::String(format!("{head}{rest}{tail}"))
    };
    (part(was), part(is))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_kept_from_where_it_differs() {
        let note = |text: &str| ContactDraft { note: text.to_owned(), ..ContactDraft::default() };
        let long = "я".repeat(400);
        let changed = |before: &str, after: &str| {
            let fields = differences(&note(before), &note(after));
            (fields[0].before.clone(), fields[0].after.clone())
        };
        assert_eq!(changed("было", "стало"), (json!("было"), json!("стало")));
        assert_eq!(changed("", &long), (json!(""), json!(format!("{}…", "я".repeat(300)))));
        assert_eq!(changed(&long, &format!("{long}\nещё")), (json!("…"), json!("…\nещё")));
        assert_eq!(differences(&note(&long), &note(&long)), []);
    }
}
