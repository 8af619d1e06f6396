//! What we ask of the outside systems, one file each.

pub mod address;
pub mod cloud_pbx;
pub mod http;

use crate::domain::phone::Phone;
use crate::error::{Error, Result};
use crate::telephony::cloud_pbx::CloudPbx;

/// Whatever can place a call for us: matched here and nowhere else.
#[derive(Clone, Debug)]
pub enum Dialer {
    CloudPbx(CloudPbx),
}

/// A person whom the PBX knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub account: String,
    pub name: String,
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
    pub fn into_error(self) -> Error {
        match self {
            Self::NotPlaced(error) | Self::Unknown(error) => error,
        }
    }
}

impl Dialer {
    /// Rings `account`'s phone and then connects `phone`; returns the call's id when the other side names one. Answers
    /// within 10 s and is never repeated.
    ///
    /// # Errors
    /// Whether the call may have been placed, with a sentence that says what to do.
    pub async fn dial(&self, phone: &Phone, account: &str) -> std::result::Result<Option<String>, DialError> {
        match self {
            Self::CloudPbx(pbx) => pbx.dial(phone, account).await,
        }
    }

    /// The people whom the other side knows.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        match self {
            Self::CloudPbx(pbx) => pbx.accounts().await,
        }
    }

    /// Tries address and key without calling anybody; the answer is a sentence for the admin.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<String> {
        match self {
            Self::CloudPbx(pbx) => pbx.check().await,
        }
    }
}
