//! The missed board.

use actix_web::web;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::desk::missed::{self, MissedChange, Order};
use crate::domain::fault::Fault;
use crate::domain::missed::MissedRow;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::http::edge::auth::Operator;
use crate::http::edge::page::{Page, PageQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// `closed`: what has been served; absent or `open`: who still waits.
    #[param(inline)]
    state: Option<Openness>,
    /// Of who still waits: absent, the latest miss first; `due`, whose call back is due; `wait`, who waits longest;
    /// `count`, who rang most; in these three VIPs come first.
    #[param(inline)]
    sort: Option<Sort>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    Due,
    Wait,
    Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Openness {
    Open,
    Closed,
}

/// Who still waits.
#[utoipa::path(get, path = "/api/missed", tag = "missed", params(BoardQuery, PageQuery), responses((status = 200, body = Page<MissedRow>)))]
pub async fn list(
    _: Operator,
    app: web::Data<App>,
    query: web::Query<BoardQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<MissedRow>>> {
    let order = match query.sort {
        _ if query.state == Some(Openness::Closed) => None,
        None => Some(Order::Latest),
        Some(Sort::Due) => Some(Order::Due),
        Some(Sort::Wait) => Some(Order::Wait),
        Some(Sort::Count) => Some(Order::Count),
    };
    let limit = page.limit()?;
    let rows = missed::list(&app, order, page.after()?, limit + 1).await?;
    let Page { items, next } = Page::cut(rows, limit, |(place, _)| place.clone())?;
    Ok(web::Json(Page { items: items.into_iter().map(|(_, row)| row).collect(), next }))
}

/// One row of the board.
#[utoipa::path(get, path = "/api/missed/{id}", tag = "missed", responses((status = 200, body = MissedRow), (status = 404)))]
pub async fn get(_: Operator, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<MissedRow>> {
    missed::get(&app, &id).await.map(web::Json)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewState {
    New,
    Taken,
    Closed,
    Snoozed,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardChange {
    /// `new` undoes taking, closing and putting off.
    state: NewState,
    /// The `rev` of the row as it was seen; another one: 409 `row_changed` with the row.
    rev: Option<i64>,
    /// Why it is closed.
    #[serde(default)]
    reason: String,
    /// Until when it is put off: RFC 3339; needed for `snoozed`.
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// Takes a client on, closes the row with a reason, or undoes either.
#[utoipa::path(patch, path = "/api/missed/{id}", tag = "missed", request_body = BoardChange, responses((status = 200, body = MissedRow), (status = 404), (status = 409)))]
pub async fn patch(
    user: Operator,
    app: web::Data<App>,
    id: web::Path<String>,
    change: web::Json<BoardChange>,
) -> Result<web::Json<MissedRow>> {
    let BoardChange { state, rev, reason, until } = change.into_inner();
    let change = match state {
        NewState::New => MissedChange::Undo,
        NewState::Taken => MissedChange::Take,
        NewState::Closed => MissedChange::Close { reason },
        NewState::Snoozed => {
            let until = until.ok_or_else(|| Error::field("until", Fault::Required))?;
            let UtcMs(until_ms) = UtcMs::parse(&until).ok_or_else(|| Error::field("until", Fault::NotATime))?;
            MissedChange::Snooze { until_ms }
        }
    };
    missed::change(&app, &user.0, &id, rev, change).await.map(web::Json)
}
