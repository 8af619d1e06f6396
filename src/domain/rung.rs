//! Whose phones a call rang, and who took it: what of a call's legs is counted.

/// A phone that rang for less was hardly heard.
pub const RANG_LONG_S: i64 = 10;

/// One person's part in a call that came in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rung {
    pub user_id: String,
    /// How long it rang for him.
    pub rang_s: i64,
    /// How long until he took it; `None`: he did not.
    pub took_s: Option<i64>,
}

impl Rung {
    /// He let it ring while nobody took it.
    pub fn is_ignored(&self, state: &str) -> bool {
        state == "missed" && self.took_s.is_none() && self.rang_s >= RANG_LONG_S
    }
}

/// As the store keeps it.
pub fn to_text(rung: &[Rung]) -> String {
    let rows: Vec<_> = rung.iter().map(|one| (&one.user_id, one.rang_s, one.took_s)).collect();
    serde_json::to_string(&rows).unwrap_or_default()
}

/// What cannot be read is nobody's.
pub fn from_text(text: &str) -> Vec<Rung> {
    let rows: Vec<(String, i64, Option<i64>)> = serde_json::from_str(text).unwrap_or_default();
    rows.into_iter().map(|(user_id, rang_s, took_s)| Rung { user_id, rang_s, took_s }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_let_it_ring_while_nobody_took_it_ignored_it() {
        let rung = |rang_s, took_s| Rung { user_id: "a".to_owned(), rang_s, took_s };
        for (one, state, is_ignored) in [
            (rung(10, None), "missed", true),
            (rung(9, None), "missed", false),
            (rung(30, None), "answered", false),
            (rung(30, Some(30)), "missed", false),
        ] {
            assert_eq!(one.is_ignored(state), is_ignored, "{one:?} {state}");
            assert_eq!(from_text(&to_text(std::slice::from_ref(&one))), std::slice::from_ref(&one));
        }
    }
}
