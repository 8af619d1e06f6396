//! Alive, and able to work: for supervisors and containers.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::Result;

#[derive(Serialize, ToSchema)]
pub struct Health {
    status: &'static str,
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", security(()), tag = "health", responses((status = 200, body = Health)))]
pub async fn healthz() -> web::Json<Health> {
    web::Json(Health { status: "ok" })
}

/// The store answers too, and every job goes on.
#[utoipa::path(get, path = "/readyz", security(()), tag = "health", responses((status = 200, body = Health), (status = 503)))]
pub async fn readyz(app: web::Data<App>) -> Result<web::Json<Health>> {
    app.check_ready().await?;
    Ok(web::Json(Health { status: "ready" }))
}
