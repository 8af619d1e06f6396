//! The members of a request, from a form or from JSON, before anything is believed of them.

use crate::pbx::malformed::Malformed;

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
    fault: Option<&'static str>,
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
        // The decoder replaces invalid UTF-8, so the replacement character is what gives it away.
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let is_damaged = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
        let fault = pairs.iter().any(|(name, value)| is_damaged(name) || is_damaged(value)).then_some("invalid UTF-8");
        Self { pairs, fault }
    }

    fn decode_json(body: &[u8]) -> Self {
        let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(body) else {
            return Self { pairs: Vec::new(), fault: Some("not a JSON object") };
        };
        let mut fault = None;
        let mut pairs = Vec::new();
        for (name, value) in members {
            match value {
                serde_json::Value::String(text) => pairs.push((name, text)),
                serde_json::Value::Number(number) => pairs.push((name, number.to_string())),
                serde_json::Value::Null => {}
                // Members that nobody knows may be anything (X02).
                _ if !KNOWN.contains(&name.as_str()) => {}
                _ => fault = Some("a member that is neither text nor number"),
            }
        }
        Self { pairs, fault }
    }

    /// The `crm_token` (P03), if any.
    pub fn token(&self) -> Option<&str> {
        self.get(TOKEN)
    }

    /// # Errors
    /// What no request may contain: invalid UTF-8, NUL, the same known member twice.
    pub fn check(&self) -> Result<(), Malformed> {
        if let Some(fault) = self.fault {
            return Err(Malformed::new(fault));
        }
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            if value.contains('\0') || name.contains('\0') {
                return Err(Malformed::new("a NUL character"));
            }
            let is_known = KNOWN.contains(&name.as_str());
            if is_known && self.pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Malformed(format!("{name} is there twice")));
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
        self.at_most(name, max_bytes)?.ok_or_else(|| Malformed(format!("{name} is missing")))
    }

    /// # Errors
    /// When it is longer than `max_bytes`.
    pub fn at_most(&self, name: &str, max_bytes: usize) -> Result<Option<&str>, Malformed> {
        match self.get(name) {
            Some(value) if value.len() > max_bytes => {
                Err(Malformed(format!("{name} is longer than {max_bytes} bytes")))
            }
            value => Ok(value),
        }
    }

    /// The members as a form for the journal, the token masked. It parses again to the same event.
    pub fn journal(&self) -> String {
        let mut pairs = self.pairs.clone();
        for (name, value) in &mut pairs {
            if name.eq_ignore_ascii_case(TOKEN) {
                MASK.clone_into(value);
            }
        }
        serde_urlencoded::to_string(&pairs).unwrap_or_default()
    }
}
