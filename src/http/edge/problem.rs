//! What a failure answers over HTTP: one status each, and `application/problem+json` (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::app::reasons::AnyWhy;
use crate::domain::fault::Fault;
use crate::domain::reason::{Reason, Why};
use crate::error::{Code, Error};

/// The body of every refusal under /api (RFC 9457). `detail` is for programs and logs: a page says the codes.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: Code,
    detail: String,
    /// What the code speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    params: Option<&'a Map<String, Value>>,
    /// Of a refusal by an outside system, or of something forbidden: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AnyWhy>)]
    why: Option<Why>,
    errors: Vec<RefusedField<'a>>,
    /// Of `note_changed`, `contact_changed` and `row_changed`: how it stands now.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    current: Option<&'a Map<String, Value>>,
}

/// A refused member of a request.
#[derive(Serialize, utoipa::ToSchema)]
struct RefusedField<'a> {
    field: &'a str,
    #[serde(flatten)]
    fault: &'a Fault,
    message: &'a str,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::WrongPassword(_) | Self::SecondFactorNeeded | Self::WrongCode => {
                StatusCode::UNAUTHORIZED
            }
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict { .. } | Self::Changed { .. } | Self::Exists | Self::InUse => StatusCode::CONFLICT,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::PeerRefused(_) | Self::PeerUnreachable(_) => StatusCode::BAD_GATEWAY,
            Self::PeerTimeout(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Busy(_) | Self::TookTooLong => StatusCode::SERVICE_UNAVAILABLE,
            Self::Damaged(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// `application/problem+json` (RFC 9457); a failure of ours is logged here, once.
    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let detail = match self {
            Self::Damaged(_) | Self::Internal(_) => "something went wrong on our side; the log says what".to_owned(),
            Self::Busy(_) => "the message could not be kept; send it again in a moment".to_owned(),
            other => other.to_string(),
        };
        // The store says once that it is in trouble; a line for every refused request would fill the disk further.
        if status.is_server_error() && !matches!(self, Self::PeerRefused(_) | Self::Busy(_)) {
            tracing::error!(error = %self, code = %self.code(), "a request failed");
        }
        let mut answer = HttpResponse::build(status);
        answer.insert_header((CONTENT_TYPE, "application/problem+json"));
        match self {
            Self::TooMany { retry_after_s, .. } => {
                answer.insert_header((RETRY_AFTER, retry_after_s.to_string()));
            }
            Self::Busy(_) | Self::TookTooLong => {
                answer.insert_header((RETRY_AFTER, "1"));
            }
            _ => {}
        }
        let errors = match self {
            Self::Invalid(errors) => errors.as_slice(),
            _ => &[],
        };
        let errors =
            errors.iter().map(|one| RefusedField { field: &one.field, fault: &one.fault, message: &one.message });
        let why = match self {
            Self::PeerRefused(reason) | Self::PeerUnreachable(reason) | Self::PeerTimeout(reason) => {
                Some(reason.why.clone())
            }
            Self::Forbidden(what) => Some(Reason::of(what).why),
            _ => None,
        };
        let params = match self {
            Self::Conflict { params, .. } if !params.is_empty() => Some(params),
            _ => None,
        };
        answer.body(
            serde_json::to_string(&Problem {
                kind: "about:blank",
                title: status.canonical_reason().unwrap_or("Error"),
                status: status.as_u16(),
                code: self.code(),
                detail,
                params,
                why,
                errors: errors.collect(),
                current: if let Self::Changed { current, .. } = self { Some(current) } else { None },
            })
            .unwrap_or_default(),
        )
    }
}
