//! Which calls are whose clicks', where the PBX gave no name: computed from what was heard, never by what came first.

use crate::domain::call::Direction;
use crate::domain::facts::{CallFacts, Click};

/// A call may have started this long before its click was written down…
const BEFORE_CLICK_MS: i64 = 5_000;
/// …and this long after it.
const AFTER_CLICK_MS: i64 = 120_000;
/// Further away than this no click and no call can move one another.
pub const NEAR_MS: i64 = 30 * 60_000;

/// What a click knows its call by; what the click itself says is no part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub phone: String,
    pub at_ms: i64,
    /// Of persons.
    accounts: Vec<String>,
}

impl Trace {
    /// `None` for a call that no click may claim: what the history says of the direction decides; until then only who
    /// rang in on one of our numbers is known to have come by himself. (On a callback the PBX rings the manager's phone
    /// first, and may call that INCOMING.)
    pub fn of(facts: &CallFacts) -> Option<Self> {
        let history = facts.history.as_ref();
        let is_out = || facts.outgoing_heard || facts.direction_said.as_deref() == Some(Direction::Out.as_str());
        let may_be_out = history
            .map_or_else(|| facts.diversion.is_none() || is_out(), |history| history.direction == Direction::Out);
        let phone = history.map(|history| &history.phone).or(facts.phone.as_ref())?;
        let accounts = facts.accounts();
        if !may_be_out || accounts.is_empty() {
            return None;
        }
        // Our own clock wrote the click and the ring; a `start` is by that of the PBX.
        let rang_ms = facts.legs.values().filter_map(|leg| leg.ringing_ms).min();
        let at_ms = rang_ms.unwrap_or_else(|| CallFacts { click: None, ..facts.clone() }.started_ms());
        Some(Self { phone: phone.clone(), at_ms, accounts })
    }

    fn can_be_of(&self, click: &Click) -> bool {
        let is_near = (click.at_ms - BEFORE_CLICK_MS..=click.at_ms + AFTER_CLICK_MS).contains(&self.at_ms);
        let mut names = self.accounts.iter().flat_map(|account| spellings(account));
        is_near && self.phone == click.phone && names.any(|name| name == click.account)
    }
}

/// `login@tenant` is looked up whole, then as `login`.
pub fn spellings(account: &str) -> impl Iterator<Item = &str> {
    let login = account.split_once('@').map(|(login, _)| login);
    [account].into_iter().chain(login)
}

/// For each of the calls, oldest first, which of the clicks, oldest first, it is: the newest before it that no earlier
/// call is, else the first after it. One click claims one call.
pub fn pairs(clicks: &[&Click], calls: &[&Trace]) -> Vec<Option<usize>> {
    let mut is_taken = vec![false; clicks.len()];
    let mut pair = |call: &&Trace| {
        let free = |index: &usize| !is_taken[*index] && call.can_be_of(clicks[*index]);
        let before = clicks.partition_point(|click| click.at_ms <= call.at_ms);
        let found = (0..before).rev().find(free).or_else(|| (before..clicks.len()).find(free))?;
        is_taken[found] = true;
        Some(found)
    };
    calls.iter().map(&mut pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_the_newest_click_before_it() {
        let click = |at_s: i64, account: &str| Click {
            at_ms: at_s * 1000,
            user_id: "a".to_owned(),
            account: account.to_owned(),
            phone: "+7".to_owned(),
            group: None,
            refused: None,
        };
        let call = |at_s: i64, account: &str| Trace {
            phone: "+7".to_owned(),
            at_ms: at_s * 1000,
            accounts: vec![account.to_owned()],
        };
        let clicks = [click(0, "anna"), click(10, "anna"), click(11, "boris"), click(14, "anna")];
        let clicks: Vec<_> = clicks.iter().collect();
        for (calls, wanted) in [
            (vec![call(12, "anna")], vec![Some(1)]),
            (vec![call(12, "anna"), call(13, "anna"), call(14, "anna")], vec![Some(1), Some(0), Some(3)]),
            (vec![call(-6, "anna"), call(-5, "anna")], vec![None, Some(0)]),
            (vec![call(120, "anna@pbx"), call(121, "daria"), call(135, "anna")], vec![Some(3), None, None]),
        ] {
            assert_eq!(pairs(&clicks, &calls.iter().collect::<Vec<_>>()), wanted, "{calls:?}");
        }
    }
}
