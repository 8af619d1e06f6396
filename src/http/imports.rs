//! `/api/contacts/import`: clients come in as a file.

use actix_web::{HttpResponse, web};
use futures_util::StreamExt;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::app::clients::import::{self, Handed};
use crate::app::desk::moving_in;
use crate::app::desk::problems::Problems;
use crate::app::upkeep::tasks;
use crate::domain::import::{Import, ImportPlan, Tally};
use crate::domain::sheet::Tongue;
use crate::domain::task::Task;
use crate::error::{Error, Result};
use crate::http::edge::auth::{Acting, Manager};
use crate::http::exports::{ExportParams, Lang, kind, send};

/// The largest file.
pub const FILE_LIMIT: usize = 50 * 1024 * 1024;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FileName {
    /// The file's own.
    #[serde(default)]
    name: String,
    /// Which sheet of a workbook is meant; else it is the first with anything in it.
    sheet: Option<String>,
    /// In which language numbers are labelled that cards name by their type; else it is that of the office's country.
    lang: Option<Lang>,
}

/// Takes a file in, as the body; nothing is made of it yet. What each column holds is guessed by its title, or by what
/// stands in it.
#[utoipa::path(
    post, path = "/api/contacts/import", tag = "contacts",
    operation_id = "take_in",
    params(FileName),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = Import)),
)]
pub async fn take_in(
    app: web::Data<App>,
    Manager(by): Manager,
    file: web::Query<FileName>,
    mut body: web::Payload,
) -> Result<HttpResponse> {
    let mut bytes = Vec::new();
    while let Some(some) = body.next().await {
        let some = some.map_err(|_| Error::BadRequest("the file ended too early".to_owned()))?;
        bytes.extend_from_slice(&some);
    }
    let FileName { name, sheet, lang } = file.into_inner();
    let handed = Handed { by: Some(&by.id), name: &name, sheet, tongue: lang.map(Tongue::from), bytes };
    Ok(HttpResponse::Created().json(import::take_in(&app, handed).await?))
}

/// A file that was taken in.
#[utoipa::path(
    get, path = "/api/contacts/import/{id}", tag = "contacts",
    operation_id = "taken_in",
    params(("id" = String, Path)),
    responses((status = 200, body = Import)),
)]
pub async fn get(app: web::Data<App>, _: Manager, id: web::Path<String>) -> Result<web::Json<Import>> {
    import::get(&app, &id).await.map(web::Json)
}

/// Counts what would come of it, and writes nothing.
#[utoipa::path(
    post, path = "/api/contacts/import/{id}/check", tag = "contacts",
    operation_id = "check_import",
    params(("id" = String, Path)),
    request_body = ImportPlan,
    responses((status = 200, body = Tally)),
)]
pub async fn check(
    app: web::Data<App>,
    _: Manager,
    id: web::Path<String>,
    plan: web::Json<ImportPlan>,
) -> Result<web::Json<Tally>> {
    moving_in::check(&app, &id, plan.into_inner()).await.map(web::Json)
}

/// Makes clients of it, in the background: the task has the file's id.
#[utoipa::path(
    post, path = "/api/contacts/import/{id}/run", tag = "contacts",
    operation_id = "run_import",
    params(("id" = String, Path)),
    request_body = ImportPlan,
    responses((status = 202, body = Task), (status = 409)),
)]
pub async fn run(
    app: Acting,
    Manager(by): Manager,
    id: web::Path<String>,
    plan: web::Json<ImportPlan>,
) -> Result<HttpResponse> {
    moving_in::begin(&app, Some(&by.id), &id, plan.into_inner()).await?;
    Ok(HttpResponse::Accepted().json(tasks::get(&app, &id).await?))
}

/// The rows that were not taken, in the file's own columns with a reason behind them: mended, the file can come in again.
#[utoipa::path(
    get, path = "/api/contacts/import/{id}/problems", tag = "contacts",
    operation_id = "import_problems",
    params(("id" = String, Path), ExportParams),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))),
)]
pub async fn problems(
    app: web::Data<App>,
    _: Manager,
    id: web::Path<String>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse> {
    let (format, tongue) = params.into_inner().parts();
    send(Problems::begin(&app, &id, format.into(), tongue).await?, "problems", kind(format)).await
}
