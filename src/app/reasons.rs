//! Every reason that a page may be given, in one list: what stands in the documents, and what a page must be able to say.

use utoipa::ToSchema;

use crate::app::integrations::mango::Unsendable;
use crate::error::Prohibition;
use crate::telephony::address::Warning;
use crate::telephony::download;
use crate::telephony::failure::Failure;
use crate::telephony::order::Proof;
use crate::telephony::{cloud_pbx, mango, sipsim, uis};

/// A stable code, and what it speaks of.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum AnyWhy {
    Failure(Failure),
    CloudPbx(cloud_pbx::Refusal),
    SipSim(sipsim::Refusal),
    Uis(uis::answer::Refusal),
    Mango(mango::Refusal),
    Recording(download::Refusal),
    Works(Proof),
    Unsendable(Unsendable),
    Prohibited(Prohibition),
    Warning(Warning),
    Untold(Untold),
}

/// A sentence alone was kept, from before there were codes.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Untold {
    Untold,
}
