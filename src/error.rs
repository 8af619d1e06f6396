//! What can go wrong, as the caller must hear it: one enum, one status and one stable code each.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

pub type Result<T> = std::result::Result<T, Error>;

/// A refused member of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
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
            Self::Conflict { code, .. } => code,
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Invalid(_) => "invalid",
            Self::TooMany { .. } => "too_many",
            Self::PeerRefused(_) => "peer_refused",
            Self::PeerUnreachable(_) => "peer_unreachable",
            Self::PeerTimeout(_) => "peer_timeout",
            Self::Busy(_) => "busy",
            Self::Internal(_) => "internal",
        }
    }
}

/// The body of every refusal under /api (RFC 9457).
#[derive(Serialize, utoipa::ToSchema)]
pub struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: String,
    errors: &'a [FieldError],
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::WrongPassword(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::PeerRefused(_) | Self::PeerUnreachable(_) => StatusCode::BAD_GATEWAY,
            Self::PeerTimeout(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// `application/problem+json` (RFC 9457); a failure of ours is logged here, once.
    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let detail = match self {
            Self::Internal(_) => "something went wrong on our side; the log says what".to_owned(),
            Self::Busy(_) => "the message could not be kept; send it again in a moment".to_owned(),
            other => other.to_string(),
        };
        // The store says once that it is in trouble; a line for every refused request would fill the disk further.
        if status.is_server_error() && !matches!(self, Self::PeerRefused(_) | Self::Busy(_)) {
            tracing::error!(error = %self, code = self.code(), "a request failed");
        }
        let mut answer = HttpResponse::build(status);
        answer.insert_header((CONTENT_TYPE, "application/problem+json"));
        match self {
            Self::TooMany { retry_after_s, .. } => {
                answer.insert_header((RETRY_AFTER, retry_after_s.to_string()));
            }
            Self::Busy(_) => {
                answer.insert_header((RETRY_AFTER, "1"));
            }
            _ => {}
        }
        let errors: &[FieldError] = match self {
            Self::Invalid(errors) => errors,
            _ => &[],
        };
        answer.body(
            serde_json::to_string(&Problem {
                kind: "about:blank",
                title: status.canonical_reason().unwrap_or("Error"),
                status: status.as_u16(),
                code: self.code(),
                detail,
                errors,
            })
            .unwrap_or_default(),
        )
    }
}
