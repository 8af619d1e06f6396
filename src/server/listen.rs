//! From a socket to a request: a place for the connection, its deadlines, TLS, HTTP.

use std::io::{Error, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol, Request, Response};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::AppConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use crate::config::Config;
use crate::http::edge::origin::is_trusted;
use crate::http::edge::strangers::{Refusal, Strangers};
use crate::http::edge::turn::HEAD_LIMIT;
use crate::server::limits;
use crate::server::line::Line;
use crate::server::places::Places;
use crate::server::tls::Certificate;

/// How long answers under way may take to finish once the server is told to stop.
const LAST_ANSWERS_S: u64 = 1;
/// How long a client that was answered may take to close its side.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// One address holds at most this part of all connections.
const SHARE: usize = 4;

type Wire = Either<Line, Box<TlsStream<Line>>>;

/// What every connection is made with.
#[derive(Clone)]
pub struct Door {
    config: Arc<Config>,
    connections: usize,
    places: Places,
    certificate: Option<Arc<Certificate>>,
    strangers: Arc<Strangers>,
}

impl Door {
    pub fn new(config: Arc<Config>, certificate: Option<Arc<Certificate>>, strangers: Arc<Strangers>) -> Self {
        let connections = limits::connections();
        Self { config, connections, places: Places::new(connections / SHARE), certificate, strangers }
    }

    /// # Errors
    /// When the client holds too many connections already, or fails to agree on TLS in time.
    async fn open(self, socket: TcpStream) -> Result<(Wire, Protocol, Option<SocketAddr>), DispatchError> {
        let peer = socket.peer_addr()?;
        let is_proxy = is_trusted(&self.config, peer.ip().to_canonical());
        let place = self.places.take(peer.ip());
        if place.is_none() && !is_proxy {
            return Err(Error::from(ErrorKind::ConnectionRefused).into());
        }
        let line = Line::new(socket, place);
        let wire = match &self.certificate {
            None => Either::Left(line),
            Some(certificate) => {
                let agreed = timeout(HEAD_LIMIT, certificate.acceptor().accept(line)).await;
                let agreed = agreed.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()));
                Either::Right(Box::new(agreed.inspect_err(|_| self.strangers.note(peer.ip(), Refusal::Handshake))?))
            }
        };
        Ok((wire, Protocol::Http1, Some(peer)))
    }
}

/// Serves what `make` makes on as many threads as there are cores.
///
/// # Errors
/// When the server cannot be started.
pub fn listen<A, I, S, B>(listener: TcpListener, door: Door, make: A) -> std::io::Result<Server>
where
    A: Fn() -> I + Clone + Send + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Error = actix_web::Error> + 'static,
    S::InitError: std::fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    B: MessageBody + 'static,
{
    limits::bound(&listener)?;
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let builder = Server::build()
        .workers(workers)
        .max_concurrent_connections(door.connections / workers)
        .shutdown_timeout(LAST_ANSWERS_S)
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let serve = move || {
        let (door, stopping) = (door.clone(), stopping.clone());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .client_request_timeout(HEAD_LIMIT)
            .client_disconnect_timeout(LAST_WORDS)
            .on_connect_ext(|wire: &Wire, data| {
                let line = match wire {
                    Either::Left(line) => line,
                    Either::Right(stream) => stream.get_ref().0,
                };
                data.insert(line.turn.clone());
            })
            .finish(map_config(make(), |()| AppConfig::default()));
        fn_service(move |socket: TcpStream| door.clone().open(socket)).and_then(http)
    };
    Ok(builder.listen("ringcard", listener, serve)?.run())
}
