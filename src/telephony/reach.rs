//! Whether an address can be reached, and why not.

use std::sync::Arc;

use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::domain::integration::Kind;
use crate::telephony::failure::Failure;

/// Connects, with TLS where the address is https, and hangs up.
///
/// # Errors
/// Why the other side was not reached.
pub async fn connect(peer: Kind, url: &Url, tls: &Arc<rustls::ClientConfig>) -> Result<(), Failure> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(Failure::NotOfTheWeb { peer });
    };
    // An IPv6 address stands in brackets.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let unknown = Failure::UnknownHost { peer };
    let addresses: Vec<_> = lookup_host((host, port)).await.map_err(|_| unknown.clone())?.collect();
    let line = TcpStream::connect(&*addresses).await.map_err(|error| why_not(peer, &error))?;
    if url.scheme() != "https" {
        return Ok(());
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| unknown)?;
    let shaken = TlsConnector::from(Arc::clone(tls)).connect(name, line).await;
    shaken.map(drop).map_err(|_| Failure::NotTrusted { peer })
}

/// Why a connection did not come about, read off the error's causes.
pub fn why(peer: Kind, error: &(dyn std::error::Error + 'static)) -> Failure {
    let mut source = error.source();
    while let Some(cause) = source {
        if is_of_tls(cause) {
            return Failure::NotTrusted { peer };
        }
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return Failure::NothingListens { peer };
        }
        if cause.to_string().contains("dns error") {
            return Failure::UnknownHost { peer };
        }
        source = cause.source();
    }
    Failure::NoConnection { peer }
}

fn why_not(peer: Kind, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => Failure::NothingListens { peer },
        _ => Failure::NoConnection { peer },
    }
}

/// An I/O error hides what it wraps from `source`, one layer in another.
fn is_of_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_of_tls(inner))
}
