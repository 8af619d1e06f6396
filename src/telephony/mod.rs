//! What we ask of the outside systems, one file each.

pub mod address;
pub mod bucket;
pub mod cloud_pbx;
pub mod download;
pub mod failure;
pub mod hosts;
pub mod http;
pub mod loose;
pub mod mango;
pub mod order;
mod reach;
pub mod sipsim;
pub mod uis;

use crate::domain::fault::Fault;
use crate::error::{Code, Error, Result};
use crate::telephony::cloud_pbx::CloudPbx;
use crate::telephony::order::{Account, DialError, DialOrder, Proof, RateLimit};
use crate::telephony::sipsim::SipSim;
use crate::telephony::uis::Uis;

/// Whatever can place a call for us: matched here and nowhere else.
#[derive(Clone, Debug)]
pub enum Dialer {
    CloudPbx(CloudPbx),
    SipSim(SipSim),
    Uis(Uis),
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
