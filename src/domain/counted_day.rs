//! A day as reports count it, small enough to read a year of them at once.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// To be raised with every change of what is kept here.
pub const FORMAT: i64 = 2;

/// People, lines and outcomes stand in it as their places among `names`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    pub names: Vec<String>,
    /// In the order of time.
    pub calls: Vec<CountedCall>,
    /// In the order of calls.
    pub legs: Vec<CountedLeg>,
    pub waits: Vec<CountedWait>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "PackedCall", into = "PackedCall")]
pub struct CountedCall {
    pub at_ms: u32,
    pub is_in: bool,
    /// Nobody had spoken with its number in the year before.
    pub is_new: bool,
    pub is_answered: bool,
    pub is_missed: bool,
    pub client: Client,
    pub line: Option<u32>,
    pub user: Option<u32>,
    pub outcome: Option<u32>,
    pub wait_s: Option<u32>,
    pub talk_s: u32,
}

/// When, what holds of it (a bit each), whose, line, person, outcome, how long it waited, how long it was talked.
type Packed = (u32, u8, Client, Option<u32>, Option<u32>, Option<u32>, Option<u32>, u32);

/// As a call is kept: a day has thousands.
#[derive(Serialize, Deserialize)]
struct PackedCall(Packed);

impl From<CountedCall> for PackedCall {
    fn from(call: CountedCall) -> Self {
        let held = [call.is_in, call.is_new, call.is_answered, call.is_missed];
        let bits = held.into_iter().rev().fold(0, |bits, is_held| bits << 1 | u8::from(is_held));
        Self((call.at_ms, bits, call.client, call.line, call.user, call.outcome, call.wait_s, call.talk_s))
    }
}

impl From<PackedCall> for CountedCall {
    fn from(PackedCall((at_ms, bits, client, line, user, outcome, wait_s, talk_s)): PackedCall) -> Self {
        let [is_in, is_new, is_answered, is_missed] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        Self { at_ms, is_in, is_new, is_answered, is_missed, client, line, user, outcome, wait_s, talk_s }
    }
}

/// Somebody's part in a call that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedLeg {
    /// Its place among the day's.
    pub call: u32,
    pub user: u32,
    pub is_ignored: bool,
    pub took_s: Option<u32>,
}

/// A client's waiting that began on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedWait {
    pub at_ms: u32,
    pub line: Option<u32>,
    pub end: Option<CountedEnd>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedEnd {
    pub after_ms: u64,
    pub is_called_back: bool,
    pub user: Option<u32>,
}

/// Whose call it was, told apart from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Client(u64);

impl Client {
    /// A number is its digits; what is none, its hash.
    pub fn of(phone: &str) -> Self {
        let digits = phone
            .strip_prefix('+')
            .filter(|digits| digits.len() <= 18 && digits.starts_with(|c: char| ('1'..='9').contains(&c)));
        if let Some(number) = digits.and_then(|digits| digits.parse().ok()) {
            return Self(number);
        }
        let digest = Sha256::digest(phone);
        Self(digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte)) | 1 << 63)
    }
}

impl CountedDay {
    /// # Errors
    /// None that is known.
    pub fn to_text(&self) -> Result<String, rmp_serde::encode::Error> {
        Ok(BASE64_STANDARD_NO_PAD.encode(rmp_serde::to_vec(self)?))
    }

    /// `None` for what cannot be read.
    pub fn from_text(text: &str) -> Option<Self> {
        rmp_serde::from_slice(&BASE64_STANDARD_NO_PAD.decode(text).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_comes_back_as_it_was_kept() {
        let call = CountedCall {
            at_ms: 86_399_999,
            is_in: true,
            is_new: false,
            is_answered: false,
            is_missed: true,
            client: Client::of("+79161234567"),
            line: Some(0),
            user: None,
            outcome: None,
            wait_s: Some(300),
            talk_s: 0,
        };
        let end = CountedEnd { after_ms: 5_000_000_000, is_called_back: true, user: Some(1) };
        let day = CountedDay {
            names: vec!["+74950000000".to_owned(), "anna".to_owned()],
            calls: vec![call],
            legs: vec![CountedLeg { call: 0, user: 1, is_ignored: true, took_s: None }],
            waits: vec![CountedWait { at_ms: 86_399_999, line: Some(0), end: Some(end) }],
        };
        let text = day.to_text().unwrap();
        assert_eq!(CountedDay::from_text(&text), Some(day));
        assert_eq!(CountedDay::from_text(&text[..text.len() / 2]), None);
        assert!(text.len() < 115, "{text}");
    }

    #[test]
    fn clients_are_told_apart() {
        let phones =
            ["+79161234567", "79161234567", "+7916123456", "101", "", "+0", "+00", "anonymous", "+1234567890123456789"];
        let mut clients: Vec<_> = phones.map(Client::of).into();
        clients.sort_unstable();
        clients.dedup();
        assert_eq!(clients.len(), phones.len());
    }
}
