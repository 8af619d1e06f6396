//! The one way out: an HTTP client with limits, and failures that say how far the request came.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Method, Response, StatusCode, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::domain::integration::Kind;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::failure::{ANSWER_BYTES, Failure};
use crate::telephony::reach;

/// How long the other side may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connect: Duration,
    /// From the first byte sent to the last one read.
    pub whole: Duration,
}

impl Default for Limits {
    /// A click is answered within 10 s, whatever the other side does.
    fn default() -> Self {
        Self { connect: Duration::from_secs(4), whole: Duration::from_secs(8) }
    }
}

/// Shared by all who call out; clones share it.
#[derive(Clone, Debug)]
pub struct Client {
    web: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    limits: Limits,
}

/// What came back, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// `Retry-After`, as it was sent.
    pub retry_after: Option<String>,
    pub body: String,
}

impl Client {
    /// A client that trusts the system's roots (where there are none, those built in) and those in `extra_ca`, a PEM
    /// file. It follows no redirect, uses no proxy, and repeats nothing.
    ///
    /// # Errors
    /// `Internal` when the PEM file cannot be read.
    pub fn new(limits: Limits, extra_ca: Option<&Path>) -> Result<Self> {
        // An error says that a provider stands already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let extra = match extra_ca {
            Some(path) => read_certificates(path)?,
            None => Vec::new(),
        };
        let tls = trust(&extra)?;
        let web = limited(limits).tls_backend_preconfigured(tls.clone()).build().map_err(Error::internal)?;
        Ok(Self { web, tls: Arc::new(tls), limits })
    }

    /// Connects, proves the other side's certificate where the address is https, and hangs up without asking anything.
    ///
    /// # Errors
    /// `Failure`: never one that says that a request went out.
    pub async fn reach(&self, peer: Kind, address: &Address) -> std::result::Result<(), Failure> {
        tokio::time::timeout(self.limits.connect, reach::connect(peer, address.url(), &self.tls))
            .await
            .unwrap_or(Err(Failure::ConnectTimedOut { peer }))
    }

    /// POSTs a form and reads the answer, redirects and refusals too.
    pub async fn post_form(
        &self,
        peer: Kind,
        address: &Address,
        fields: &[(&str, &str)],
    ) -> std::result::Result<Answer, Failure> {
        let sent = self.web.post(address.url().clone()).form(fields).send().await;
        read(peer, sent.map_err(|error| failure(peer, &error))?).await
    }

    /// Sends JSON by any method, with `bearer` as its token when there is one, and reads the answer, redirects and
    /// refusals too.
    pub async fn send_json(
        &self,
        peer: Kind,
        method: Method,
        url: Url,
        bearer: Option<&SecretString>,
        body: &impl Serialize,
    ) -> std::result::Result<Answer, Failure> {
        let mut request = self.web.request(method, url).json(body);
        if let Some(token) = bearer {
            request = request.bearer_auth(token.expose_secret());
        }
        read(peer, request.send().await.map_err(|error| failure(peer, &error))?).await
    }
}

impl Client {
    /// For files that go to a place of ours and come from there.
    ///
    /// # Errors
    /// `Internal`: none that is known.
    pub(super) fn for_files(&self, limits: Limits, silence: Duration) -> Result<reqwest::Client> {
        let web = limited(limits).tls_backend_preconfigured((*self.tls).clone()).no_gzip().read_timeout(silence);
        web.build().map_err(Error::internal)
    }

    /// For what is fetched from an address that others choose: `host` is at these addresses and nowhere else. Nothing is
    /// unpacked on the way.
    ///
    /// # Errors
    /// `Internal`: none that is known.
    pub(super) fn at_addresses(
        &self,
        limits: Limits,
        silence: Duration,
        host: &str,
        addresses: &[SocketAddr],
    ) -> Result<reqwest::Client> {
        let web = limited(limits).tls_backend_preconfigured((*self.tls).clone()).no_gzip().read_timeout(silence);
        web.resolve_to_addrs(host, addresses).build().map_err(Error::internal)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that sets the limits")]
fn limited(limits: Limits) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("ringcard/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .timeout(limits.whole)
        .redirect(Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        // A kept connection may have died since, and a dial is not repeated.
        .pool_max_idle_per_host(0)
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let unreadable = |error| Error::internal(format!("the file of trusted roots cannot be read: {error}"));
    CertificateDer::pem_file_iter(path).map_err(unreadable)?.collect::<std::result::Result<_, _>>().map_err(unreadable)
}

/// The system's roots and those in `extra`; where the system has none, those built in.
fn trust(extra: &[CertificateDer<'static>]) -> Result<rustls::ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions().map_err(Error::internal)?;
    let of_system = Verifier::new_with_extra_roots(extra.iter().cloned(), provider);
    let mut config = match of_system {
        // rustls calls every verifier dangerous that is not its own; this one asks the system.
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth(),
        Err(_) => builder.with_root_certificates(built_in_roots(extra)?).with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn built_in_roots(extra: &[CertificateDer<'static>]) -> Result<rustls::RootCertStore> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in extra {
        roots.add(certificate.clone()).map_err(Error::internal)?;
    }
    Ok(roots)
}

async fn read(peer: Kind, mut response: Response) -> std::result::Result<Answer, Failure> {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(peer, &error))? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(Failure::AnswerTooLarge { peer });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after, body: String::from_utf8_lossy(&body).trim().to_owned() })
}

pub(super) fn failure(peer: Kind, error: &reqwest::Error) -> Failure {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Failure::ConnectTimedOut { peer },
        (true, false) => reach::why(peer, error),
        (false, true) => Failure::AnswerTimedOut { peer },
        (false, false) if error.is_builder() => Failure::NotOfTheWeb { peer },
        (false, false) => Failure::BrokeOff { peer },
    }
}
