//! Whether an address can be reached, and why not, in words.

use std::sync::Arc;

use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::telephony::http::Failure;

const NO_NAME: &str = "its host name is not known; check the address";
const NO_LISTENER: &str = "nothing answers at that address and port";
const NO_TLS: &str = "its certificate is not trusted, or what answers there does not speak HTTPS; check the address";
const NO_LINE: &str = "the connection failed; check the address and the network";

/// Connects, with TLS where the address is https, and hangs up.
///
/// # Errors
/// `Failure::NotReached`.
pub async fn connect(url: &Url, tls: &Arc<rustls::ClientConfig>) -> Result<(), Failure> {
    let not_reached = |why: &str| Failure::NotReached(why.to_owned());
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(not_reached("the address is not one of the web"));
    };
    // An IPv6 address stands in brackets.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<_> = lookup_host((host, port)).await.map_err(|_| not_reached(NO_NAME))?.collect();
    let line =
        TcpStream::connect(&*addresses).await.map_err(|error| Failure::NotReached(why_not(&error).to_owned()))?;
    if url.scheme() != "https" {
        return Ok(());
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| not_reached(NO_NAME))?;
    let shaken = TlsConnector::from(Arc::clone(tls)).connect(name, line).await;
    shaken.map(drop).map_err(|_| not_reached(NO_TLS))
}

/// Why a connection did not come about, read off the error's causes.
pub fn why(error: &(dyn std::error::Error + 'static)) -> String {
    let mut source = error.source();
    while let Some(cause) = source {
        if is_of_tls(cause) {
            return NO_TLS.to_owned();
        }
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return NO_LISTENER.to_owned();
        }
        if cause.to_string().contains("dns error") {
            return NO_NAME.to_owned();
        }
        source = cause.source();
    }
    NO_LINE.to_owned()
}

fn why_not(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => NO_LISTENER,
        _ => NO_LINE,
    }
}

/// An I/O error hides what it wraps from `source`, one layer in another.
fn is_of_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_of_tls(inner))
}
