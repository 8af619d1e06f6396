//! Trial calls of the server itself: our simulator rings it over HTTP, as any PBX would.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::App;
use crate::app::memory::trial_player::TrialCall;
use crate::clock::Clock;
use crate::domain::phone::Phone;
use crate::simulator::cast::{Cast, Employee};
use crate::simulator::crm::{Crm, Report};
use crate::simulator::player::Player;
use crate::simulator::scenario::Scenario;

/// From now on the server that listens at `address` can be rung.
pub fn prepare(app: &App, address: SocketAddr) {
    let scheme = if app.config.tls_cert.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}/pbx", here(address));
    let clock = app.clock.clone();
    app.trial_player.set(Box::new(move |call| match player(&url, clock.clone(), call) {
        Ok(player) => drop(tokio::spawn(async move { player.play(Scenario::Plain).await })),
        Err(error) => tracing::error!("no trial call: {error:#}"),
    }));
}

/// Where a program on this machine finds it.
fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn player(url: &str, clock: Clock, call: TrialCall) -> anyhow::Result<Player> {
    let crm = Crm::on_this_machine(url, &call.crm_token)?;
    let employee = Employee { login: call.account, name: String::new() };
    let line = call.line.map(Phone::from_stored);
    let cast = Cast::new(vec![employee], vec![Phone::from_stored(call.client)], line.into_iter().collect());
    let rang = Mutex::new(Some(call.rang));
    let tell = move |report: &Report| {
        tracing::debug!("{report}");
        let is_ring = report.what.starts_with("event");
        if let Some(rang) = rang.lock().unwrap_or_else(PoisonError::into_inner).take_if(|_| is_ring) {
            // Whoever asked may have gone.
            let _ = rang.send(report.verdict.is_ok());
        }
    };
    Ok(Player::new(cast, crm, clock, 1.0, String::new(), Arc::new(tell)))
}
