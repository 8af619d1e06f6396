//! The limit: the same framework with as many workers, the same parser, and nothing kept.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command};

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use ringcard::domain::push::PbxEvent;
use ringcard::pbx;
use ringcard::pbx::fields::Fields;

use crate::ringcard::free_address;

pub const ARGUMENT: &str = "--limit";

pub struct Limit {
    pub address: SocketAddr,
    process: Child,
}

impl Limit {
    /// Starts this very program once more, as the limit.
    pub fn start() -> Self {
        let address = free_address();
        let program = std::env::current_exe().unwrap();
        let process = Command::new(program).args([ARGUMENT, &address.port().to_string()]).spawn().unwrap();
        crate::ringcard::wait_for(address);
        Self { address, process }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn serve(port: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let workers = std::thread::available_parallelism().unwrap().get();
    let server = HttpServer::new(|| App::new().route("/pbx", web::post().to(receive))).workers(workers);
    actix_web::rt::System::new().block_on(server.listen(listener).unwrap().run()).unwrap();
}

async fn receive(request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match pbx::parse(&Fields::decode(content_type, &body), "RU") {
        Ok(PbxEvent::Contact(_)) => HttpResponse::Ok().content_type("application/json").body("{}"),
        Ok(_) => HttpResponse::Ok().finish(),
        Err(_) => HttpResponse::BadRequest().finish(),
    }
}
