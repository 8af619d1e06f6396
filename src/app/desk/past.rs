//! The calls of the past, as they are looked through.

use crate::app::App;
use crate::app::desk::view;
use crate::app::directory::Directory;
use crate::domain::call::{Call, CallState, Direction};
use crate::domain::fold::search_patterns;
use crate::domain::phone::Phone;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::call_lists::{self, CallFilter};
use crate::store::tables::calls;

/// What the history may be narrowed to; an absent member does not restrict. People, contacts and integrations by id.
#[derive(Clone, Debug, Default)]
pub struct CallQuery {
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    pub state: Option<CallState>,
    pub direction: Option<Direction>,
    pub user: Option<String>,
    pub phone: Option<String>,
    pub contact: Option<String>,
    /// An integration's name will do as well.
    pub integration: Option<String>,
    pub callid: Option<String>,
    /// Any part of the number, the note, the outcome, or the client's name.
    pub q: Option<String>,
}

fn filter(query: CallQuery, directory: &Directory) -> CallFilter {
    let id_of = |name: String| directory.find_integration(&name).map_or(name, |integration| integration.id.clone());
    let normal = |phone: String| Phone::parse(&phone, &directory.settings.region).as_str().to_owned();
    CallFilter {
        from_ms: query.from.map(|at| at.0),
        to_ms: query.to.map(|at| at.0),
        state: query.state.map(CallState::as_str),
        direction: query.direction.map(Direction::as_str),
        user_id: query.user,
        phone: query.phone.map(normal),
        contact_id: query.contact,
        integration_id: query.integration.map(id_of),
        callid: query.callid,
        search: query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()).map(search_patterns),
    }
}

/// At most `limit` calls after `after` (started_ms, id), newest first.
pub async fn list(app: &App, query: CallQuery, after: Option<(i64, String)>, limit: usize) -> Result<Vec<Call>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let directory = app.directory().await?;
    let filter = filter(query, &directory);
    app.store
        .list(move |tx| {
            let rows = call_lists::list(tx, &filter, after.as_ref(), limit)?;
            rows.iter().map(|row| view::of_row(tx, &directory, row)).collect()
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Call> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    app.store
        .show(move |tx| {
            let row = calls::find(tx, &id)?.ok_or(Error::NotFound("call"))?;
            view::of_row(tx, &directory, &row)
        })
        .await
}
