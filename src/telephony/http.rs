//! The one way out: an HTTP client with limits, and failures that say how far the request came.

use std::error::Error as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Method, Response, StatusCode, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::telephony::address::Address;

const BODY_BYTES: usize = 1024 * 1024;

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
pub struct Client(reqwest::Client);

/// What came back, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// `Retry-After`, as it was sent.
    pub retry_after: Option<String>,
    pub body: String,
}

/// Why nothing whole came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request never reached the other side; why, in words.
    NotReached(String),
    ConnectTimedOut,
    /// The request went out, and nothing came in time.
    AnswerTimedOut,
    /// The request went out, and the line was cut.
    BrokeOff,
    TooLarge,
}

impl Failure {
    /// Whether the other side may have acted on the request.
    pub fn may_have_arrived(&self) -> bool {
        !matches!(self, Self::NotReached(_) | Self::ConnectTimedOut)
    }

    /// A sentence for people; `peer` names the other side ("the PBX").
    pub fn explain(&self, peer: &str) -> Error {
        match self {
            Self::NotReached(why) => Error::PeerUnreachable(format!("{peer} cannot be reached: {why}")),
            Self::ConnectTimedOut => Error::PeerTimeout(format!(
                "{peer} cannot be reached: no connection came about in time; check the address and the network"
            )),
            Self::AnswerTimedOut => Error::PeerTimeout(format!("{peer} did not answer in time; try again in a moment")),
            Self::BrokeOff => {
                Error::PeerUnreachable(format!("{peer} cut the line before its answer was complete; try again"))
            }
            Self::TooLarge => Error::PeerRefused(format!(
                "{peer} answered with more than {} KiB; check that the address is the one from its cabinet",
                BODY_BYTES / 1024
            )),
        }
    }
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
        if limited(limits).build().is_err() {
            let client = limited(limits).tls_backend_preconfigured(built_in_roots(&extra)?).build();
            return client.map(Self).map_err(Error::internal);
        }
        let certificates: std::result::Result<Vec<_>, _> =
            extra.iter().map(|certificate| Certificate::from_der(certificate)).collect();
        let builder = limited(limits).tls_certs_merge(certificates.map_err(Error::internal)?);
        builder.build().map(Self).map_err(Error::internal)
    }

    /// POSTs a form and reads the answer, redirects and refusals too.
    pub async fn post_form(&self, address: &Address, fields: &[(&str, &str)]) -> std::result::Result<Answer, Failure> {
        let response = self.0.post(address.url().clone()).form(fields).send().await.map_err(|error| failure(&error))?;
        read(response).await
    }

    /// Sends JSON by any method, with `bearer` as its token when there is one, and reads the answer, redirects and
    /// refusals too.
    pub async fn send_json(
        &self,
        method: Method,
        url: Url,
        bearer: Option<&SecretString>,
        body: &impl Serialize,
    ) -> std::result::Result<Answer, Failure> {
        let mut request = self.0.request(method, url).json(body);
        if let Some(token) = bearer {
            request = request.bearer_auth(token.expose_secret());
        }
        read(request.send().await.map_err(|error| failure(&error))?).await
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

fn built_in_roots(extra: &[CertificateDer<'static>]) -> Result<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in extra {
        roots.add(certificate.clone()).map_err(Error::internal)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().map_err(Error::internal)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

async fn read(mut response: Response) -> std::result::Result<Answer, Failure> {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > BODY_BYTES {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after, body: String::from_utf8_lossy(&body).trim().to_owned() })
}

fn failure(error: &reqwest::Error) -> Failure {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Failure::ConnectTimedOut,
        (true, false) => Failure::NotReached(why_unreachable(error)),
        (false, true) => Failure::AnswerTimedOut,
        (false, false) if error.is_builder() => Failure::NotReached("the address is not one of the web".to_owned()),
        (false, false) => Failure::BrokeOff,
    }
}

fn why_unreachable(error: &reqwest::Error) -> String {
    let mut source = error.source();
    while let Some(cause) = source {
        let io = cause.downcast_ref::<std::io::Error>();
        if is_of_tls(cause) {
            return "its certificate is not trusted, or what answers there does not speak HTTPS; check the address"
                .to_owned();
        }
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return "nothing answers at that address and port".to_owned();
        }
        if cause.to_string().contains("dns error") {
            return "its host name is not known; check the address".to_owned();
        }
        source = cause.source();
    }
    "the connection failed; check the address and the network".to_owned()
}

/// An I/O error hides what it wraps from `source`, one layer in another.
fn is_of_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_of_tls(inner))
}
