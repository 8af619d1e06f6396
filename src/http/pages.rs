//! The pages and their files, out of the binary.

use std::collections::HashMap;
use std::io::Write;

use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use url::form_urlencoded::byte_serialize;

use crate::app::App;
use crate::app::people::setup;
use crate::error::{Error, Result};
use crate::http::edge::auth::find_session;

#[derive(RustEmbed)]
#[folder = "static/"]
#[allow_missing = true]
struct Embedded;

struct Asset {
    plain: Bytes,
    /// Only where it is smaller.
    gzip: Option<Bytes>,
    hash: String,
    content_type: &'static str,
}

/// Every embedded file by its path, compressed once.
pub struct Assets(HashMap<String, Asset>);

impl Assets {
    /// # Errors
    /// Never in practice: compressing into memory has nothing to fail on.
    pub fn load() -> std::io::Result<Self> {
        let mut assets = HashMap::new();
        for path in Embedded::iter() {
            let Some(file) = Embedded::get(&path) else { continue };
            let plain = match file.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            };
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&plain)?;
            let gzip = Some(encoder.finish()?).filter(|gzip| gzip.len() < plain.len()).map(Bytes::from);
            let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&plain)[..16]);
            let content_type = content_type(&path);
            assets.insert(path.into_owned(), Asset { plain, gzip, hash, content_type });
        }
        Ok(Self(assets))
    }

    fn answer(&self, path: &str, request: &HttpRequest) -> Result<HttpResponse> {
        let asset = self.0.get(path).ok_or(Error::NotFound("page"))?;
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let gzip = asset.gzip.as_ref().filter(|_| accepts_gzip(header(ACCEPT_ENCODING)));
        let etag = format!("\"{}{}\"", asset.hash, if gzip.is_some() { "-gz" } else { "" });
        let is_known = header(IF_NONE_MATCH).split(',').any(|known| known.trim().trim_start_matches("W/") == etag);
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((ETAG, etag)).insert_header((VARY, "Accept-Encoding"));
        // Kept by the browser, asked about each time: a new version shows at once.
        answer.insert_header((CACHE_CONTROL, "no-cache"));
        if is_known {
            return Ok(answer.finish());
        }
        answer.insert_header((CONTENT_TYPE, asset.content_type));
        if gzip.is_some() {
            answer.insert_header((CONTENT_ENCODING, "gzip"));
        }
        Ok(answer.body(gzip.unwrap_or(&asset.plain).clone()))
    }
}

/// `gzip` or `*`, unless its weight is 0.
fn accepts_gzip(accept: &str) -> bool {
    accept.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_named = matches!(parts.next(), Some("gzip" | "x-gzip" | "*"));
        let is_refused = parts.any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
        is_named && !is_refused
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("mp3") => "audio/mpeg",
        Some("wav") => "audio/wav",
        Some("ogg") => "audio/ogg",
        _ => "text/plain; charset=utf-8",
    }
}

pub async fn asset(assets: web::Data<Assets>, path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse> {
    assets.answer(&path, &request)
}

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
