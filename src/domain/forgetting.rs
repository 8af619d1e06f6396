//! A call without its client: what reports count of it stays.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::domain::facts::{CallFacts, Click, HistoryFacts};
use crate::domain::newer::Newer;
use crate::domain::reason::{Reason, Why};

/// What a number begins with that stands in place of a client's.
const ERASED: &str = "erased-";

/// What stands in place of a client's number: it leads to nobody once `random` is forgotten, and all calls of the number
/// have the same, so that reports count as many clients as before.
pub fn token(random: &str, number: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (random, number).hash(&mut hasher);
    format!("{ERASED}{:016x}", hasher.finish())
}

impl CallFacts {
    /// The same course with `token` in place of the client's number, and without the recording's address and whatever
    /// else leads to him.
    pub fn without_client(self, token: &str) -> Self {
        let phone = || token.to_owned();
        // What the other side said may hold the number.
        let refused = |reason: Reason| {
            let why = Why { code: reason.why.code, ..Why::default() };
            Reason { why, detail: String::new() }
        };
        Self {
            history: self.history.map(|history| HistoryFacts { phone: phone(), ..history }),
            click: self.click.map(|click| Click { phone: phone(), refused: click.refused.map(refused), ..click }),
            phone: self.phone.map(|_| phone()),
            link: None,
            ext: None,
            second_callid: None,
            newer: Newer::default(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::call::Direction;
    use crate::domain::facts::HistoryStatus;

    #[test]
    fn the_course_stays_and_the_client_goes() {
        let history = HistoryFacts {
            status: HistoryStatus::Success,
            duration_s: 20,
            direction: Direction::In,
            account: "anna".to_owned(),
            phone: "+79101234567".to_owned(),
        };
        let facts = CallFacts {
            history: Some(history),
            phone: Some("+79101234567".to_owned()),
            link: Some("https://pbx.example.org/79101234567.mp3".to_owned()),
            second_callid: Some("x".to_owned()),
            ..CallFacts::default()
        };
        let token = token("random", "+79101234567");
        assert_ne!(token, super::token("another", "+79101234567"));
        assert_ne!(token, super::token("random", "+79101234568"));
        let erased = facts.clone().without_client(&token);
        assert_eq!(
            (erased.state(), erased.duration_s(), erased.direction()),
            (facts.state(), facts.duration_s(), facts.direction())
        );
        assert!(!erased.to_text().unwrap().contains("9101234567"));
        assert_eq!(erased.clone().without_client(&token), erased);
    }
}
