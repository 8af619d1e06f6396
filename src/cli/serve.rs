//! `ringcard serve`, which is what happens without a command.

use std::net::{TcpListener, UdpSocket};

use anyhow::Context;

use crate::app::App;
use crate::app::people::setup;
use crate::app::secrets;
use crate::cli::command::{block_on, make_data_dir, store_location};
use crate::cli::trial;
use crate::clock::Clock;
use crate::config::Config;
use crate::server;
use crate::store::{Store, copy};

/// # Errors
/// When the store, the key file, the address or the certificate cannot be had.
pub fn run(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    make_data_dir(&config)?;
    if config.backup_dir.is_some() {
        copy::file(&store_location(&config)?).context("RINGCARD_BACKUP_DIR")?;
    }
    let store = Store::open_for_serving(&store_location(&config)?)?;
    let app = App::new(store, Clock::system(), config);
    block_on(prepare(&app, &listener))?;
    trial::prepare(&app, listener.local_addr()?);
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
    let port = listener.local_addr()?.port();
    let url = app.config.local_url(port);
    let elsewhere = address_for_others(&app.config, port);
    match setup::renew_link(app).await? {
        Some(token) => {
            say(&format!("Make the first admin, within 30 minutes:\n  {url}/setup#{token}"));
            if let Some(url) = elsewhere {
                say(&format!("  {url}/setup#{token} from other computers"));
            }
        }
        None => {
            say(&format!("ringcard is at {url}/"));
            if let Some(url) = elsewhere {
                say(&format!("  and at {url}/ for other computers"));
            }
        }
    }
    Ok(())
}

/// Where other computers of the network find a server that listens everywhere; nothing while its own address is known.
fn address_for_others(config: &Config, port: u16) -> Option<String> {
    if config.base_url.is_some() || !config.listen.ip().is_unspecified() {
        return None;
    }
    // Nothing is sent: the system only says which of its addresses leads out. (192.0.2.1 is nobody's.)
    let probe = UdpSocket::bind("0.0.0.0:0").ok()?;
    probe.connect("192.0.2.1:9").ok()?;
    let ip = probe.local_addr().ok()?.ip();
    let scheme = if config.tls_cert.is_some() { "https" } else { "http" };
    (!ip.is_loopback() && !ip.is_unspecified()).then(|| format!("{scheme}://{ip}:{port}"))
}

#[expect(clippy::print_stdout, reason = "what the owner is waiting for")]
fn say(sentence: &str) {
    println!("{sentence}");
}
