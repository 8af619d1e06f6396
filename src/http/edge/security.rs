//! What holds for every request and every answer, errors too: limits, the same origin, headers, no panic.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, ResponseError};
use futures_util::FutureExt;

use crate::error::{Error, Prohibition};
use crate::http::edge::turn::Turn;
use crate::http::edge::{body, origin};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PERMISSIONS_POLICY: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), midi=()";

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    // With no-referrer a form's Origin would be `null`.
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

const OF_A_PAGE: &[(&str, &str)] =
    &[("content-security-policy", CONTENT_SECURITY_POLICY), ("permissions-policy", PERMISSIONS_POLICY)];

/// A page has some hundred files, and each brings its headers: nothing in few words.
const OF_A_FILE: &[(&str, &str)] = &[
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("permissions-policy", "camera=(), microphone=()"),
];

/// What holds the stream runs beside the pages, under a policy of its own.
const OF_A_WORKER: &[(&str, &str)] = &[
    ("content-security-policy", "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"),
    ("permissions-policy", "camera=(), microphone=()"),
];

/// The outermost middleware.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let begun = Instant::now();
    let ours = Turn::take(request.request());
    let incoming = body::limit(&mut request);
    let answer = match check_origin(request.request()).err().or_else(|| incoming.error()) {
        Some(refusal) => request.error_response(refusal),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    let answer = match incoming.error() {
        Some(error) => answer.into_response(error.error_response()),
        None => answer,
    };
    Ok(finish(explained(answer), begun).map_body(|_, body| ours.hold(body, incoming)))
}

/// Turns a panic into an answer; wraps each resource, where the request has found its handler already.
///
/// # Errors
/// As the handler's.
pub async fn catch_panics(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let kept = request.request().clone();
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(answer) => Ok(answer?.map_into_boxed_body()),
        Err(_) => {
            let error = Error::internal(format!("a handler panicked: {}", kept.match_pattern().unwrap_or_default()));
            Ok(ServiceResponse::new(kept, error.error_response()))
        }
    }
}

/// The server's own refusals come without a body; ours always say what and why.
fn explained(answer: ServiceResponse) -> ServiceResponse {
    if answer.status() != StatusCode::METHOD_NOT_ALLOWED {
        return answer;
    }
    let allow = answer.headers().get("allow").cloned();
    let mut answer = answer.into_response(Error::MethodNotAllowed.error_response());
    if let Some(allow) = allow {
        answer.headers_mut().insert(HeaderName::from_static("allow"), allow);
    }
    answer
}

fn finish(mut answer: ServiceResponse, begun: Instant) -> ServiceResponse {
    let is_https = origin::is_https(answer.request());
    let is_local = is_loopback(answer.request());
    let is_file = is_file(&answer);
    let own = match is_file {
        true if answer.request().path().contains("/live/") => OF_A_WORKER,
        true => OF_A_FILE,
        false => OF_A_PAGE,
    };
    put_headers(answer.headers_mut(), own);
    if is_https {
        let year = HeaderValue::from_static("max-age=31536000");
        answer.headers_mut().insert(HeaderName::from_static("strict-transport-security"), year);
    }
    // Elsewhere browsers ignore it, and log an error; a file opens no window.
    if (is_https || is_local) && !is_file {
        let same = HeaderValue::from_static("same-origin");
        answer.headers_mut().insert(HeaderName::from_static("cross-origin-opener-policy"), same);
    }
    tracing::debug!(
        method = %answer.request().method(),
        // The pattern, not the path: what stands in its place may be somebody's number.
        route = answer.request().match_pattern().as_deref().unwrap_or("none"),
        status = answer.status().as_u16(),
        duration_ms = begun.elapsed().as_millis(),
        "answered"
    );
    answer
}

fn put_headers(headers: &mut HeaderMap, own: &[(&'static str, &'static str)]) {
    for (name, value) in ALWAYS.iter().chain(own) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Whether this is one of the pages' files, and no page: a script, a style, a picture.
fn is_file(answer: &ServiceResponse) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/html");
    let is_page = kind.starts_with("text/html") || kind.starts_with("application/problem+json");
    answer.request().path().starts_with("/static/") && !is_page
}

fn is_loopback(request: &HttpRequest) -> bool {
    let host = text(request, HOST);
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.contains(']') { host } else { name });
    matches!(name, "localhost" | "[::1]") || name.starts_with("127.")
}

/// Refuses what a browser sends on behalf of another site. A client that sends neither header is no browser; a PBX is
/// none either.
fn check_origin(request: &HttpRequest) -> Result<(), Error> {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || request.path() == "/pbx" {
        return Ok(());
    }
    let is_same = match text(request, HeaderName::from_static("sec-fetch-site")) {
        "same-origin" | "none" => true,
        "" => match text(request, ORIGIN) {
            "" => true,
            sent => is_ours(sent, request),
        },
        _ => false,
    };
    if is_same { Ok(()) } else { Err(Error::Forbidden(Prohibition::AnotherSite)) }
}

/// Whether this Origin is under our own address; `null` never is.
fn is_ours(sent: &str, request: &HttpRequest) -> bool {
    let Some((scheme, host)) = sent.split_once("://") else { return false };
    let public = origin::public_origin(request);
    let (public_scheme, public_host) = public.split_once("://").unwrap_or_default();
    let is_public = bare(scheme, host) == bare(public_scheme, public_host);
    // Behind a proxy that nobody told us of, the scheme cannot be known.
    is_public || bare(scheme, host) == bare(scheme, text(request, HOST))
}

/// A host in lower case without its scheme's own port.
fn bare(scheme: &str, host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let own_port = if scheme == "https" { ":443" } else { ":80" };
    host.strip_suffix(own_port).map_or(host.clone(), str::to_owned)
}

fn text(request: &HttpRequest, name: HeaderName) -> &str {
    // A header that is no text is no browser's either: it must not pass for an absent one.
    request.headers().get(name).map_or("", |value| value.to_str().unwrap_or("null"))
}
