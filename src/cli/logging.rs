//! Where the log goes: stderr, as text or JSON, so that a command's own output stays clean.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// # Errors
/// When the filter cannot be understood.
pub fn start(config: &Config) -> anyhow::Result<()> {
    // The library tells each worker's start and end; a filter that names it is heard.
    let filter =
        EnvFilter::try_new(format!("actix_server=warn,{}", config.log)).context("RINGCARD_LOG is no tracing filter")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
