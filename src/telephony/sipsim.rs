//! SipSim: a call from the app on a person's phone.
//!
//! Source: "Click2Call API", version 1.0.

use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::domain::text::clean_line;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::failure::Failure;
use crate::telephony::http::{Answer, Client};
use crate::telephony::order::{DialError, DialOrder, Proof, RateLimit};

const PEER: Kind = Kind::Sipsim;
const SAID_CHARS: usize = 200;

/// "Restrictions on sending": more blocks the token for ten minutes.
const MOST_REQUESTS: i64 = 100;
const IN_MS: i64 = 60_000;

/// One SipSim account.
#[derive(Clone, Debug)]
pub struct SipSim {
    pub address: Address,
    pub crm_name: String,
    /// The developer's token.
    pub crm_token: SecretString,
    /// The client's token.
    pub token: SecretString,
    /// What the member with the call's id is called: the table says `PBX_ID`, the example `pbx_id`.
    pub id_field: String,
    pub crm_user_email: Option<String>,
    pub client: Client,
}

/// The body, in the order of the document's example.
struct Request<'a> {
    of: &'a SipSim,
    order: &'a DialOrder<'a>,
}

impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self { of, order } = self;
        let mut body = serializer.serialize_map(None)?;
        body.serialize_entry("crm_name", &of.crm_name)?;
        body.serialize_entry("crm_token", of.crm_token.expose_secret())?;
        body.serialize_entry("token", of.token.expose_secret())?;
        body.serialize_entry("caller", order.caller.as_str())?;
        body.serialize_entry("receiver", order.phone.as_str())?;
        body.serialize_entry(&of.id_field, order.call_id)?;
        body.serialize_entry("crm_username", order.person)?;
        if let Some(email) = &of.crm_user_email {
            body.serialize_entry("crm_user_email", email)?;
        }
        body.end()
    }
}

/// The answer; `success` decides, whatever the two statuses say.
#[derive(Deserialize)]
struct Reply {
    success: bool,
    #[serde(default)]
    message: Option<String>,
}

impl SipSim {
    /// Asks for a call from the person's SipSim number. Accepted is not ringing: a switched-off phone is accepted too.
    ///
    /// # Errors
    /// Whether the call may have been placed, with a sentence that says what to do.
    pub async fn dial(&self, order: &DialOrder<'_>) -> std::result::Result<(), DialError> {
        let request = Request { of: self, order };
        let sent = self.client.send_json(PEER, Method::GET, self.address.url().clone(), None, &request).await;
        let answer = sent.map_err(DialError::of_failure)?;
        read(&answer).map_err(DialError::NotPlaced)
    }

    /// What SipSim allows with one token.
    pub fn limit(&self) -> RateLimit<'_> {
        RateLimit { peer: "SipSim", token: &self.token, most: MOST_REQUESTS, in_ms: IN_MS }
    }

    /// Looks whether the address can be reached: SipSim answers nothing but requests for calls.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<Proof> {
        self.client.reach(PEER, &self.address).await?;
        Ok(Proof::SipSim)
    }
}

/// What only SipSim says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params")]
#[schema(as = SipSimRefusal)]
pub enum Refusal {
    #[error(
        "the SipSim app is not installed on the phone of your line: install it there, open it once, and call again"
    )]
    #[serde(rename = "sipsim.no_app")]
    NoApp,
    #[error("SipSim was asked too often and blocks the token for 10 minutes; call by hand until then")]
    #[serde(rename = "sipsim.blocked")]
    Blocked,
    #[error(
        "SipSim refused the call without saying why; try again in a moment, and ask SipSim's technical service if \
         that does not help"
    )]
    #[serde(rename = "sipsim.untold")]
    Untold,
    /// A comma list of what it does not accept.
    #[error("SipSim refused the call: {}", .parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    #[serde(rename = "sipsim.parts")]
    Parts { parts: Vec<Part> },
}

/// One of them. SipSim calls "required" what is missing and, of tokens, what it does not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Part {
    #[error("the CRM's name (crm_name) is missing or not accepted: enter it as SipSim's technical service gave it")]
    CrmName,
    #[error(
        "the developer's token (crm_token) is missing or not accepted: enter it as SipSim's technical service gave it"
    )]
    CrmToken,
    #[error(
        "the client's token (token) is missing or not accepted: make a new one in the SipSim cabinet, Integrations, \
         Click2Call API"
    )]
    Token,
    #[error(
        "the number of your line (caller) is missing or not accepted: an admin enters it under Users, with + and the \
         country code"
    )]
    Caller,
    #[error("the number to call (receiver) is missing or not accepted: write it with + and the country code")]
    Receiver,
    #[error(
        "the call's id (pbx_id) is missing or not accepted: an admin sets id_field to the name that SipSim wants for it"
    )]
    PbxId,
    #[error("your name (crm_username) is missing or not accepted: an admin enters it under Users")]
    CrmUsername,
    #[error("{name} is missing")]
    Missing { name: String },
    #[error("your line is no SipSim number (caller): an admin corrects it under Users, with + and the country code")]
    BadCaller,
    #[error("this number cannot be called (receiver): write it with + and the country code")]
    BadReceiver,
    #[error("it says “{said}”")]
    Said { said: String },
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::PeerRefused(Reason::of(&refusal))
    }
}

fn read(answer: &Answer) -> Result<()> {
    match serde_json::from_str::<Reply>(&answer.body) {
        Ok(Reply { success: true, .. }) => Ok(()),
        Ok(Reply { message, .. }) => Err(refusal(&message.unwrap_or_default()).into()),
        Err(_) if answer.status == StatusCode::TOO_MANY_REQUESTS => Err(Refusal::Blocked.into()),
        Err(_) => Err(Failure::of_status(PEER, answer.status).into()),
    }
}

fn refusal(message: &str) -> Refusal {
    let message = clean_line(message).to_ascii_lowercase();
    if message.contains("uninstalled app") {
        return Refusal::NoApp;
    }
    let parts = message.split(',').map(str::trim);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty() && *part != "something went wrong").map(part).collect();
    if parts.is_empty() { Refusal::Untold } else { Refusal::Parts { parts } }
}

fn part(text: &str) -> Part {
    let short = |text: &str| text.chars().take(SAID_CHARS).collect();
    if let Some(name) = text.strip_suffix("is required param") {
        return match name.trim() {
            "crm_name" => Part::CrmName,
            "crm_token" => Part::CrmToken,
            "token" => Part::Token,
            "caller" => Part::Caller,
            "receiver" => Part::Receiver,
            "pbx_id" => Part::PbxId,
            "crm_username" => Part::CrmUsername,
            other => Part::Missing { name: short(other) },
        };
    }
    match text {
        "invalid caller number" => Part::BadCaller,
        "invalid receiver number" => Part::BadReceiver,
        other => Part::Said { said: short(other) },
    }
}
