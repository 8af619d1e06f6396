//! What the contract lets us answer. The document prints the keys unquoted; we send strict JSON.

use serde::Serialize;

pub const INVALID_PARAMETERS: &str = r#"{"error":"Invalid parameters"}"#;
pub const INVALID_TOKEN: &str = r#"{"error":"Invalid token"}"#;

/// The answer to `contact` (section 4.1.3); empty for an unknown number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ContactAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// The PBX account of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<String>,
}
