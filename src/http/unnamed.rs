//! What a PBX named and nobody here has a name for.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::people::unnamed::{self, Unnamed};
use crate::error::Result;
use crate::http::edge::auth::Admin;

#[derive(Serialize, ToSchema)]
pub struct AllUnnamed {
    items: Vec<Unnamed>,
}

/// PBX accounts that are nobody's lines, and numbers of ours without a label, as calls named them; the latest first.
#[utoipa::path(get, path = "/api/unnamed", tag = "unnamed", responses((status = 200, body = AllUnnamed)))]
pub async fn list(_: Admin, app: web::Data<App>) -> Result<web::Json<AllUnnamed>> {
    Ok(web::Json(AllUnnamed { items: unnamed::list(&app).await? }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnnamedChange {
    /// The id of the integration that named it.
    integration: String,
    /// The login at the PBX.
    account: String,
    is_nobody: bool,
}

/// Nobody is behind this login, for good; or he is to be asked for again.
#[utoipa::path(patch, path = "/api/unnamed", tag = "unnamed", request_body = UnnamedChange, responses((status = 204), (status = 404)))]
pub async fn put_away(_: Admin, app: web::Data<App>, change: web::Json<UnnamedChange>) -> Result<HttpResponse> {
    let UnnamedChange { integration, account, is_nobody } = change.into_inner();
    unnamed::put_away(&app, integration, account, is_nobody).await?;
    Ok(HttpResponse::NoContent().finish())
}
