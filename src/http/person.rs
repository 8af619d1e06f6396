//! `/api/numbers/{number}/person`: all that is kept of whoever has a number, taken away or erased.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use futures_util::stream;

use crate::app::App;
use crate::app::desk::erasing::{self, Erased};
use crate::app::desk::person::{self, KeptOfPerson};
use crate::app::desk::person_file::PersonFile;
use crate::error::Result;
use crate::http::edge::auth::{Acting, Admin};

/// How much is kept of whoever has this number: the contacts who have it, with all numbers that nobody else has.
#[utoipa::path(get, path = "/api/numbers/{number}/person", tag = "numbers", operation_id = "person", params(("number" = String, Path)), responses((status = 200, body = KeptOfPerson)))]
pub async fn get(_: Admin, app: web::Data<App>, number: web::Path<String>) -> Result<web::Json<KeptOfPerson>> {
    person::get(&app, &number).await.map(web::Json)
}

/// All of it as a ZIP: contacts, calls with their notes, promises, messages of the PBX, rows of files and recordings.
#[utoipa::path(
    get, path = "/api/numbers/{number}/person/data", tag = "numbers",
    operation_id = "person_data",
    params(("number" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/zip")),
)]
pub async fn take_out(_: Admin, app: Acting, number: web::Path<String>) -> Result<HttpResponse> {
    let file = PersonFile::begin(&app, &number).await?;
    let parts = stream::unfold(file, |mut file| async move {
        let part = file.next().await.transpose()?;
        Some((part.map(web::Bytes::from), file))
    });
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "application/zip")).insert_header((CACHE_CONTROL, "no-store"));
    answer.insert_header((CONTENT_DISPOSITION, "attachment; filename=\"person.zip\""));
    Ok(answer.streaming(parts))
}

/// Erases him everywhere, for good: contacts, notes, promises, recordings, messages of the PBX, rows of files. His calls
/// stay as what reports count, under a number that is nobody's.
#[utoipa::path(
    delete, path = "/api/numbers/{number}/person", tag = "numbers",
    operation_id = "erase_person",
    params(("number" = String, Path)),
    responses((status = 200, body = Erased), (status = 409)),
)]
pub async fn erase(_: Admin, app: Acting, number: web::Path<String>) -> Result<web::Json<Erased>> {
    erasing::erase(&app, &number).await.map(web::Json)
}
