//! What can go wrong: one enum, one stable code each. What HTTP answers then is `http::edge::problem`.

use serde::Serialize;

pub type Result<T> = std::result::Result<T, Error>;

/// A refused member of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// A row that cannot be read: it was damaged, or a newer version wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub table: &'static str,
    pub id: String,
    /// What is wrong with it, without what stands in it.
    pub why: String,
}

/// Every failure that reaches a boundary. Absence is `Option`, not an error, until a caller asked for one thing by id.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    BadRequest(String),
    #[error("sign in first")]
    Unauthorized,
    #[error("{0}")]
    WrongPassword(&'static str),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("no such {0}")]
    NotFound(&'static str),
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String },
    #[error("it exists already")]
    Exists,
    #[error("it belongs to something that is not there, or something belongs to it")]
    InUse,
    /// Somebody changed it meanwhile; `current` is how it stands now, as members of the answer.
    #[error("{detail}")]
    Changed { code: &'static str, detail: &'static str, current: Box<serde_json::Map<String, serde_json::Value>> },
    #[error("this address does not take that method")]
    MethodNotAllowed,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body took too long to arrive")]
    TooSlow,
    #[error("some fields cannot be accepted")]
    Invalid(Vec<FieldError>),
    #[error("{detail}")]
    TooMany { detail: String, retry_after_s: u64 },
    /// The outside system said no; `detail` says what it said and what to do.
    #[error("{0}")]
    PeerRefused(String),
    #[error("{0}")]
    PeerUnreachable(String),
    #[error("{0}")]
    PeerTimeout(String),
    /// The store's queue is full, or the store cannot be reached or written: try again.
    #[error("the store cannot take this now: {0}")]
    Busy(String),
    /// One row is damaged; everything else goes on.
    #[error("the row {} of {} cannot be read: {}", .0.id, .0.table, .0.why)]
    Damaged(Damage),
    /// A defect of ours. The text goes to the log, never to the client.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// A single refused field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }

    pub fn damaged(table: &'static str, id: &str, why: impl Into<String>) -> Self {
        Self::Damaged(Damage { table, id: id.to_owned(), why: why.into() })
    }

    pub fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// The stable code that other software may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::WrongPassword(_) => "wrong_password",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::Conflict { code, .. } | Self::Changed { code, .. } => code,
            Self::Exists => "exists",
            Self::InUse => "in_use",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Invalid(_) => "invalid",
            Self::TooMany { .. } => "too_many",
            Self::PeerRefused(_) => "peer_refused",
            Self::PeerUnreachable(_) => "peer_unreachable",
            Self::PeerTimeout(_) => "peer_timeout",
            Self::Busy(_) => "busy",
            Self::Damaged(_) | Self::Internal(_) => "internal",
        }
    }
}
