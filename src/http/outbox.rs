//! What goes out to other systems, for the admin.

use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::app::outbox::plan::{self, OutboxItem};
use crate::domain::delivery::DeliveryState;
use crate::error::Result;
use crate::http::edge::auth::Admin;
use crate::http::edge::page::{Page, PageQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutboxQuery {
    state: Option<DeliveryState>,
    /// An integration's id.
    integration: Option<String>,
}

/// Every delivery, newest first.
#[utoipa::path(get, path = "/api/outbox", tag = "outbox", params(OutboxQuery, PageQuery), responses((status = 200, body = Page<OutboxItem>)))]
pub async fn list(
    _: Admin,
    app: web::Data<App>,
    query: web::Query<OutboxQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<OutboxItem>>> {
    let OutboxQuery { state, integration } = query.into_inner();
    Page::found(plan::list(&app, state, integration, page.after()?, page.limit()?).await?).map(web::Json)
}

/// Sends one again; what was delivered already, whole.
#[utoipa::path(post, path = "/api/outbox/{id}/retry", tag = "outbox", responses((status = 200, body = OutboxItem), (status = 404), (status = 409)))]
pub async fn retry(_: Admin, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<OutboxItem>> {
    plan::retry(&app, &id).await.map(web::Json)
}
