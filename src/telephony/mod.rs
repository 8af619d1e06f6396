//! What we ask of the outside systems, one file each.

pub mod address;
pub mod cloud_pbx;
pub mod failure;
pub mod http;
pub mod loose;
pub mod mango;
mod reach;
pub mod sipsim;
pub mod uis;

use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fault::Fault;
use crate::domain::phone::Phone;
use crate::error::{Code, Error, Result};
use crate::telephony::cloud_pbx::CloudPbx;
use crate::telephony::failure::Failure;
use crate::telephony::sipsim::SipSim;
use crate::telephony::uis::Uis;

/// Whatever can place a call for us: matched here and nowhere else.
#[derive(Clone, Debug)]
pub enum Dialer {
    CloudPbx(CloudPbx),
    SipSim(SipSim),
    Uis(Uis),
}

/// A call to be placed.
#[derive(Clone, Copy, Debug)]
pub struct DialOrder<'a> {
    /// Our own id of it.
    pub call_id: &'a str,
    /// The client.
    pub phone: &'a Phone,
    /// The line of the person who clicked: how this system knows him.
    pub account: &'a str,
    /// The line as a number, where it is one.
    pub caller: &'a Phone,
    /// The name of the person who clicked.
    pub person: &'a str,
    /// People to be rung in his place, by the name that the settings give them.
    pub group: Option<&'a str>,
}

/// How often a system may be asked with one token.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit<'a> {
    /// The system, in a sentence.
    pub peer: &'static str,
    pub token: &'a SecretString,
    pub most: i64,
    pub in_ms: i64,
}

/// A person whom the PBX knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub account: String,
    pub name: String,
}

/// What a check without a call has shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params")]
pub enum Proof {
    #[error("the PBX answers and accepts the key; it names {employees} employees")]
    #[serde(rename = "cloud_pbx.works")]
    CloudPbx { employees: usize },
    #[error(
        "the settings are complete and SipSim's address can be reached; whether it accepts the tokens cannot be told \
         without placing a call"
    )]
    #[serde(rename = "sipsim.works")]
    SipSim,
    #[error(
        "UIS answers and accepts the login and the password; whether it accepts the service number shows when the \
         first call is placed"
    )]
    #[serde(rename = "uis.works")]
    Uis,
    #[error(
        "the settings are complete and Mango's address can be reached; whether it accepts the token shows when the \
         first call is reported"
    )]
    #[serde(rename = "mango.works")]
    Mango,
}

/// Why a click did not become a call; the error is a sentence for the person who clicked.
#[derive(Debug)]
pub enum DialError {
    /// No call was placed.
    NotPlaced(Error),
    /// The request went out and its answer was lost: the phone may ring all the same.
    Unknown(Error),
}

impl DialError {
    fn of_failure(failure: Failure) -> Self {
        if failure.may_have_arrived() { Self::Unknown(failure.into()) } else { Self::NotPlaced(failure.into()) }
    }

    pub fn error(&self) -> &Error {
        match self {
            Self::NotPlaced(error) | Self::Unknown(error) => error,
        }
    }

    /// Whether the request never left.
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::NotPlaced(Error::PeerUnreachable(_) | Error::PeerTimeout(_)))
    }
}

impl Dialer {
    /// Refuses, before anything is asked or written down, an order that this system cannot take.
    ///
    /// # Errors
    /// `Invalid` for the number or the group; `Conflict` `no_line` for a line that is no number where it must be one.
    pub fn examine(&self, order: &DialOrder<'_>) -> Result<()> {
        match self {
            Self::CloudPbx(_) => no_group(order),
            Self::SipSim(_) => no_group(order).and_then(|()| only_numbers(order)),
            Self::Uis(uis) => uis.find_group(order.group).and_then(|group| match group {
                Some(_) => only_public(order),
                None => only_numbers(order),
            }),
        }
    }

    /// Rings the person's phone and then connects the client; returns the call's id when the other side names one.
    /// Answers within 10 s and is never repeated.
    ///
    /// # Errors
    /// Whether the call may have been placed, with a sentence that says what to do.
    pub async fn dial(&self, order: &DialOrder<'_>) -> std::result::Result<Option<String>, DialError> {
        match self {
            Self::CloudPbx(pbx) => pbx.dial(order).await,
            Self::SipSim(sipsim) => sipsim.dial(order).await.map(|()| None),
            Self::Uis(uis) => uis.dial(order).await.map(|()| None),
        }
    }

    /// How often this system may be asked; `None` when nothing is said.
    pub fn limit(&self) -> Option<RateLimit<'_>> {
        match self {
            Self::SipSim(sipsim) => Some(sipsim.limit()),
            Self::CloudPbx(_) | Self::Uis(_) => None,
        }
    }

    /// The people whom the other side knows.
    ///
    /// # Errors
    /// `Conflict` `not_available` for a system that does not name them; else a sentence that says what to do.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        match self {
            Self::CloudPbx(pbx) => pbx.accounts().await,
            Self::SipSim(_) => Err(no_accounts("SipSim", "SipSim number")),
            Self::Uis(_) => Err(no_accounts("UIS", "number at UIS")),
        }
    }

    /// Tries what can be tried without calling anybody.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<Proof> {
        match self {
            Self::CloudPbx(pbx) => pbx.check().await,
            Self::SipSim(sipsim) => sipsim.check().await,
            Self::Uis(uis) => uis.check().await,
        }
    }
}

fn no_accounts(peer: &str, line: &str) -> Error {
    let detail = format!("{peer} does not name its people: enter each one's {line} under Users");
    Error::conflict(Code::NotAvailable, detail)
}

fn no_group(order: &DialOrder<'_>) -> Result<()> {
    order.group.map_or(Ok(()), |_| Err(Error::field("group", Fault::NoGroups)))
}

fn only_public(order: &DialOrder<'_>) -> Result<()> {
    if order.phone.is_e164() { Ok(()) } else { Err(Error::field("phone", Fault::NotPublic)) }
}

fn only_numbers(order: &DialOrder<'_>) -> Result<()> {
    only_public(order)?;
    let sentence = "your line on this system is no phone number: an admin corrects it under Users, with + and the \
                    country code";
    if order.caller.is_e164() { Ok(()) } else { Err(Error::conflict(Code::LineNoNumber, sentence)) }
}
