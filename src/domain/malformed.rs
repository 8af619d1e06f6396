//! What breaks the contract of pushes.

use serde::Serialize;
use utoipa::ToSchema;

/// Why a request cannot be read: 400. Its name is the stable code, its members are the parameters, its text is the
/// sentence for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Malformed {
    #[error("{member} is missing")]
    MemberMissing { member: String },
    /// Its characters are such as nobody can see.
    #[error("{member} is blank")]
    MemberBlank { member: String },
    #[error("{member} is there twice")]
    MemberTwice { member: String },
    #[error("{member} is longer than {most_bytes} bytes")]
    MemberTooLong { member: String, most_bytes: usize },
    #[error("an unknown {member}")]
    MemberUnknown { member: String },
    #[error("{member} is not a number from {least} to {most}")]
    MemberNoNumber { member: String, least: i64, most: i64 },
    #[error("a member that is neither text nor number")]
    MemberNested,
    #[error("a NUL character")]
    NulCharacter,
    #[error("invalid UTF-8")]
    InvalidUtf8,
    #[error("not a JSON object")]
    NoJsonObject,
}

impl Malformed {
    pub fn missing(member: &str) -> Self {
        Self::MemberMissing { member: member.to_owned() }
    }

    pub fn unknown(member: &str) -> Self {
        Self::MemberUnknown { member: member.to_owned() }
    }
}
