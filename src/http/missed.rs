//! The missed board.

use actix_web::web;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::desk::missed::{self, MissedChange};
use crate::domain::missed::MissedRow;
use crate::error::Result;
use crate::http::edge::auth::Operator;
use crate::http::edge::page::{Page, PageQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// `closed`: what has been served; absent or `open`: who still waits.
    #[param(inline)]
    state: Option<Openness>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Openness {
    Open,
    Closed,
}

/// Who still waits, the latest first.
#[utoipa::path(get, path = "/api/missed", tag = "missed", params(BoardQuery, PageQuery), responses((status = 200, body = Page<MissedRow>)))]
pub async fn list(
    _: Operator,
    app: web::Data<App>,
    query: web::Query<BoardQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<MissedRow>>> {
    let is_closed = query.state == Some(Openness::Closed);
    let limit = page.limit()?;
    let items = missed::list(&app, is_closed, page.after()?, limit + 1).await?;
    Page::cut(items, limit, |row: &MissedRow| (row.last_at.map(|at| at.0).unwrap_or_default(), row.id.clone()))
        .map(web::Json)
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
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardChange {
    /// `new` undoes taking and closing.
    state: NewState,
    /// The `rev` of the row as it was seen; another one: 409 `row_changed` with the row.
    rev: Option<i64>,
    /// Why it is closed.
    #[serde(default)]
    reason: String,
}

/// Takes a client on, closes the row with a reason, or undoes either.
#[utoipa::path(patch, path = "/api/missed/{id}", tag = "missed", request_body = BoardChange, responses((status = 200, body = MissedRow), (status = 404), (status = 409)))]
pub async fn patch(
    user: Operator,
    app: web::Data<App>,
    id: web::Path<String>,
    change: web::Json<BoardChange>,
) -> Result<web::Json<MissedRow>> {
    let BoardChange { state, rev, reason } = change.into_inner();
    let change = match state {
        NewState::New => MissedChange::Undo,
        NewState::Taken => MissedChange::Take,
        NewState::Closed => MissedChange::Close { reason },
    };
    missed::change(&app, &user.0, &id, rev, change).await.map(web::Json)
}
