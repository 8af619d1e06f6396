//! `ringcard serve`, which is what happens without a command.

use std::net::TcpListener;

use anyhow::Context;

use crate::app::App;
use crate::cli::{make_data_dir, store_location};
use crate::clock::Clock;
use crate::config::Config;
use crate::server;
use crate::store::Store;

/// # Errors
/// When the store, the address or the certificate cannot be had.
pub fn run(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    make_data_dir(&config)?;
    let store = Store::open_for_serving(&store_location(&config)?)?;
    serve(&App::new(store, Clock::system(), config), listener)
}

/// Serves until SIGTERM or SIGINT; `app` is the caller's, so that the store is let go of outside the runtime.
///
/// # Errors
/// As [`run`].
pub fn serve(app: &App, listener: TcpListener) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(server::run(app.clone(), listener, server::asked_to_stop()))
}
