//! `ringcard setup-link`: a fresh link to the first admin, while there is none.

use anyhow::bail;

use crate::app::people::setup;
use crate::cli::command::{block_on, open_app};
use crate::config::Config;

/// # Errors
/// When there is an admin already, or what the store says.
#[expect(clippy::print_stdout, reason = "what was asked for")]
pub fn run(config: &Config) -> anyhow::Result<()> {
    let app = open_app(config)?;
    let Some(token) = block_on(async { Ok(setup::renew_link(&app).await?) })? else {
        bail!("there is an admin already: sign in, or set a password with 'ringcard user passwd'");
    };
    println!("{}/setup#{token}", config.local_url(config.listen.port()));
    Ok(())
}
