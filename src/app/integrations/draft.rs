//! An outside system's settings as an admin typed them, made fit to keep.

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::app::integrations::members::{self, Form, Member};
use crate::domain::integration::Kind;
use crate::domain::phone::Phone;
use crate::domain::text::{clean, clean_line};
use crate::error::{Error, FieldError, Result};
use crate::telephony::address::Address;
use crate::telephony::uis::options::{Group, Message};

const NAME_CHARS: usize = 50;
const LINE_CHARS: usize = 200;
const MESSAGE_CHARS: usize = 2_000;
const SECRET_BYTES: usize = 512;
const CRM_TOKEN_BYTES: usize = 20;
const GROUPS: usize = 50;

/// What stands for a secret in answers; in a request it leaves the secret as it is.
pub const SET: &str = "set";

/// Checked settings; what is absent stays as it is. Secrets are in clear and are never kept so.
#[derive(Debug, Default)]
pub struct SettingsDraft {
    /// As they are kept; null takes a member out.
    pub plain: Map<String, Value>,
    pub secrets: Vec<(&'static str, SecretString)>,
    /// What the PBX will prove itself with; kept as a hash only.
    pub crm_token: Option<SecretString>,
}

/// Why a member is refused.
type Fault = String;

impl SettingsDraft {
    /// Reads the settings of `kind` strictly; `region` reads numbers without a country code.
    ///
    /// # Errors
    /// `Invalid`, naming every refused member.
    pub fn parse(kind: Kind, mut settings: Map<String, Value>, region: &str) -> Result<Self> {
        let mut draft = Self::default();
        let mut errors = Vec::new();
        for member in members::of(kind) {
            let Some(value) = settings.remove(member.name) else { continue };
            if let Err(fault) = draft.take(member, value, region) {
                refuse(&mut errors, member.name, fault);
            }
        }
        for name in settings.keys() {
            let message = format!("{} has no setting {}", kind.as_str(), clean_line(name));
            errors.push(FieldError { field: "settings".to_owned(), message });
        }
        if errors.is_empty() { Ok(draft) } else { Err(Error::Invalid(errors)) }
    }

    /// Refuses a draft that lacks what a new integration must bring.
    ///
    /// # Errors
    /// `Invalid`, naming every missing member.
    pub fn required(&self, kind: Kind) -> Result<()> {
        let mut errors = Vec::new();
        for member in members::of(kind) {
            let is_brought = self.plain.get(member.name).is_some_and(|value| !value.is_null())
                || self.secrets.iter().any(|(name, _)| *name == member.name);
            if let Some(from) = member.needed.filter(|_| !is_brought) {
                refuse(&mut errors, member.name, format!("is needed: {from}"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    fn take(&mut self, member: &Member, value: Value, region: &str) -> std::result::Result<(), Fault> {
        match member.form {
            Form::Secret => {
                if let Some(secret) = secret(&value, 1)? {
                    self.secrets.push((member.name, secret));
                }
            }
            Form::CrmToken => self.crm_token = secret(&value, CRM_TOKEN_BYTES)?,
            _ if value.is_null() && member.needed.is_none() => {
                self.plain.insert(member.name.to_owned(), Value::Null);
            }
            form => {
                self.plain.insert(member.name.to_owned(), plain(form, value, region)?);
            }
        }
        Ok(())
    }
}

/// A member that is no secret, as it is kept.
fn plain(form: Form, value: Value, region: &str) -> std::result::Result<Value, Fault> {
    match form {
        Form::Address => {
            let address = Address::parse(&text(&value)?);
            let address = address.ok_or("must be an address such as https://pbx.example.org/sys/crm_api.wcgp")?;
            Ok(address.as_str().into())
        }
        Form::Number => {
            let number = clean_line(&text(&value)?);
            check_number(&number, region)?;
            Ok(number.into())
        }
        Form::Key => {
            let key = text(&value)?;
            let is_key = (1..=NAME_CHARS).contains(&key.len())
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if is_key { Ok(key.into()) } else { Err("must be letters of the Latin alphabet, digits and _".to_owned()) }
        }
        Form::Email => {
            let email = line(&value)?;
            if email.contains('@') { Ok(email.into()) } else { Err("must be an e-mail address".to_owned()) }
        }
        Form::Switch if value.is_boolean() => Ok(value),
        Form::Switch => Err("must be true or false".to_owned()),
        Form::OneOf(words) if value.as_str().is_some_and(|word| words.contains(&word)) => Ok(value),
        Form::OneOf(words) => Err(format!("must be one of: {}", words.join(", "))),
        Form::Message => message(value),
        Form::Groups => groups(value, region),
        Form::Line | Form::Secret | Form::CrmToken => Ok(line(&value)?.into()),
    }
}

fn text(value: &Value) -> std::result::Result<String, Fault> {
    value.as_str().map(str::to_owned).ok_or_else(|| "must be text".to_owned())
}

fn line(value: &Value) -> std::result::Result<String, Fault> {
    let line = clean_line(&text(value)?);
    let fits = (1..=LINE_CHARS).contains(&line.chars().count());
    if fits { Ok(line) } else { Err(format!("must be 1 to {LINE_CHARS} characters")) }
}

fn check_number(number: &str, region: &str) -> std::result::Result<(), Fault> {
    let is_public = Phone::parse(number, region).is_e164();
    if is_public { Ok(()) } else { Err("must be a phone number with its country code, such as 74951234567".to_owned()) }
}

fn strict<T: DeserializeOwned>(value: Value) -> std::result::Result<T, Fault> {
    serde_json::from_value(value).map_err(|error| error.to_string().replace('`', ""))
}

fn message(value: Value) -> std::result::Result<Value, Fault> {
    let mut message: Message = strict(value)?;
    message.value = clean(&message.value).trim().to_owned();
    let fits = (1..=MESSAGE_CHARS).contains(&message.value.chars().count());
    if !fits {
        return Err(format!("its value must be 1 to {MESSAGE_CHARS} characters"));
    }
    serde_json::to_value(message).map_err(|error| error.to_string())
}

fn groups(value: Value, region: &str) -> std::result::Result<Value, Fault> {
    let mut groups: Vec<Group> = strict(value)?;
    if groups.len() > GROUPS {
        return Err(format!("at most {GROUPS} groups"));
    }
    let mut names = Vec::new();
    for group in &mut groups {
        group.name = checked_group_name(&group.name, &names)?;
        names.push(group.name.clone());
        let said = |fault: Fault| format!("the group {} {fault}", group.name);
        for number in group.numbers() {
            check_number(number, region).map_err(|fault| said(format!("has {number}, which {fault}")))?;
        }
        if let Some(fault) = group.fault() {
            return Err(said(fault));
        }
    }
    serde_json::to_value(groups).map_err(|error| error.to_string())
}

fn checked_group_name(name: &str, taken: &[String]) -> std::result::Result<String, Fault> {
    let name = clean_line(name);
    if !(1..=NAME_CHARS).contains(&name.chars().count()) {
        return Err(format!("a group's name must be 1 to {NAME_CHARS} characters"));
    }
    if taken.contains(&name) { Err(format!("two groups have the name {name}")) } else { Ok(name) }
}

/// The secret, unless it is `set`.
fn secret(value: &Value, least: usize) -> std::result::Result<Option<SecretString>, Fault> {
    let text = text(value)?;
    let text = text.trim();
    if text == SET {
        return Ok(None);
    }
    let is_plain = !text.chars().any(char::is_control);
    if !(least..=SECRET_BYTES).contains(&text.len()) || !is_plain {
        return Err(format!("must be {least} to {SECRET_BYTES} characters"));
    }
    Ok(Some(text.into()))
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

fn refuse(errors: &mut Vec<FieldError>, member: &str, message: impl Into<String>) {
    errors.push(FieldError { field: format!("settings.{member}"), message: message.into() });
}
