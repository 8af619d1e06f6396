//! The outside systems by kind.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What trial calls come by: no outside system, and in no list.
pub const TRIAL: &str = "019aa000-0000-7000-8000-000000000100";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    CloudPbx,
    Sipsim,
    Uis,
    Mango,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CloudPbx => "cloud-pbx",
            Self::Sipsim => "sipsim",
            Self::Uis => "uis",
            Self::Mango => "mango",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "cloud-pbx" => Some(Self::CloudPbx),
            "sipsim" => Some(Self::Sipsim),
            "uis" => Some(Self::Uis),
            "mango" => Some(Self::Mango),
            _ => None,
        }
    }

    /// Whether calls can be placed through it.
    pub fn can_dial(self) -> bool {
        self != Self::Mango
    }

    /// Whether it reports calls to us, and proves itself with a `crm_token` that we give out.
    pub fn reports(self) -> bool {
        self == Self::CloudPbx
    }

    /// The members of its settings that are kept encrypted.
    pub fn secrets(self) -> &'static [&'static str] {
        match self {
            Self::CloudPbx | Self::Mango => &["token"],
            Self::Sipsim => &["crm_token", "token"],
            Self::Uis => &["password"],
        }
    }
}
