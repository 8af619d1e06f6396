//! What a PBX named and nobody here has a name for.

use actix_web::web;
use serde::Serialize;
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
