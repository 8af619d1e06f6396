//! Where the server is, and how to speak to it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::location::OpenError;
use crate::store::postgres::wire::{Failure, Wire, halves};

/// All that it takes to be connected to one host.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// A machine that takes this long to confirm what was sent has been cut off.
const SILENCE_LIMIT: Duration = Duration::from_secs(3);

pub struct Address {
    /// One a host, in the order of the address.
    hosts: Vec<Config>,
    /// Which host is asked first: the one that answered last, or the one after it when it answers no more.
    first: AtomicUsize,
    connect_limit: Duration,
    /// The certificates to believe, when the address asks for TLS.
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads a `postgres://` address. Besides the driver's own parameters: `sslrootcert=FILE`, more certificates to
    /// believe; `sslmode=verify-ca` and `verify-full` mean `require`, which verifies always.
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        let (url, root_file) = take_root_file(url);
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            // The driver's text may repeat a piece of the address, but never the password.
            OpenError::Location(format!("the store's address cannot be read: {error}"))
        })?;
        config
            .application_name("ringcard")
            .tcp_user_timeout(SILENCE_LIMIT)
            .keepalives_idle(SILENCE_LIMIT)
            .keepalives_interval(Duration::from_secs(1))
            .keepalives_retries(3);
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(verified(root_file.as_deref())?),
            _ => None,
        };
        let connect_limit = config.get_connect_timeout().copied().unwrap_or(CONNECT_LIMIT);
        Ok(Self { hosts: apart(&config), first: AtomicUsize::new(0), connect_limit, tls })
    }

    /// A new connection to the first host that can be written to, each being given its time, all of them until the
    /// deadline. Never from an async thread.
    pub fn connect(&self, deadline: Instant) -> Result<Wire, Failure> {
        let first = self.first.load(Ordering::SeqCst);
        let mut last = Failure::Silent;
        for host in (0..self.hosts.len()).map(|n| (first + n) % self.hosts.len()) {
            let now = Instant::now();
            if now >= deadline {
                break;
            }
            match self.connect_to(host, deadline.min(now + self.connect_limit)) {
                Ok(wire) => {
                    self.first.store(host, Ordering::SeqCst);
                    return Ok(wire);
                }
                Err(failure) => last = failure,
            }
            // Whoever comes with less time begins with the next one.
            self.first.store((host + 1) % self.hosts.len(), Ordering::SeqCst);
        }
        Err(last)
    }

    /// This host answers no more: the next one is asked first, unless somebody has noticed it before.
    pub fn pass_over(&self, host: usize) {
        let next = (host + 1) % self.hosts.len();
        let _ = self.first.compare_exchange(host, next, Ordering::SeqCst, Ordering::SeqCst);
    }

    fn connect_to(&self, host: usize, deadline: Instant) -> Result<Wire, Failure> {
        let config = &self.hosts[host];
        Wire::open(host, deadline, async || {
            Ok(match &self.tls {
                Some(tls) => {
                    let (client, connection) = config.connect(tls.clone()).await?;
                    halves(client, connection)
                }
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    halves(client, connection)
                }
            })
        })
    }
}

/// The same for each host alone. Of several hosts, one that cannot be written to is another's copy.
fn apart(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    if count <= 1 {
        return vec![config.clone()];
    }
    let alone = |n: usize| {
        let mut alone = Config::new();
        config.get_user().map(|user| alone.user(user));
        config.get_password().map(|password| alone.password(password));
        config.get_dbname().map(|name| alone.dbname(name));
        config.get_options().map(|options| alone.options(options));
        config.get_application_name().map(|name| alone.application_name(name));
        config.get_tcp_user_timeout().map(|limit| alone.tcp_user_timeout(*limit));
        config.get_keepalives_interval().map(|interval| alone.keepalives_interval(interval));
        config.get_keepalives_retries().map(|retries| alone.keepalives_retries(retries));
        alone
            .keepalives(config.get_keepalives())
            .keepalives_idle(config.get_keepalives_idle())
            .ssl_mode(config.get_ssl_mode())
            .ssl_negotiation(config.get_ssl_negotiation())
            .channel_binding(config.get_channel_binding())
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        match hosts.get(n) {
            Some(Host::Tcp(name)) => _ = alone.host(name),
            Some(Host::Unix(path)) => _ = alone.host_path(path),
            None => {}
        }
        addresses.get(n).map(|address| alone.hostaddr(*address));
        ports.get(n).or(ports.first()).map(|port| alone.port(*port));
        alone
    };
    (0..count).map(alone).collect()
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
