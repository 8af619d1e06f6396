//! Why something did not come about, for people: what is kept of a refusal, so that a page can say it in any language.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A stable code and what it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub code: String,
    #[serde(default)]
    pub params: Map<String, Value>,
}

/// A code and what it speaks of; and the same as a sentence, for programs and logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Reason {
    #[serde(flatten)]
    pub why: Why,
    pub detail: String,
}

/// The same as it is told to programs and pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Reason)]
pub struct Told {
    pub code: String,
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    pub detail: String,
}

impl From<Reason> for Told {
    fn from(Reason { why: Why { code, params }, detail }: Reason) -> Self {
        Self { code, params, detail }
    }
}

/// What stands in the store: sentences alone were written down until codes came.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Sentence(String),
    Whole {
        #[serde(flatten)]
        why: Why,
        detail: String,
    },
}

impl From<Kept> for Reason {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Sentence(detail) => Self { why: Why { code: "untold".to_owned(), params: Map::new() }, detail },
            Kept::Whole { why, detail } => Self { why, detail },
        }
    }
}

impl Reason {
    /// Of a cause whose name is its code, whose members are what it speaks of, and whose text is the sentence.
    pub fn of(cause: &(impl Serialize + Display)) -> Self {
        let why = serde_json::to_value(cause).and_then(serde_json::from_value).unwrap_or_default();
        Self { why, detail: cause.to_string() }
    }

    /// As [`Reason::kept`] wrote it, or the sentence alone; `None` for the empty text.
    pub fn read(kept: &str) -> Option<Self> {
        let sentence = || Self::from(Kept::Sentence(kept.to_owned()));
        (!kept.is_empty()).then(|| serde_json::from_str(kept).unwrap_or_else(|_| sentence()))
    }

    /// Several as one sentence.
    pub fn sentence(reasons: &[Self]) -> String {
        reasons.iter().map(|reason| reason.detail.as_str()).collect::<Vec<_>>().join("; ")
    }

    /// Several for a column of text; empty for none.
    pub fn kept_all(reasons: &[Self]) -> String {
        if reasons.is_empty() { String::new() } else { serde_json::to_string(reasons).unwrap_or_default() }
    }

    /// As [`Reason::kept_all`] wrote them, or a sentence alone.
    pub fn read_all(kept: &str) -> Vec<Self> {
        serde_json::from_str(kept).unwrap_or_else(|_| Self::read(kept).into_iter().collect())
    }

    /// For a column of text.
    pub fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Display for Reason {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl Ord for Reason {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kept().cmp(&other.kept())
    }
}

impl PartialOrd for Reason {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_comes_back_as_it_was_kept_and_a_sentence_of_old_is_read_too() {
        let mut reason = Reason { detail: "it is full".to_owned(), ..Reason::default() };
        reason.why.code = "full".to_owned();
        reason.why.params.insert("most".to_owned(), 3.into());
        assert_eq!(Reason::read(&reason.kept()).as_ref(), Some(&reason));
        let (one, two) = ([reason.clone()], [reason.clone(), reason]);
        assert_eq!(
            (Reason::read_all(&Reason::kept_all(&two)), Reason::read_all(&one[0].kept())),
            (two.into(), one.into())
        );
        assert_eq!((Reason::kept_all(&[]).as_str(), Reason::read_all("")), ("", Vec::new()));
        let old = Reason::read("Mango refused it").unwrap();
        assert_eq!((old.why.code.as_str(), old.detail.as_str()), ("untold", "Mango refused it"));
        assert_eq!(Reason::read(""), None);
    }
}
