//! `ringcard move`: the whole store to PostgreSQL, or back to SQLite, while no server runs.

use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use crate::app::secrets;
use crate::cli::command::{block_on, open_app, store_location};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::time::UtcMs;
use crate::store::location::StoreLocation;
use crate::store::moving::{Step, move_all};

const SAY_EVERY: Duration = Duration::from_secs(1);

#[derive(Args, Clone, Debug)]
pub struct MoveArgs {
    /// Where to: an empty place, postgres://… or sqlite:PATH
    #[arg(long, env = "RINGCARD_MOVE_TO", hide_env_values = true)]
    pub to: SecretString,
}

/// # Errors
/// When a server runs, the new place is not empty, or anything differs in the end.
pub fn run(config: &Config, args: &MoveArgs) -> anyhow::Result<()> {
    let (from, to) = (store_location(config)?, StoreLocation::parse(args.to.expose_secret())?);
    if from == to {
        bail!("the store is there already: name another place with --to");
    }
    check_key(config, &from)?;
    let stamp: String = UtcMs(Clock::system().now_ms()).to_rfc3339().chars().take(19).filter(|c| *c != ':').collect();
    let (began, mut said) = (Instant::now(), Instant::now());
    let kept = move_all(&from, &to, &stamp.replace('T', "-").to_lowercase(), &mut |step| {
        match step {
            Step::Rows { table, done, of, all_done, all } if said.elapsed() >= SAY_EVERY => {
                said = Instant::now();
                let a_second = all_done as f64 / began.elapsed().as_secs_f64();
                let left_s = all.saturating_sub(all_done) as f64 / a_second;
                tell(&format!("{table}: {done} of {of} rows, {a_second:.0} a second, about {left_s:.0} s left"));
            }
            Step::Rows { .. } => {}
            Step::Comparing => tell("reading both sides to compare them"),
            Step::Same { table, digest } => {
                say(&format!("{table:<16} {:>12} rows  sha256 {}  same on both sides", digest.rows, digest.in_hex()));
            }
            Step::Finishing => tell("making the indexes"),
        }
        Ok(())
    })?;
    say(&format!("moved in {:.1} s; the old store is kept as {kept}", began.elapsed().as_secs_f64()));
    say("from now on start the servers with RINGCARD_DATABASE_URL set to the new address, and the same key file");
    Ok(())
}

/// The secrets go along as they are: only this key file opens them.
fn check_key(config: &Config, from: &StoreLocation) -> anyhow::Result<()> {
    if let StoreLocation::Sqlite(path) = from
        && !path.exists()
    {
        bail!("there is no store at {}: name it with --data-dir or --database-url", path.display());
    }
    let app = open_app(config)?;
    block_on(async {
        if !app.directory().await?.integrations().is_empty() {
            secrets::key(&app).await?;
        }
        Ok(())
    })
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "progress is no answer")]
fn tell(line: &str) {
    eprintln!("{line}");
}
