//! `/api/tokens`: what programs prove themselves with.

use actix_web::{HttpResponse, web};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::people::api_tokens::{self, ApiToken, TokenDraft};
use crate::domain::fault::Fault;
use crate::domain::time::UtcMs;
use crate::domain::user::Role;
use crate::error::{Error, Result};
use crate::http::edge::auth::{Acting, Admin};
use crate::http::edge::page::Page;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiToken {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    role: Role,
    /// Absent: valid until somebody ends it.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A token just made.
#[derive(Serialize, ToSchema)]
pub struct MadeApiToken {
    #[serde(flatten)]
    about: ApiToken,
    /// Shown this once.
    token: String,
}

/// All tokens, newest first; those whose time is over too, until they are ended.
#[utoipa::path(get, path = "/api/tokens", tag = "tokens", security(("session" = [])), responses((status = 200, body = Page<ApiToken>)))]
pub async fn list(app: web::Data<App>, _: Admin) -> Result<web::Json<Page<ApiToken>>> {
    Ok(web::Json(Page::whole(api_tokens::list(&app).await?)))
}

/// A new token of the asker's: `Authorization: Bearer TOKEN` may do what its role lets it, under his name.
#[utoipa::path(post, path = "/api/tokens", tag = "tokens", security(("session" = [])), request_body = NewApiToken, responses((status = 201, body = MadeApiToken), (status = 422)))]
pub async fn create(app: Acting, Admin(me): Admin, body: web::Json<NewApiToken>) -> Result<HttpResponse> {
    let NewApiToken { name, role, expires_at } = body.into_inner();
    let instant = |text: String| UtcMs::parse(&text).ok_or_else(|| Error::field("expires_at", Fault::NotATime));
    let draft = TokenDraft { name, role, expires_at: expires_at.map(instant).transpose()? };
    let (about, token) = api_tokens::make(&app, &me, draft).await?;
    Ok(HttpResponse::Created().json(MadeApiToken { about, token: token.expose_secret().to_owned() }))
}

/// Ends a token, at once.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "tokens", security(("session" = [])), params(("id" = String, Path)), responses((status = 204), (status = 404)))]
pub async fn end(app: Acting, _: Admin, id: web::Path<String>) -> Result<HttpResponse> {
    api_tokens::end(&app, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
