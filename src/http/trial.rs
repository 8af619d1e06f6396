//! `/api/trial`: a call that is none.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::app::integrations::trial;
use crate::error::Result;
use crate::http::edge::auth::Admin;

/// Rings the asker's own screen for a quarter of a minute, without any PBX; two minutes later nothing of it is left.
#[utoipa::path(post, path = "/api/trial", tag = "trial", responses((status = 204, description = "It rings"), (status = 503)))]
pub async fn ring(app: web::Data<App>, admin: Admin) -> Result<HttpResponse> {
    trial::ring(&app, &admin.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
