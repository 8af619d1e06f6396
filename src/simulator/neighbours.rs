//! The other three systems, beside the PBX at one address: `/sipsim`, `/uis/v1`, `/mango/v1/calltracking`. One token opens
//! them all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::clock::Clock;
use crate::simulator::mango::Mango;
use crate::simulator::sipsim::SipSim;
use crate::simulator::uis::Uis;

pub const SIPSIM_PATH: &str = "/sipsim";
pub const UIS_PATH: &str = "/uis/v1";
pub const MANGO_PATH: &str = "/mango/v1";

/// Told of each request, in one readable line.
pub type Note = Arc<dyn Fn(&str) + Send + Sync>;

pub struct Neighbours {
    token: String,
    clock: Clock,
    note: Note,
    sipsim: Mutex<SipSim>,
    uis: Mutex<Uis>,
    mango: Mutex<Mango>,
}

impl Neighbours {
    pub fn new(token: String, clock: Clock, note: Note) -> Self {
        Self { token, clock, note, sipsim: Mutex::default(), uis: Mutex::default(), mango: Mutex::default() }
    }

    fn tell(&self, who: &str, body: &[u8], answer: &Value) {
        let members: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| members[name].as_str().map(|text| format!(" {text}"));
        let place = |name: &str| members["params"][name].as_str().map(|text| format!(" {text}"));
        let parts = [text("caller"), text("receiver"), text("method"), place("numc"), place("numa"), text("callId")];
        let what: String = parts.into_iter().flatten().collect();
        (self.note)(&format!("{who}{what}: {answer}"));
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(SIPSIM_PATH).route(web::get().to(click2call)))
        .service(web::resource(UIS_PATH).route(web::post().to(call_api)))
        .service(web::resource("/mango/v1/calltracking/externalCall").route(web::post().to(external_call)))
        .service(web::resource("/mango/v1/calltracking/externalCall/{callid}").route(web::put().to(recording)));
}

async fn click2call(body: web::Bytes, of: web::Data<Neighbours>) -> HttpResponse {
    let answer = held(&of.sipsim).answer(&body, &of.token, of.clock.now_ms());
    of.tell("SipSim", &body, &answer);
    HttpResponse::Ok().json(answer)
}

async fn call_api(body: web::Bytes, of: web::Data<Neighbours>) -> HttpResponse {
    let answer = held(&of.uis).answer(&body, &of.token, of.clock.now_ms(), &of.clock.new_id());
    // The key of a session is nobody's business.
    let shown = if answer["resutl"].is_object() { Value::from("a session key") } else { answer.clone() };
    of.tell("UIS", &body, &shown);
    HttpResponse::Ok().json(answer)
}

async fn external_call(request: HttpRequest, body: web::Bytes, of: web::Data<Neighbours>) -> HttpResponse {
    let answer = held(&of.mango).announce_call(&body, has_token(&request, &of.token));
    of.tell("Mango POST", &body, &answer);
    HttpResponse::Ok().json(answer)
}

async fn recording(
    request: HttpRequest,
    callid: web::Path<String>,
    body: web::Bytes,
    of: web::Data<Neighbours>,
) -> HttpResponse {
    let answer = held(&of.mango).announce_recording(&callid, &body, has_token(&request, &of.token));
    of.tell(&format!("Mango PUT {callid}"), &body, &answer);
    HttpResponse::Ok().json(answer)
}

/// In the header or in the query (section 1 of Mango's document).
fn has_token(request: &HttpRequest, token: &str) -> bool {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_query = serde_urlencoded::from_str::<Vec<(String, String)>>(request.query_string()).unwrap_or_default();
    header == Some(&format!("Bearer {token}"))
        || in_query.iter().any(|(name, value)| name == "access_token" && value == token)
}
