//! Which of the server's flags a command takes: those that change what it does, before its name or after it.

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command};

use crate::config::Config;

/// Where these flags stand in the help of a command.
const BEHIND_ITS_OWN: usize = 100;

/// By the fields of [`Config`]. What is not named here takes all of them.
fn taken_by(command: &str) -> Option<&'static [&'static str]> {
    match command {
        "demo" => Some(&[
            "listen",
            "base_url",
            "trusted_proxies",
            "log",
            "log_format",
            "extra_ca_file",
            "default_region",
            "offline_page",
        ]),
        "simulate" => Some(&[]),
        "backup" => Some(&["data_dir", "database_url", "recordings_url", "log", "log_format"]),
        "restore" => Some(&["data_dir", "database_url", "recordings_url", "secret_key_file", "log", "log_format"]),
        "user" | "contacts" => Some(&["data_dir", "database_url", "log", "log_format"]),
        "integration" => Some(&[
            "data_dir",
            "database_url",
            "secret_key_file",
            "log",
            "log_format",
            "extra_ca_file",
            "default_region",
        ]),
        "setup-link" => Some(&["listen", "data_dir", "database_url", "base_url", "tls_cert", "log", "log_format"]),
        "fill" => Some(&["data_dir", "database_url", "secret_key_file", "log", "log_format", "default_region"]),
        "move" => Some(&["data_dir", "database_url", "secret_key_file", "log", "log_format"]),
        "healthcheck" => Some(&["listen", "tls_cert"]),
        _ => None,
    }
}

/// Reads the command line; `cli` has the server's flags. Ends the program after `--help` and on bad usage.
pub fn read(cli: Command) -> ArgMatches {
    let mut cli = cli.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        // Global: what stands before the command's name and what stands after it become one value.
        command.args(server_flags().into_iter().filter(|flag| is_taken(flag, &name)).map(|flag| flag.global(true)))
    });
    if names_a_command(&cli) {
        // The command reads the variables that it takes; a wrong value in another is none of its business.
        cli = without_environment(cli);
    }
    let matches = cli.get_matches_mut();
    if let Some((flag, command)) = misplaced(&matches) {
        cli.error(ErrorKind::UnknownArgument, format!("the server's '--{flag}' has no use in '{command}'")).exit();
    }
    matches
}

fn server_flags() -> Vec<Arg> {
    let server = Config::augment_args(Command::new("server"));
    server.get_arguments().cloned().zip(BEHIND_ITS_OWN..).map(|(flag, place)| flag.display_order(place)).collect()
}

fn is_taken(flag: &Arg, command: &str) -> bool {
    taken_by(command).is_none_or(|taken| taken.contains(&flag.get_id().as_str()))
}

/// A first look: what is wrong with the line is said at the second.
fn names_a_command(cli: &Command) -> bool {
    let lenient = without_environment(cli.clone()).ignore_errors(true);
    lenient.try_get_matches().is_ok_and(|matches| matches.subcommand().is_some())
}

fn without_environment(cli: Command) -> Command {
    cli.mut_args(|flag| flag.env(Resettable::Reset))
}

/// A flag before the name of a command that does not take it.
fn misplaced(matches: &ArgMatches) -> Option<(String, &str)> {
    let (command, _) = matches.subcommand()?;
    let is_typed = |flag: &Arg| matches.value_source(flag.get_id().as_str()) == Some(ValueSource::CommandLine);
    let flag = server_flags().into_iter().find(|flag| is_typed(flag) && !is_taken(flag, command))?;
    Some((flag.get_long()?.to_owned(), command))
}
