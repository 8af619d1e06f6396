//! The pages themselves; their files are in `assets`.

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use url::form_urlencoded::byte_serialize;

use crate::app::App;
use crate::app::people::setup;
use crate::error::{Error, Result};
use crate::http::assets::Assets;
use crate::http::edge::auth::find_session;

/// One page for every section of the workplace: its script reads the address.
pub async fn workplace(assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    to_the_signed_in("pages/desk/index.html", &assets, &request).await
}

pub async fn card(assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    to_the_signed_in("pages/card/index.html", &assets, &request).await
}

/// Others are led to the sign-in, and from there back to this address.
async fn to_the_signed_in(page: &str, assets: &Assets, request: &HttpRequest) -> Result<HttpResponse> {
    if find_session(request).await?.is_some() {
        return assets.answer(page, request);
    }
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    let next: String = byte_serialize(asked.as_bytes()).collect();
    Ok(lead_to(&format!("/login?next={next}")))
}

/// While nobody can sign in, the page that says where the link to the first admin is.
pub async fn login(app: web::Data<App>, assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    if !setup::is_done(&app).await? {
        return Ok(lead_to("/setup"));
    }
    assets.answer("pages/login/index.html", &request)
}

/// The link's token stays in the fragment.
pub async fn invite(assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    assets.answer("pages/invite/index.html", &request)
}

/// Open while there is no admin, and to whoever is signed in: a reload goes on with the PBX. The link's token stays in the
/// fragment, which browsers do not send.
pub async fn setup(app: web::Data<App>, assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    if setup::is_done(&app).await? && find_session(&request).await?.is_none() {
        return Ok(lead_to("/login"));
    }
    assets.answer("pages/setup/index.html", &request)
}

/// Whatever the URL table does not know: a page with a way back for people.
///
/// # Errors
/// `NotFound` for programs.
pub async fn none(assets: web::Data<Assets>, request: HttpRequest) -> Result<HttpResponse> {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if request.method() != Method::GET || !accept.contains("text/html") {
        return Err(Error::NotFound("page"));
    }
    let mut page = assets.answer("pages/none/index.html", &request)?;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(page)
}

fn lead_to(path: &str) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, path)).insert_header((CACHE_CONTROL, "no-store")).finish()
}
