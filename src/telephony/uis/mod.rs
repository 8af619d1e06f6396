//! UIS: calls between two numbers, or between a group and a number.
//!
//! Source: "Call API", version 1.

pub mod answer;
pub mod options;
pub mod session;

use std::time::{Duration, Instant};

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::clock::Clock;
use crate::domain::fault::Fault;
use crate::domain::integration::Kind;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::failure::Failure;
use crate::telephony::http::{Answer, Client};
use crate::telephony::order::{DialError, DialOrder, Proof};
use crate::telephony::uis::answer::Refused;
use crate::telephony::uis::options::{FirstCall, Forwarding, Group, Message, Options};
use crate::telephony::uis::session::{UisSession, time_left};

const PEER: Kind = Kind::Uis;

/// A click is answered within 10 s, signing in and all.
const WHOLE: Duration = Duration::from_secs(9);
/// Signing in leaves time for the call itself.
const LOGIN: Duration = Duration::from_secs(4);

/// One UIS account.
#[derive(Clone, Debug)]
pub struct Uis {
    pub address: Address,
    pub login: String,
    pub password: SecretString,
    /// Its numbers are digits only.
    pub options: Options,
    /// Shared by all who call through this account.
    pub session: UisSession,
    pub client: Client,
    pub clock: Clock,
}

/// Section 2: all four members are required.
#[derive(Serialize)]
struct Request<P> {
    jsonrpc: &'static str,
    method: &'static str,
    id: i64,
    params: P,
}

/// Section 3.
#[derive(Serialize)]
struct Authenticate<'a> {
    login: &'a str,
    password: &'a str,
}

/// Section 4.
#[derive(Serialize)]
struct PlaceCalls<'a> {
    session_key: &'a str,
    first_call: FirstCall,
    switch_at_once: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_file: Option<&'a str>,
    is_queue: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_timeout: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_numb_as_numa: Option<bool>,
    numa: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    numa_message: Option<&'a Message>,
    numb: &'a str,
    numc: Office<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numc_message: Option<&'a Message>,
}

/// Our side of the call.
#[derive(Serialize)]
#[serde(untagged)]
enum Office<'a> {
    One(String),
    Group(&'a [Forwarding]),
}

impl Uis {
    /// Rings the person, or the group, and the client, in the order that the settings say. Asked a second time only
    /// when UIS did not know the session key, so that nothing was placed the first time.
    ///
    /// # Errors
    /// Whether the call may have been placed, with a sentence that says what to do.
    pub async fn dial(&self, order: &DialOrder<'_>) -> std::result::Result<(), DialError> {
        let deadline = Instant::now() + WHOLE;
        let sign_in = async || self.authenticate(deadline).await;
        let key = self.session.key(self.clock.now_ms(), deadline, sign_in).await.map_err(DialError::NotPlaced)?;
        let refusal = match self.place(order, &key, deadline).await? {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        if !refusal.is_of_session() {
            return Err(DialError::NotPlaced(refusal.into()));
        }
        let renewed =
            self.session.renewed(&key, self.clock.now_ms(), deadline, sign_in).await.map_err(DialError::NotPlaced)?;
        let again = self.place(order, &renewed, deadline).await?;
        if again.as_ref().is_err_and(Refused::is_of_session) {
            self.session.forget(&renewed).await;
        }
        again.map_err(|refused| DialError::NotPlaced(refused.into()))
    }

    /// Signs in, which needs a right address, login and password and rings nobody.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<Proof> {
        let deadline = Instant::now() + WHOLE;
        let sign_in = async || self.authenticate(deadline).await;
        self.session.fresh(self.clock.now_ms(), deadline, sign_in).await?;
        Ok(Proof::Uis)
    }

    /// The group of this name; `None` when none is wanted.
    ///
    /// # Errors
    /// `Invalid`, naming the groups that there are.
    pub fn find_group(&self, name: Option<&str>) -> Result<Option<&Group>> {
        let Some(name) = name else { return Ok(None) };
        let groups = &self.options.groups;
        if let Some(group) = groups.iter().find(|group| group.name == name) {
            return Ok(Some(group));
        }
        let known: Vec<_> = groups.iter().map(|group| group.name.clone()).collect();
        let fault = if known.is_empty() { Fault::GroupsNotSet } else { Fault::UnknownGroup { known } };
        Err(Error::field("group", fault))
    }

    /// place_calls, once; the inner refusal is one that UIS gave in its own words.
    async fn place(
        &self,
        order: &DialOrder<'_>,
        key: &SecretString,
        deadline: Instant,
    ) -> std::result::Result<std::result::Result<(), Refused>, DialError> {
        let group = self.find_group(order.group).map_err(DialError::NotPlaced)?;
        let numa = order.phone.digits();
        let params = PlaceCalls {
            session_key: key.expose_secret(),
            first_call: self.options.first_call,
            switch_at_once: self.options.switch_at_once,
            media_file: self.options.media_file.as_deref(),
            is_queue: group.is_some(),
            queue_timeout: group.map(|group| group.queue_timeout),
            use_numb_as_numa: self.options.use_numb_as_numa,
            numa: &numa,
            numa_message: self.options.numa_message.as_ref(),
            numb: &self.options.numb,
            numc: group.map_or_else(|| Office::One(order.caller.digits()), |group| Office::Group(&group.numc)),
            numc_message: self.options.numc_message.as_ref(),
        };
        let asked = self.ask("place_calls", params, time_left(deadline)).await;
        let answer = asked.map_err(DialError::of_failure)?;
        Ok(answer::read_placed(&answer))
    }

    /// authenticate, once.
    async fn authenticate(&self, deadline: Instant) -> Result<SecretString> {
        let params = Authenticate { login: &self.login, password: self.password.expose_secret() };
        let asked = self.ask("authenticate", params, time_left(deadline).min(LOGIN)).await;
        Ok(answer::read_key(&asked?)?)
    }

    async fn ask<P: Serialize>(
        &self,
        method: &'static str,
        params: P,
        within: Duration,
    ) -> std::result::Result<Answer, Failure> {
        let request = Request { jsonrpc: "2.0", method, id: self.session.next_id(), params };
        let sent = self.client.send_json(PEER, Method::POST, self.address.url().clone(), None, &request);
        tokio::time::timeout(within, sent).await.unwrap_or(Err(Failure::AnswerTimedOut { peer: PEER }))
    }
}
