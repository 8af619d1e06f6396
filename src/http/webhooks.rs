//! The journal of pushes, for the admin.

use actix_web::web;

use crate::app::App;
use crate::app::webhooks::{self, Webhook};
use crate::error::Result;
use crate::http::auth::Admin;
use crate::http::page::{Page, PageQuery};
use crate::http::webhook;

/// Every push, newest first.
#[utoipa::path(get, path = "/api/webhooks", tag = "webhooks", params(PageQuery), responses((status = 200, body = Page<Webhook>)))]
pub async fn list(_: Admin, app: web::Data<App>, page: web::Query<PageQuery>) -> Result<web::Json<Page<Webhook>>> {
    let limit = page.limit()?;
    let items = webhooks::list(&app, page.after()?, limit + 1).await?;
    Page::cut(items, limit, |webhook| webhook.id.clone()).map(web::Json)
}

/// Does again what a push asked for.
#[utoipa::path(post, path = "/api/webhooks/{id}/replay", tag = "webhooks", responses((status = 200, body = Webhook), (status = 404)))]
pub async fn replay(_: Admin, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<Webhook>> {
    let journaled = webhooks::get(&app, &id).await?;
    let region = app.directory().await?.settings.region.clone();
    webhooks::replay(&app, &journaled, webhook::read_again(&journaled, &region)).await.map(web::Json)
}
