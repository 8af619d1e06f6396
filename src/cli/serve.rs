//! `ringcard serve`, which is what happens without a command.

use std::net::TcpListener;

use anyhow::Context;

use crate::app::App;
use crate::app::integrations::secrets;
use crate::app::people::setup;
use crate::cli::command::{block_on, make_data_dir, store_location};
use crate::clock::Clock;
use crate::config::Config;
use crate::server;
use crate::store::Store;

/// # Errors
/// When the store, the key file, the address or the certificate cannot be had.
pub fn run(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    make_data_dir(&config)?;
    let store = Store::open_for_serving(&store_location(&config)?)?;
    let app = App::new(store, Clock::system(), config);
    block_on(prepare(&app, &listener))?;
    serve(&app, listener)
}

/// Serves until SIGTERM or SIGINT; `app` is the caller's, so that the store is let go of outside the runtime.
///
/// # Errors
/// As [`run`].
pub fn serve(app: &App, listener: TcpListener) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(server::run(app.clone(), listener, server::asked_to_stop()))
}

async fn prepare(app: &App, listener: &TcpListener) -> anyhow::Result<()> {
    if !app.directory().await?.integrations().is_empty() {
        // Better now than when somebody wants to call.
        secrets::key(app).await?;
    }
    if app.config.is_exposed() {
        tracing::warn!(
            listen = %app.config.listen,
            "anybody on the network can read passwords and calls: set RINGCARD_TLS_CERT and RINGCARD_TLS_KEY, or \
             listen on 127.0.0.1 behind a proxy with HTTPS"
        );
    }
    let url = app.config.local_url(listener.local_addr()?.port());
    match setup::renew_link(app).await? {
        Some(token) => say(&format!("Make the first admin, within 30 minutes:\n  {url}/setup#{token}")),
        None => say(&format!("ringcard is at {url}/")),
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what the owner is waiting for")]
fn say(sentence: &str) {
    println!("{sentence}");
}
