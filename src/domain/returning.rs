//! To whom a client is led who rings back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the answer to the PBX goes by when a client rings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReturnTo {
    /// Whoever has taken his miss, called him, or talked to him.
    Caller,
    /// Only who is responsible.
    Off,
}

/// The latest time that somebody of ours talked to the client, or called him in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastReach {
    pub user_id: String,
    /// When that call began.
    pub at_ms: i64,
    pub is_talk: bool,
}

/// Who shall take a call of this client, the first who has a telephone: who has taken his miss, who called him in vain,
/// who is responsible, who talked to him last.
pub fn order<'a>(taken_by: Option<&'a str>, last: Option<&'a LastReach>, responsible: Option<&'a str>) -> Vec<&'a str> {
    let of = |is_talk| last.filter(|last| last.is_talk == is_talk).map(|last| last.user_id.as_str());
    [taken_by, of(false), responsible, of(true)].into_iter().flatten().collect()
}

/// Whose call in vain a call that began then returns, not more than `within_h` hours later.
pub fn returns_to(last: &LastReach, began_ms: i64, within_h: i64) -> Option<&str> {
    let is_lately = (0..=within_h * 3_600_000).contains(&(began_ms - last.at_ms));
    (is_lately && !last.is_talk).then_some(&last.user_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(is_talk: bool) -> LastReach {
        LastReach { user_id: "oleg".to_owned(), at_ms: 1_000, is_talk }
    }

    #[test]
    fn whoever_called_in_vain_comes_before_the_responsible_and_who_talked_comes_after() {
        assert_eq!(order(Some("boris"), Some(&last(false)), Some("anna")), ["boris", "oleg", "anna"]);
        assert_eq!(order(None, Some(&last(true)), Some("anna")), ["anna", "oleg"]);
        assert_eq!(order(None, None, None), [""; 0]);
    }

    #[test]
    fn a_call_in_vain_is_returned_within_its_hours_and_a_talk_never() {
        let hour = 3_600_000;
        assert_eq!(returns_to(&last(false), 1_000 + 24 * hour, 24), Some("oleg"));
        assert_eq!(returns_to(&last(false), 1_001 + 24 * hour, 24), None);
        assert_eq!(returns_to(&last(false), 999, 24), None);
        assert_eq!(returns_to(&last(true), 2_000, 24), None);
    }
}
