//! `POST /pbx`: what the PBX sends. Answers exactly what its contract says.

use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};

use crate::app::clients::identify;
use crate::app::memory::meters::Verdict;
use crate::app::{App, pushes, token};
use crate::domain::address::neighbourhood;
use crate::domain::malformed::Malformed;
use crate::domain::push::{CallerQuestion, PbxEvent};
use crate::error::{Error, Result};
use crate::http::edge::origin::client_ip;
use crate::http::edge::strangers::{Refusal, Strangers};
use crate::http::edge::token_guard::TokenGuard;
use crate::pbx;
use crate::pbx::fields::Fields;
use crate::pbx::reply::{ContactAnswer, INVALID_PARAMETERS, INVALID_TOKEN};

/// The largest push.
pub const BODY_LIMIT: usize = 64 * 1024;

/// history, event, contact and rating of the Cloud PBX.
#[utoipa::path(
    post, path = "/pbx", security(()), tag = "pbx",
    request_body(content_type = "application/x-www-form-urlencoded", content = String),
    responses(
        (status = 200, description = "Kept; of contact the answer"),
        (status = 400, description = "Invalid parameters"),
        (status = 401, description = "Invalid token"),
        (status = 429, description = "Too many wrong tokens from this address"),
        (status = 503, description = "Cannot be kept now: send it again"),
    )
)]
pub async fn receive(
    request: HttpRequest,
    body: web::Bytes,
    app: web::Data<App>,
    guard: web::Data<TokenGuard>,
    strangers: web::Data<Strangers>,
) -> Result<HttpResponse> {
    let began = Instant::now();
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fields = Fields::decode(content_type, &body);
    let directory = match tokio::time::timeout(identify::BUDGET, app.directory()).await {
        Ok(Ok(directory)) => directory,
        // The token cannot be checked now, but nobody need wait to hear that nothing is known.
        _ if fields.get("cmd") == Some("contact") => return Ok(HttpResponse::Ok().json(ContactAnswer::default())),
        Ok(Err(error)) => return Err(error),
        Err(_) => return Err(Error::Busy("the tokens could not be read in time".to_owned())),
    };
    let hash = fields.token().map(token::hash).unwrap_or_default();
    let now_ms = app.clock.now_ms();
    let Some(integration) = directory.integration_of_token(&hash, now_ms) else {
        return Ok(refuse_token(&app, &guard, &strangers, &request));
    };
    let address = client_ip(&request);
    if !integration.is_heard_from(address) {
        address.inspect(|address| strangers.note(*address, Refusal::Elsewhere));
        app.meters.note_push(Verdict::WrongToken);
        return Ok(HttpResponse::Unauthorized().insert_header((CONTENT_TYPE, "application/json")).body(INVALID_TOKEN));
    }
    app.token_uses.note(&hash, now_ms);
    let cmd: String = fields.get("cmd").unwrap_or_default().chars().filter(|c| !c.is_control()).take(32).collect();
    let push = || pushes::Push {
        integration_id: integration.id.clone(),
        cmd: cmd.clone(),
        content_type: content_type.chars().take(128).collect(),
        body: fields.journal(),
    };
    let result = match pbx::parse(&fields, &directory.settings.region) {
        Ok(PbxEvent::Contact(query)) => {
            let answer = answer_contact(&app, &integration.id, &query).await;
            let took = began.elapsed();
            app.answer_times.note(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
            app.meters.contact.note(took);
            app.meters.note_push(Verdict::Answered);
            pushes::note_contact(&app, push);
            Ok(answer)
        }
        Ok(event) => pushes::keep(&app, push(), event).await.map(|call_id| {
            tracing::debug!(call.id = call_id, "kept");
            app.meters.commit.note(began.elapsed());
            app.meters.note_push(Verdict::Kept);
            HttpResponse::Ok().finish()
        }),
        Err(reason) => pushes::keep_refused(&app, push(), &reason).await.map(|()| {
            app.meters.note_push(Verdict::Malformed);
            invalid_parameters()
        }),
    };
    if result.is_err() {
        app.meters.note_push(Verdict::NotKept);
    }
    let status = result.as_ref().map_or_else(ResponseError::status_code, HttpResponse::status);
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(integration = %integration.name, cmd, status = status.as_u16(), duration_ms, "a push");
    result
}

async fn answer_contact(app: &App, integration_id: &str, query: &CallerQuestion) -> HttpResponse {
    let known = identify::identify(app, integration_id, &query.phone).await;
    HttpResponse::Ok().json(ContactAnswer { contact_name: known.contact_name, responsible: known.responsible })
}

fn invalid_parameters() -> HttpResponse {
    HttpResponse::BadRequest().insert_header((CONTENT_TYPE, "application/json")).body(INVALID_PARAMETERS)
}

/// The same answer for every wrong token; an address that keeps sending them is told to wait.
fn refuse_token(app: &App, guard: &TokenGuard, strangers: &Strangers, request: &HttpRequest) -> HttpResponse {
    let address = client_ip(request);
    address.inspect(|address| strangers.note(*address, Refusal::Token));
    let wait_s = address.and_then(|address| guard.note_wrong(neighbourhood(address), app.clock.running_ms()));
    app.meters.note_push(if wait_s.is_some() { Verdict::ToldToWait } else { Verdict::WrongToken });
    let status = if wait_s.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNAUTHORIZED };
    let mut answer = HttpResponse::build(status);
    if let Some(wait_s) = wait_s {
        answer.insert_header((RETRY_AFTER, wait_s.to_string()));
    }
    answer.insert_header((CONTENT_TYPE, "application/json")).body(INVALID_TOKEN)
}

/// Reads a journaled push again, for its replay.
pub fn read_again(webhook: &pushes::Webhook, region: &str) -> std::result::Result<PbxEvent, Malformed> {
    let fields = Fields::decode("application/x-www-form-urlencoded", webhook.body.as_bytes());
    pbx::parse(&fields, region)
}
