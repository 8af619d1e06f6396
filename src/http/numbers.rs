//! `/api/numbers`: what is known of a number, and which are blocked.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::desk::numbers;
use crate::domain::number::PhoneNumber;
use crate::error::Result;
use crate::http::edge::auth::Operator;
use crate::http::edge::page::{Page, PageQuery};

/// The blocked numbers, newest first.
#[utoipa::path(get, path = "/api/numbers", tag = "numbers", params(PageQuery), responses((status = 200, body = Page<PhoneNumber>)))]
pub async fn list(
    _: Operator,
    app: web::Data<App>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<PhoneNumber>>> {
    let limit = page.limit()?;
    let found = numbers::list_blocked(&app, page.after()?, limit + 1).await?;
    let Page { items, next } = Page::cut(found, limit, |(place, _)| place.clone())?;
    Ok(web::Json(Page { items: items.into_iter().map(|(_, number)| number).collect(), next }))
}

/// What is known of this number.
#[utoipa::path(get, path = "/api/numbers/{number}", tag = "numbers", params(("number" = String, Path)), responses((status = 200, body = PhoneNumber)))]
pub async fn get(_: Operator, app: web::Data<App>, number: web::Path<String>) -> Result<web::Json<PhoneNumber>> {
    numbers::get(&app, &number).await.map(web::Json)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Block {
    #[schema(max_length = 200)]
    why: String,
    /// Also when it is a contact's number.
    force: bool,
}

/// Blocks a number: its calls make no card, lead or row of the board; they stay in the history.
#[utoipa::path(put, path = "/api/numbers/{number}/block", tag = "numbers", params(("number" = String, Path)), request_body = Block, responses((status = 200, body = PhoneNumber), (status = 409)))]
pub async fn block(
    user: Operator,
    app: web::Data<App>,
    number: web::Path<String>,
    body: web::Json<Block>,
) -> Result<web::Json<PhoneNumber>> {
    numbers::block(&app, &user.0, &number, &body.why, body.force).await.map(web::Json)
}

/// Its calls are heard of again.
#[utoipa::path(delete, path = "/api/numbers/{number}/block", tag = "numbers", params(("number" = String, Path)), responses((status = 204)))]
pub async fn unblock(_: Operator, app: web::Data<App>, number: web::Path<String>) -> Result<HttpResponse> {
    numbers::unblock(&app, &number).await?;
    Ok(HttpResponse::NoContent().finish())
}
