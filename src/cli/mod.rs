//! The commands. Exit codes: 0 done, 1 failed with one clear line on stderr, 2 bad usage.

pub mod backup;
pub mod check;
pub mod command;
pub mod contacts;
pub mod demo;
pub mod demo_past;
pub mod demo_samples;
pub mod fill;
pub mod flags;
pub mod healthcheck;
pub mod integration;
pub mod logging;
pub mod moving;
pub mod serve;
pub mod setup_link;
pub mod simulate;
pub mod trial;
pub mod user;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::Config;

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
    /// Contacts out of the store and into it
    #[command(subcommand)]
    Contacts(contacts::ContactsCommand),
    /// A fresh link to make the first admin, good for 30 minutes, while there is none
    SetupLink,
    /// A copy of the store and its recordings in one file, also while the server runs; without the key file
    Backup(backup::BackupArgs),
    /// Put a backup in the store's place, while no server runs
    Restore(backup::RestoreArgs),
    /// The configuration (secrets masked), the store, and every integration
    Check,
    /// The whole store to PostgreSQL, or back to SQLite, while no server runs
    Move(moving::MoveArgs),
    /// Exit code 0 when the server answers: for containers
    Healthcheck,
    /// A made-up past of any size in an empty store: to try a size before one has it
    Fill(fill::args::FillArgs),
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
        Command::Contacts(command) => contacts::run(&config, command),
        Command::SetupLink => setup_link::run(&config),
        Command::Backup(args) => backup::back_up(&config, &args),
        Command::Restore(args) => backup::restore(&config, &args),
        Command::Check => check::run(&config),
        Command::Move(args) => moving::run(&config, &args),
        Command::Healthcheck => healthcheck::run(&config),
        Command::Fill(args) => fill::run(&config, &args),
    }
}

#[expect(clippy::print_stderr, reason = "the one line that says what failed")]
fn say_error(error: &anyhow::Error) {
    eprintln!("ringcard: {}", format!("{error:#}").replace('\n', " "));
}
