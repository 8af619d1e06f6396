//! An S3-compatible bucket: rusty-s3 signs, our own client sends.

use std::io::{Error, Result};
use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use reqwest::header::{CONTENT_LENGTH, RANGE};
use reqwest::{Response, StatusCode};
use rusty_s3::actions::{DeleteObject, GetObject, PutObject, S3Action};
use rusty_s3::{Bucket as Signer, Credentials, UrlStyle};
use secrecy::ExposeSecret;
use tokio::fs::File;
use tokio_util::bytes::Bytes;

use crate::config::BucketAddress;
use crate::telephony::http::{Client, Limits};

const LIMITS: Limits = Limits { connect: Duration::from_secs(4), whole: Duration::from_secs(600) };
const SILENCE: Duration = Duration::from_secs(20);
/// How long an address that was signed is good.
const SIGNED_FOR: Duration = Duration::from_secs(900);

/// What comes out of a bucket, as it comes.
pub type Coming = Pin<Box<dyn Stream<Item = Result<Bytes>>>>;

#[derive(Clone, Debug)]
pub struct Bucket {
    signer: Signer,
    credentials: Credentials,
    prefix: String,
    web: reqwest::Client,
    now: jiff::Timestamp,
}

impl Bucket {
    /// `now_ms` is when it is asked, for the signature.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(address: &BucketAddress, client: &Client, now_ms: i64) -> Result<Self> {
        let (name, region) = (address.name.clone(), address.region.clone());
        let signer = Signer::new(address.endpoint.clone(), UrlStyle::Path, name, region).map_err(Error::other)?;
        Ok(Self {
            signer,
            credentials: Credentials::new(address.key.clone(), address.secret.expose_secret()),
            prefix: address.prefix.clone(),
            web: client.for_files(LIMITS, SILENCE).map_err(Error::other)?,
            now: jiff::Timestamp::from_millisecond(now_ms).map_err(Error::other)?,
        })
    }

    /// Puts a file there, in place of one that was.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn put(&self, name: &str, file: File, size_bytes: u64) -> Result<()> {
        let key = self.key(name);
        let url = PutObject::new(&self.signer, Some(&self.credentials), &key).sign_with_time(SIGNED_FOR, &self.now);
        let sent = self.web.put(url).header(CONTENT_LENGTH, size_bytes).body(file).send().await;
        accepted(sent.map_err(Error::other)?).map(drop)
    }

    /// So many bytes of it from `first` on; `None` when it is not there.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn get(&self, name: &str, first: u64, length: u64) -> Result<Option<Coming>> {
        let key = self.key(name);
        let url = GetObject::new(&self.signer, Some(&self.credentials), &key).sign_with_time(SIGNED_FOR, &self.now);
        let range = format!("bytes={first}-{}", first + length.max(1) - 1);
        let answer = self.web.get(url).header(RANGE, range).send().await.map_err(Error::other)?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let bytes = accepted(answer)?.bytes_stream().map(|part| part.map_err(Error::other));
        Ok(Some(Box::pin(bytes)))
    }

    /// Whether it was there or not, it is gone.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn delete(&self, name: &str) -> Result<()> {
        let key = self.key(name);
        let url = DeleteObject::new(&self.signer, Some(&self.credentials), &key).sign_with_time(SIGNED_FOR, &self.now);
        let answer = self.web.delete(url).send().await.map_err(Error::other)?;
        if answer.status() == StatusCode::NOT_FOUND { Ok(()) } else { accepted(answer).map(drop) }
    }

    fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }
}

fn accepted(answer: Response) -> Result<Response> {
    let status = answer.status();
    if status.is_success() { Ok(answer) } else { Err(Error::other(format!("the bucket answered HTTP {status}"))) }
}
