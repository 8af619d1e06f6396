//! What the CRM may ask of the PBX: accounts and makeCall at `/sys/crm_api.wcgp`, and the recordings.
//!
//! As strict as the document: a form, the token in its body, 400 and 401 with their bodies.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::json;

use crate::domain::phone::Phone;
use crate::simulator::neighbours::{self, Neighbours, Note};
use crate::simulator::player::Player;
use crate::simulator::recording;

pub const PATH: &str = "/sys/crm_api.wcgp";

struct Entry {
    player: Arc<Player>,
    token: String,
}

/// Serves on `listener` until the server is stopped; calls that were asked for are played by `player`; the other three
/// systems stand beside the PBX, and `note` hears what they were asked.
///
/// # Errors
/// When the socket cannot be listened on.
pub fn serve(listener: TcpListener, player: Arc<Player>, token: String, note: Note) -> std::io::Result<Server> {
    let neighbours = web::Data::new(Neighbours::new(token.clone(), player.clock.clone(), note));
    let entry = web::Data::new(Entry { player, token });
    let routes = move || {
        App::new()
            .app_data(entry.clone())
            .app_data(neighbours.clone())
            .configure(neighbours::configure)
            .service(web::resource(PATH).route(web::post().to(receive)))
            .service(web::resource("/recordings/{callid}/{seconds}.wav").route(web::get().to(play_back)))
    };
    Ok(HttpServer::new(routes).workers(1).disable_signals().shutdown_timeout(1).listen(listener)?.run())
}

/// Source: Cloud PBX REST API, section 4.2.
async fn receive(request: HttpRequest, body: web::Bytes, entry: web::Data<Entry>) -> HttpResponse {
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("application/x-www-form-urlencoded")));
    let form: HashMap<String, String> = match serde_urlencoded::from_bytes(&body) {
        Ok(form) if is_form => form,
        _ => return invalid_parameters(),
    };
    let member = |name: &str| form.get(name).map_or("", String::as_str);
    if member("token") != entry.token {
        return HttpResponse::Unauthorized().json(json!({"error": "Invalid token"}));
    }
    match member("cmd") {
        "accounts" => accounts(&entry.player),
        "makeCall" => make_call(&entry.player, member("user"), member("phone")),
        _ => invalid_parameters(),
    }
}

fn invalid_parameters() -> HttpResponse {
    HttpResponse::BadRequest().json(json!({"error": "Invalid parameters"}))
}

fn accounts(player: &Player) -> HttpResponse {
    let rows = player.cast.employees().iter();
    let list: Vec<_> = rows.map(|one| json!({"name": one.login, "realName": one.name})).collect();
    HttpResponse::Ok().json(list)
}

/// Says yes at once, as real ones do, and then plays the call.
fn make_call(player: &Arc<Player>, login: &str, phone: &str) -> HttpResponse {
    // A leading plus is refused by real ones as well.
    let is_number = (2..=15).contains(&phone.len()) && phone.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || !player.cast.has_employee(login) {
        return invalid_parameters();
    }
    let (player, login, client) = (Arc::clone(player), login.to_owned(), Phone::parse(phone, "RU"));
    tokio::spawn(async move { player.call_out(&login, client).await });
    HttpResponse::Ok().finish()
}

async fn play_back(path: web::Path<(String, u32)>) -> HttpResponse {
    let (_, seconds) = path.into_inner();
    HttpResponse::Ok().content_type("audio/wav").body(recording::wav(seconds))
}
