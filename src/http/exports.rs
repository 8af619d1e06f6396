//! What leaves as a file: written page by page while it is sent, so that its size costs no memory.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use futures_util::stream;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::clients::export::Export;
use crate::app::desk::export::Export as CallExport;
use crate::domain::sheet::Tongue;
use crate::error::Result;
use crate::http::calls::{CallFilter, filters};
use crate::http::contacts::ContactParams;
use crate::http::edge::auth::{Acting, Manager};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportParams {
    #[serde(rename = "format")]
    #[param(rename = "format")]
    _format: Option<Format>,
    /// In which language its words are. Cells are parted by `;` in Russian, as spreadsheets expect there, else by `,`.
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Csv,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Ru,
    En,
}

impl From<Lang> for Tongue {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Ru => Self::Ru,
            Lang::En => Self::En,
        }
    }
}

/// The contacts that the list's filter leaves, newest first, as CSV in UTF-8. Several numbers, or tags, stand one a line in
/// their cell. A cell that a spreadsheet would run as a formula begins with an apostrophe. An answer that ends early is
/// broken off, not shorter.
#[utoipa::path(
    get, path = "/api/contacts/export", tag = "contacts",
    operation_id = "export",
    params(ContactParams, ExportParams),
    responses((status = 200, description = "The file", content_type = "text/csv")),
)]
pub async fn contacts(
    app: Acting,
    _: Manager,
    filters: web::Query<ContactParams>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse> {
    let tongue = params.lang.map_or(Tongue::En, Tongue::from);
    send(Export::begin(&app, filters.into_inner().into(), tongue).await?, "contacts").await
}

/// The calls that the history's filter leaves, newest first, one a row, as CSV in UTF-8; times are those of `zone`.
#[utoipa::path(
    get, path = "/api/calls/export", tag = "calls",
    operation_id = "export",
    params(CallFilter, ExportParams),
    responses((status = 200, description = "The file", content_type = "text/csv")),
)]
pub async fn calls(
    app: Acting,
    _: Manager,
    query: web::Query<Vec<(String, String)>>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse> {
    let tongue = params.lang.map_or(Tongue::En, Tongue::from);
    send(CallExport::begin(&app, filters(query.into_inner())?, tongue).await?, "calls").await
}

/// A file that is written part by part.
trait File {
    /// The next part; `None` behind its end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>>;
}

impl File for Export {
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        Export::next(self).await
    }
}

impl File for CallExport {
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        CallExport::next(self).await
    }
}

async fn send(mut file: impl File + 'static, name: &str) -> Result<HttpResponse> {
    // What cannot be begun is refused as anything else is.
    let first = file.next().await?.map(web::Bytes::from);
    let parts = stream::unfold((file, first), |(mut file, ready)| async move {
        let part = match ready {
            Some(part) => Ok(part),
            None => file.next().await.map(|part| part.map(web::Bytes::from)).transpose()?,
        };
        Some((part, (file, None)))
    });
    Ok(table(name).streaming(parts))
}

/// The answer that a table begins with.
pub fn table(name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/csv; charset=utf-8")).insert_header((CACHE_CONTROL, "no-store"));
    answer.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")));
    answer
}
