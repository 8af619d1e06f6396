//! `ringcard healthcheck`: asks the server of this configuration, on this machine, whether it can work.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::cli::command::block_on;
use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(3);

/// # Errors
/// When the server does not answer, or is not ready.
pub fn run(config: &Config) -> anyhow::Result<()> {
    let host = match config.listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let scheme = if config.tls_cert.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}/readyz", std::net::SocketAddr::new(host, config.listen.port()));
    block_on(ask(&url))
}

#[expect(clippy::disallowed_methods, reason = "our own server on this machine, whose certificate names another host")]
async fn ask(url: &str) -> anyhow::Result<()> {
    // An error says that a provider stands already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client =
        reqwest::Client::builder().no_proxy().timeout(PATIENCE).tls_danger_accept_invalid_certs(true).build()?;
    let answer = client.get(url).send().await.with_context(|| format!("{url} does not answer"))?;
    if !answer.status().is_success() {
        bail!("{url} answers {}", answer.status());
    }
    Ok(())
}
