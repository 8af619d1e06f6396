//! `/api/kept`: what is kept, how much and for how long.

use actix_web::web;

use crate::app::App;
use crate::app::upkeep::kept::{self, Kept};
use crate::error::Result;
use crate::http::edge::auth::Admin;
use crate::http::edge::page::Page;

/// What is kept of each kind, how much of it, since when, and for how long by the settings.
#[utoipa::path(get, path = "/api/kept", tag = "settings", operation_id = "kept", responses((status = 200, body = Page<Kept>)))]
pub async fn list(_: Admin, app: web::Data<App>) -> Result<web::Json<Page<Kept>>> {
    kept::list(&app).await.map(Page::whole).map(web::Json)
}
