//! `/api/session`: sign in, who am I, sign out.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::directory::Directory;
use crate::app::people::{own_password, sessions};
use crate::domain::user::{Line, Role, User, UserRef};
use crate::error::{Error, Result};
use crate::http::edge::auth::{Acting, Operator, cookie_name, find_session};
use crate::http::edge::origin::{client_ip, is_https};
use crate::http::edge::strangers::{Refusal, Strangers};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    login: String,
    #[schema(format = Password)]
    password: String,
    /// Of the authenticator app, or a recovery code: when the person has a second factor.
    #[schema(max_length = 100)]
    code: Option<String>,
}

/// Who is signed in. Of the systems that he has a line at the name, which anybody may know; the rest is an admin's.
#[derive(Serialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    who: UserRef,
    role: Role,
    second_factor: SecondFactorState,
    /// The first one is the default line.
    lines: Vec<OwnLine>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorState {
    Off,
    On,
    /// An admin's, who is but a manager until it is on.
    Needed,
}

#[derive(Serialize, ToSchema)]
pub struct OwnLine {
    /// The integration's id.
    integration: String,
    /// The integration's name.
    name: String,
    account: String,
}

impl Me {
    pub fn new(User { id, login, name, role, lines }: User, directory: &Directory) -> Self {
        let own = |line: Line| {
            let integration = directory.integration(&line.integration);
            let name = integration.map(|one| one.name.clone()).unwrap_or_default();
            OwnLine { integration: line.integration, name, account: line.account }
        };
        let second_factor = match (directory.has_second_factor(&id), directory.lacks_second_factor(&id)) {
            (true, _) => SecondFactorState::On,
            (false, true) => SecondFactorState::Needed,
            (false, false) => SecondFactorState::Off,
        };
        Self { second_factor, who: UserRef { id, login, name }, role, lines: lines.into_iter().map(own).collect() }
    }
}

/// Signs in: the answer sets the session's cookie.
#[utoipa::path(post, path = "/api/session", tag = "session", security(()), request_body = Credentials, responses((status = 200, body = Me), (status = 401), (status = 429)))]
pub async fn sign_in(
    app: Acting,
    strangers: web::Data<Strangers>,
    request: HttpRequest,
    body: web::Json<Credentials>,
) -> Result<HttpResponse> {
    let body = body.into_inner();
    let password = SecretString::from(body.password);
    let address = client_ip(&request);
    let signed_in = sessions::sign_in(&app, &body.login, password, body.code.as_deref(), address).await;
    if let (Err(Error::WrongPassword(_) | Error::WrongCode | Error::TooMany { .. }), Some(address)) =
        (&signed_in, address)
    {
        strangers.note(address, Refusal::Password);
    }
    let (token, user) = signed_in?;
    // A browser has one session: the one whose cookie is replaced ends.
    if let Some(earlier) = find_session(&request).await? {
        sessions::end(&app, &earlier).await?;
    }
    let me = Me::new(user, &*app.directory().await?);
    Ok(HttpResponse::Ok().cookie(session_cookie(&request, token)).json(me))
}

/// Who am I, with role and lines.
#[utoipa::path(get, path = "/api/session", tag = "session", responses((status = 200, body = Me), (status = 401)))]
pub async fn get(app: web::Data<App>, me: Operator) -> Result<web::Json<Me>> {
    Ok(web::Json(Me::new(me.0, &*app.directory().await?)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    #[schema(format = Password, max_length = 1024)]
    current: String,
    #[schema(format = Password, min_length = 8, max_length = 1024)]
    password: String,
}

/// Changes my password. All my sessions end; the answer sets the cookie of a new one.
#[utoipa::path(put, path = "/api/password", tag = "session", security(("session" = [])), request_body = NewPassword, responses((status = 204), (status = 422), (status = 429)))]
pub async fn change_password(
    app: Acting,
    Operator(me): Operator,
    request: HttpRequest,
    body: web::Json<NewPassword>,
) -> Result<HttpResponse> {
    let NewPassword { current, password } = body.into_inner();
    let token = own_password::change(&app, &me, current.into(), password.into()).await?;
    Ok(HttpResponse::NoContent().cookie(session_cookie(&request, token)).finish())
}

/// Signs out; without a session there is nothing to do.
#[utoipa::path(delete, path = "/api/session", security(()), tag = "session", responses((status = 204)))]
pub async fn sign_out(app: Acting, request: HttpRequest) -> Result<HttpResponse> {
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
