//! Where the log goes: stderr, as text or JSON, so that a command's own output stays clean.

use std::io::IsTerminal;

use anyhow::Context;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::config::{Config, LogFormat};

/// # Errors
/// When the filter cannot be understood.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).context("RINGCARD_LOG is no tracing filter")?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match config.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    registry().with(lines.with_filter(filter_fn(is_ours_or_grave))).with(filter).init();
    Ok(())
}

/// Libraries tell headers and bodies in their finer levels: cookies, tokens, numbers. Whatever the filter says, those
/// never reach the log. What `actix_http` calls an error is a stranger's garbage, and he could fill the disk with it: for
/// the same reason rustls is built without its log.
fn is_ours_or_grave(event: &Metadata<'_>) -> bool {
    let is_grave = *event.level() <= Level::WARN && !event.target().starts_with("actix_http");
    event.target().starts_with("ringcard") || is_grave
}
