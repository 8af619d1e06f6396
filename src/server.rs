//! The server: ties the store's notices to the live hub, starts the jobs, answers HTTP, and goes when told to.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::{App as Web, HttpServer, web};
use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::http::pages::Assets;
use crate::http::{self, decode};

/// How long answers under way may take to finish once the server is told to stop.
const LAST_ANSWERS_S: u64 = 1;

/// More sockets than these wait in the kernel's queue, so that file descriptors never run out.
const GREATEST_CONNECTIONS_A_WORKER: usize = 4096;

/// Serves `listener` until `shutdown` is done. Give it port 0 and a fixed clock to test against.
///
/// # Errors
/// When the server cannot be started.
pub async fn run(app: App, listener: TcpListener, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
    let data = web::Data::new(app.clone());
    let assets = web::Data::new(Assets::load().context("the embedded files cannot be read")?);
    let make = move || {
        Web::new()
            .app_data(data.clone())
            .app_data(assets.clone())
            .configure(decode::configure)
            .configure(http::configure)
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let server = HttpServer::new(make)
        .workers(workers)
        .max_connections(GREATEST_CONNECTIONS_A_WORKER)
        .client_request_timeout(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(1))
        .shutdown_timeout(LAST_ANSWERS_S)
        .disable_signals()
        .listen(listener)
        .context("the server cannot be started")?
        .run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    shutdown.await;
    tracing::info!("stopping");
    handle.stop(true).await;
    running.await.context("the server broke off")?.context("the server broke off")
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
