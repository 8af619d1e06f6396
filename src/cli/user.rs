//! `ringcard user`.

use anyhow::bail;
use clap::Subcommand;

use crate::config::Config;

#[derive(Subcommand)]
pub enum UserCommand {
    /// Who signs in
    List,
}

pub fn run(_config: &Config, _command: UserCommand) -> anyhow::Result<()> {
    bail!("not available yet")
}
