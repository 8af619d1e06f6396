//! The Cloud PBX: makeCall and accounts.
//!
//! Source: "REST API Облачной АТС", section 4.2.

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::domain::text::clean_line;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::failure::Failure;
use crate::telephony::http::{Answer, Client};
use crate::telephony::loose;
use crate::telephony::order::{Account, DialError, DialOrder, Proof};

const PEER: Kind = Kind::CloudPbx;
const CALLID_BYTES: usize = 256;
const SAID_CHARS: usize = 200;

/// One Cloud PBX, by the address and the key from its cabinet.
#[derive(Clone, Debug)]
pub struct CloudPbx {
    pub address: Address,
    pub token: SecretString,
    pub client: Client,
}

/// What only a Cloud PBX says; `said` is its own words, or its status where it had none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params")]
#[schema(as = CloudPbxRefusal)]
pub enum Refusal {
    #[error("the PBX does not accept the key; copy it again from the PBX cabinet into the integration's token")]
    #[serde(rename = "cloud_pbx.key")]
    Key,
    #[error(
        "there is no PBX interface at this address (HTTP 404); copy the address again from the PBX cabinet: it ends \
         in /sys/crm_api.wcgp"
    )]
    #[serde(rename = "cloud_pbx.no_interface")]
    NoInterface,
    #[error(
        "the PBX refused the request{}; check that the line stands in the PBX and that the number can be dialled",
        in_brackets(.said)
    )]
    #[serde(rename = "cloud_pbx.call")]
    Call { said: String },
    #[error("the PBX refused the request{}; check the key and the address", in_brackets(.said))]
    #[serde(rename = "cloud_pbx.accounts")]
    Accounts { said: String },
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::PeerRefused(Reason::of(&refusal))
    }
}

fn in_brackets(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(" ({said})") }
}

/// A row of section 4.2.1; further members are ignored.
#[derive(Deserialize)]
struct AccountRow {
    name: String,
    #[serde(default, rename = "realName")]
    real_name: Option<String>,
}

impl CloudPbx {
    /// Section 4.2.2, makeCall: the PBX rings the employee first, then the client.
    ///
    /// # Errors
    /// Whether the call may have been placed, with a sentence that says what to do.
    pub async fn dial(&self, order: &DialOrder<'_>) -> std::result::Result<Option<String>, DialError> {
        let DialOrder { phone, account, .. } = order;
        // Real ones refuse a leading plus.
        let number = if phone.is_e164() { phone.digits() } else { phone.as_str().to_owned() };
        let token = self.token.expose_secret();
        let fields = [("cmd", "makeCall"), ("phone", &number), ("user", account), ("token", token)];
        let answer = self.client.post_form(PEER, &self.address, &fields).await;
        let answer = answer.map_err(DialError::of_failure)?;
        read_call_id(&answer).map_err(DialError::NotPlaced)
    }

    /// Section 4.2.1, accounts; asked a second time when the line breaks.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let fields = [("cmd", "accounts"), ("token", self.token.expose_secret())];
        let mut answer = self.client.post_form(PEER, &self.address, &fields).await;
        if matches!(answer, Err(Failure::BrokeOff { .. })) {
            answer = self.client.post_form(PEER, &self.address, &fields).await;
        }
        let answer = answer?;
        accepted(&answer, |said| Refusal::Accounts { said })?;
        let rows: Vec<AccountRow> =
            serde_json::from_str(&answer.body).map_err(|_| Failure::SomethingElse { peer: PEER })?;
        let accounts = rows.into_iter().filter(|row| !row.name.trim().is_empty());
        Ok(accounts
            .map(|row| Account { account: clean_line(&row.name), name: clean_line(&row.real_name.unwrap_or_default()) })
            .collect())
    }

    /// Asks for the accounts, which needs a right address and a right key and rings nobody.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<Proof> {
        Ok(Proof::CloudPbx { employees: self.accounts().await?.len() })
    }
}

/// Success by status; the body may be empty, `null`, a bare or quoted id, or an object with the id.
fn read_call_id(answer: &Answer) -> Result<Option<String>> {
    accepted(answer, |said| Refusal::Call { said })?;
    if answer.body.is_empty() {
        return Ok(None);
    }
    let id = match serde_json::from_str::<Value>(&answer.body) {
        Ok(Value::String(id)) => Some(id),
        Ok(Value::Number(id)) => Some(id.to_string()),
        Ok(Value::Object(members)) => members
            .iter()
            .find(|(name, _)| name.to_ascii_lowercase().replace('_', "") == "callid")
            .and_then(|(_, id)| id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()))),
        Ok(Value::Null | Value::Bool(_) | Value::Array(_)) => None,
        Err(_) => Some(answer.body.clone()),
    };
    let Some(id) = id.filter(|id| !is_a_word_for_yes(id)) else { return Ok(None) };
    let is_id = id.len() <= CALLID_BYTES && id.chars().all(|c| c.is_ascii_graphic() && !"<>{}[]\"".contains(c));
    if is_id { Ok(Some(id)) } else { Err(Failure::SomethingElse { peer: PEER }.into()) }
}

/// What stands for "done" rather than for a call: no two calls may be tied to it.
fn is_a_word_for_yes(text: &str) -> bool {
    ["", "0", "1", "ok", "true", "success", "null"].contains(&text.trim().to_ascii_lowercase().as_str())
}

/// Refuses whatever is no answer of a Cloud PBX that did as it was told; `refused` is what its own words speak of.
fn accepted(answer: &Answer, refused: impl Fn(String) -> Refusal) -> Result<()> {
    let status = answer.status;
    let said = said(&answer.body);
    let is_token = said.to_ascii_lowercase().contains("token");
    let refusal = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Refusal::Key,
        StatusCode::BAD_REQUEST if is_token => Refusal::Key,
        StatusCode::BAD_REQUEST => refused(said),
        StatusCode::NOT_FOUND => Refusal::NoInterface,
        StatusCode::TOO_MANY_REQUESTS => return Err(Failure::of_status(PEER, status).into()),
        _ if status.is_client_error() => refused(format!("HTTP {}", status.as_u16())),
        _ if !status.is_success() || answer.body.starts_with('<') => {
            return Err(Failure::of_status(PEER, status).into());
        }
        _ if is_token => Refusal::Key,
        _ if !said.is_empty() => refused(said),
        _ => return Ok(()),
    };
    Err(refusal.into())
}

/// The text of `error` in an object, whose keys real ones leave unquoted; empty when there is none.
fn said(body: &str) -> String {
    let text = clean_line(loose::member(body, "error").unwrap_or_default());
    if matches!(text.as_str(), "null" | "false" | "0") {
        String::new()
    } else {
        text.chars().take(SAID_CHARS).collect()
    }
}
