//! `/api/tasks`: long work.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::app::upkeep::tasks;
use crate::domain::task::Task;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Manager};
use crate::http::edge::page::{Page, PageQuery};

/// What was begun, newest first.
#[utoipa::path(get, path = "/api/tasks", tag = "tasks", params(PageQuery), responses((status = 200, body = Page<Task>)))]
pub async fn list(_: Manager, app: web::Data<App>, page: web::Query<PageQuery>) -> Result<web::Json<Page<Task>>> {
    let limit = page.limit()?;
    let items = tasks::list(&app, page.after()?, limit + 1).await?;
    Page::cut(items, limit, |task: &Task| task.id.clone()).map(web::Json)
}

/// How far it is.
#[utoipa::path(get, path = "/api/tasks/{id}", tag = "tasks", params(("id" = String, Path)), responses((status = 200, body = Task)))]
pub async fn get(_: Manager, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<Task>> {
    tasks::get(&app, &id).await.map(web::Json)
}

/// Breaks it off. What has come of it stays, and can be taken back.
#[utoipa::path(delete, path = "/api/tasks/{id}", tag = "tasks", params(("id" = String, Path)), responses((status = 200, body = Task), (status = 409)))]
pub async fn cancel(_: Manager, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<Task>> {
    tasks::cancel(&app, &id).await.map(web::Json)
}

/// Takes all of it back: what was made goes, what was changed is as it was, but for what somebody has changed since.
#[utoipa::path(post, path = "/api/tasks/{id}/undo", tag = "tasks", params(("id" = String, Path)), responses((status = 202, body = Task), (status = 409)))]
pub async fn undo(_: Manager, app: Acting, id: web::Path<String>) -> Result<HttpResponse> {
    Ok(HttpResponse::Accepted().json(tasks::undo(&app, &id).await?))
}

/// Goes on where it was broken off.
#[utoipa::path(post, path = "/api/tasks/{id}/retry", tag = "tasks", params(("id" = String, Path)), responses((status = 202, body = Task), (status = 409)))]
pub async fn retry(_: Manager, app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse> {
    Ok(HttpResponse::Accepted().json(tasks::retry(&app, &id).await?))
}
