//! `ringcard user`: people, beside a running server or before its first start.

use std::io::BufRead;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use secrecy::SecretString;

use crate::app::App;
use crate::app::people::draft::{UserDraft, UserPatch};
use crate::app::people::{second_factor, users};
use crate::cli::command::{block_on, in_one_line, open_app};
use crate::config::Config;
use crate::domain::user::{Line, Role, User};

#[derive(Subcommand)]
pub enum UserCommand {
    /// Add somebody; prints him as JSON
    Add(AddArgs),
    /// Everybody who may sign in: login, role, name and lines, separated by tabs
    List,
    /// Set a new password; signs him out everywhere
    Passwd {
        login: String,
        #[command(flatten)]
        password: PasswordArg,
    },
    /// No more sign-in; his calls stay
    Disable { login: String },
    /// For somebody who lost his phone and his recovery codes: he signs in with the password alone, until he turns the second
    /// factor on again
    ResetSecondFactor { login: String },
}

#[derive(Args)]
pub struct AddArgs {
    login: String,
    #[arg(long, env = "RINGCARD_USER_ROLE", value_enum)]
    role: RoleArg,
    /// As people know him; the login when absent
    #[arg(long, env = "RINGCARD_USER_NAME", default_value = "")]
    name: String,
    /// How an integration knows him, such as main=andy; the first is his default line
    #[arg(
        long = "line",
        env = "RINGCARD_USER_LINES",
        value_name = "INTEGRATION=ACCOUNT",
        value_delimiter = ',',
        value_parser = parse_line
    )]
    lines: Vec<Line>,
    #[command(flatten)]
    password: PasswordArg,
}

/// A password never stands on a command line, where others can read it.
#[derive(Args)]
pub struct PasswordArg {
    /// Read the password from standard input: one line
    #[arg(long, env = "RINGCARD_USER_PASSWORD_STDIN", required = true)]
    password_stdin: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Admin,
    Manager,
    Operator,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Admin => Self::Admin,
            RoleArg::Manager => Self::Manager,
            RoleArg::Operator => Self::Operator,
        }
    }
}

fn parse_line(text: &str) -> Result<Line, String> {
    match text.split_once('=') {
        Some((integration, account)) if !integration.is_empty() && !account.is_empty() => {
            Ok(Line { integration: integration.to_owned(), account: account.to_owned() })
        }
        _ => Err("write INTEGRATION=ACCOUNT, such as main=andy".to_owned()),
    }
}

/// # Errors
/// A sentence that says what was refused.
pub fn run(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let password = match &command {
        UserCommand::Add(_) | UserCommand::Passwd { .. } => Some(read_password()?),
        UserCommand::List | UserCommand::Disable { .. } | UserCommand::ResetSecondFactor { .. } => None,
    };
    let app = open_app(config)?;
    block_on(act(&app, command, password.unwrap_or_default()))
}

async fn act(app: &App, command: UserCommand, password: SecretString) -> anyhow::Result<()> {
    match command {
        UserCommand::Add(AddArgs { login, role, name, lines, .. }) => {
            let draft = UserDraft { login, name, role: role.into(), password: Some(password), lines };
            say(&serde_json::to_string(&users::create(app, draft).await.map_err(in_one_line)?.0)?);
        }
        UserCommand::List => {
            for user in users::list(app, None, usize::MAX).await?.iter().rev() {
                say(&row(app, user).await?);
            }
        }
        UserCommand::Passwd { login, .. } => {
            let user = users::get_by_login(app, &login).await?;
            let patch = UserPatch { password: Some(password), ..UserPatch::default() };
            users::update(app, &user.id, patch).await.map_err(in_one_line)?;
        }
        UserCommand::Disable { login } => {
            users::disable(app, &users::get_by_login(app, &login).await?.id).await?;
        }
        UserCommand::ResetSecondFactor { login } => {
            let user = users::get_by_login(app, &login).await?;
            second_factor::take_away(app, &user.id, &user.login).await?;
        }
    }
    Ok(())
}

async fn row(app: &App, user: &User) -> anyhow::Result<String> {
    let directory = app.directory().await?;
    let lines: Vec<String> = user
        .lines
        .iter()
        .map(|line| {
            let name = directory.integration(&line.integration).map_or(line.integration.as_str(), |one| &one.name);
            format!("{name}={}", line.account)
        })
        .collect();
    Ok(format!("{}\t{}\t{}\t{}", user.login, user.role.as_str(), user.name, lines.join(",")))
}

fn read_password() -> anyhow::Result<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("standard input cannot be read")?;
    let password = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if password.is_empty() {
        bail!("no password on standard input");
    }
    Ok(SecretString::from(password))
}

#[expect(clippy::print_stdout, reason = "a command's answer")]
fn say(line: &str) {
    println!("{line}");
}
