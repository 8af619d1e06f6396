//! What UIS answers, and what a person can do about it.
//!
//! Source: "Call API", sections 3 to 5 and "Error codes".

use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::domain::text::clean_line;
use crate::error::Error;
use crate::telephony::failure::Failure;
use crate::telephony::http::Answer;
use crate::telephony::loose;

const PEER: Kind = Kind::Uis;
const KEY_BYTES: usize = 1_024;
const SAID_CHARS: usize = 200;

/// What only UIS says: an error of section 5 by its number, with its own words, or "fail" in the place of "success".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params")]
#[schema(as = UisRefusal)]
pub enum Refusal {
    #[error("UIS took the request and could not place the call; check that both numbers can be reached, and try again")]
    #[serde(rename = "uis.failed")]
    Failed,
    #[error(
        "UIS refused the request ({said}): it does not know this version of the Call API; enter the address \
         with the version in force, /v1"
    )]
    #[serde(rename = "uis.version")]
    Version { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): this server's address is not on the list of allowed ones; add it \
         in the UIS cabinet"
    )]
    #[serde(rename = "uis.address")]
    Address { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): the session key is not known, and a new one does not help; check \
         the login and the password in the integration's settings"
    )]
    #[serde(rename = "uis.unknown_key")]
    UnknownKey { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): it is not permitted; check the service number (numb), the login \
         and the password, and that the Call API is switched on in the tariff"
    )]
    #[serde(rename = "uis.not_permitted")]
    NotPermitted { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): the limit of calls, by the day or by the minute, is exceeded; \
         raise it at UIS, or wait"
    )]
    #[serde(rename = "uis.limit")]
    Limit { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): the session key has expired, and a new one does not help; try \
         again in a moment"
    )]
    #[serde(rename = "uis.old_key")]
    OldKey { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): the request lacks a member that UIS wants; check the integration's \
         settings"
    )]
    #[serde(rename = "uis.incomplete")]
    Incomplete { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): the Call API does not know the request; check that the address \
         ends in the version, /v1"
    )]
    #[serde(rename = "uis.unknown_method")]
    UnknownMethod { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): a parameter is wrong; check the numbers, the service number \
         (numb), the media file, the messages and the group in the integration's settings"
    )]
    #[serde(rename = "uis.bad_parameter")]
    BadParameter { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): it has a fault of its own; try again, and ask UIS's support if \
         that does not help"
    )]
    #[serde(rename = "uis.own_fault")]
    OwnFault { number: i64, said: String },
    #[error(
        "UIS refused the request ({said}): it could not read the request; check that the address is the Call \
         API's and ends in /v1"
    )]
    #[serde(rename = "uis.not_read")]
    NotRead { number: i64, said: String },
    #[error("UIS refused the request ({said}): ask UIS's support what that means")]
    #[serde(rename = "uis.other")]
    Other { number: i64, said: String },
}

/// Why there is no call: a refusal of UIS's, or an answer that is none of its.
#[derive(Debug)]
pub enum Refused {
    ByUis(Refusal),
    Foreign(Failure),
}

impl Refused {
    /// Whether a new session key helps: nothing was placed with the old one.
    pub fn is_of_session(&self) -> bool {
        matches!(self, Self::ByUis(Refusal::UnknownKey { .. } | Refusal::OldKey { .. }))
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::ByUis(refusal) => Self::PeerRefused(Reason::of(&refusal)),
            Refused::Foreign(failure) => failure.into(),
        }
    }
}

fn foreign(answer: &Answer) -> Refused {
    Refused::Foreign(Failure::of_status(PEER, answer.status))
}

/// The answer of authenticate.
pub fn read_key(answer: &Answer) -> Result<SecretString, Refused> {
    let result = read(answer)?;
    let key = result.get("session_key").and_then(Value::as_str).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_BYTES { Err(foreign(answer)) } else { Ok(key.into()) }
}

/// The answer of place_calls.
pub fn read_placed(answer: &Answer) -> Result<(), Refused> {
    match read(answer)?.as_str() {
        Some("success") => Ok(()),
        Some("fail") => Err(Refused::ByUis(Refusal::Failed)),
        _ => Err(foreign(answer)),
    }
}

/// The result; the document prints its name as `resutl`.
fn read(answer: &Answer) -> Result<Value, Refused> {
    let strict = serde_json::from_str::<Value>(&answer.body).ok();
    let reply = strict.or_else(|| as_printed(&answer.body)).ok_or_else(|| foreign(answer))?;
    if let Some(error) = reply.get("error").filter(|error| !error.is_null()) {
        return Err(read_error(error).map_or_else(|| foreign(answer), Refused::ByUis));
    }
    let result = reply.get("result").or_else(|| reply.get("resutl"));
    result.cloned().ok_or_else(|| foreign(answer))
}

/// An answer as the document prints it, without quotes around the names.
fn as_printed(body: &str) -> Option<Value> {
    if let Some(code) = loose::member(body, "code") {
        let words = |name: &str| loose::member(body, name).unwrap_or_default();
        let error = json!({"code": code, "message": words("message"), "details": words("details")});
        return Some(json!({ "error": error }));
    }
    if let Some(key) = loose::member(body, "session_key") {
        return Some(json!({"result": {"session_key": key}}));
    }
    let result = loose::member(body, "result").or_else(|| loose::member(body, "resutl"))?;
    Some(json!({ "result": result }))
}

fn read_error(error: &Value) -> Option<Refusal> {
    let code = error.get("code")?;
    let number = code.as_i64().or_else(|| code.as_str()?.trim().parse().ok())?;
    let words = |name: &str| error.get(name).map(words).unwrap_or_default();
    // The document calls it `data` and prints `details`.
    let details = if error.get("data").is_some() { words("data") } else { words("details") };
    let message = words("message");
    let is_version = message.to_ascii_lowercase().contains("version not supported");
    let said: Vec<_> = [number.to_string(), message, details].into_iter().filter(|words| !words.is_empty()).collect();
    let said = said.join(", ");
    Some(match number {
        _ if is_version => Refusal::Version { number, said },
        -32001 => Refusal::Address { number, said },
        -32002 => Refusal::UnknownKey { number, said },
        -32003 => Refusal::NotPermitted { number, said },
        -32004 => Refusal::Limit { number, said },
        -32005 => Refusal::OldKey { number, said },
        -32600 => Refusal::Incomplete { number, said },
        -32601 => Refusal::UnknownMethod { number, said },
        -32602 => Refusal::BadParameter { number, said },
        -32603 => Refusal::OwnFault { number, said },
        -32700 => Refusal::NotRead { number, said },
        _ => Refusal::Other { number, said },
    })
}

fn words(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => clean_line(text),
        other => other.to_string(),
    };
    text.chars().take(SAID_CHARS).collect()
}
