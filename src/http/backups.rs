//! `/api/backups`: the copies of everything that are kept.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::app::upkeep::backup_task::{self, Backups};
use crate::app::upkeep::tasks;
use crate::domain::task::Task;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Admin};

/// What is kept, and when the next is made by itself.
#[utoipa::path(get, path = "/api/backups", tag = "backups", responses((status = 200, body = Backups)))]
pub async fn list(_: Admin, app: web::Data<App>) -> Result<web::Json<Backups>> {
    backup_task::list(&app).await.map(web::Json)
}

/// One more, made in the background; with it the oldest beyond those that are kept goes.
#[utoipa::path(post, path = "/api/backups", tag = "backups", responses((status = 202, body = Task), (status = 409)))]
pub async fn make(_: Admin, app: Acting) -> Result<HttpResponse> {
    let id = backup_task::ask(&app).await?;
    Ok(HttpResponse::Accepted().json(tasks::get(&app, &id).await?))
}
