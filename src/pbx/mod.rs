//! The inbound contract of the Cloud PBX family: bytes to [`PbxEvent`], and the reply bodies. Pure.
//!
//! Source: REST API of the Cloud PBX, section 4.1; what real PBXs add is marked X01–X07 as in the project's checklist.

pub mod event;
pub mod fields;
pub mod reply;

use crate::domain::push::PbxEvent;

/// A request that breaks the contract: 400, with the reason for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// Reads one accepted webhook; `region` is for numbers without a country code.
///
/// # Errors
/// The reason why the contract is broken.
pub fn parse(fields: &fields::Fields, region: &str) -> Result<PbxEvent, Malformed> {
    fields.check()?;
    event::read(fields, region)
}
