//! From where the recordings of an integration may be fetched.

use serde_json::Value;

use crate::app::directory::Integration;
use crate::error::Result;
use crate::telephony::address::Address;
use crate::telephony::hosts::Hosts;

/// The hosts that an admin has listed, else the PBX's own.
///
/// # Errors
/// `Internal` when the settings are no JSON.
pub fn hosts(integration: &Integration) -> Result<Hosts> {
    let members = integration.members()?;
    if let Some(listed) = members.get("recording_hosts").and_then(Value::as_array) {
        return Ok(Hosts::of(listed.iter().filter_map(Value::as_str).map(str::to_owned).collect()));
    }
    let own = members.get("url").and_then(Value::as_str).and_then(Address::parse);
    Ok(own.map(|own| Hosts::of_url(own.url())).unwrap_or_default())
}
