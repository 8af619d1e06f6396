//! Calls: the history, one call, what people say of it, and calling out.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::desk::counted::{Counted, Figure, Work};
use crate::app::desk::past::{self, CallQuery, Has};
use crate::app::desk::remarks::{self, CallPatch};
use crate::app::dialling::dial::{self, DialRequest};
use crate::domain::calendar;
use crate::domain::call::{Call, CallState, Direction};
use crate::domain::fault::Fault;
use crate::domain::local_time::LocalTime;
use crate::domain::time::UtcMs;
use crate::domain::working_hours::Day;
use crate::error::{Error, Result};
use crate::http::edge::auth::Operator;
use crate::http::edge::filter::Filters;
use crate::http::edge::page::{PageQuery, Searched};
use crate::http::edge::patch::given;
use crate::http::promises::instant;

/// Each but `from`, `to` and `q` may be given several times: any of its values will do. A text has 200 characters at
/// most, a filter 20 values.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it says in openapi.json what `filters` reads")]
pub struct CallFilter {
    /// Begun at this instant or later, RFC 3339.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Begun before this instant, RFC 3339.
    #[param(format = DateTime)]
    to: Option<String>,
    state: Option<Vec<CallState>>,
    direction: Option<Vec<Direction>>,
    /// A user's id.
    user: Option<Vec<String>>,
    phone: Option<Vec<String>>,
    /// A contact's id.
    contact: Option<Vec<String>>,
    /// An integration's id or name.
    integration: Option<Vec<String>>,
    /// Our number, the dialled one; `none`: calls without one.
    line: Option<Vec<String>>,
    /// An outcome's id, or `none`.
    outcome: Option<Vec<String>>,
    /// The PBX's name of the group that rang.
    group: Option<Vec<String>>,
    has: Option<Vec<HasWord>>,
    callid: Option<Vec<String>>,
    /// An IANA name, for `weekday` and `hour`; else that of the working hours.
    zone: Option<String>,
    weekday: Option<Vec<Day>>,
    /// 0 to 23: begun in this hour of the day.
    #[param(schema_with = hours)]
    hour: Option<Vec<i64>>,
    /// Begun in working time, or out of it.
    hours: Option<Vec<Work>>,
    /// What a report counts the call as.
    figure: Option<Vec<Figure>>,
    /// A user's id, or `none`: whose part in the calls `figure` means.
    person: Option<Vec<String>>,
    /// Any part of the client's number or name, or of the note; words in any order. Under three characters:
    /// what a word begins with, or a number ends with.
    q: Option<String>,
}

fn hours() -> Array {
    let hour = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(23));
    ArrayBuilder::new().items(hour).build()
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase", as = Has)]
pub enum HasWord {
    Note,
    Promise,
    Recording,
}

/// What the history is narrowed to.
///
/// # Errors
/// `Invalid`, naming the filter.
pub fn filters(given: Vec<(String, String)>) -> Result<CallQuery> {
    let given = Filters::of(given)?;
    let has = |word: &str| match word {
        "note" => Some(Has::Note),
        "promise" => Some(Has::Promise),
        "recording" => Some(Has::Recording),
        _ => None,
    };
    Ok(CallQuery {
        from: given.instant("from")?,
        to: given.instant("to")?,
        states: given.words("state", CallState::parse)?,
        directions: given.words("direction", Direction::parse)?,
        users: given.texts("user")?,
        phones: given.texts("phone")?,
        contacts: given.texts("contact")?,
        integrations: given.texts("integration")?,
        lines: given.texts("line")?,
        outcomes: given.texts("outcome")?,
        groups: given.texts("group")?,
        has: given.words("has", has)?,
        callids: given.texts("callid")?,
        counted: counted(&given)?,
        q: given.text("q")?,
    })
}

/// What of the filters is as reports count.
///
/// # Errors
/// `Invalid`, naming the filter.
pub fn counted(given: &Filters) -> Result<Counted> {
    let hour = |word: &str| word.parse::<i64>().ok().filter(|hour| (0..24).contains(hour));
    Ok(Counted {
        zone: given.text("zone")?.map(|name| zone(&name)).transpose()?,
        weekdays: given.words("weekday", Day::parse)?,
        hours: given.words("hour", hour)?,
        work: given.words("hours", Work::parse)?,
        figures: given.words("figure", Figure::parse)?,
        persons: given.texts("person")?,
        settings: None,
    })
}

/// A time zone of a request.
///
/// # Errors
/// `Invalid`.
pub fn zone(name: &str) -> Result<LocalTime> {
    calendar::zone(name).map(LocalTime::new).ok_or_else(|| Error::field("zone", Fault::Unknown))
}

/// The history, newest first. A page takes bounded work: it may hold fewer items and still have a `next`.
#[utoipa::path(get, path = "/api/calls", tag = "calls", params(CallFilter, PageQuery), responses((status = 200, body = Searched<Call>)))]
pub async fn list(
    _: Operator,
    app: web::Data<App>,
    query: web::Query<Vec<(String, String)>>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Searched<Call>>> {
    let found = past::list(&app, filters(query.into_inner())?, page.after()?, page.limit()?).await?;
    Searched::found(found, |place| UtcMs(place.0)).map(web::Json)
}

/// One call.
#[utoipa::path(get, path = "/api/calls/{id}", tag = "calls", responses((status = 200, body = Call), (status = 404)))]
pub async fn get(_: Operator, app: web::Data<App>, id: web::Path<String>) -> Result<web::Json<Call>> {
    past::get(&app, &id).await.map(web::Json)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallChange {
    #[schema(max_length = 10_000)]
    note: Option<String>,
    /// `note_rev` of the note that was seen; absent: 0, nobody had written yet. Older than the newest: 409 `note_changed`
    /// with the newer text, and nothing is written.
    #[serde(default)]
    note_rev: i64,
    /// An outcome's id; empty: none.
    outcome: Option<String>,
    /// Null: nothing is promised.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PromiseDraft>)]
    promise: Option<Option<PromiseDraft>>,
    /// A contact's id; null: the number's own again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    contact: Option<Option<String>>,
}

/// What is promised to the call's client by whoever asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseDraft {
    /// When it is to be done, RFC 3339.
    #[schema(format = DateTime)]
    due_at: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    text: String,
}

/// What a person says of a call. An operator changes his own calls.
#[utoipa::path(patch, path = "/api/calls/{id}", tag = "calls", request_body = CallChange, responses((status = 200, body = Call), (status = 403), (status = 404), (status = 409)))]
pub async fn patch(
    user: Operator,
    app: web::Data<App>,
    id: web::Path<String>,
    change: web::Json<CallChange>,
) -> Result<web::Json<Call>> {
    let change = change.into_inner();
    let CallChange { note, note_rev, outcome, promise, contact } = change;
    let draft = |draft: PromiseDraft| Ok::<_, Error>((instant("promise.due_at", &draft.due_at)?, draft.text));
    let promise = promise.map(|promise| promise.map(draft).transpose()).transpose()?;
    let patch = CallPatch { note, note_rev, outcome, promise, contact };
    remarks::patch(&app, &user.0, &id, patch).await.map(web::Json)
}

/// The card goes, on all my screens, and stays away.
#[utoipa::path(post, path = "/api/calls/{id}/dismiss", tag = "calls", responses((status = 204), (status = 404)))]
pub async fn dismiss(user: Operator, app: web::Data<App>, id: web::Path<String>) -> Result<HttpResponse> {
    remarks::dismiss(&app, &user.0, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCall {
    phone: String,
    /// An integration's id or name; the default line's when absent.
    integration: Option<String>,
    /// A named group of the integration's settings.
    group: Option<String>,
}

#[derive(Debug, serde::Serialize, ToSchema)]
pub struct Dialled {
    call: Call,
}

/// Click-to-call from my line: first my phone rings, then the client's.
#[utoipa::path(
    post, path = "/api/calls", tag = "calls", request_body = NewCall,
    responses(
        (status = 202, body = Dialled),
        (status = 409, description = "No line to call from"),
        (status = 422, description = "Not a number, or no group of this name"),
        (status = 429, description = "More than the other side allows; Retry-After says how long to wait"),
        (status = 502, description = "Refused by the other side, or unreachable"),
        (status = 504, description = "No answer in time"),
    )
)]
pub async fn dial(user: Operator, app: web::Data<App>, new: web::Json<NewCall>) -> Result<HttpResponse> {
    let NewCall { phone, integration, group } = new.into_inner();
    let call = dial::dial(&app, &user.0, DialRequest { phone, integration, group }).await?;
    Ok(HttpResponse::Accepted().json(Dialled { call }))
}
