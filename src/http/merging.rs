//! `/api/contacts/{id}/merge`: two contacts become one; and who may be one.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::clients::duplicates::{self, Pair};
use crate::app::clients::joining::Choices;
use crate::app::desk::merging;
use crate::app::upkeep::tasks;
use crate::domain::client::Contact;
use crate::domain::task::Task;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Manager};
use crate::http::edge::page::{Page, PageQuery};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    /// The id of the contact who becomes part of the other one.
    from: String,
    #[serde(default)]
    choose: Choices,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Merged {
    contact: Contact,
    /// Takes it back.
    task: Task,
}

/// Two contacts become one: numbers, tags and notes are joined, calls and promises go along, what did not stay is kept in
/// the timeline. The other one's address leads to this one from then on.
#[utoipa::path(
    post, path = "/api/contacts/{id}/merge", tag = "contacts",
    params(("id" = String, Path)),
    request_body = MergeBody,
    responses((status = 200, body = Merged), (status = 409)),
)]
pub async fn merge(
    app: Acting,
    Manager(by): Manager,
    id: web::Path<String>,
    body: web::Json<MergeBody>,
) -> Result<web::Json<Merged>> {
    let MergeBody { from, choose } = body.into_inner();
    let (contact, task) = merging::merge(&app, &by.id, &id, &from, choose).await?;
    Ok(web::Json(Merged { contact, task: tasks::get(&app, &task).await? }))
}

/// Contacts that may be one, in pairs: with one number, then with one e-mail address, then with one name and company. A
/// page takes bounded work: it may hold fewer items and still have a `next`.
#[utoipa::path(
    get, path = "/api/contacts/duplicates", tag = "contacts",
    operation_id = "duplicates",
    params(PageQuery),
    responses((status = 200, body = Page<Pair>)),
)]
pub async fn duplicates(app: web::Data<App>, _: Manager, page: web::Query<PageQuery>) -> Result<web::Json<Page<Pair>>> {
    let found = duplicates::list(&app, page.after()?, page.limit()?).await?;
    Page::found(found).map(web::Json)
}
