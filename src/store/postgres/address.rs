//! Where the server is, and how to speak to it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::location::OpenError;

const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// A server that takes this long to confirm what was sent has been cut off.
const SILENCE_LIMIT: Duration = Duration::from_secs(4);

pub struct Address {
    config: Config,
    /// The certificates to believe, when the address asks for TLS.
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads a `postgres://` address. Besides the driver's own parameters: `sslrootcert=FILE`, more certificates to
    /// believe; `sslmode=verify-ca` and `verify-full` mean `require`, which verifies always.
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        let (url, root_file) = take_root_file(url);
        let mut config: Config = url.parse().map_err(|error: postgres::Error| {
            // The driver's text may repeat a piece of the address, but never the password.
            OpenError::Location(format!("the store's address cannot be read: {error}"))
        })?;
        config.application_name("ringcard").tcp_user_timeout(SILENCE_LIMIT).keepalives_idle(Duration::from_secs(10));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_LIMIT);
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(verified(root_file.as_deref())?),
            _ => None,
        };
        Ok(Self { config, tls })
    }

    /// A new connection. Never from an async thread.
    pub fn connect(&self) -> Result<Client, postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}

/// The address as the driver knows it, and the file named in `sslrootcert`.
fn take_root_file(url: &str) -> (String, Option<String>) {
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut root_file = None;
    let mut kept = Vec::new();
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some(("sslrootcert", file)) => root_file = Some(file.replace("%2F", "/")),
            Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
            _ => kept.push(parameter),
        }
    }
    (format!("{base}?{}", kept.join("&")), root_file)
}

/// TLS that believes the well-known roots and those of the file.
fn verified(root_file: Option<&str>) -> Result<MakeRustlsConnect, OpenError> {
    let unreadable =
        |error: &dyn std::fmt::Display| OpenError::Location(format!("sslrootcert cannot be read: {error}"));
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = root_file {
        for certificate in CertificateDer::pem_file_iter(Path::new(file)).map_err(|error| unreadable(&error))? {
            roots.add(certificate.map_err(|error| unreadable(&error))?).map_err(|error| unreadable(&error))?;
        }
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Unreachable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
