//! `ringcard check`: the configuration, the store, and every integration, a line each.

use anyhow::bail;

use crate::app::App;
use crate::app::directory::Integration;
use crate::app::integrations;
use crate::app::secrets;
use crate::cli::command::{block_on, open_app};
use crate::config::Config;

/// # Errors
/// When anything checked is not as it should be.
pub fn run(config: &Config) -> anyhow::Result<()> {
    for (name, value) in config.masked() {
        say(&format!("{name:<26}{value}"));
    }
    config.tls_files().map_err(anyhow::Error::msg)?;
    let app = open_app(config)?;
    let failed = block_on(check(&app))?;
    if failed > 0 {
        bail!("{failed} of the checks failed");
    }
    Ok(())
}

/// How many checks failed.
async fn check(app: &App) -> anyhow::Result<usize> {
    app.check_store().await?;
    let directory = app.directory().await?;
    say(&format!("store                     ok: {} users", directory.users.len()));
    let integrations = directory.integrations();
    if integrations.is_empty() {
        say("integrations              none: ringcard integration add cloud-pbx NAME --settings -");
        return Ok(0);
    }
    let mut failed = 0;
    match secrets::key(app).await {
        Ok(_) => say("key file                  ok"),
        Err(error) => {
            failed += 1;
            say(&format!("key file                  FAILED: {error}"));
        }
    }
    for integration in integrations {
        let (is_good, detail) = try_now(app, integration).await;
        failed += usize::from(!is_good);
        say(&format!("{:<26}{}: {detail}", integration.name, if is_good { "ok" } else { "FAILED" }));
    }
    Ok(failed)
}

async fn try_now(app: &App, integration: &Integration) -> (bool, String) {
    match integrations::check(app, &integration.id).await {
        Ok((is_good, reason)) => (is_good, reason.detail),
        Err(error) => (false, error.to_string()),
    }
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
fn say(line: &str) {
    println!("{line}");
}
