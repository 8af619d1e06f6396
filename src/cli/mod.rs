//! The commands. Exit codes: 0 done, 1 failed with one clear line on stderr, 2 bad usage.

pub mod check;
pub mod demo;
pub mod demo_past;
pub mod demo_samples;
pub mod flags;
pub mod healthcheck;
pub mod integration;
pub mod logging;
pub mod serve;
pub mod simulate;
pub mod user;

use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use secrecy::ExposeSecret;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, FieldError};
use crate::store::Store;
use crate::store::location::StoreLocation;

/// The CRM side of a cloud PBX: the client's card while the phone still rings
#[derive(Parser)]
#[command(name = "ringcard", version)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// The server (what happens without a command)
    Serve,
    /// The server on a throw-away store, with sample contacts and a simulated PBX that keeps calling
    Demo(demo::DemoArgs),
    /// Play the PBX against any CRM that speaks the contract
    Simulate(Box<simulate::SimulateArgs>),
    /// People who sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Outside systems
    #[command(subcommand)]
    Integration(integration::IntegrationCommand),
    /// The configuration (secrets masked), the store, and every integration
    Check,
    /// Exit code 0 when the server answers: for containers
    Healthcheck,
}

/// Reads the command line and runs the command.
pub fn main() -> ExitCode {
    let cli = Cli::from_arg_matches(&flags::read(Cli::command())).unwrap_or_else(|error| error.exit());
    let done = logging::start(&cli.config).and_then(|()| run(cli));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let config = cli.config;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(config),
        Command::Demo(args) => demo::run(config, args),
        Command::Simulate(args) => simulate::run(&args),
        Command::User(command) => user::run(&config, command),
        Command::Integration(command) => integration::run(&config, command),
        Command::Check => check::run(&config),
        Command::Healthcheck => healthcheck::run(&config),
    }
}

#[expect(clippy::print_stderr, reason = "the one line that says what failed")]
fn say_error(error: &anyhow::Error) {
    eprintln!("ringcard: {}", format!("{error:#}").replace('\n', " "));
}

/// The application for commands that work beside a running server; makes the store when there is none.
///
/// # Errors
/// What stands in the way of the store.
pub fn open_app(config: &Config) -> anyhow::Result<App> {
    make_data_dir(config)?;
    let store = Store::open(&store_location(config)?)?;
    Ok(App::new(store, Clock::system(), config.clone()))
}

fn store_location(config: &Config) -> anyhow::Result<StoreLocation> {
    match &config.database_url {
        Some(url) => StoreLocation::parse(url.expose_secret()).context("RINGCARD_DATABASE_URL"),
        None => Ok(StoreLocation::in_dir(&config.data_dir)),
    }
}

fn make_data_dir(config: &Config) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data_dir)
        .with_context(|| format!("the data directory {} cannot be made", config.data_dir.display()))
}

/// Runs what is asynchronous in a command that is not.
///
/// # Errors
/// What `work` says.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Every refused member by name: an answer of the API has them beside its sentence, a line on a terminal has not.
pub fn in_one_line(error: Error) -> anyhow::Error {
    let Error::Invalid(fields) = &error else { return error.into() };
    let say = |refused: &FieldError| format!("{}: {}", refused.field, refused.message);
    anyhow::anyhow!(fields.iter().map(say).collect::<Vec<_>>().join("; "))
}
