//! Where an outside system answers.

use reqwest::Url;
use serde::Serialize;
use utoipa::ToSchema;

const BYTES: usize = 2_048;

/// Why an address deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    #[error("the address is plain http: the key and the clients' numbers can be read on the way; use https")]
    PlainHttp,
}

/// An http or https address with a host, and without a password, a user's name or a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let url = Url::parse(text).ok()?;
        let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
        let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        (is_web && is_plain && text.len() <= BYTES).then_some(Self(url))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// As the HTTP client wants it.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Why it deserves a second look: what goes over plain http can be read on the way, except on this machine.
    pub fn warning(&self) -> Option<Warning> {
        let is_near = match self.0.host_str() {
            Some("localhost" | "[::1]") => true,
            Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
            None => false,
        };
        (self.0.scheme() == "http" && !is_near).then_some(Warning::PlainHttp)
    }
}
