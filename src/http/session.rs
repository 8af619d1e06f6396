//! `/api/session`: sign in, who am I, sign out.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::people::sessions;
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::http::edge::auth::{Operator, cookie_name, find_session};
use crate::http::edge::origin::{client_ip, is_https, neighbourhood};
use crate::http::edge::strangers::{Refusal, Strangers};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    login: String,
    #[schema(format = Password)]
    password: String,
}

/// Signs in: the answer sets the session's cookie.
#[utoipa::path(post, path = "/api/session", tag = "session", security(()), request_body = Credentials, responses((status = 200, body = User), (status = 401), (status = 429)))]
pub async fn sign_in(
    app: web::Data<App>,
    strangers: web::Data<Strangers>,
    request: HttpRequest,
    body: web::Json<Credentials>,
) -> Result<HttpResponse> {
    let body = body.into_inner();
    let password = SecretString::from(body.password);
    let address = client_ip(&request).map(neighbourhood);
    let signed_in = sessions::sign_in(&app, &body.login, password, address).await;
    if let (Err(Error::WrongPassword(_) | Error::TooMany { .. }), Some(address)) = (&signed_in, address) {
        strangers.note(address, Refusal::Password);
    }
    let (token, user) = signed_in?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&request, token)).json(user))
}

/// Who am I, with role and lines.
#[utoipa::path(get, path = "/api/session", tag = "session", responses((status = 200, body = User), (status = 401)))]
pub async fn get(me: Operator) -> web::Json<User> {
    web::Json(me.0)
}

/// Signs out; without a session there is nothing to do.
#[utoipa::path(delete, path = "/api/session", security(()), tag = "session", responses((status = 204)))]
pub async fn sign_out(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse> {
    if let Some(session) = find_session(&request).await? {
        sessions::end(&app, &session).await?;
    }
    let mut gone = session_cookie(&request, String::new());
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// The cookie that carries a session's token.
pub fn session_cookie(request: &HttpRequest, token: String) -> Cookie<'static> {
    let is_https = is_https(request);
    Cookie::build(cookie_name(is_https), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https)
        .max_age(Duration::milliseconds(sessions::LONGEST_MS))
        .finish()
}
