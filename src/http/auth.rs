//! Who asks: extractors that refuse, so that a handler cannot forget to.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use crate::app::App;
use crate::app::sessions::{self, SignedIn};
use crate::domain::user::{Role, User};
use crate::error::{Error, Result};
use crate::http::origin;

/// Anybody signed in.
pub struct Operator(pub User);

/// A manager or an admin.
pub struct Manager(pub User);

pub struct Admin(pub User);

/// The session itself: to end it, or to ask later whether it still stands.
pub struct Session(pub SignedIn);

type Refusable<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl FromRequest for Operator {
    type Error = Error;
    type Future = Refusable<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(user_with(&request, Role::Operator).await?)) })
    }
}

impl FromRequest for Manager {
    type Error = Error;
    type Future = Refusable<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(user_with(&request, Role::Manager).await?)) })
    }
}

impl FromRequest for Admin {
    type Error = Error;
    type Future = Refusable<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(user_with(&request, Role::Admin).await?)) })
    }
}

impl FromRequest for Session {
    type Error = Error;
    type Future = Refusable<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(find_session(&request).await?.ok_or(Error::Unauthorized)?)) })
    }
}

async fn user_with(request: &HttpRequest, least: Role) -> Result<User> {
    let signed_in = find_session(request).await?.ok_or(Error::Unauthorized)?;
    if signed_in.user.role < least {
        return Err(Error::Forbidden("your role does not allow this"));
    }
    Ok(signed_in.user)
}

/// The session of this request's cookie, if it still stands.
///
/// # Errors
/// What the store says.
pub async fn find_session(request: &HttpRequest) -> Result<Option<SignedIn>> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no App in the server"))?;
    let Some(cookie) = request.cookie(cookie_name(origin::is_https(request))) else {
        return Ok(None);
    };
    sessions::find(app, cookie.value()).await
}

/// Browsers keep a `__Host-` cookie to this very host and to HTTPS; on plain http they would not take it.
pub fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-ringcard" } else { "ringcard" }
}
