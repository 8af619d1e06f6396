//! SipSim: a call from the app on a person's phone.
//!
//! Source: "Click2Call API", version 1.0.

use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::domain::text::clean_line;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::http::{Answer, Client};
use crate::telephony::{DialError, DialOrder, RateLimit};

const PEER: &str = "SipSim";
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
        let sent = self.client.send_json(Method::GET, self.address.url().clone(), None, &request).await;
        let answer = sent.map_err(|failure| DialError::of_failure(&failure, PEER))?;
        read(&answer).map_err(DialError::NotPlaced)
    }

    /// What SipSim allows with one token.
    pub fn limit(&self) -> RateLimit<'_> {
        RateLimit { peer: PEER, token: &self.token, most: MOST_REQUESTS, in_ms: IN_MS }
    }

    /// Looks whether the address can be reached: SipSim answers nothing but requests for calls.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<String> {
        self.client.reach(&self.address).await.map_err(|failure| failure.explain(PEER))?;
        Ok("the settings are complete and SipSim's address can be reached; whether it accepts the tokens cannot be told \
            without placing a call"
            .to_owned())
    }
}

fn read(answer: &Answer) -> Result<()> {
    match serde_json::from_str::<Reply>(&answer.body) {
        Ok(Reply { success: true, .. }) => Ok(()),
        Ok(Reply { message, .. }) => Err(Error::PeerRefused(explain(&message.unwrap_or_default()))),
        Err(_) => Err(Error::PeerRefused(explain_status(answer.status))),
    }
}

/// An answer that is none of SipSim's.
fn explain_status(status: StatusCode) -> String {
    let address = "put in the address exactly as SipSim's technical service gave it";
    match status {
        _ if status.is_redirection() => format!("SipSim's address leads elsewhere; {address}"),
        StatusCode::TOO_MANY_REQUESTS => {
            "SipSim was asked too often and blocks the token for 10 minutes; call by hand until then".to_owned()
        }
        _ if status.is_server_error() => {
            format!("SipSim has a fault of its own (HTTP {}); try again in a moment", status.as_u16())
        }
        _ if status.is_success() => format!("what answers at this address is not SipSim; {address}"),
        _ => format!("SipSim refused the request (HTTP {}); {address}", status.as_u16()),
    }
}

/// The comma list of a refusal as a sentence that says what to do.
fn explain(message: &str) -> String {
    let message = clean_line(message).to_ascii_lowercase();
    if message.contains("uninstalled app") {
        return "the SipSim app is not installed on the phone of your line: install it there, open it once, and call \
                again"
            .to_owned();
    }
    let parts = message.split(',').map(str::trim);
    let reasons: Vec<_> =
        parts.filter(|part| !part.is_empty() && *part != "something went wrong").map(explain_part).collect();
    if reasons.is_empty() {
        return "SipSim refused the call without saying why; try again in a moment, and ask SipSim's technical service \
                if that does not help"
            .to_owned();
    }
    format!("SipSim refused the call: {}", reasons.join("; "))
}

fn explain_part(part: &str) -> String {
    if let Some(name) = part.strip_suffix("is required param") {
        return explain_missing(name.trim());
    }
    match part {
        "invalid caller number" => "your line is no SipSim number (caller): an admin corrects it under Users, with + \
                                    and the country code"
            .to_owned(),
        "invalid receiver number" => {
            "this number cannot be called (receiver): write it with + and the country code".to_owned()
        }
        other => format!("it says “{}”", other.chars().take(SAID_CHARS).collect::<String>()),
    }
}

/// SipSim calls "required" what is missing and, of tokens, what it does not accept.
fn explain_missing(name: &str) -> String {
    let (what, advice) = match name {
        "crm_name" => ("the CRM's name", "enter it as SipSim's technical service gave it"),
        "crm_token" => ("the developer's token", "enter it as SipSim's technical service gave it"),
        "token" => ("the client's token", "make a new one in the SipSim cabinet, Integrations, Click2Call API"),
        "caller" => ("the number of your line", "an admin enters it under Users, with + and the country code"),
        "receiver" => ("the number to call", "write it with + and the country code"),
        "pbx_id" => ("the call's id", "an admin sets id_field to the name that SipSim wants for it"),
        "crm_username" => ("your name", "an admin enters it under Users"),
        other => return format!("{} is missing", other.chars().take(SAID_CHARS).collect::<String>()),
    };
    format!("{what} ({name}) is missing or not accepted: {advice}")
}
