//! Who asks. The URL table names the least role of each route, and [`admit`] holds everybody to it before anything of
//! the request is read; the extractors hand the handler who it is.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, USER_AGENT};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use crate::app::App;
use crate::app::people::api_tokens;
use crate::app::people::sessions::{self, SignedIn};
use crate::domain::audit::Actor;
use crate::domain::user::{Role, User};
use crate::error::{Error, Prohibition, Result};
use crate::http::edge::origin;
use crate::http::edge::strangers::{Refusal, Strangers};

/// Anybody signed in.
pub struct Operator(pub User);

/// A manager or an admin.
pub struct Manager(pub User);

pub struct Admin(pub User);

/// The session itself: to ask later whether it still stands.
pub struct Session(pub SignedIn);

/// The application, acting for whoever asks: what he does is kept under his name, and of one not signed in the address.
pub struct Acting(App);

impl Deref for Acting {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

/// Lets the request through to its handler when somebody of at least this role asks; `in_person`: not by an API token.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn admit(
    least: Role,
    in_person: bool,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let who = find_signed_in(request.request()).await.and_then(|who| allowed(who, least, in_person));
    match explained(request.request(), who).await {
        Ok(session) => {
            request.extensions_mut().insert(session);
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(refusal) => {
            if matches!(refusal, Error::Forbidden(_)) {
                note(request.request());
            }
            Ok(request.error_response(refusal))
        }
    }
}

fn note(request: &HttpRequest) {
    if let (Some(strangers), Some(address)) = (request.app_data::<web::Data<Strangers>>(), origin::client_ip(request)) {
        strangers.note(address, Refusal::Role);
    }
}

/// Whoever lacks nothing but a second factor is told so.
async fn explained(request: &HttpRequest, who: Result<SignedIn>) -> Result<SignedIn> {
    match who {
        Err(Error::Forbidden(Prohibition::Role)) => {
            let user_id = find_signed_in(request).await?.map(|who| who.user.id).unwrap_or_default();
            let lacks = app(request)?.directory().await?.lacks_second_factor(&user_id);
            Err(Error::Forbidden(if lacks { Prohibition::SecondFactor } else { Prohibition::Role }))
        }
        other => other,
    }
}

fn allowed(session: Option<SignedIn>, least: Role, in_person: bool) -> Result<SignedIn> {
    let session = session.ok_or(Error::Unauthorized)?;
    if in_person && session.api_token.is_some() {
        return Err(Error::Forbidden(Prohibition::ApiToken));
    }
    if session.user.role < least {
        return Err(Error::Forbidden(Prohibition::Role));
    }
    Ok(session)
}

impl FromRequest for Session {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request, Role::Operator).map(Self))
    }
}

impl FromRequest for Operator {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request, Role::Operator).map(|session| Self(session.user)))
    }
}

impl FromRequest for Manager {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request, Role::Manager).map(|session| Self(session.user)))
    }
}

impl FromRequest for Admin {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request, Role::Admin).map(|session| Self(session.user)))
    }
}

impl FromRequest for Acting {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let who = request.extensions().get::<SignedIn>().cloned();
        let (user_id, token) = who.map(|who| (who.user.id, who.api_token)).unzip();
        let browser =
            request.headers().get(USER_AGENT).map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
        let by = Actor { user_id, token: token.flatten(), address: origin::client_ip(request), browser };
        ready(app(request).map(|app| Self(app.acting_for(by))))
    }
}

fn app(request: &HttpRequest) -> Result<&web::Data<App>> {
    request.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no App in the server"))
}

/// Whom [`admit`] let through; nobody on a route that the table leaves open. The role is asked again, so that a handler
/// and the table cannot disagree to somebody's gain.
fn admitted(request: &HttpRequest, least: Role) -> Result<SignedIn> {
    allowed(request.extensions().get::<SignedIn>().cloned(), least, false)
}

/// Who asks: by the API token, where one is given, else by the session's cookie.
async fn find_signed_in(request: &HttpRequest) -> Result<Option<SignedIn>> {
    match bearer(request) {
        Some(token) => api_tokens::find(app(request)?, token).await,
        None => find_session(request).await,
    }
}

/// The token of `Authorization: Bearer TOKEN`.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let proof = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = proof.split_once(' ').unwrap_or((proof, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether a session, or an API token, still stands: a live stream asks from time to time.
///
/// # Errors
/// What the store says.
pub async fn stands(app: &App, who: &SignedIn) -> Result<bool> {
    let found = match who.api_token {
        Some(_) => api_tokens::find_hashed(app, &who.token_hash).await,
        None => sessions::find_hashed(app, who.token_hash.clone(), None).await,
    };
    Ok(found?.is_some())
}

/// The session of this request's cookie, if it still stands.
///
/// # Errors
/// What the store says.
pub async fn find_session(request: &HttpRequest) -> Result<Option<SignedIn>> {
    let app = app(request)?;
    let Some(cookie) = request.cookie(cookie_name(origin::is_https(request))) else {
        return Ok(None);
    };
    sessions::find(app, cookie.value(), origin::client_ip(request)).await
}

/// Browsers keep a `__Host-` cookie to this very host and to HTTPS; on plain http they would not take it.
pub fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-ringcard" } else { "ringcard" }
}
