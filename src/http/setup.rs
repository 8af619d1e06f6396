//! `/api/setup`: the first admin.

use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::people::sessions;
use crate::app::people::setup::{self, FirstAdmin};
use crate::domain::user::User;
use crate::error::Result;
use crate::http::edge::auth::Acting;
use crate::http::session::session_cookie;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The fragment of the link that the server printed.
    token: String,
    login: String,
    #[serde(default)]
    name: String,
    #[schema(format = Password, min_length = 8, max_length = 1024)]
    password: String,
}

/// Makes the first admin and signs him in.
#[utoipa::path(post, path = "/api/setup", tag = "setup", security(()), request_body = Setup, responses((status = 201, body = User), (status = 403), (status = 409), (status = 422)))]
pub async fn create(app: Acting, request: HttpRequest, body: web::Json<Setup>) -> Result<HttpResponse> {
    let body = body.into_inner();
    let password = SecretString::from(body.password);
    let first = FirstAdmin { token: body.token, login: body.login, name: body.name, password };
    let user = setup::make_first_admin(&app, first).await?;
    let token = sessions::begin(&app, &user.id).await?;
    Ok(HttpResponse::Created().cookie(session_cookie(&request, token)).json(user))
}
