//! Who did what, for the admin.

use actix_web::web;

use crate::app::App;
use crate::app::audit::{self, AuditEntry};
use crate::error::Result;
use crate::http::edge::auth::Admin;
use crate::http::edge::page::{Page, PageQuery};

/// What was done to people, keys, connections, settings and clients' data, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(PageQuery), responses((status = 200, body = Page<AuditEntry>)))]
pub async fn list(_: Admin, app: web::Data<App>, page: web::Query<PageQuery>) -> Result<web::Json<Page<AuditEntry>>> {
    let limit = page.limit()?;
    let items = audit::list(&app, page.after()?, limit + 1).await?;
    Page::cut(items, limit, |entry| entry.id.clone()).map(web::Json)
}
