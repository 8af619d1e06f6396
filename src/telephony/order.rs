//! What is asked of a system that places calls, and what comes of it.

use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::phone::Phone;
use crate::error::Error;
use crate::telephony::failure::Failure;

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
    pub fn of_failure(failure: Failure) -> Self {
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
