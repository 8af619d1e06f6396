//! What we said we would do for a client, and when.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::ContactRef;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

/// A promise whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Promise {
    pub id: String,
    /// The call in which it was made.
    pub call: Option<String>,
    pub number: String,
    pub number_formatted: String,
    pub contact: Option<ContactRef>,
    /// Who promised.
    pub user: Option<UserRef>,
    pub due_at: UtcMs,
    pub text: String,
    pub made_at: UtcMs,
    pub done_at: Option<UtcMs>,
    /// The talk that made it good; null while it is open, and when a person said that it is done.
    pub done_by_call: Option<String>,
}

/// A promise as it stands inside its call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallPromise {
    pub id: String,
    pub due_at: UtcMs,
    pub text: String,
    pub done_at: Option<UtcMs>,
}

/// Which promises are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseState {
    /// Late ones too.
    Open,
    /// Open, and their time has come.
    Late,
    Done,
}

impl PromiseState {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "late" => Some(Self::Late),
            "done" => Some(Self::Done),
            _ => None,
        }
    }
}

/// A talk that may make a promise good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Talk {
    pub ended_ms: i64,
    /// Of two that ended at once this decides: ids go by which was heard first.
    pub callid: String,
    pub call_id: String,
}

/// When a promise was done, and by which talk: the first of the talks that ended after it was made, or a person's word at
/// `said_ms`, whichever was earlier.
pub fn done(said_ms: Option<i64>, talks: impl IntoIterator<Item = Talk>) -> (Option<i64>, Option<String>) {
    match (said_ms, talks.into_iter().min()) {
        (Some(said_ms), Some(talk)) if talk.ended_ms <= said_ms => (Some(talk.ended_ms), Some(talk.call_id)),
        (None, Some(talk)) => (Some(talk.ended_ms), Some(talk.call_id)),
        (said_ms, _) => (said_ms, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_talk_or_a_persons_word_does_it_whichever_was_earlier() {
        let talk = |ended_ms, id: &str| Talk { ended_ms, callid: id.to_owned(), call_id: id.to_owned() };
        let by = |ended_ms, call_id: &str| (Some(ended_ms), Some(call_id.to_owned()));
        assert_eq!(done(None, []), (None, None));
        assert_eq!(done(Some(5), []), (Some(5), None));
        assert_eq!(done(None, [talk(9, "b"), talk(7, "z"), talk(7, "a")]), by(7, "a"));
        assert_eq!(done(Some(5), [talk(7, "a")]), (Some(5), None));
        assert_eq!(done(Some(8), [talk(7, "a")]), by(7, "a"));
    }
}
