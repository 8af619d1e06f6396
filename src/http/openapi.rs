//! `/api/openapi.json`: every route as other software reads it.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::Bytes;
use utoipa::openapi::link::Link;
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, Object, OpenApi as Document, Ref, RefOr, ResponseBuilder, SecurityRequirement, Type};
use utoipa::{Modify, OpenApi};

use crate::app::desk::counted::{Figure, Work};
use crate::domain::card::Card;
use crate::domain::working_hours::Day;
use crate::http::calls::HasWord;
use crate::http::edge::filter;
use crate::http::edge::problem::Problem;
use crate::http::exports::{ContactFile, Format, Lang};
use crate::http::{
    audit, backups, calls, contacts, doctor, exports, health, imports, integrations, invite, journal, kept, live,
    merging, missed, numbers, outbox, pbx, person, promises, recordings, reports, second_factor, session, sessions,
    settings, setup, tasks, tokens, trial, unnamed, users,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "ringcard", description = "The CRM side of a cloud PBX."),
    modifiers(&Proofs, &Common, &Links),
    components(schemas(Card, Problem, HasWord, Work, Figure, Day, Format, ContactFile, Lang)),
    paths(
        get,
        pbx::receive,
        setup::create,
        invite::accept,
        session::sign_in,
        session::get,
        session::sign_out,
        session::change_password,
        sessions::list,
        sessions::end,
        second_factor::offer,
        second_factor::confirm,
        second_factor::turn_off,
        users::list,
        users::create,
        users::get,
        users::update,
        users::delete,
        users::invite,
        users::take_second_factor,
        contacts::list,
        contacts::create,
        exports::contacts,
        imports::take_in,
        imports::get,
        imports::problems,
        imports::check,
        imports::run,
        tasks::list,
        tasks::get,
        tasks::cancel,
        tasks::undo,
        tasks::retry,
        exports::calls,
        contacts::get,
        contacts::timeline,
        merging::merge,
        merging::duplicates,
        contacts::update,
        contacts::delete,
        calls::list,
        calls::dial,
        calls::get,
        calls::patch,
        calls::dismiss,
        recordings::play,
        recordings::fetch,
        missed::list,
        missed::get,
        missed::patch,
        numbers::list,
        numbers::get,
        numbers::block,
        numbers::unblock,
        person::get,
        person::take_out,
        person::erase,
        promises::list,
        promises::create,
        promises::update,
        promises::delete,
        reports::calls,
        reports::people,
        reports::outcomes,
        reports::callbacks,
        reports::sources,
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
        journal::list,
        journal::replay,
        tokens::list,
        tokens::create,
        tokens::end,
        audit::list,
        backups::list,
        backups::make,
        outbox::list,
        outbox::retry,
        kept::list,
        doctor::get,
        trial::ring,
        unnamed::list,
        unnamed::put_away,
        health::healthz,
        health::readyz,
    )
)]
struct Api;

/// What proves who asks: a session's cookie, or an API token. Each route that needs none, or a session, says so itself.
struct Proofs;

impl Modify for Proofs {
    fn modify(&self, document: &mut Document) {
        let about = "Set by POST /api/session. Over HTTPS its name is __Host-ringcard.";
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("ringcard", about)));
        let about = "An API token of POST /api/tokens.";
        let bearer = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("session", cookie);
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        document.security = Some(["session", "token"].map(|name| SecurityRequirement::new(name, [""; 0])).to_vec());
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// What all operations have in common: a name of their own, and refusals of one form.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        let refusal = ResponseBuilder::new()
            .description("Refused; `code` says why, `errors` names the members")
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
            .build();
        for (path, item) in &mut document.paths.paths {
            for operation in operations(item) {
                let tag = operation.tags.as_ref().and_then(|tags| tags.first()).cloned().unwrap_or_default();
                let name = operation.operation_id.take().unwrap_or_default();
                operation.operation_id = Some(format!("{tag}_{name}"));
                limit_filters(operation);
                if !path.starts_with("/api/") {
                    continue;
                }
                let nothing = SecurityRequirement::default();
                let is_closed = operation.security.as_ref().is_none_or(|ways| !ways.contains(&nothing));
                let has_input = operation.request_body.is_some() || operation.parameters.is_some();
                let of_all = [
                    ("401", is_closed),
                    ("403", is_closed),
                    ("404", path.contains("{id}")),
                    ("422", has_input),
                    ("default", true),
                ];
                let responses = &mut operation.responses.responses;
                for (status, _) in of_all.into_iter().filter(|(_, is_due)| *is_due) {
                    responses.entry(status.to_owned()).or_insert_with(|| refusal.clone().into());
                }
                for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
                    if let RefOr::T(response) = response {
                        response.content = refusal.content.clone();
                    }
                }
            }
        }
    }
}

/// What may be given several times is read by `edge::filter`, with its limits for all that stands beside it.
fn limit_filters(operation: &mut Operation) {
    let parameters = operation.parameters.iter_mut().flatten().filter_map(|parameter| match parameter {
        RefOr::T(Parameter { name, schema: Some(RefOr::T(schema)), .. }) if name != "cursor" => Some(schema),
        _ => None,
    });
    let mut schemas: Vec<_> = parameters.collect();
    if !schemas.iter().any(|schema| matches!(schema, Schema::Array(_))) {
        return;
    }
    for schema in &mut schemas {
        match schema {
            Schema::Array(list) => {
                list.max_items = Some(filter::VALUES);
                if let ArrayItems::RefOrSchema(item) = &mut list.items
                    && let RefOr::T(Schema::Object(text)) = item.as_mut()
                {
                    limit_text(text);
                }
            }
            Schema::Object(text) => limit_text(text),
            _ => {}
        }
    }
}

fn limit_text(schema: &mut Object) {
    if schema.schema_type == SchemaType::Type(Type::String) && schema.enum_values.is_none() && schema.format.is_none() {
        schema.max_length = Some(filter::CHARS);
    }
}

/// Where one goes on from what was made or found: to the operations beneath its path, by its id.
struct Links;

impl Modify for Links {
    fn modify(&self, document: &mut Document) {
        let mut beneath = Vec::new();
        for (path, item) in &mut document.paths.paths {
            let Some((thing, _)) = path.split_once("/{id}") else { continue };
            let names = operations(item).filter_map(|operation| operation.operation_id.clone());
            beneath.extend(names.map(|name| (thing.to_owned(), name)));
        }
        for (path, item) in &mut document.paths.paths {
            let made = (item.post.as_mut(), "201", "$response.body#/id");
            let found = (item.get.as_mut(), "200", "$response.body#/items/0/id");
            for (operation, status, id) in [made, found] {
                let response = operation.and_then(|operation| operation.responses.responses.get_mut(status));
                let Some(RefOr::T(response)) = response else { continue };
                for (_, name) in beneath.iter().filter(|(thing, _)| thing == path) {
                    let link = Link::builder().operation_id(name).parameter("id", id).build();
                    response.links.insert(name.clone(), link.into());
                }
            }
        }
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
