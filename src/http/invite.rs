//! `/api/invite`: whoever was invited sets the password.

use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::people::{invites, sessions};
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::http::edge::auth::Acting;
use crate::http::session::session_cookie;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// From the fragment of the link.
    token: String,
    #[schema(format = Password, min_length = 8, max_length = 1024)]
    password: String,
}

/// Sets the password, which uses the link up, and signs in; whoever has a second factor signs in with it afterwards
/// (`second_factor_needed`).
#[utoipa::path(post, path = "/api/invite", operation_id = "accept_invite", tag = "session", security(()), request_body = Acceptance, responses((status = 200, body = User), (status = 401), (status = 403), (status = 422), (status = 429)))]
pub async fn accept(app: Acting, request: HttpRequest, body: web::Json<Acceptance>) -> Result<HttpResponse> {
    let body = body.into_inner();
    let user = invites::accept(&app, &body.token, SecretString::from(body.password)).await?;
    // The link stands for the password alone.
    if app.directory().await?.has_second_factor(&user.id) {
        return Err(Error::SecondFactorNeeded);
    }
    let token = sessions::begin(&app, &user.id).await?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&request, token)).json(user))
}
