//! What of a request cannot be read, said as our own errors.

use actix_web::error::{JsonPayloadError, PathError, PayloadError, QueryPayloadError};
use actix_web::{HttpRequest, web};

use crate::domain::fault::Fault;
use crate::error::{Error, FieldError};

/// The largest JSON body.
pub const JSON_LIMIT: usize = 256 * 1024;

pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.app_data(web::JsonConfig::default().limit(JSON_LIMIT).error_handler(refuse_json));
    cfg.app_data(web::QueryConfig::default().error_handler(refuse_query));
    cfg.app_data(web::PathConfig::default().error_handler(refuse_path));
}

fn refuse_json(error: JsonPayloadError, _: &HttpRequest) -> actix_web::Error {
    match error {
        JsonPayloadError::OverflowKnownLength { .. }
        | JsonPayloadError::Overflow { .. }
        | JsonPayloadError::Payload(PayloadError::Overflow) => Error::TooLarge,
        JsonPayloadError::ContentType => Error::BadRequest("send JSON with Content-Type: application/json".to_owned()),
        JsonPayloadError::Deserialize(error) if error.is_data() => refuse_member(&error.to_string()),
        JsonPayloadError::Deserialize(_) => Error::BadRequest("the body is not JSON".to_owned()),
        _ => Error::BadRequest("the body ended too early".to_owned()),
    }
    .into()
}

/// serde names the member in back-ticks when it is missing or unknown; of a wrong type it says only what it wanted.
fn refuse_member(message: &str) -> Error {
    let message = message.split(" at line ").next().unwrap_or(message);
    let (fault, is_named) = match message {
        _ if message.starts_with("missing field") => (Fault::Required, true),
        _ if message.starts_with("unknown field") => (Fault::Unknown, true),
        _ => (Fault::WrongForm, false),
    };
    let name = message.split('`').nth(1).filter(|_| is_named).unwrap_or("");
    FieldError::new(name, fault).saying(message.replace('`', "")).into()
}

fn refuse_query(error: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    match error {
        QueryPayloadError::Deserialize(error) => {
            FieldError::new("query", Fault::WrongForm).saying(error.to_string()).into()
        }
        _ => Error::BadRequest("the query cannot be read".to_owned()),
    }
    .into()
}

fn refuse_path(_: PathError, _: &HttpRequest) -> actix_web::Error {
    Error::NotFound("page").into()
}
