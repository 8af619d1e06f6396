//! `ringcard check`.

use anyhow::bail;

use crate::config::Config;

pub fn run(_config: &Config) -> anyhow::Result<()> {
    bail!("not available yet")
}
