//! `ringcard demo`.

use anyhow::bail;
use clap::Args;

use crate::config::Config;

#[derive(Args)]
pub struct DemoArgs {}

pub fn run(_config: Config, _args: DemoArgs) -> anyhow::Result<()> {
    bail!("not available yet")
}
