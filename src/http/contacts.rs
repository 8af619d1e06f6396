//! `/api/contacts`: clients and leads.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::clients::contacts::{self, ContactPlace, ContactQuery};
use crate::app::clients::draft::ContactPatch;
use crate::domain::contact::{Contact, ContactKind, ContactPhone};
use crate::error::Result;
use crate::http::edge::auth::{Manager, Operator};
use crate::http::edge::page::{PageQuery, Searched};
use crate::http::edge::patch::given;

/// A contact in a request; in a PATCH absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    name: Option<String>,
    company: Option<String>,
    phones: Option<Vec<ContactPhone>>,
    email: Option<String>,
    note: Option<String>,
    tags: Option<Vec<String>>,
    kind: Option<ContactKind>,
    /// A user's id; null: nobody.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    responsible: Option<Option<String>>,
    vip: Option<bool>,
    /// What to know before one answers, at most 140 characters.
    alert: Option<String>,
}

impl From<ContactBody> for ContactPatch {
    fn from(body: ContactBody) -> Self {
        Self {
            name: body.name,
            company: body.company,
            phones: body.phones,
            email: body.email,
            note: body.note,
            tags: body.tags,
            kind: body.kind,
            responsible: body.responsible,
            vip: body.vip,
            alert: body.alert,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContactParams {
    /// Any part of name, company, number or e-mail; words in any order. Under three characters: what a word begins
    /// with, or a number ends with.
    q: Option<String>,
    /// A number in any spelling.
    phone: Option<String>,
    /// A user's id.
    responsible: Option<String>,
    kind: Option<ContactKind>,
    tag: Option<String>,
}

/// Contacts, newest first. A page takes bounded work: it may hold fewer items and still have a `next`.
#[utoipa::path(
    get, path = "/api/contacts", tag = "contacts",
    params(PageQuery, ContactParams),
    responses((status = 200, body = Searched<Contact>)),
)]
pub async fn list(
    app: web::Data<App>,
    _: Operator,
    page: web::Query<PageQuery>,
    params: web::Query<ContactParams>,
) -> Result<web::Json<Searched<Contact>>> {
    let ContactParams { q, phone, responsible, kind, tag } = params.into_inner();
    let query = ContactQuery { q, phone, responsible, kind, tag };
    let found = contacts::list(&app, query, page.after()?, page.limit()?).await?;
    Searched::found(found, ContactPlace::at).map(web::Json)
}

/// A new contact.
#[utoipa::path(
    post, path = "/api/contacts", tag = "contacts",
    request_body = ContactBody,
    responses((status = 201, body = Contact)),
)]
pub async fn create(app: web::Data<App>, _: Operator, body: web::Json<ContactBody>) -> Result<HttpResponse> {
    let contact = contacts::create(&app, body.into_inner().into()).await?;
    Ok(HttpResponse::Created().json(contact))
}

/// One contact.
#[utoipa::path(
    get, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 200, body = Contact)),
)]
pub async fn get(app: web::Data<App>, _: Operator, id: web::Path<String>) -> Result<web::Json<Contact>> {
    Ok(web::Json(contacts::get(&app, &id).await?))
}

/// Changes a contact.
#[utoipa::path(
    patch, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = String, Path)),
    request_body = ContactBody,
    responses((status = 200, body = Contact)),
)]
pub async fn update(
    app: web::Data<App>,
    _: Operator,
    id: web::Path<String>,
    body: web::Json<ContactBody>,
) -> Result<web::Json<Contact>> {
    Ok(web::Json(contacts::update(&app, &id, body.into_inner().into()).await?))
}

/// Deletes a contact; its calls stay.
#[utoipa::path(
    delete, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
pub async fn delete(app: web::Data<App>, _: Manager, id: web::Path<String>) -> Result<HttpResponse> {
    contacts::delete(&app, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
