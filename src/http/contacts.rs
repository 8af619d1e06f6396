//! `/api/contacts`: clients and leads.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::clients::contacts;
use crate::app::clients::draft::ContactPatch;
use crate::app::clients::search::{self, ContactPlace, ContactQuery};
use crate::app::desk::{contacts as desk, timeline};
use crate::domain::client::Contact;
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::time::UtcMs;
use crate::domain::timeline::TimelineItem;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Manager, Operator};
use crate::http::edge::page::{Page, PageQuery, Searched};
use crate::http::edge::patch::given;

/// A contact in a request; in a PATCH absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    #[schema(max_length = 200)]
    name: Option<String>,
    #[schema(max_length = 200)]
    company: Option<String>,
    #[schema(max_items = 20)]
    phones: Option<Vec<ContactPhone>>,
    #[schema(max_length = 254)]
    email: Option<String>,
    #[schema(max_length = 10_000)]
    note: Option<String>,
    /// Of 50 characters at most, each.
    #[schema(max_items = 20)]
    tags: Option<Vec<String>>,
    kind: Option<ContactKind>,
    /// A user's id; null: nobody.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    responsible: Option<Option<String>>,
    vip: Option<bool>,
    /// What to know before one answers, at most 140 characters.
    #[schema(max_length = 140)]
    alert: Option<String>,
    /// Of a PATCH: what the person saw in the fields that he changes. Another value by now: 409 `contact_changed` with the
    /// contact as it is.
    #[schema(no_recursion)]
    seen: Option<Box<ContactBody>>,
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

/// Contacts that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundContacts {
    items: Vec<Contact>,
    /// `cursor` of the next page, which there may be after a page that is not full; null: this is the last one.
    next: Option<String>,
    /// How far back it has looked when it stopped before the page was full; else null.
    #[schema(required)]
    searched_to: Option<UtcMs>,
    /// What was searched for instead of `q`, which finds nobody: the same keys on the other layout. Else null.
    #[schema(required)]
    shown_for: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContactParams {
    /// Any part of name, company, number or e-mail; words in any order. Under three characters: what a word begins
    /// with, or a number ends with.
    #[param(max_length = 200)]
    q: Option<String>,
    /// A number in any spelling.
    #[param(max_length = 200)]
    phone: Option<String>,
    /// A user's id.
    #[param(max_length = 200)]
    responsible: Option<String>,
    kind: Option<ContactKind>,
    #[param(max_length = 200)]
    tag: Option<String>,
}

impl From<ContactParams> for ContactQuery {
    fn from(ContactParams { q, phone, responsible, kind, tag }: ContactParams) -> Self {
        Self { q, phone, responsible, kind, tag }
    }
}

/// Contacts, whom one talked to last first; of a search the newest first. What is found by nothing is looked for as the same
/// keys say it on the other layout, Russian or Latin: `shown_for` tells. A page takes bounded work: it may hold fewer items and still have a `next`.
#[utoipa::path(
    get, path = "/api/contacts", tag = "contacts",
    params(PageQuery, ContactParams),
    responses((status = 200, body = FoundContacts)),
)]
pub async fn list(
    app: web::Data<App>,
    _: Operator,
    page: web::Query<PageQuery>,
    params: web::Query<ContactParams>,
) -> Result<web::Json<FoundContacts>> {
    let (found, shown_for) = search::list(&app, params.into_inner().into(), page.after()?, page.limit()?).await?;
    let Searched { items, next, searched_to } = Searched::found(found, ContactPlace::at)?;
    Ok(web::Json(FoundContacts { items, next, searched_to, shown_for }))
}

/// A new contact.
#[utoipa::path(
    post, path = "/api/contacts", tag = "contacts",
    request_body = ContactBody,
    responses((status = 201, body = Contact)),
)]
pub async fn create(app: web::Data<App>, _: Operator, body: web::Json<ContactBody>) -> Result<HttpResponse> {
    let contact = desk::create(&app, body.into_inner().into()).await?;
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
    responses((status = 200, body = Contact), (status = 409)),
)]
pub async fn update(
    app: web::Data<App>,
    Operator(by): Operator,
    id: web::Path<String>,
    body: web::Json<ContactBody>,
) -> Result<web::Json<Contact>> {
    let mut body = body.into_inner();
    let seen = body.seen.take().map(|seen| ContactPatch::from(*seen)).unwrap_or_default();
    Ok(web::Json(desk::update(&app, &by.id, &id, body.into(), seen).await?))
}

/// What there was with a contact, newest first: calls, and changes of the contact. A page takes bounded work: it may hold
/// fewer items and still have a `next`.
#[utoipa::path(
    get, path = "/api/contacts/{id}/timeline", tag = "contacts",
    params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<TimelineItem>)),
)]
pub async fn timeline(
    app: web::Data<App>,
    _: Operator,
    id: web::Path<String>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<TimelineItem>>> {
    let found = timeline::list(&app, &id, page.after()?, page.limit()?).await?;
    Page::found(found).map(web::Json)
}

/// Deletes a contact; its calls stay.
#[utoipa::path(
    delete, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
pub async fn delete(app: Acting, _: Manager, id: web::Path<String>) -> Result<HttpResponse> {
    desk::delete(&app, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
