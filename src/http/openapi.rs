//! `/api/openapi.json`: every route as other software reads it.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::Bytes;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, SecurityRequirement};
use utoipa::{Modify, OpenApi};

use crate::http::{
    calls, contacts, health, integrations, live, missed, outbox, session, settings, setup, users, webhook, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "ringcard", description = "The CRM side of a cloud PBX."),
    modifiers(&Session),
    paths(
        get,
        webhook::receive,
        setup::create,
        session::sign_in,
        session::get,
        session::sign_out,
        users::list,
        users::create,
        users::get,
        users::update,
        users::delete,
        contacts::list,
        contacts::create,
        contacts::get,
        contacts::update,
        contacts::delete,
        calls::list,
        calls::dial,
        calls::get,
        calls::patch,
        calls::dismiss,
        missed::list,
        missed::patch,
        live::stream,
        integrations::list,
        integrations::create,
        integrations::get,
        integrations::update,
        integrations::delete,
        integrations::check,
        integrations::accounts,
        integrations::rotate_token,
        settings::get,
        settings::update,
        webhooks::list,
        webhooks::replay,
        outbox::list,
        outbox::retry,
        health::healthz,
        health::readyz,
    )
)]
struct Api;

/// The cookie that proves who asks; each route that needs no session says so itself.
struct Session;

impl Modify for Session {
    fn modify(&self, document: &mut Document) {
        let about = "Set by POST /api/session. Over HTTPS its name is __Host-ringcard.";
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("ringcard", about)));
        document.components.get_or_insert_default().add_security_scheme("session", cookie);
        document.security = Some(vec![SecurityRequirement::new::<&str, [&str; 0], &str>("session", [])]);
    }
}

/// Written at the first question: most servers are never asked.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(Api::openapi().to_json().unwrap_or_default()));

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "health", security(()), responses((status = 200, description = "OpenAPI")))]
pub async fn get() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(DOCUMENT.clone())
}

/// The document as it is served.
pub fn document() -> Document {
    Api::openapi()
}
