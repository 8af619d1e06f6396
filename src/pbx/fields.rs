//! The members of a request, from a form or from JSON, before anything is believed of them.

use std::fmt::{self, Formatter};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::domain::malformed::Malformed;

/// The members that we read; all others are ignored (X02).
const KNOWN: &[&str] = &[
    "cmd",
    "crm_token",
    "type",
    "status",
    "user",
    "phone",
    "diversion",
    "callid",
    "second_callid",
    "duration",
    "link",
    "start",
    "wait",
    "rating",
    "direction",
    "ext",
    "telnum",
    "telnum_name",
    "group",
    "groupRealName",
];

const TOKEN: &str = "crm_token";
const MASK: &str = "***";

/// The members in the order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    fault: Option<Malformed>,
}

impl Fields {
    /// Reads the body leniently, so that the token can be looked at first; [`Fields::check`] says what was wrong.
    /// `application/json` is JSON (X07), everything else a form (P12).
    pub fn decode(content_type: &str, body: &[u8]) -> Self {
        let is_json =
            content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if is_json { Self::decode_json(body) } else { Self::decode_form(body) }
    }

    fn decode_form(body: &[u8]) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        // The decoder replaces invalid UTF-8; the character that it puts there may be a true one as well.
        let fault = std::str::from_utf8(&bytes_of_form(body)).is_err().then_some(Malformed::InvalidUtf8);
        Self { pairs, fault }
    }

    fn decode_json(body: &[u8]) -> Self {
        let Ok(Members(members)) = serde_json::from_slice(body) else {
            return Self::unreadable(body);
        };
        let mut fault = None;
        let mut pairs = Vec::new();
        for (name, value) in members {
            match value {
                Value::String(text) => pairs.push((name, text)),
                Value::Number(number) => pairs.push((name, number.to_string())),
                Value::Null => {}
                // Members that nobody knows may be anything (X02).
                _ if !KNOWN.contains(&name.as_str()) => {}
                _ => fault = Some(Malformed::MemberNested),
            }
        }
        Self { pairs, fault }
    }

    /// What is no JSON object may still prove whose it is: then it stands in the journal as it came.
    fn unreadable(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let token = text.split_once("\"crm_token\"").and_then(|(_, rest)| {
            let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
            value.split_once('"').map(|(token, _)| token.to_owned())
        });
        let mut pairs = vec![("unreadable".to_owned(), text.clone().into_owned())];
        if let Some(token) = token {
            pairs[0].1 = text.replace(&token, MASK);
            pairs.push((TOKEN.to_owned(), token));
        }
        Self { pairs, fault: Some(Malformed::NoJsonObject) }
    }

    /// The `crm_token` (P03), if any.
    pub fn token(&self) -> Option<&str> {
        self.get(TOKEN)
    }

    /// # Errors
    /// What no request may contain: invalid UTF-8, NUL, the same known member twice.
    pub fn check(&self) -> Result<(), Malformed> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            if value.contains('\0') || name.contains('\0') {
                return Err(Malformed::NulCharacter);
            }
            let is_known = KNOWN.contains(&name.as_str());
            if is_known && self.pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Malformed::MemberTwice { member: name.clone() });
            }
        }
        Ok(())
    }

    /// A member that is there and not blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// Whether the member was sent, with a value or without.
    pub fn is_there(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// A member that the contract requires, of at most `max_bytes`.
    ///
    /// # Errors
    /// When it is missing, blank or too long.
    pub fn require(&self, name: &str, max_bytes: usize) -> Result<&str, Malformed> {
        self.at_most(name, max_bytes)?.ok_or_else(|| Malformed::missing(name))
    }

    /// # Errors
    /// When it is longer than `max_bytes`.
    pub fn at_most(&self, name: &str, max_bytes: usize) -> Result<Option<&str>, Malformed> {
        match self.get(name) {
            Some(value) if value.len() > max_bytes => {
                Err(Malformed::MemberTooLong { member: name.to_owned(), most_bytes: max_bytes })
            }
            value => Ok(value),
        }
    }

    /// The members as a form for the journal, the token masked wherever it stands. It parses again to the same event, unless
    /// a member of that had the token in it.
    pub fn journal(&self) -> String {
        let mut pairs = self.pairs.clone();
        for (name, value) in &mut pairs {
            if name.eq_ignore_ascii_case(TOKEN) {
                MASK.clone_into(value);
            } else if let Some(token) = self.token() {
                *value = value.replace(token, MASK);
                *name = name.replace(token, MASK);
            }
        }
        serde_urlencoded::to_string(&pairs).unwrap_or_default()
    }
}

/// The members of a JSON object in the order they came, one that stands twice as well.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// The bytes that a form's percent signs stand for, its separators among them.
fn bytes_of_form(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body;
    while let [first, more @ ..] = rest {
        let hex = more.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    bytes
}
