//! An outside system's settings as an admin typed them, made fit to keep.

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::app::integrations::members::{self, Form, Member};
use crate::domain::address;
use crate::domain::fault::Fault;
use crate::domain::integration::Kind;
use crate::domain::phone::Phone;
use crate::domain::text::{clean, clean_line};
use crate::error::{Error, FieldError, Result};
use crate::telephony::address::Address;
use crate::telephony::hosts::Hosts;
use crate::telephony::uis::options::{Group, Message};

const NAME_CHARS: usize = 50;
const LINE_CHARS: usize = 200;
const MESSAGE_CHARS: usize = 2_000;
const SECRET_BYTES: usize = 512;
const CRM_TOKEN_BYTES: usize = 20;
const GROUPS: usize = 50;
const HOSTS: usize = 50;

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

/// What is wrong with a value, and a sentence that may know more than the fault does.
struct Bad {
    fault: Fault,
    message: String,
}

impl Bad {
    fn saying(fault: Fault, message: impl Into<String>) -> Self {
        Self { fault, message: message.into() }
    }
}

impl From<Fault> for Bad {
    fn from(fault: Fault) -> Self {
        Self { message: fault.to_string(), fault }
    }
}

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
            if let Err(Bad { fault, message }) = draft.take(member, value, region) {
                errors.push(FieldError::new(format!("settings.{}", member.name), fault).saying(message));
            }
        }
        for name in settings.keys() {
            let message = format!("{} has no setting {}", kind.as_str(), clean_line(name));
            errors.push(FieldError::new("settings", Fault::Unknown).saying(message));
        }
        Error::unless_empty(errors).map(|()| draft)
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
                let refused = FieldError::new(format!("settings.{}", member.name), Fault::Required);
                errors.push(refused.saying(format!("is needed: {from}")));
            }
        }
        Error::unless_empty(errors)
    }

    fn take(&mut self, member: &Member, value: Value, region: &str) -> std::result::Result<(), Bad> {
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
fn plain(form: Form, value: Value, region: &str) -> std::result::Result<Value, Bad> {
    match form {
        Form::Address => {
            let address = Address::parse(&text(&value)?);
            let address = address.ok_or_else(|| {
                Bad::saying(Fault::NotAnAddress, "must be an address such as https://pbx.example.org/sys/crm_api.wcgp")
            })?;
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
            if is_key {
                Ok(key.into())
            } else {
                Err(Bad::saying(Fault::BadCharacters, "must be letters of the Latin alphabet, digits and _"))
            }
        }
        Form::Email => {
            let email = line(&value)?;
            if email.contains('@') { Ok(email.into()) } else { Err(Fault::NotAnEmail.into()) }
        }
        Form::Switch if value.is_boolean() => Ok(value),
        Form::Switch => Err(Bad::saying(Fault::WrongForm, "must be true or false")),
        Form::OneOf(words) if value.as_str().is_some_and(|word| words.contains(&word)) => Ok(value),
        Form::OneOf(words) => Err(Fault::OneOf { allowed: words.iter().map(|&word| word.to_owned()).collect() }.into()),
        Form::Message => message(value),
        Form::Groups => groups(value, region),
        Form::Hosts => hosts(value),
        Form::Networks => networks(value),
        Form::Line | Form::Secret | Form::CrmToken => Ok(line(&value)?.into()),
    }
}

fn text(value: &Value) -> std::result::Result<String, Bad> {
    value.as_str().map(str::to_owned).ok_or_else(|| Bad::saying(Fault::WrongForm, "must be text"))
}

fn line(value: &Value) -> std::result::Result<String, Bad> {
    let line = clean_line(&text(value)?);
    let fits = (1..=LINE_CHARS).contains(&line.chars().count());
    if fits { Ok(line) } else { Err(Fault::Length { least: 1, most: LINE_CHARS }.into()) }
}

fn check_number(number: &str, region: &str) -> std::result::Result<(), Bad> {
    let is_public = Phone::parse(number, region).is_e164();
    let sentence = "must be a phone number with its country code, such as 74951234567";
    if is_public { Ok(()) } else { Err(Bad::saying(Fault::NotANumber, sentence)) }
}

fn strict<T: DeserializeOwned>(value: Value) -> std::result::Result<T, Bad> {
    serde_json::from_value(value).map_err(|error| Bad::saying(Fault::WrongForm, error.to_string().replace('`', "")))
}

fn message(value: Value) -> std::result::Result<Value, Bad> {
    let mut message: Message = strict(value)?;
    message.value = clean(&message.value).trim().to_owned();
    let fits = (1..=MESSAGE_CHARS).contains(&message.value.chars().count());
    if !fits {
        let fault = Fault::Length { least: 1, most: MESSAGE_CHARS };
        let sentence = format!("its value {fault}");
        return Err(Bad::saying(fault, sentence));
    }
    serde_json::to_value(message).map_err(|error| Bad::saying(Fault::WrongForm, error.to_string()))
}

fn groups(value: Value, region: &str) -> std::result::Result<Value, Bad> {
    let mut groups: Vec<Group> = strict(value)?;
    if groups.len() > GROUPS {
        return Err(Fault::TooMany { most: GROUPS }.into());
    }
    let mut names = Vec::new();
    for group in &mut groups {
        group.name = checked_group_name(&group.name, &names)?;
        names.push(group.name.clone());
        let said = |fault, what: String| Bad::saying(fault, format!("the group {} {what}", group.name));
        for number in group.numbers() {
            check_number(number, region)
                .map_err(|bad| said(bad.fault, format!("has {number}, which {}", bad.message)))?;
        }
        if let Some((fault, what)) = group.fault() {
            return Err(said(fault, what));
        }
    }
    serde_json::to_value(groups).map_err(|error| Bad::saying(Fault::WrongForm, error.to_string()))
}

fn hosts(value: Value) -> std::result::Result<Value, Bad> {
    let hosts: Vec<String> = strict(value)?;
    if hosts.len() > HOSTS {
        return Err(Fault::TooMany { most: HOSTS }.into());
    }
    let no_host = |host: &str| {
        let sentence = format!("{} is no host: write pbx.example.org, *.example.org or an address", clean_line(host));
        Bad::saying(Fault::NotAHost, sentence)
    };
    hosts.iter().map(|host| Hosts::parse(host).map(Value::from).ok_or_else(|| no_host(host))).collect()
}

fn networks(value: Value) -> std::result::Result<Value, Bad> {
    let networks: Vec<String> = strict(value)?;
    if networks.len() > HOSTS {
        return Err(Fault::TooMany { most: HOSTS }.into());
    }
    networks
        .iter()
        .map(|text| {
            address::network(text).map(|one| Value::from(one.to_string())).ok_or_else(|| Fault::NotANetwork.into())
        })
        .collect()
}

fn checked_group_name(name: &str, taken: &[String]) -> std::result::Result<String, Bad> {
    let name = clean_line(name);
    if !(1..=NAME_CHARS).contains(&name.chars().count()) {
        let fault = Fault::Length { least: 1, most: NAME_CHARS };
        let sentence = format!("a group's name {fault}");
        return Err(Bad::saying(fault, sentence));
    }
    if taken.contains(&name) {
        return Err(Bad::saying(Fault::Twice, format!("two groups have the name {name}")));
    }
    Ok(name)
}

/// The secret, unless it is `set`.
fn secret(value: &Value, least: usize) -> std::result::Result<Option<SecretString>, Bad> {
    let text = text(value)?;
    let text = text.trim();
    if text == SET {
        return Ok(None);
    }
    let is_plain = !text.chars().any(char::is_control);
    if !(least..=SECRET_BYTES).contains(&text.len()) || !is_plain {
        return Err(Fault::Length { least, most: SECRET_BYTES }.into());
    }
    Ok(Some(text.into()))
}

/// An integration's name, fit for a command line: `--line NAME=ACCOUNT`.
///
/// # Errors
/// `Invalid`.
pub fn checked_name(name: &str) -> Result<String> {
    let name = clean_line(name);
    if !(1..=NAME_CHARS).contains(&name.chars().count()) {
        return Err(Error::field("name", Fault::Length { least: 1, most: NAME_CHARS }));
    }
    if name.contains(['=', '/']) {
        return Err(FieldError::new("name", Fault::BadCharacters).saying("must be without = and /").into());
    }
    Ok(name)
}
