//! The journal of pushes, for the admin.

use actix_web::web;

use crate::app::App;
use crate::app::pushes::{self, Webhook};
use crate::error::Result;
use crate::http::edge::auth::Admin;
use crate::http::edge::page::{Page, PageQuery};
use crate::http::pbx;

/// Every push, newest first.
#[utoipa::path(get, path = "/api/webhooks", tag = "webhooks", params(PageQuery), responses((status = 200, body = Page<Webhook>)))]
pub async fn list(_: Admin, app: web::Data<App>, page: web::Query<PageQuery>) -> Result<web::Json<Page<Webhook>>> {
    let limit = page.limit()?;
    let items = pushes::list(&app, page.after()?, limit + 1).await?;
    Page::cut(items, limit, |webhook| webhook.id.clone()).map(web::Json)
}

/// Does again what a push asked for.
#[utoipa::path(post, path = "/api/webhooks/{id}/replay", tag = "webhooks", responses((status = 200, body = Webhook), (status = 404)))]
pub async fn replay(_: Admin, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<Webhook>> {
    let journaled = pushes::get(&app, &id).await?;
    let region = app.directory().await?.settings.region.clone();
    pushes::replay(&app, &journaled, pbx::read_again(&journaled, &region)).await.map(web::Json)
}
