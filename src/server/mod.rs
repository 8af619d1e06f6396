//! The server: ties the store's notices to the live hub, starts the jobs, answers HTTP, and goes when told to.

mod limits;
mod line;
mod listen;
mod metrics;
mod places;
mod relay;
mod tls;

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{App as Web, web};
use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::http;
use crate::http::assets::Assets;
use crate::http::edge::strangers::Strangers;
use crate::http::edge::token_guard::TokenGuard;
use crate::http::edge::{decode, security};
use crate::http::pages;
use crate::jobs;
use crate::live::Hub;
use crate::server::listen::Door;
use crate::server::tls::Certificate;

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
    let strangers = Arc::new(Strangers::default());
    let strangers_data = web::Data::from(Arc::clone(&strangers));
    let assets = web::Data::new(Assets::load().context("the embedded files cannot be read")?);
    let watched = app.config.metrics_listen;
    let watched = watched.map(|address| metrics::serve(address, data.clone(), hub_data.clone(), guard.clone()));
    let make = move || {
        Web::new()
            .app_data(data.clone())
            .app_data(assets.clone())
            .app_data(hub_data.clone())
            .app_data(guard.clone())
            .app_data(strangers_data.clone())
            .configure(decode::configure)
            .configure(http::configure)
            .default_service(web::to(pages::none))
            .wrap(from_fn(security::guard))
    };
    let address = listener.local_addr().context("the listener has no address")?;
    let files = app.config.tls_files().map_err(anyhow::Error::msg)?;
    let certificate = files.map(Certificate::load).transpose()?.map(Arc::new);
    let reloading = actix_web::rt::spawn(reload_when_told(certificate.clone()));
    let door = Door::new(Arc::clone(&app.config), certificate, Arc::clone(&strangers));
    let telling = actix_web::rt::spawn(async move { strangers.tell().await });
    let watching = watched.transpose()?.map(actix_web::rt::spawn);
    let server = listen::listen(listener, door, make);
    let server = server.context("the server cannot be started")?;
    tracing::info!(%address, "listening");
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
    reloading.abort();
    telling.abort();
    watching.inspect(tokio::task::JoinHandle::abort);
    running.await.context("the server broke off")?.context("the server broke off")?;
    died.map_or(Ok(()), |what| Err(anyhow::anyhow!("the store can be trusted no more: {what}")))
}

/// SIGHUP reads the certificate again; it ends nothing.
async fn reload_when_told(certificate: Option<Arc<Certificate>>) {
    let Ok(mut told) = signal(SignalKind::hangup()) else { return };
    while told.recv().await.is_some() {
        match certificate.as_ref().map(|certificate| certificate.reload()) {
            Some(Ok(())) => tracing::info!("the certificate was read again"),
            Some(Err(error)) => tracing::error!("the certificate stays as it was: {error:#}"),
            None => tracing::info!("SIGHUP: without TLS there is no certificate to read again"),
        }
    }
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
