//! Mango calltracking: it is told of calls, and of their recordings.
//!
//! Source: "API для сторонних АТС".

use reqwest::{Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::integration::Kind;
use crate::domain::phone::Phone;
use crate::domain::reason::Reason;
use crate::domain::text::clean_line;
use crate::telephony::address::Address;
use crate::telephony::failure::Failure;
use crate::telephony::http::{Answer, Client};
use crate::telephony::loose;

const PEER: Kind = Kind::Mango;
const SAID_CHARS: usize = 300;

/// Where the token stands (section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenIn {
    Header,
    Query,
}

/// One product of Mango's calltracking; the address ends in the version.
#[derive(Clone, Debug)]
pub struct Mango {
    pub address: Address,
    pub token: SecretString,
    pub token_in: TokenIn,
    pub widget_id: Option<String>,
    pub client: Client,
}

/// A call that has ended.
#[derive(Clone, Debug)]
pub struct EndedCall {
    pub callid: String,
    pub started_ms: i64,
    pub ended_ms: i64,
    pub to: Phone,
    pub from: Option<Phone>,
    pub link: Option<String>,
}

/// It was taken; `answer` is what was said, in its first words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub answer: String,
}

/// It was not taken, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    pub cause: Cause,
    /// For the admin.
    pub reason: Reason,
    /// What was said, in its first words; empty when nothing was.
    pub answer: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The data are refused: the same again would be refused again.
    Data,
    /// Refused with a reason that the document does not list.
    Refusal,
    /// Not reached, no readable answer, the token, or a fault of Mango's: it may get better by itself or by a change of
    /// the settings. With `Retry-After`, as it was sent.
    Fault { retry_after: Option<String> },
}

pub type Told = Result<Accepted, Undelivered>;

/// Section 2; what is optional and not known is the empty string, as the document's default.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalCall<'a> {
    call_id: &'a str,
    date_start: String,
    date_end: String,
    phone_to: &'a str,
    phone_from: &'a str,
    record_link: &'a str,
}

/// Section 3.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordingLink<'a> {
    record_link: &'a str,
}

impl Mango {
    /// Section 2, externalCall. Safe to repeat.
    ///
    /// # Errors
    /// Why it was not taken, and whether to try again.
    pub async fn announce_call(&self, call: &EndedCall) -> Told {
        let body = ExternalCall {
            call_id: &call.callid,
            date_start: whole_seconds(call.started_ms),
            date_end: whole_seconds(call.ended_ms),
            phone_to: call.to.as_str(),
            phone_from: call.from.as_ref().map_or("", Phone::as_str),
            record_link: call.link.as_deref().unwrap_or_default(),
        };
        self.send(Method::POST, &["calltracking", "externalCall"], &body).await
    }

    /// Section 3: the recording of a call that was announced before. Safe to repeat.
    ///
    /// # Errors
    /// Why it was not taken, and whether to try again.
    pub async fn announce_recording(&self, callid: &str, link: &str) -> Told {
        self.send(Method::PUT, &["calltracking", "externalCall", callid], &RecordingLink { record_link: link }).await
    }

    async fn send(&self, method: Method, path: &[&str], body: &impl Serialize) -> Told {
        let bearer = (self.token_in == TokenIn::Header).then_some(&self.token);
        let answer = self.client.send_json(PEER, method, self.url(path), bearer, body).await;
        let answer = answer.map_err(|failure| Undelivered {
            cause: Cause::Fault { retry_after: None },
            reason: Reason::of(&failure),
            answer: String::new(),
        })?;
        read(answer)
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.address.url().clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if self.token_in == TokenIn::Query {
            url.query_pairs_mut().append_pair("access_token", self.token.expose_secret());
        }
        if let Some(widget) = &self.widget_id {
            url.query_pairs_mut().append_pair("widgetId", widget);
        }
        url
    }
}

/// `2020-08-19T08:16:10Z`.
fn whole_seconds(ms: i64) -> String {
    jiff::Timestamp::from_second(ms.div_euclid(1000)).map(|at| at.to_string()).unwrap_or_default()
}

/// `status` decides, whatever the HTTP status; the document prints it with single quotes.
fn read(answer: Answer) -> Told {
    let said = first_words(&answer.body);
    let status = text(&answer.body, "status").map(|status| status.to_ascii_lowercase());
    if status.as_deref() == Some("ok") {
        return Ok(Accepted { answer: said });
    }
    let http = answer.status;
    let error = (status.as_deref() == Some("error")).then(|| read_error(&answer.body));
    let (cause, reason) = match error {
        _ if is_of_token(http) => (fault(answer.retry_after), Reason::of(&Refusal::Token)),
        _ if http == StatusCode::TOO_MANY_REQUESTS => {
            (fault(answer.retry_after), Reason::of(&Failure::AskedTooOften { peer: PEER }))
        }
        Some(error) if error.code.and_then(|code| StatusCode::from_u16(code).ok()).is_some_and(is_of_token) => {
            (fault(None), Reason::of(&Refusal::Token))
        }
        Some(error) => (error.cause(http, answer.retry_after), Reason::of(&error.refusal())),
        None => {
            let rest = answer.retry_after.filter(|_| http.is_server_error());
            (fault(rest), Reason::of(&Failure::of_status(PEER, http)))
        }
    };
    Err(Undelivered { cause, reason, answer: said })
}

fn fault(retry_after: Option<String>) -> Cause {
    Cause::Fault { retry_after }
}

fn is_of_token(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// What only Mango says; `said` is its own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params")]
#[schema(as = MangoRefusal)]
pub enum Refusal {
    #[error("Mango does not accept the token; copy it again from Mango's cabinet")]
    #[serde(rename = "mango.token")]
    Token,
    #[error("Mango refused it and did not say why")]
    #[serde(rename = "mango.untold")]
    Untold,
    #[error("Mango refused it (code {number})")]
    #[serde(rename = "mango.number")]
    Number { number: u16 },
    #[error("Mango refused it: {said}")]
    #[serde(rename = "mango.said")]
    Said { said: String },
    #[error("Mango refused it: {said} (code {number})")]
    #[serde(rename = "mango.said_number")]
    SaidNumber { number: u16, said: String },
}

/// `error` of an answer whose status is `error`.
struct SaidError {
    code: Option<u16>,
    message: String,
}

fn read_error(body: &str) -> SaidError {
    SaidError {
        code: text(body, "code").and_then(|code| code.parse().ok()),
        message: first_words(&text(body, "message").unwrap_or_default()),
    }
}

impl SaidError {
    /// The document lists no codes; one that is an HTTP status is read as such.
    fn cause(&self, http: StatusCode, retry_after: Option<String>) -> Cause {
        let is_of_data = |status: u16| matches!(status, 400 | 413 | 422);
        match self.code {
            _ if http.is_server_error() => fault(retry_after),
            Some(429 | 500..=599) => fault(retry_after),
            code if is_of_data(http.as_u16()) || code.is_some_and(is_of_data) => Cause::Data,
            _ => Cause::Refusal,
        }
    }

    fn refusal(self) -> Refusal {
        match (self.code, self.message) {
            (None, said) if said.is_empty() => Refusal::Untold,
            (Some(number), said) if said.is_empty() => Refusal::Number { number },
            (None, said) => Refusal::Said { said },
            (Some(number), said) => Refusal::SaidNumber { number, said },
        }
    }
}

/// A member of the answer, or of its `error`, read as JSON or, where it is none, as it can be told.
fn text(body: &str, name: &str) -> Option<String> {
    let Ok(value) = serde_json::from_str::<Value>(body) else { return loose::member(body, name).map(str::to_owned) };
    match value.get(name).or_else(|| value.get("error")?.get(name))? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn first_words(text: &str) -> String {
    clean_line(text).chars().take(SAID_CHARS).collect()
}
