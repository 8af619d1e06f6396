//! Where a request comes from, and under what address its browser knows us; behind a proxy too.

use std::net::IpAddr;

use actix_web::http::header::HOST;
use actix_web::{HttpRequest, web};

use crate::app::App;
use crate::config::Config;
pub use crate::domain::address::neighbourhood;

/// The client's address: the socket's, unless that is a trusted proxy's; then the rightmost hop that is not trusted.
pub fn client_ip(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let Some(config) = config(request).filter(|config| is_trusted(config, peer)) else {
        return Some(peer);
    };
    let mut client = peer;
    let hops: Vec<&str> = header_values(request, "x-forwarded-for").flat_map(|value| value.split(',')).collect();
    for hop in hops.into_iter().rev() {
        let Some(address) = parse_hop(hop) else { break };
        client = address;
        if !is_trusted(&config, address) {
            break;
        }
    }
    Some(client)
}

/// Scheme and host as the browser sees them: a trusted proxy's X-Forwarded-Proto and -Host, else the configured public
/// address, else the request's own.
pub fn public_origin(request: &HttpRequest) -> String {
    let config = config(request);
    if let Some(proto) = forwarded_proto(request, config.as_deref()) {
        let host = last_value(request, "x-forwarded-host").unwrap_or_else(|| host_header(request));
        return format!("{proto}://{}", host.to_ascii_lowercase());
    }
    if let Some(base) = config.as_deref().and_then(|config| config.base_url.clone()) {
        return base;
    }
    let scheme = if has_tls(config.as_deref()) { "https" } else { "http" };
    format!("{scheme}://{}", host_header(request).to_ascii_lowercase())
}

pub fn is_https(request: &HttpRequest) -> bool {
    let config = config(request);
    if let Some(proto) = forwarded_proto(request, config.as_deref()) {
        return proto == "https";
    }
    let base_url = config.as_deref().and_then(|config| config.base_url.as_deref());
    base_url.map_or_else(|| has_tls(config.as_deref()), |base| base.starts_with("https://"))
}

/// Whether this server speaks HTTPS itself.
fn has_tls(config: Option<&Config>) -> bool {
    config.is_some_and(|config| config.tls_cert.is_some())
}

/// The scheme that a trusted proxy was asked with.
fn forwarded_proto<'a>(request: &'a HttpRequest, config: Option<&Config>) -> Option<&'a str> {
    let is_proxy =
        |config: &Config| request.peer_addr().is_some_and(|peer| is_trusted(config, peer.ip().to_canonical()));
    let proto = config.is_some_and(is_proxy).then(|| last_value(request, "x-forwarded-proto")).flatten();
    proto.filter(|proto| matches!(*proto, "http" | "https"))
}

fn config(request: &HttpRequest) -> Option<std::sync::Arc<Config>> {
    Some(std::sync::Arc::clone(&request.app_data::<web::Data<App>>()?.config))
}

pub fn is_trusted(config: &Config, address: IpAddr) -> bool {
    config.trusted_proxies.iter().any(|network| network.contains(&address))
}

fn host_header(request: &HttpRequest) -> &str {
    request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn header_values<'a>(request: &'a HttpRequest, name: &'static str) -> impl Iterator<Item = &'a str> {
    request.headers().get_all(name).filter_map(|value| value.to_str().ok())
}

/// What the nearest proxy said: it appends, so the last value is its own.
fn last_value<'a>(request: &'a HttpRequest, name: &'static str) -> Option<&'a str> {
    header_values(request, name).last()?.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty())
}

/// One hop of X-Forwarded-For: an address, perhaps with a port.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse::<IpAddr>().or_else(|_| hop.parse::<std::net::SocketAddr>().map(|socket| socket.ip()));
    address.ok().or_else(|| hop.trim_matches(['[', ']']).parse().ok()).map(|address| address.to_canonical())
}
