//! An outside system's settings as an admin typed them, made fit to keep.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::integration::Kind;
use crate::domain::text::clean_line;
use crate::error::{Error, FieldError, Result};
use crate::telephony::address::Address;

const NAME_CHARS: usize = 50;
const SECRET_BYTES: usize = 512;
const CRM_TOKEN_BYTES: usize = 20;

/// What stands for a secret in answers; in a request it leaves the secret as it is.
pub const SET: &str = "set";

/// Checked settings; what is absent stays as it is. Secrets are in clear and are never kept so.
#[derive(Debug)]
pub struct SettingsDraft {
    pub url: Option<Address>,
    pub token: Option<SecretString>,
    /// What the PBX will prove itself with; kept as a hash only.
    pub crm_token: Option<SecretString>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloudPbxSettings {
    url: Option<String>,
    token: Option<String>,
    crm_token: Option<String>,
}

impl SettingsDraft {
    /// Reads the settings of `kind` strictly.
    ///
    /// # Errors
    /// `Invalid`, naming every refused member; `Conflict` `not_available` for a kind that cannot be connected yet.
    pub fn parse(kind: Kind, settings: Map<String, Value>) -> Result<Self> {
        if kind != Kind::CloudPbx {
            return Err(not_available());
        }
        let settings: CloudPbxSettings = serde_json::from_value(Value::Object(settings))
            .map_err(|error| Error::field("settings", error.to_string().replace('`', "")))?;
        let mut errors = Vec::new();
        let draft = Self {
            url: settings.url.and_then(|url| address(&url, &mut errors)),
            token: secret("token", settings.token, 1, &mut errors),
            crm_token: secret("crm_token", settings.crm_token, CRM_TOKEN_BYTES, &mut errors),
        };
        if errors.is_empty() { Ok(draft) } else { Err(Error::Invalid(errors)) }
    }

    /// What a new integration must bring.
    ///
    /// # Errors
    /// `Invalid`, naming every missing member.
    pub fn required(&self) -> Result<(&Address, &SecretString)> {
        let mut errors = Vec::new();
        if self.url.is_none() {
            refuse(&mut errors, "settings.url", "is needed: the address from the PBX cabinet");
        }
        if self.token.is_none() {
            refuse(&mut errors, "settings.token", "is needed: the key from the PBX cabinet");
        }
        self.url.as_ref().zip(self.token.as_ref()).ok_or(Error::Invalid(errors))
    }
}

pub fn not_available() -> Error {
    Error::conflict("not_available", "this kind of integration is not available yet; cloud-pbx is")
}

/// An integration's name, fit for a command line: `--line NAME=ACCOUNT`.
///
/// # Errors
/// `Invalid`.
pub fn checked_name(name: &str) -> Result<String> {
    let name = clean_line(name);
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.contains(['=', '/']) {
        return Err(Error::field("name", format!("must be 1 to {NAME_CHARS} characters, without = and /")));
    }
    Ok(name)
}

fn refuse(errors: &mut Vec<FieldError>, field: &str, message: impl Into<String>) {
    errors.push(FieldError { field: field.to_owned(), message: message.into() });
}

fn address(text: &str, errors: &mut Vec<FieldError>) -> Option<Address> {
    let address = Address::parse(text);
    if address.is_none() {
        refuse(errors, "settings.url", "must be an address such as https://pbx.example.org/sys/crm_api.wcgp");
    }
    address
}

/// The secret, unless it is absent or `set`.
fn secret(name: &str, text: Option<String>, least: usize, errors: &mut Vec<FieldError>) -> Option<SecretString> {
    let text = text?;
    let text = text.trim();
    if text == SET {
        return None;
    }
    let is_plain = !text.chars().any(char::is_control);
    if !(least..=SECRET_BYTES).contains(&text.len()) || !is_plain {
        refuse(errors, &format!("settings.{name}"), format!("must be {least} to {SECRET_BYTES} characters"));
    }
    Some(text.into())
}
