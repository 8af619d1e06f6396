//! What works on this node and what does not, for the admin.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::upkeep::doctor;
use crate::app::upkeep::findings::Finding;
use crate::http::edge::auth::Admin;

#[derive(Serialize, ToSchema)]
pub struct Findings {
    items: Vec<Finding>,
}

/// Each thing looked at, what does not work first.
#[utoipa::path(get, path = "/api/doctor", tag = "doctor", responses((status = 200, body = Findings)))]
pub async fn get(_: Admin, app: web::Data<App>) -> web::Json<Findings> {
    web::Json(Findings { items: doctor::examine(&app).await })
}
