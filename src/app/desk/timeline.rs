//! A client's line of time: the calls with him, what people changed of his contact, and what was promised outside a call.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::calls::row::facts_to_show;
use crate::app::clients::contacts::current_id;
use crate::app::desk::past::{self, CallQuery};
use crate::app::desk::promises;
use crate::app::desk::view::Around;
use crate::app::directory::Directory;
use crate::domain::page::Found;
use crate::domain::time::UtcMs;
use crate::domain::timeline::{ChangedField, ChangedValue, ContactChange, TimelineItem, TimelineKind};
use crate::error::{Error, Result};
use crate::store::tables::call_walks::{CallHead, Place};
use crate::store::tables::contact_changes::{self, ContactChangeRow, FieldChange};
use crate::store::tables::promises::{self as promise_rows, PromiseRow};
use crate::store::tables::{calls, contact_walks};
use crate::store::tx::Tx;

/// Something of the line that is not read whole yet.
enum Head {
    Call(CallHead),
    Change(ContactChangeRow),
    Promise(PromiseRow),
}

impl Head {
    fn place(&self) -> Place {
        match self {
            Self::Call(head) => head.place(),
            Self::Change(row) => row.place(),
            Self::Promise(row) => (row.made_ms, row.id.clone()),
        }
    }

    fn call_id(&self) -> Option<&str> {
        match self {
            Self::Call(head) => Some(&head.id),
            Self::Change(_) | Self::Promise(_) => None,
        }
    }
}

/// At most `limit` things that were with this contact after `after`, newest first.
///
/// # Errors
/// `NotFound`.
pub async fn list(app: &App, id: &str, after: Option<Place>, limit: usize) -> Result<Found<TimelineItem, Place>> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    app.store
        .list(move |tx| {
            let id = current_id(tx, &id)?;
            if contact_walks::list_heads(tx, &[&id])?.is_empty() {
                return Err(Error::NotFound("contact"));
            }
            let found = find(tx, &id, after.clone(), limit)?;
            whole(tx, found, &directory)
        })
        .await
}

fn find(tx: &mut Tx, id: &str, after: Option<Place>, limit: usize) -> Result<Found<Head, Place>> {
    let query = CallQuery { contacts: vec![id.to_owned()], ..CallQuery::default() };
    let Found { rows, next, reached } = past::find(tx, &query, after.clone(), limit)?;
    let from = after.unwrap_or((i64::MAX, String::new()));
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let changes = contact_changes::list(tx, id, &from, one_more)?;
    let promised = promise_rows::list_of_contact(tx, id, &from, one_more)?;
    let mut heads: Vec<_> = rows.into_iter().map(Head::Call).collect();
    heads.extend(changes.into_iter().map(Head::Change));
    heads.extend(promised.into_iter().map(Head::Promise));
    // What lies behind the last call that was looked at may have calls before it yet.
    heads.retain(|head| next.as_ref().is_none_or(|next| head.place() >= *next));
    heads.sort_unstable_by_key(|head| std::cmp::Reverse(head.place()));
    if heads.len() <= limit {
        return Ok(Found { rows: heads, next, reached });
    }
    heads.truncate(limit);
    let next = heads.last().map(Head::place);
    Ok(Found { rows: heads, next, reached: None })
}

fn whole(tx: &mut Tx, found: Found<Head, Place>, directory: &Directory) -> Result<Found<TimelineItem, Place>> {
    let ids: Vec<_> = found.rows.iter().filter_map(Head::call_id).collect();
    let rows = calls::list(tx, &ids)?;
    let around = Around::find(tx, directory, &rows)?;
    let rows: BTreeMap<_, _> = rows.iter().map(|row| (&row.id, row)).collect();
    found.try_map(|head| match head {
        Head::Call(head) => {
            let row = rows.get(&head.id).ok_or_else(|| Error::internal("a call of the list is gone"))?;
            let (call, _) = around.show(row, &facts_to_show(directory, row));
            let (id, at) = (call.id.clone(), call.started_at);
            Ok(TimelineItem { id, kind: TimelineKind::Call, at, call: Some(call), change: None, promise: None })
        }
        Head::Change(row) => {
            let by = row.user_id.as_deref().and_then(|id| directory.user_ref(id)).cloned();
            let fields = row.fields.into_iter().map(|field| told(field, directory)).collect();
            let (at, change) = (UtcMs(row.at_ms), Some(ContactChange { by, fields }));
            Ok(TimelineItem { id: row.id, kind: TimelineKind::Change, at, call: None, change, promise: None })
        }
        Head::Promise(row) => {
            let promise = promises::view(tx, directory, row)?;
            let (id, at) = (promise.id.clone(), promise.made_at);
            Ok(TimelineItem { id, kind: TimelineKind::Promise, at, call: None, change: None, promise: Some(promise) })
        }
    })
}

/// With people as they appear in answers. What a newer version wrote there is left out.
fn told(FieldChange { field, before, after }: FieldChange, directory: &Directory) -> ChangedField {
    let is_person = field == "responsible";
    let value = |value: serde_json::Value| match value.as_str() {
        Some(id) if is_person => directory.user_ref(id).cloned().map(ChangedValue::Person),
        _ => serde_json::from_value(value).ok(),
    };
    ChangedField { before: value(before), after: value(after), field }
}
