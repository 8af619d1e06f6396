//! Mango calltracking: it is told of calls, and of their recordings.
//!
//! Source: "API для сторонних АТС".

use reqwest::{Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;

use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::telephony::address::Address;
use crate::telephony::http::{Answer, Client};
use crate::telephony::loose;

const PEER: &str = "Mango";
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
    /// A sentence for the admin.
    pub why: String,
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
        let answer = self.client.send_json(method, self.url(path), bearer, body).await;
        let answer = answer.map_err(|failure| Undelivered {
            cause: Cause::Fault { retry_after: None },
            why: failure.explain(PEER).to_string(),
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
    let refusal = (status.as_deref() == Some("error")).then(|| refusal(&answer.body));
    let (cause, why) = match refusal {
        _ if is_of_token(http) => (fault(answer.retry_after), token_refused()),
        _ if http == StatusCode::TOO_MANY_REQUESTS => {
            (fault(answer.retry_after), "Mango is asked too often".to_owned())
        }
        Some(refusal) if refusal.code.and_then(|code| StatusCode::from_u16(code).ok()).is_some_and(is_of_token) => {
            (fault(None), token_refused())
        }
        Some(refusal) => (refusal.cause(http, answer.retry_after), refusal.sentence()),
        None if http.is_redirection() => (fault(None), "Mango's address leads elsewhere; check the address".to_owned()),
        None if http.is_server_error() => {
            (fault(answer.retry_after), format!("Mango has a fault of its own (HTTP {})", http.as_u16()))
        }
        None => (fault(None), format!("the answer (HTTP {}) is none of Mango's; check the address", http.as_u16())),
    };
    Err(Undelivered { cause, why, answer: said })
}

fn fault(retry_after: Option<String>) -> Cause {
    Cause::Fault { retry_after }
}

fn is_of_token(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

fn token_refused() -> String {
    "Mango does not accept the token; copy it again from Mango's cabinet".to_owned()
}

/// `error` of an answer whose status is `error`.
struct Refusal {
    code: Option<u16>,
    message: String,
}

fn refusal(body: &str) -> Refusal {
    Refusal {
        code: text(body, "code").and_then(|code| code.parse().ok()),
        message: first_words(&text(body, "message").unwrap_or_default()),
    }
}

impl Refusal {
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

    fn sentence(&self) -> String {
        match (self.code, self.message.as_str()) {
            (None, "") => "Mango refused it and did not say why".to_owned(),
            (Some(code), "") => format!("Mango refused it (code {code})"),
            (None, message) => format!("Mango refused it: {message}"),
            (Some(code), message) => format!("Mango refused it: {message} (code {code})"),
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
