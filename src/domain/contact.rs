//! Clients and leads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    Client,
    Lead,
}

impl ContactKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Lead => "lead",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "client" => Some(Self::Client),
            "lead" => Some(Self::Lead),
            _ => None,
        }
    }
}

/// One of a contact's numbers, in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPhone {
    #[schema(max_length = 100)]
    pub number: String,
    #[serde(default)]
    #[schema(max_length = 50)]
    pub label: String,
}

/// A contact as it stands inside a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactRef {
    pub id: String,
    pub name: String,
    pub company: String,
}
