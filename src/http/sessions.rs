//! `/api/sessions`: the browsers that somebody is signed in with.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::app::people::sessions::{self, OpenSession};
use crate::error::Result;
use crate::http::edge::auth::{Acting, Operator, Session};
use crate::http::edge::page::Page;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionsQuery {
    /// A person's id: for admins. Absent: mine.
    user: Option<String>,
}

/// The sessions that stand, the one used last first.
#[utoipa::path(get, path = "/api/sessions", tag = "sessions", security(("session" = [])), params(SessionsQuery), responses((status = 200, body = Page<OpenSession>), (status = 404)))]
pub async fn list(
    app: web::Data<App>,
    asker: Session,
    query: web::Query<SessionsQuery>,
) -> Result<web::Json<Page<OpenSession>>> {
    let found = sessions::list(&app, &asker.0, query.into_inner().user).await?;
    Ok(web::Json(Page::whole(found)))
}

/// Ends one, within five seconds everywhere: mine, or for an admin anybody's.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "sessions", security(("session" = [])), params(("id" = String, Path)), responses((status = 204), (status = 404)))]
pub async fn end(app: Acting, Operator(me): Operator, id: web::Path<String>) -> Result<HttpResponse> {
    sessions::end_by_id(&app, &me, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
