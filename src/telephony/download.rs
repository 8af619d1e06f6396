//! A recording is fetched from where the PBX says it is: from allowed hosts, at addresses that were looked at, up to a size,
//! and only if it is sound.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Response, StatusCode, Url};
use serde::Serialize;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::net::lookup_host;
use utoipa::ToSchema;

use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::domain::recording::{FIRST_BYTES, Media};
use crate::error::Error;
use crate::telephony::failure::Failure;
use crate::telephony::hosts::Hosts;
use crate::telephony::http::{Client, Limits, failure};

const PEER: Kind = Kind::CloudPbx;
/// Four hours of a telephone's sound, uncompressed.
const MOST_MB: u64 = 256;
const REDIRECTS: usize = 5;
const LIMITS: Limits = Limits { connect: Duration::from_secs(4), whole: Duration::from_secs(600) };
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(20);

/// Why a recording is not fetched, but for what any outside system may say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params")]
#[schema(as = RecordingRefusal)]
pub enum Refusal {
    #[error("the PBX has no such file yet (HTTP {status})")]
    #[serde(rename = "recording.not_there")]
    NotThere { status: u16 },
    #[error("what the PBX gave is no sound; it may not have written the file yet")]
    #[serde(rename = "recording.no_sound")]
    NoSound,
    #[error("it has more than {most_mb} MB")]
    #[serde(rename = "recording.too_large")]
    TooLarge { most_mb: u64 },
    #[error("it is at {host}, which is not among the integration's hosts of recordings; an admin can add it")]
    #[serde(rename = "recording.host")]
    Host { host: String },
    #[error(
        "{host} is at {address}, which is no public address; if that is right, an admin adds this address to the \
         integration's hosts of recordings"
    )]
    #[serde(rename = "recording.address")]
    Address { host: String, address: String },
    #[error("the PBX sends from one address to another, and so on")]
    #[serde(rename = "recording.redirects")]
    Redirects,
    #[error("the integration was removed")]
    #[serde(rename = "recording.removed")]
    Removed,
    #[error("its time is over: it was deleted")]
    #[serde(rename = "recording.erased")]
    Erased,
}

/// What was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub media: Media,
    pub size_bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum Unfetched {
    /// The same again would end the same.
    #[error("{0}")]
    Never(Reason),
    /// It may get better by itself.
    #[error("{0}")]
    NotNow(Reason),
    /// Ours: it could not be written.
    #[error("{0}")]
    Unwritten(#[from] std::io::Error),
    #[error("{0}")]
    Internal(#[from] Error),
}

impl From<Refusal> for Unfetched {
    fn from(refusal: Refusal) -> Self {
        let reason = Reason::of(&refusal);
        match refusal {
            Refusal::NotThere { .. } | Refusal::NoSound => Self::NotNow(reason),
            _ => Self::Never(reason),
        }
    }
}

impl From<Failure> for Unfetched {
    fn from(failure: Failure) -> Self {
        Self::NotNow(Reason::of(&failure))
    }
}

type Result<T> = std::result::Result<T, Unfetched>;

impl Client {
    /// Fetches what stands at `link` into `into`, following redirects as far as `hosts` goes.
    ///
    /// # Errors
    /// Why not, and whether to try again.
    pub async fn download(&self, link: &str, hosts: &Hosts, into: &mut (impl AsyncWrite + Unpin)) -> Result<Fetched> {
        let mut url = Url::parse(link).map_err(|_| Failure::NotOfTheWeb { peer: PEER })?;
        for _ in 0..=REDIRECTS {
            let response = self.ask(&url, hosts).await?;
            match next(&url, &response)? {
                Some(further) => url = further,
                None => return take(response, into).await,
            }
        }
        Err(Refusal::Redirects.into())
    }

    /// Asks at an address that was looked at, and at no other.
    async fn ask(&self, url: &Url, hosts: &Hosts) -> Result<Response> {
        let host = url.host_str().unwrap_or_default().to_owned();
        if !matches!(url.scheme(), "http" | "https") || !hosts.have(url) {
            return Err(Refusal::Host { host }.into());
        }
        let addresses = find_addresses(url, &host).await?;
        if let Some(inside) = addresses.iter().find(|address| !hosts.admit(address.ip())) {
            return Err(Refusal::Address { host, address: inside.ip().to_string() }.into());
        }
        let web = self.at_addresses(LIMITS, SILENCE, &host, &addresses)?;
        let answer = web.get(url.clone()).header(ACCEPT, "audio/*,*/*;q=0.1").send().await;
        Ok(answer.map_err(|error| failure(PEER, &error))?)
    }
}

async fn find_addresses(url: &Url, host: &str) -> Result<Vec<SocketAddr>> {
    let port = url.port_or_known_default().unwrap_or(443);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found: Vec<_> = lookup_host((bare, port)).await.map_err(|_| Failure::UnknownHost { peer: PEER })?.collect();
    if found.is_empty() { Err(Failure::UnknownHost { peer: PEER }.into()) } else { Ok(found) }
}

/// Where the answer sends to; `None` when it is the file.
fn next(url: &Url, response: &Response) -> Result<Option<Url>> {
    let status = response.status();
    if status.is_success() {
        return Ok(None);
    }
    if status.is_redirection() {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let further = location.and_then(|location| url.join(location).ok());
        return further.map(Some).ok_or_else(|| Failure::LeadsElsewhere { peer: PEER }.into());
    }
    let is_fault = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    if is_fault {
        return Err(Failure::of_status(PEER, status).into());
    }
    Err(Refusal::NotThere { status: status.as_u16() }.into())
}

/// Writes the body down as it comes, once its first bytes are those of sound.
async fn take(mut response: Response, into: &mut (impl AsyncWrite + Unpin)) -> Result<Fetched> {
    let most = MOST_MB * 1024 * 1024;
    let too_large = || Refusal::TooLarge { most_mb: MOST_MB };
    if response.content_length().is_some_and(|length| length > most) {
        return Err(too_large().into());
    }
    let (mut first, mut media, mut size_bytes) = (Vec::new(), None, 0);
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(PEER, &error))? {
        size_bytes += chunk.len() as u64;
        if size_bytes > most {
            return Err(too_large().into());
        }
        if media.is_some() {
            into.write_all(&chunk).await?;
            continue;
        }
        first.extend_from_slice(&chunk);
        if first.len() >= FIRST_BYTES {
            media = Some(Media::of(&first).ok_or(Refusal::NoSound)?);
            into.write_all(&first).await?;
        }
    }
    into.flush().await?;
    let media = media.ok_or(Refusal::NoSound)?;
    Ok(Fetched { media, size_bytes })
}
