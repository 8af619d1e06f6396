//! The server: ties the store's notices to the live hub, starts the jobs, answers HTTP, and goes when told to.

mod limits;
mod relay;
mod tls;

use std::net::TcpListener;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as Web, HttpServer, web};
use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::http;
use crate::http::edge::token_guard::TokenGuard;
use crate::http::edge::{decode, security};
use crate::http::pages::{self, Assets};
use crate::jobs;
use crate::live::Hub;

/// How long answers under way may take to finish once the server is told to stop.
const LAST_ANSWERS_S: u64 = 1;

/// Serves `listener` until `shutdown` is done. Give it port 0 and a fixed clock to test against.
///
/// # Errors
/// When the server cannot be started.
pub async fn run(app: App, listener: TcpListener, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
    let data = web::Data::new(app.clone());
    let hub = Hub::default();
    relay::start(&app, &hub);
    jobs::start(&app);
    let hub_data = web::Data::new(hub.clone());
    let guard = web::Data::new(TokenGuard::default());
    let assets = web::Data::new(Assets::load().context("the embedded files cannot be read")?);
    let make = move || {
        Web::new()
            .app_data(data.clone())
            .app_data(assets.clone())
            .app_data(hub_data.clone())
            .app_data(guard.clone())
            .configure(decode::configure)
            .configure(http::configure)
            .default_service(web::to(pages::none))
            .wrap(from_fn(security::guard))
    };
    let address = listener.local_addr().context("the listener has no address")?;
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let server = HttpServer::new(make)
        .workers(workers)
        .max_connections(limits::connections() / workers)
        .client_request_timeout(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(1))
        .shutdown_timeout(LAST_ANSWERS_S)
        .disable_signals();
    let server = match app.config.tls_files().map_err(anyhow::Error::msg)? {
        Some((cert, key)) => server.listen_rustls_0_23(listener, tls::server_config(&cert, &key)?),
        None => server.listen(listener),
    };
    let server = server.context("the server cannot be started")?.run();
    tracing::info!(%address, workers, "listening");
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    let died = tokio::select! {
        () = shutdown => None,
        what = app.store.died() => Some(what),
    };
    tracing::info!("stopping");
    // Open streams would hold the shutdown.
    hub.close();
    handle.stop(true).await;
    running.await.context("the server broke off")?.context("the server broke off")?;
    died.map_or(Ok(()), |what| Err(anyhow::anyhow!("the store can be trusted no more: {what}")))
}

/// Done when the process is told to end: SIGTERM, or Ctrl-C.
pub async fn asked_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be heard; only a kill ends this process");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
