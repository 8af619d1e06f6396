//! `ringcard integration`: the outside systems, beside a running server too.

use std::io::Read;

use anyhow::{Context, bail};
use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::app::App;
use crate::app::integrations::{self, Issued, token_uses};
use crate::cli::command::{block_on, in_one_line, open_app};
use crate::config::Config;
use crate::domain::integration::Kind;
use crate::domain::time::UtcMs;
use crate::store::tables::crm_tokens::CrmTokenRow;

#[derive(Subcommand)]
pub enum IntegrationCommand {
    /// Connect an outside system, without calling it; prints its id and its `crm_token` once
    Add {
        /// cloud-pbx, sipsim, uis or mango
        #[arg(value_parser = parse_kind)]
        kind: Kind,
        /// Unique over all kinds
        name: String,
        /// File with the settings as JSON; - reads them from stdin
        #[arg(long, env = "RINGCARD_INTEGRATION_SETTINGS", value_name = "FILE|-")]
        settings: String,
    },
    /// What is connected
    List,
    /// Try address and key now, without calling anybody
    Check { name: String },
    /// A new `crm_token`, printed once; the old one stays valid for 24 hours
    RotateToken { name: String },
    /// Let it go: its tokens are void at once, its calls stay
    Remove { name: String },
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| "must be cloud-pbx, sipsim, uis or mango".to_owned())
}

/// # Errors
/// What was refused, or what stands in the way.
pub fn run(config: &Config, command: IntegrationCommand) -> anyhow::Result<()> {
    let app = open_app(config)?;
    block_on(async {
        match command {
            IntegrationCommand::Add { kind, name, settings } => add(&app, kind, &name, &settings).await,
            IntegrationCommand::List => list(&app).await,
            IntegrationCommand::Check { name } => check(&app, &name).await,
            IntegrationCommand::RotateToken { name } => {
                let Issued { id, crm_token } = integrations::rotate_token(&app, &name).await?;
                print_issued(&id, Some(&crm_token));
                Ok(())
            }
            IntegrationCommand::Remove { name } => Ok(integrations::remove(&app, &name).await?),
        }
    })
}

async fn add(app: &App, kind: Kind, name: &str, file: &str) -> anyhow::Result<()> {
    let settings = read_settings(file)?;
    let warning = integrations::warning(&settings);
    let added = integrations::add(app, kind, name, settings).await.map_err(in_one_line)?;
    if let Some(warning) = warning {
        warn(&warning.detail);
    }
    print_issued(&added.id, added.crm_token.as_ref());
    Ok(())
}

fn read_settings(file: &str) -> anyhow::Result<Map<String, Value>> {
    let mut text = String::new();
    if file == "-" {
        std::io::stdin().read_to_string(&mut text).context("the settings cannot be read from stdin")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("the settings file {file} cannot be read"))?;
    }
    // The parser's own message may repeat a secret.
    serde_json::from_str(&text).ok().context("the settings are no JSON object")
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
async fn list(app: &App) -> anyhow::Result<()> {
    for integration in app.directory().await?.integrations() {
        let settings = integrations::shown(integration);
        let url = settings.get("url").and_then(Value::as_str).unwrap_or_default();
        let tokens = token_uses::of_integration(app, &integration.id).await?;
        let tokens: Vec<_> = tokens.iter().map(say_token).collect();
        let (name, kind, id) = (&integration.name, integration.kind.as_str(), &integration.id);
        println!("{name}\t{kind}\t{id}\t{url}\t{}", tokens.join("; "));
    }
    Ok(())
}

fn say_token(token: &CrmTokenRow) -> String {
    let at = |ms: i64| UtcMs(ms).to_rfc3339();
    let used = token.last_used_ms.map_or_else(|| "never used".to_owned(), |ms| format!("last used {}", at(ms)));
    match token.expires_ms {
        Some(ms) => format!("crm_token valid until {}, {used}", at(ms)),
        None => format!("crm_token {used}"),
    }
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
async fn check(app: &App, name: &str) -> anyhow::Result<()> {
    let (ok, reason) = integrations::check(app, name).await?;
    if !ok {
        bail!(reason.detail);
    }
    println!("{}", reason.detail);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn print_issued(id: &str, crm_token: Option<&SecretString>) {
    match crm_token {
        // A crm_token that was brought may be of any characters.
        Some(crm_token) => {
            println!(r#"{{"id":"{id}","crm_token":{}}}"#, Value::from(crm_token.expose_secret()));
        }
        None => println!(r#"{{"id":"{id}"}}"#),
    }
}

#[expect(clippy::print_stderr, reason = "stdout holds the answer, which is read by programs")]
fn warn(sentence: &str) {
    eprintln!("ringcard: warning: {sentence}");
}
