//! A call's data on their way to another system.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Something is still to be sent, or to be sent again.
    Pending,
    Sent,
    /// Given up; a person may send it again.
    Failed,
    /// Not wanted any more.
    Cancelled,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Sent, Self::Failed, Self::Cancelled].into_iter().find(|state| state.as_str() == text)
    }
}

/// After the n-th failure, at most how long until the next try: the first two within 2 and 10 s of the first.
const WAITS_MS: [i64; 6] = [1_500, 6_000, 60_000, 300_000, 1_200_000, 3_600_000];
/// How long a failing delivery is tried again.
pub const GIVEN_UP_AFTER_MS: i64 = 3 * 24 * 3_600_000;
/// How long what was delivered, or is not wanted any more, is remembered.
pub const REMEMBERED_MS: i64 = 90 * 24 * 3_600_000;
/// How often a delivery is tried that is refused without a reason that says whether to try again.
pub const REFUSED_TRIES: i64 = 5;

/// How long to wait after the `tries`-th failure: between half and the whole of a time that grows, as `random` falls,
/// so that what failed together is not tried again together.
pub fn wait_ms(tries: i64, random: u64) -> i64 {
    let nth = usize::try_from(tries - 1).unwrap_or_default().min(WAITS_MS.len() - 1);
    let half = WAITS_MS[nth] / 2;
    half + i64::try_from(random % half.unsigned_abs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_tries_follow_within_2_and_10_seconds() {
        let longest = |tries| wait_ms(tries, 749).max(wait_ms(tries, 2_999));
        assert!(longest(1) <= 2_000 && longest(1) + longest(2) <= 10_000);
    }

    #[test]
    fn the_waits_grow_to_an_hour_and_no_further() {
        for tries in [6, 7, 100] {
            assert_eq!(wait_ms(tries, 0), 1_800_000);
            assert!(wait_ms(tries, u64::MAX) < 3_600_000);
        }
        assert!((1..6).all(|tries| wait_ms(tries, 0) < wait_ms(tries + 1, 0)));
    }
}
