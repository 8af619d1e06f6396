//! What leaves as a file: written page by page while it is sent, so that its size costs no memory.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use futures_util::{TryStreamExt, future::ready, stream};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::clients::export::{ContactFormat, Export};
use crate::app::desk::export::Export as CallExport;
use crate::app::desk::problems::Problems;
use crate::domain::sheet::Tongue;
use crate::domain::table_file::TableFormat;
use crate::error::Result;
use crate::http::calls::{CallFilter, filters};
use crate::http::contacts::ContactParams;
use crate::http::edge::auth::{Acting, Manager};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportParams {
    format: Option<Format>,
    /// In which language its words are. Cells are parted by `;` in Russian, as spreadsheets expect there, else by `,`.
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Csv,
    Xlsx,
}

impl From<Format> for TableFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Xlsx => Self::Xlsx,
        }
    }
}

impl ExportParams {
    pub fn parts(self) -> (Format, Tongue) {
        (self.format.unwrap_or(Format::Csv), self.lang.map_or(Tongue::En, Tongue::from))
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContactExportParams {
    format: Option<ContactFile>,
    /// In which language its words are. Cells are parted by `;` in Russian, as spreadsheets expect there, else by `,`.
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContactFile {
    Csv,
    Vcf,
    Xlsx,
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

/// The contacts that the list's filter leaves, newest first: as CSV in UTF-8, as a workbook, or as vCards. Several numbers,
/// or tags, stand one a line in their cell. A cell of a CSV that a spreadsheet would run as a formula begins with an
/// apostrophe. An answer that ends early is broken off, not shorter.
#[utoipa::path(
    get, path = "/api/contacts/export", tag = "contacts",
    operation_id = "export",
    params(ContactParams, ContactExportParams),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"), (String = "text/vcard"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))),
)]
pub async fn contacts(
    app: Acting,
    _: Manager,
    filters: web::Query<ContactParams>,
    params: web::Query<ContactExportParams>,
) -> Result<HttpResponse> {
    let tongue = params.lang.map_or(Tongue::En, Tongue::from);
    let (format, kind) = match params.format.unwrap_or(ContactFile::Csv) {
        ContactFile::Csv => (ContactFormat::Table(TableFormat::Csv), CSV),
        ContactFile::Xlsx => (ContactFormat::Table(TableFormat::Xlsx), XLSX),
        ContactFile::Vcf => (ContactFormat::Cards, VCF),
    };
    send(Export::begin(&app, filters.into_inner().into(), format, tongue).await?, "contacts", kind).await
}

/// The calls that the history's filter leaves, newest first, one a row, as CSV in UTF-8 or as a workbook; times are those of
/// `zone`.
#[utoipa::path(
    get, path = "/api/calls/export", tag = "calls",
    operation_id = "export",
    params(CallFilter, ExportParams),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))),
)]
pub async fn calls(
    app: Acting,
    _: Manager,
    query: web::Query<Vec<(String, String)>>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse> {
    let (format, tongue) = params.into_inner().parts();
    let file = CallExport::begin(&app, filters(query.into_inner())?, format.into(), tongue).await?;
    send(file, "calls", kind(format)).await
}

/// How a file ends, and what it is.
pub type Kind = (&'static str, &'static str);

const CSV: Kind = ("csv", "text/csv; charset=utf-8");
const VCF: Kind = ("vcf", "text/vcard; charset=utf-8");
const XLSX: Kind = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

pub fn kind(format: Format) -> Kind {
    match format {
        Format::Csv => CSV,
        Format::Xlsx => XLSX,
    }
}

/// A file that is written part by part.
#[expect(async_fn_in_trait, reason = "it is sent from here alone")]
pub trait File {
    /// The next part; `None` behind its end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>>;
}

impl File for Export {
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        Export::next(self).await
    }
}

impl File for Problems {
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        Problems::next(self).await
    }
}

impl File for CallExport {
    async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        CallExport::next(self).await
    }
}

pub async fn send(mut file: impl File + 'static, name: &str, kind: Kind) -> Result<HttpResponse> {
    // What cannot be begun is refused as anything else is.
    let first = file.next().await?.map(web::Bytes::from);
    let parts = stream::unfold((file, first), |(mut file, ready)| async move {
        let part = match ready {
            Some(part) => Ok(part),
            None => file.next().await.map(|part| part.map(web::Bytes::from)).transpose()?,
        };
        Some((part, (file, None)))
    });
    // An empty part would end the answer.
    let parts = parts.try_filter(|part| ready(!part.is_empty()));
    Ok(attachment(name, kind).streaming(parts))
}

/// The answer that a table begins with.
pub fn table(name: &str, format: Format) -> HttpResponseBuilder {
    attachment(name, kind(format))
}

fn attachment(name: &str, (ending, media): Kind) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, media)).insert_header((CACHE_CONTROL, "no-store"));
    answer.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")));
    answer
}
