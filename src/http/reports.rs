//! Reports, for managers.

use actix_web::{HttpResponse, web};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::desk::counted::Work;
use crate::app::reports::ask::{Ask, Compare};
use crate::app::reports::rows::By;
use crate::app::reports::{calls as by_something, people as of_people, sheet};
use crate::domain::call::Direction;
use crate::domain::report::{CallReport, PeopleReport};
use crate::domain::sheet::Tongue;
use crate::error::Result;
use crate::http::calls::counted;
use crate::http::edge::auth::Manager;
use crate::http::edge::filter::Filters;
use crate::http::exports::{Format, Lang, table};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it says in openapi.json what `ask` reads")]
pub struct ReportFilter {
    /// Begun at this instant or later, RFC 3339; absent: for a week.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Begun before this instant, RFC 3339; absent: until now.
    #[param(format = DateTime)]
    to: Option<String>,
    /// An IANA name: whose days and hours; absent: the zone of the working hours.
    zone: Option<String>,
    /// A site's id: calls to its numbers.
    site: Option<String>,
    /// Begun in working time, or out of it; absent: at any time.
    hours: Option<Vec<Work>>,
    /// With the same days of the week before, as much of them as has gone by.
    #[param(inline)]
    compare: Option<CompareWord>,
    /// Absent: in.
    direction: Option<Direction>,
    /// A user's id.
    user: Option<Vec<String>>,
    /// Our number, the dialled one; `none`: calls without one.
    line: Option<Vec<String>>,
    /// Absent: JSON.
    #[param(inline)]
    format: Option<FormatWord>,
    /// The language of a file.
    lang: Option<Lang>,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum FormatWord {
    Json,
    Csv,
    Xlsx,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum CompareWord {
    Previous,
    Year,
    None,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it says in openapi.json what `by` reads")]
pub struct ReportRows {
    /// What makes the rows; absent: day.
    #[param(inline)]
    by: Option<By>,
}

type Given = web::Query<Vec<(String, String)>>;

/// As what file the table is asked for, and in which language; `None`: as no file.
fn file(given: &Filters) -> Result<Option<(Format, Tongue)>> {
    let format = given.words("format", |word| match word {
        "json" => Some(None),
        "csv" => Some(Some(Format::Csv)),
        "xlsx" => Some(Some(Format::Xlsx)),
        _ => None,
    })?;
    let tongue = given.words("lang", Tongue::parse)?.into_iter().next().unwrap_or(Tongue::En);
    Ok(format.into_iter().flatten().next().map(|format| (format, tongue)))
}

async fn of_calls(app: &App, given: &Filters, by: By) -> Result<HttpResponse> {
    let file = file(given)?;
    let mut asked = ask(given)?;
    if by == By::Caller {
        // Who called back is no person of the call that was missed.
        asked.counted.persons.append(&mut asked.users);
        asked.direction = None;
    }
    let report = by_something::report(app, asked, by).await?;
    Ok(match file {
        Some((format, tongue)) => table("report", format).body(sheet::of_calls(&report, format.into(), tongue)?),
        None => HttpResponse::Ok().json(report),
    })
}

fn ask(given: &Filters) -> Result<Ask> {
    Ok(Ask {
        from: given.instant("from")?,
        to: given.instant("to")?,
        zone: given.text("zone")?,
        compare: given.words("compare", Compare::parse)?.into_iter().next().flatten(),
        direction: given.words("direction", Direction::parse)?.into_iter().next(),
        users: given.texts("user")?,
        lines: given.texts("line")?,
        site: given.text("site")?,
        counted: counted(given)?,
    })
}

/// Calls by day, hour, weekday, person, line, source or outcome.
#[utoipa::path(get, path = "/api/reports/calls", tag = "reports", operation_id = "calls", params(ReportFilter, ReportRows), responses((status = 200, content((CallReport = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn calls(_: Manager, app: web::Data<App>, given: Given) -> Result<HttpResponse> {
    let given = Filters::of(given.into_inner())?;
    let by = given.words("by", By::parse)?.into_iter().next().unwrap_or(By::Day);
    of_calls(&app, &given, by).await
}

/// Calls by where the client has our number from.
#[utoipa::path(get, path = "/api/reports/sources", tag = "reports", operation_id = "sources", params(ReportFilter), responses((status = 200, content((CallReport = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn sources(_: Manager, app: web::Data<App>, given: Given) -> Result<HttpResponse> {
    of_calls(&app, &Filters::of(given.into_inner())?, By::Source).await
}

/// Calls by what came of them.
#[utoipa::path(get, path = "/api/reports/outcomes", tag = "reports", operation_id = "outcomes", params(ReportFilter), responses((status = 200, content((CallReport = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn outcomes(_: Manager, app: web::Data<App>, given: Given) -> Result<HttpResponse> {
    of_calls(&app, &Filters::of(given.into_inner())?, By::Outcome).await
}

/// Missed clients by who called them back; `none`: nobody did, so far. `calls` are the first misses of those who waited, and of
/// the other figures those that tell of calls are 0.
#[utoipa::path(get, path = "/api/reports/callbacks", tag = "reports", operation_id = "callbacks", params(ReportFilter), responses((status = 200, content((CallReport = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn callbacks(_: Manager, app: web::Data<App>, given: Given) -> Result<HttpResponse> {
    of_calls(&app, &Filters::of(given.into_inner())?, By::Caller).await
}

/// What each person had to do with the calls.
#[utoipa::path(get, path = "/api/reports/people", tag = "reports", operation_id = "people", params(ReportFilter), responses((status = 200, content((PeopleReport = "application/json"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn people(_: Manager, app: web::Data<App>, given: Given) -> Result<HttpResponse> {
    let given = Filters::of(given.into_inner())?;
    let file = file(&given)?;
    let report = of_people::report(&app, ask(&given)?).await?;
    Ok(match file {
        Some((format, tongue)) => table("people", format).body(sheet::of_people(&report, format.into(), tongue)?),
        None => HttpResponse::Ok().json(report),
    })
}
