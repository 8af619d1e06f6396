//! What UIS answers, and what a person can do about it.
//!
//! Source: "Call API", sections 3 to 5 and "Error codes".

use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::domain::text::clean_line;
use crate::error::Error;
use crate::telephony::http::Answer;
use crate::telephony::loose;

const KEY_BYTES: usize = 1_024;
const SAID_CHARS: usize = 200;

/// An error as UIS says it.
#[derive(Debug)]
struct Said {
    code: i64,
    message: String,
    /// The document calls it `data` and prints `details`.
    details: String,
}

/// Why there is no call.
#[derive(Debug)]
pub struct Refusal(Why);

#[derive(Debug)]
enum Why {
    /// An error of section 5.
    Said(Said),
    /// "fail" in the place of "success".
    Failed,
    /// No answer of UIS's.
    Foreign(StatusCode),
}

/// The answer of authenticate.
pub fn read_key(answer: &Answer) -> Result<SecretString, Refusal> {
    let foreign = || Refusal(Why::Foreign(answer.status));
    let result = read(answer)?;
    let key = result.get("session_key").and_then(Value::as_str).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_BYTES { Err(foreign()) } else { Ok(key.into()) }
}

/// The answer of place_calls.
pub fn read_placed(answer: &Answer) -> Result<(), Refusal> {
    match read(answer)?.as_str() {
        Some("success") => Ok(()),
        Some("fail") => Err(Refusal(Why::Failed)),
        _ => Err(Refusal(Why::Foreign(answer.status))),
    }
}

/// The result; the document prints its name as `resutl`.
fn read(answer: &Answer) -> Result<Value, Refusal> {
    let foreign = || Refusal(Why::Foreign(answer.status));
    let strict = serde_json::from_str::<Value>(&answer.body).ok();
    let reply = strict.or_else(|| as_printed(&answer.body)).ok_or_else(foreign)?;
    if let Some(error) = reply.get("error").filter(|error| !error.is_null()) {
        return Err(read_error(error).map_or_else(foreign, |said| Refusal(Why::Said(said))));
    }
    let result = reply.get("result").or_else(|| reply.get("resutl"));
    result.cloned().ok_or_else(foreign)
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

fn read_error(error: &Value) -> Option<Said> {
    let code = error.get("code")?;
    let code = code.as_i64().or_else(|| code.as_str()?.trim().parse().ok())?;
    let words = |name: &str| error.get(name).map(words).unwrap_or_default();
    let details = if error.get("data").is_some() { words("data") } else { words("details") };
    Some(Said { code, message: words("message"), details })
}

fn words(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => clean_line(text),
        other => other.to_string(),
    };
    text.chars().take(SAID_CHARS).collect()
}

impl Refusal {
    /// Whether a new session key helps: nothing was placed with the old one.
    pub fn is_of_session(&self) -> bool {
        matches!(&self.0, Why::Said(Said { code: -32002 | -32005, .. }))
    }

    pub fn explain(&self) -> Error {
        Error::PeerRefused(match &self.0 {
            Why::Said(said) => said.explain(),
            Why::Failed => {
                "UIS took the request and could not place the call; check that both numbers can be reached, \
                            and try again"
                    .to_owned()
            }
            Why::Foreign(status) => explain_status(*status),
        })
    }
}

impl Said {
    fn explain(&self) -> String {
        let advice = match self.code {
            _ if self.message.to_ascii_lowercase().contains("version not supported") => {
                "it does not know this version of the Call API; enter the address with the version in force, /v1"
            }
            -32001 => "this server's address is not on the list of allowed ones; add it in the UIS cabinet",
            -32002 => {
                "the session key is not known, and a new one does not help; check the login and the password in the \
                 integration's settings"
            }
            -32003 => {
                "it is not permitted; check the service number (numb), the login and the password, and that the Call \
                 API is switched on in the tariff"
            }
            -32004 => "the limit of calls, by the day or by the minute, is exceeded; raise it at UIS, or wait",
            -32005 => "the session key has expired, and a new one does not help; try again in a moment",
            -32600 => "the request lacks a member that UIS wants; check the integration's settings",
            -32601 => "the Call API does not know the request; check that the address ends in the version, /v1",
            -32602 => {
                "a parameter is wrong; check the numbers, the service number (numb), the media file, the messages and \
                 the group in the integration's settings"
            }
            -32603 => "it has a fault of its own; try again, and ask UIS's support if that does not help",
            -32700 => "it could not read the request; check that the address is the Call API's and ends in /v1",
            _ => "ask UIS's support what that means",
        };
        let code = self.code.to_string();
        let said = [code, self.message.clone(), self.details.clone()];
        let said: Vec<_> = said.into_iter().filter(|words| !words.is_empty()).collect();
        format!("UIS refused the request ({}): {advice}", said.join(", "))
    }
}

fn explain_status(status: StatusCode) -> String {
    let address = "put in the Call API's address, which ends in /v1";
    match status {
        _ if status.is_redirection() => format!("UIS's address leads elsewhere; {address}"),
        StatusCode::TOO_MANY_REQUESTS => "UIS is asked too often; wait a minute and try again".to_owned(),
        _ if status.is_server_error() => {
            format!("UIS has a fault of its own (HTTP {}); try again in a moment", status.as_u16())
        }
        _ if status.is_success() => format!("what answers at this address is not UIS's Call API; {address}"),
        _ => format!("UIS refused the request (HTTP {}); {address}", status.as_u16()),
    }
}
