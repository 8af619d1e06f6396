//! `ringcard integration`.

use anyhow::bail;
use clap::Subcommand;

use crate::config::Config;

#[derive(Subcommand)]
pub enum IntegrationCommand {
    /// What is connected
    List,
}

pub fn run(_config: &Config, _command: IntegrationCommand) -> anyhow::Result<()> {
    bail!("not available yet")
}
