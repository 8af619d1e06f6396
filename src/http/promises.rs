//! `/api/promises`: what we said we would do for clients.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::desk::promise_draft::{PromisePatch, Whom};
use crate::app::desk::promises;
use crate::domain::fault::Fault;
use crate::domain::promise::{Promise, PromiseState};
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::http::edge::auth::Operator;
use crate::http::edge::page::{Page, PageQuery};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PromiseFilter {
    /// A user's id: whose.
    user: Option<String>,
    /// `open`: not done yet; `late`: those of them whose time has come; `done`. Absent: all.
    #[param(inline)]
    state: Option<StateWord>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum StateWord {
    Open,
    Late,
    Done,
}

impl From<StateWord> for PromiseState {
    fn from(word: StateWord) -> Self {
        match word {
            StateWord::Open => Self::Open,
            StateWord::Late => Self::Late,
            StateWord::Done => Self::Done,
        }
    }
}

/// An instant of a request, RFC 3339.
///
/// # Errors
/// `Invalid`, naming the member.
pub fn instant(field: &str, text: &str) -> Result<UtcMs> {
    UtcMs::parse(text).ok_or_else(|| Error::field(field, Fault::NotATime))
}

/// Open and late ones with the soonest first, else the latest first.
#[utoipa::path(get, path = "/api/promises", tag = "promises", params(PromiseFilter, PageQuery), responses((status = 200, body = Page<Promise>)))]
pub async fn list(
    _: Operator,
    app: web::Data<App>,
    filter: web::Query<PromiseFilter>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<Promise>>> {
    let PromiseFilter { user, state } = filter.into_inner();
    let limit = page.limit()?;
    let items = promises::list(&app, user, state.map(PromiseState::from), page.after()?, limit + 1).await?;
    Page::cut(items, limit, |one: &Promise| (one.due_at.0, one.id.clone())).map(web::Json)
}

/// To whom: a call's client, else a contact, else a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPromise {
    /// A call's id.
    call: Option<String>,
    /// A contact's id.
    contact: Option<String>,
    number: Option<String>,
    /// When it is to be done, RFC 3339.
    #[schema(format = DateTime)]
    due_at: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    text: String,
    /// Who promises, a user's id; absent: whoever asks.
    user: Option<String>,
}

/// A new promise. An operator promises for himself.
#[utoipa::path(post, path = "/api/promises", tag = "promises", request_body = NewPromise, responses((status = 201, body = Promise), (status = 404, description = "No such call")))]
pub async fn create(user: Operator, app: web::Data<App>, new: web::Json<NewPromise>) -> Result<HttpResponse> {
    let NewPromise { call, contact, number, due_at, text, user: of_user } = new.into_inner();
    let due_at = Some(instant("due_at", &due_at)?);
    let patch = PromisePatch { due_at, text: Some(text), user: of_user, is_done: None };
    let promise = promises::create(&app, &user.0, Whom { call, contact, number }, patch).await?;
    Ok(HttpResponse::Created().json(promise))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseChange {
    /// RFC 3339; it rings again then.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    #[schema(max_length = 200)]
    text: Option<String>,
    /// A user's id.
    user: Option<String>,
    /// A person's word: true, it is done; false takes that back. A talk with the client does it without a word.
    is_done: Option<bool>,
}

/// Moves a promise, hands it on, or says that it is done. An operator changes his own.
#[utoipa::path(patch, path = "/api/promises/{id}", tag = "promises", request_body = PromiseChange, responses((status = 200, body = Promise)))]
pub async fn update(
    user: Operator,
    app: web::Data<App>,
    id: web::Path<String>,
    change: web::Json<PromiseChange>,
) -> Result<web::Json<Promise>> {
    let PromiseChange { due_at, text, user: of_user, is_done } = change.into_inner();
    let due_at = due_at.map(|text| instant("due_at", &text)).transpose()?;
    let patch = PromisePatch { due_at, text, user: of_user, is_done };
    promises::update(&app, &user.0, &id, patch).await.map(web::Json)
}

/// It was never promised. An operator takes back his own.
#[utoipa::path(delete, path = "/api/promises/{id}", tag = "promises", responses((status = 204)))]
pub async fn delete(user: Operator, app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse> {
    promises::delete(&app, &user.0, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
