//! The second door, for whoever watches: `/metrics` and nothing else.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App as Web, HttpServer, web};
use anyhow::Context;

use crate::app::App;
use crate::http::edge::token_guard::TokenGuard;
use crate::http::metrics;
use crate::live::Hub;

/// Few watch.
const CONNECTIONS: usize = 16;
const HEAD_LIMIT: Duration = Duration::from_secs(5);

/// # Errors
/// When the address cannot be had.
pub fn serve(
    address: SocketAddr,
    app: web::Data<App>,
    hub: web::Data<Hub>,
    guard: web::Data<TokenGuard>,
) -> anyhow::Result<Server> {
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address} for /metrics"))?;
    tracing::info!(address = %listener.local_addr()?, "listening for whoever asks for /metrics");
    let make = move || {
        let web = Web::new().app_data(app.clone()).app_data(hub.clone()).app_data(guard.clone());
        web.route("/metrics", web::get().to(metrics::get))
    };
    let server = HttpServer::new(make)
        .workers(1)
        .max_connections(CONNECTIONS)
        .client_request_timeout(HEAD_LIMIT)
        .shutdown_timeout(1)
        .disable_signals();
    Ok(server.listen(listener).context("/metrics cannot be served")?.run())
}
