//! `/api/integrations`: the outside systems.

use actix_web::{HttpResponse, web};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::integrations::{self, Issued, Warned, token_uses};
use crate::app::reasons::AnyWhy;
use crate::app::{App, directory};
use crate::domain::integration::Kind;
use crate::domain::reason::{Reason, Why};
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Admin};
use crate::http::edge::page::{Page, PageQuery};

/// A new integration; the members of `settings` follow from `kind`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIntegration {
    #[schema(min_length = 1, max_length = 50, pattern = "^[^=/]+$")]
    name: String,
    kind: Kind,
    /// cloud-pbx: {url, token, crm_token?, recording_hosts?, push_from?} · sipsim: {url, crm_name, crm_token, token, id_field?, crm_user_email?} ·
    /// uis: {url, login, password, numb, first_call?, switch_at_once?, media_file?, use_numb_as_numa?, numa_message?,
    /// numc_message?, groups?} · mango: {url, token, widget_id?, token_in?, directions?, default_number?}
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedIntegration {
    #[schema(min_length = 1, max_length = 50, pattern = "^[^=/]+$")]
    name: Option<String>,
    /// Absent members stay as they are, and so do secrets that are `set`.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

/// An outside system; secrets stand as `set`.
#[derive(Serialize, ToSchema)]
pub struct Integration {
    id: String,
    name: String,
    kind: Kind,
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Why the settings deserve a second look.
    warning: Option<Warned>,
    created_at: UtcMs,
    /// The tokens that are valid, the current one first; none for a system that reports no calls.
    crm_tokens: Vec<CrmToken>,
    /// Shown this once, when the integration is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    crm_token: Option<String>,
}

/// A token that the PBX may prove itself with.
#[derive(Serialize, ToSchema)]
pub struct CrmToken {
    created_at: UtcMs,
    /// Null: it is the current one.
    expires_at: Option<UtcMs>,
    /// Null: never yet.
    last_used_at: Option<UtcMs>,
}

#[derive(Serialize, ToSchema)]
pub struct IssuedToken {
    id: String,
    /// Shown this once.
    crm_token: String,
    /// Until when the one before is valid.
    old_valid_until: UtcMs,
}

#[derive(Serialize, ToSchema)]
pub struct CheckAnswer {
    ok: bool,
    /// What was found: a sentence for programs.
    detail: String,
    /// The same as a code, for pages.
    #[schema(value_type = AnyWhy)]
    why: Why,
}

#[derive(Serialize, ToSchema)]
pub struct Account {
    /// How the PBX names the person: the account of a line.
    account: String,
    name: String,
    /// Whose line it is here.
    user: Option<UserRef>,
}

#[derive(Serialize, ToSchema)]
pub struct Accounts {
    items: Vec<Account>,
}

async fn answer(app: &App, integration: &directory::Integration) -> Result<Integration> {
    let settings = integrations::shown(integration);
    let warning = integrations::warning(&settings);
    let tokens = token_uses::of_integration(app, &integration.id).await?.into_iter().map(|token| CrmToken {
        created_at: UtcMs(token.created_ms),
        expires_at: token.expires_ms.map(UtcMs),
        last_used_at: token.last_used_ms.map(UtcMs),
    });
    Ok(Integration {
        id: integration.id.clone(),
        name: integration.name.clone(),
        kind: integration.kind,
        settings,
        warning,
        created_at: UtcMs(integration.created_ms),
        crm_tokens: tokens.collect(),
        crm_token: None,
    })
}

async fn one(app: &App, id: &str) -> Result<Integration> {
    answer(app, integrations::find(&*app.directory().await?, id)?).await
}

/// Every integration, newest first.
#[utoipa::path(
    get, path = "/api/integrations", tag = "integrations",
    params(PageQuery),
    responses((status = 200, body = Page<Integration>)),
)]
pub async fn list(app: web::Data<App>, _: Admin, query: web::Query<PageQuery>) -> Result<web::Json<Page<Integration>>> {
    let (limit, after) = (query.limit()?, query.after::<(i64, String)>()?);
    let directory = app.directory().await?;
    let newest_first = directory.integrations().into_iter().rev();
    let key = |one: &directory::Integration| (one.created_ms, one.id.clone());
    let rest = newest_first.filter(|one| after.as_ref().is_none_or(|after| key(one) < *after));
    let mut items = Vec::new();
    for integration in rest.take(limit + 1) {
        items.push(answer(&app, integration).await?);
    }
    Page::cut(items, limit, |one: &Integration| (one.created_at.0, one.id.clone())).map(web::Json)
}

/// Connects an outside system, without calling it; `crm_token` is shown this once.
#[utoipa::path(
    post, path = "/api/integrations", tag = "integrations",
    request_body = NewIntegration,
    responses((status = 201, body = Integration), (status = 409)),
)]
pub async fn create(app: Acting, _: Admin, body: web::Json<NewIntegration>) -> Result<HttpResponse> {
    let NewIntegration { name, kind, settings } = body.into_inner();
    let added = integrations::add(&app, kind, &name, settings).await?;
    let mut made = one(&app, &added.id).await?;
    made.crm_token = added.crm_token.map(|crm_token| crm_token.expose_secret().to_owned());
    Ok(HttpResponse::Created().json(made))
}

/// One integration.
#[utoipa::path(
    get, path = "/api/integrations/{id}", tag = "integrations",
    params(("id" = String, Path)),
    responses((status = 200, body = Integration)),
)]
pub async fn get(app: web::Data<App>, _: Admin, id: web::Path<String>) -> Result<web::Json<Integration>> {
    Ok(web::Json(one(&app, &id).await?))
}

/// Changes an integration.
#[utoipa::path(
    patch, path = "/api/integrations/{id}", tag = "integrations",
    params(("id" = String, Path)),
    request_body = ChangedIntegration,
    responses((status = 200, body = Integration), (status = 409)),
)]
pub async fn update(
    app: Acting,
    _: Admin,
    id: web::Path<String>,
    body: web::Json<ChangedIntegration>,
) -> Result<web::Json<Integration>> {
    let ChangedIntegration { name, settings } = body.into_inner();
    integrations::update(&app, &id, name.as_deref(), settings).await?;
    Ok(web::Json(one(&app, &id).await?))
}

/// Lets an integration go: its tokens are void, its calls stay.
#[utoipa::path(
    delete, path = "/api/integrations/{id}", tag = "integrations",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
pub async fn delete(app: Acting, _: Admin, id: web::Path<String>) -> Result<HttpResponse> {
    integrations::remove(&app, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Tries address and key now, without calling anybody.
#[utoipa::path(
    post, path = "/api/integrations/{id}/check", tag = "integrations",
    params(("id" = String, Path)),
    responses((status = 200, body = CheckAnswer), (status = 409)),
)]
pub async fn check(app: web::Data<App>, _: Admin, id: web::Path<String>) -> Result<web::Json<CheckAnswer>> {
    let (ok, Reason { why, detail }) = integrations::check(&app, &id).await?;
    Ok(web::Json(CheckAnswer { ok, detail, why }))
}

/// The PBX's employees, and who they are here.
#[utoipa::path(
    get, path = "/api/integrations/{id}/accounts", tag = "integrations",
    params(("id" = String, Path)),
    responses((status = 200, body = Accounts), (status = 409), (status = 502), (status = 504)),
)]
pub async fn accounts(app: web::Data<App>, _: Admin, id: web::Path<String>) -> Result<web::Json<Accounts>> {
    let known = integrations::accounts(&app, &id).await?;
    let items = known.into_iter().map(|one| Account { account: one.account, name: one.name, user: one.user }).collect();
    Ok(web::Json(Accounts { items }))
}

/// A new crm_token; the old one stays valid for 24 h.
#[utoipa::path(
    post, path = "/api/integrations/{id}/rotate-token", tag = "integrations",
    params(("id" = String, Path)),
    responses((status = 200, body = IssuedToken), (status = 409)),
)]
pub async fn rotate_token(app: Acting, _: Admin, id: web::Path<String>) -> Result<web::Json<IssuedToken>> {
    let Issued { id, crm_token } = integrations::rotate_token(&app, &id).await?;
    let old_valid_until = UtcMs(app.clock.now_ms() + integrations::OLD_TOKEN_MS);
    Ok(web::Json(IssuedToken { id, crm_token: crm_token.expose_secret().to_owned(), old_valid_until }))
}
