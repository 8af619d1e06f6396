//! The Cloud PBX: makeCall and accounts.
//!
//! Source: "REST API Облачной АТС", section 4.2.

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::text::clean_line;
use crate::error::{Error, Result};
use crate::telephony::address::Address;
use crate::telephony::http::{Answer, Client, Failure};
use crate::telephony::{Account, DialError, DialOrder, loose};

const PEER: &str = "the PBX";
const CALLID_BYTES: usize = 256;
const SAID_CHARS: usize = 200;

/// One Cloud PBX, by the address and the key from its cabinet.
#[derive(Clone, Debug)]
pub struct CloudPbx {
    pub address: Address,
    pub token: SecretString,
    pub client: Client,
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
        let answer = self.client.post_form(&self.address, &fields).await;
        let answer = answer.map_err(|failure| DialError::of_failure(&failure, PEER))?;
        read_call_id(&answer).map_err(DialError::NotPlaced)
    }

    /// Section 4.2.1, accounts; asked a second time when the line breaks.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let fields = [("cmd", "accounts"), ("token", self.token.expose_secret())];
        let mut answer = self.client.post_form(&self.address, &fields).await;
        if matches!(answer, Err(Failure::BrokeOff)) {
            answer = self.client.post_form(&self.address, &fields).await;
        }
        let answer = answer.map_err(|failure| failure.explain(PEER))?;
        accepted(&answer, "check the key and the address")?;
        let rows: Vec<AccountRow> = serde_json::from_str(&answer.body).map_err(|_| not_understood())?;
        let accounts = rows.into_iter().filter(|row| !row.name.trim().is_empty());
        Ok(accounts
            .map(|row| Account { account: clean_line(&row.name), name: clean_line(&row.real_name.unwrap_or_default()) })
            .collect())
    }

    /// Asks for the accounts, which needs a right address and a right key and rings nobody.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn check(&self) -> Result<String> {
        let count = self.accounts().await?.len();
        Ok(format!("the PBX answers and accepts the key; it names {count} employees"))
    }
}

/// Success by status; the body may be empty, `null`, a bare or quoted id, or an object with the id.
fn read_call_id(answer: &Answer) -> Result<Option<String>> {
    accepted(answer, "check that the line stands in the PBX and that the number can be dialled")?;
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
    if is_id { Ok(Some(id)) } else { Err(not_understood()) }
}

/// What stands for "done" rather than for a call: no two calls may be tied to it.
fn is_a_word_for_yes(text: &str) -> bool {
    ["", "0", "1", "ok", "true", "success", "null"].contains(&text.trim().to_ascii_lowercase().as_str())
}

/// Refuses whatever is no answer of a Cloud PBX that did as it was told; `advice` is what to do about 400.
fn accepted(answer: &Answer, advice: &str) -> Result<()> {
    let status = answer.status;
    let said = said(&answer.body);
    let is_token = said.to_ascii_lowercase().contains("token");
    let sentence = match status {
        _ if status.is_redirection() => {
            "the PBX's address leads elsewhere; put in the address from the PBX cabinet exactly as it stands there, \
             with https:// and /sys/crm_api.wcgp"
                .to_owned()
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => wrong_key(),
        StatusCode::BAD_REQUEST if is_token => wrong_key(),
        StatusCode::BAD_REQUEST if said.is_empty() => format!("the PBX refused the request; {advice}"),
        StatusCode::BAD_REQUEST => format!("the PBX refused the request ({said}); {advice}"),
        StatusCode::NOT_FOUND => {
            "there is no PBX interface at this address (HTTP 404); copy the address again from the \
                                  PBX cabinet: it ends in /sys/crm_api.wcgp"
                .to_owned()
        }
        StatusCode::TOO_MANY_REQUESTS => "the PBX is asked too often; wait a minute and try again".to_owned(),
        _ if status.is_server_error() => {
            format!("the PBX has a fault of its own (HTTP {}); try again in a moment", status.as_u16())
        }
        _ if !status.is_success() => {
            format!("the PBX refused the request (HTTP {}); {advice}", status.as_u16())
        }
        _ if answer.body.starts_with('<') => return Err(not_understood()),
        _ if is_token => wrong_key(),
        _ if !said.is_empty() => format!("the PBX refused the request ({said}); {advice}"),
        _ => return Ok(()),
    };
    Err(Error::PeerRefused(sentence))
}

fn wrong_key() -> String {
    "the PBX does not accept the key; copy it again from the PBX cabinet into the integration's token".to_owned()
}

fn not_understood() -> Error {
    Error::PeerRefused(
        "what answers at this address is no Cloud PBX; copy the address again from the PBX cabinet: it ends in \
         /sys/crm_api.wcgp"
            .to_owned(),
    )
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
