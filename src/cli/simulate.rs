//! `ringcard simulate`.

use anyhow::bail;
use clap::Args;

use crate::config::Config;

#[derive(Args)]
pub struct SimulateArgs {}

pub fn run(_config: Config, _args: SimulateArgs) -> anyhow::Result<()> {
    bail!("not available yet")
}
