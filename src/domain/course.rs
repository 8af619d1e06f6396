//! The course of a call, read off the facts heard about it: its state, its people, its times, and when to give it up.

use crate::domain::call::{CallState, Direction, LegState};
use crate::domain::facts::{CallFacts, HistoryFacts, HistoryStatus, LegFacts};

/// After the last CANCELLED, how long an ACCEPTED of the group's winner may still be on its way.
pub const CANCELLED_SETTLES_MS: i64 = 5_000;
/// How long a call may ring without a word.
pub const RINGING_SETTLES_MS: i64 = 3 * 60_000;
/// How long a talk may last without a word.
pub const TALKING_SETTLES_MS: i64 = 4 * 3_600_000;
/// How long a click waits to be heard of.
pub const REQUESTED_LAPSES_MS: i64 = 5 * 60_000;

/// `pbx` and a group's login are no persons.
pub fn is_person(account: &str) -> bool {
    !account.is_empty() && account != "pbx" && !account.starts_with("g_")
}

impl LegFacts {
    /// By fixed rank, never by arrival: completed, answered, cancelled, ringing.
    pub fn state(&self) -> LegState {
        if self.completed_ms.is_some() {
            LegState::Answered
        } else if self.answered_ms.is_some() {
            LegState::Talking
        } else if self.cancelled_ms.is_some() {
            LegState::Cancelled
        } else {
            LegState::Ringing
        }
    }

    fn is_settled(&self) -> bool {
        match self.state() {
            LegState::Answered => true,
            LegState::Talking => self.talking_given_up_ms.is_some(),
            LegState::Cancelled | LegState::Ringing => self.unanswered_given_up_ms.is_some(),
        }
    }
}

impl CallFacts {
    /// Whether anything but our own click is known.
    pub fn is_heard(&self) -> bool {
        self.first_heard_ms.is_some()
    }

    pub fn direction(&self) -> Direction {
        if let Some(history) = &self.history {
            return history.direction;
        }
        if self.outgoing_heard || self.click.is_some() {
            return Direction::Out;
        }
        self.direction_said.as_deref().and_then(Direction::parse).unwrap_or(Direction::In)
    }

    pub fn state(&self) -> CallState {
        if let Some(history) = &self.history {
            return history_state(history);
        }
        if !self.is_heard() {
            let refused = self.click.as_ref().is_some_and(|click| click.refused.is_some());
            return if refused { CallState::Failed } else { CallState::Requested };
        }
        if self.legs.is_empty() {
            // Only a rating was heard: there was a talk to rate.
            return CallState::Answered;
        }
        let is_settled = self.legs.values().all(LegFacts::is_settled);
        if self.legs.values().any(|leg| leg.completed_ms.is_some()) {
            CallState::Answered
        } else if self.legs.values().any(|leg| leg.answered_ms.is_some()) {
            if is_settled { CallState::Answered } else { CallState::Talking }
        } else if !is_settled {
            CallState::Ringing
        } else if self.direction() == Direction::In {
            CallState::Missed
        } else {
            CallState::Cancelled
        }
    }

    /// The client's number in its normal form.
    pub fn client_phone(&self) -> &str {
        let of_click = self.click.as_ref().map(|click| click.phone.as_str());
        let of_history = self.history.as_ref().map(|history| history.phone.as_str());
        of_history.or(of_click).or(self.phone.as_deref()).unwrap_or_default()
    }

    /// The PBX account of the person who talked; of an outgoing call, of the one who called.
    pub fn person(&self) -> Option<&str> {
        let is_out = self.direction() == Direction::Out;
        if let Some(history) = &self.history
            && (is_out || history.status == HistoryStatus::Success)
            && is_person(&history.account)
        {
            return Some(&history.account);
        }
        if self.state() == CallState::Missed {
            return None;
        }
        let answered = self
            .legs
            .iter()
            .filter(|(account, leg)| is_person(account) && leg.answered_ms.or(leg.completed_ms).is_some())
            .max_by_key(|(account, leg)| (leg.answered_ms.or(leg.completed_ms), account.as_str()))
            .map(|(account, _)| account.as_str());
        if answered.is_some() || !is_out {
            return answered;
        }
        let ringing = self.legs.keys().find(|account| is_person(account)).map(String::as_str);
        ringing.or(self.click.as_ref().map(|click| click.account.as_str()))
    }

    /// The persons' accounts of a call, in a fixed order.
    pub fn accounts(&self) -> Vec<String> {
        let of_history = self.history.as_ref().map(|history| &history.account);
        let mut accounts: Vec<_> = self.legs.keys().chain(of_history).filter(|name| is_person(name)).cloned().collect();
        accounts.sort();
        accounts.dedup();
        accounts
    }

    /// A leg as people see it: when the call is over, nothing rings or talks any more.
    pub fn leg_state(&self, leg: &LegFacts) -> LegState {
        match (leg.state(), self.state().is_live()) {
            (LegState::Ringing, false) => LegState::Cancelled,
            (LegState::Talking, false) => LegState::Answered,
            (state, _) => state,
        }
    }

    /// When to give the call up if nothing more is heard; `None` when there is nothing to settle.
    pub fn settle_due_ms(&self) -> Option<i64> {
        let last_heard = self.last_heard_ms?;
        match self.state() {
            CallState::Talking => Some(last_heard + TALKING_SETTLES_MS),
            CallState::Ringing if self.legs.values().all(|leg| leg.state() == LegState::Cancelled) => {
                let last = self.legs.values().filter_map(|leg| leg.cancelled_ms).max()?;
                Some(last + CANCELLED_SETTLES_MS)
            }
            CallState::Ringing => Some(last_heard + RINGING_SETTLES_MS),
            _ => None,
        }
    }

    /// The fact that the legs seen now were given up; empty before its time.
    pub fn giving_up(&self, now_ms: i64) -> Option<Self> {
        if self.settle_due_ms()? > now_ms {
            return None;
        }
        let mut fact = Self::default();
        for (account, leg) in &self.legs {
            let mark = fact.legs.entry(account.clone()).or_default();
            match leg.state() {
                LegState::Talking => mark.talking_given_up_ms = Some(now_ms),
                _ => mark.unanswered_given_up_ms = Some(now_ms),
            }
        }
        Some(fact)
    }
}

fn history_state(history: &HistoryFacts) -> CallState {
    match (history.direction, history.status) {
        (_, HistoryStatus::Success) => CallState::Answered,
        (Direction::In, _) => CallState::Missed,
        (Direction::Out, HistoryStatus::Busy) => CallState::Busy,
        (Direction::Out, HistoryStatus::NotAvailable) => CallState::Unavailable,
        (Direction::Out, HistoryStatus::NotAllowed) => CallState::Forbidden,
        (Direction::Out, HistoryStatus::NotFound) => CallState::NotFound,
        (Direction::Out, HistoryStatus::Cancel | HistoryStatus::Missed) => CallState::Cancelled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phone::Phone;
    use crate::domain::push::{CallDetails, CallEvent, EventType};

    fn joined<'a>(facts: impl IntoIterator<Item = &'a CallFacts>) -> CallFacts {
        let mut all = CallFacts::default();
        facts.into_iter().for_each(|one| all.merge(one.clone()));
        all
    }

    fn event(kind: EventType, account: &str, at: i64) -> CallFacts {
        let phone = Phone::from_stored("+79101234567");
        let details = CallDetails::default();
        let event = CallEvent {
            callid: "1".to_owned(),
            kind,
            account: account.to_owned(),
            phone,
            details,
            second_callid: None,
        };
        CallFacts::of_event(&event, at)
    }

    #[test]
    fn a_group_is_not_missed_while_the_winner_is_on_his_way() {
        let mut facts = joined(&[event(EventType::Incoming, "anna", 0), event(EventType::Incoming, "boris", 0)]);
        facts.merge(event(EventType::Cancelled, "anna", 4_000));
        facts.merge(event(EventType::Cancelled, "boris", 4_000));
        assert_eq!(facts.state(), CallState::Ringing);
        assert_eq!(facts.giving_up(8_999), None);
        let given_up = facts.giving_up(9_000).unwrap();
        facts.merge(given_up);
        assert_eq!(facts.state(), CallState::Missed);
        assert_eq!(facts.settle_due_ms(), None);
    }

    #[test]
    fn what_comes_late_undoes_a_settling_and_a_repeated_ring_does_not() {
        let mut missed = event(EventType::Incoming, "anna", 0);
        let given_up = missed.giving_up(RINGING_SETTLES_MS).unwrap();
        missed.merge(given_up);
        assert_eq!(missed.state(), CallState::Missed);
        missed.merge(event(EventType::Incoming, "anna", 200_000));
        assert_eq!(missed.state(), CallState::Missed);
        for (late, state) in [
            (event(EventType::Accepted, "anna", 210_000), CallState::Talking),
            (event(EventType::Completed, "anna", 210_000), CallState::Answered),
            (event(EventType::Incoming, "boris", 210_000), CallState::Ringing),
        ] {
            assert_eq!(joined([&missed, &late]).state(), state);
        }
    }

    #[test]
    fn a_talk_of_which_nothing_more_is_heard_was_answered() {
        let mut facts = joined(&[event(EventType::Incoming, "anna", 0), event(EventType::Accepted, "anna", 5_000)]);
        assert_eq!(facts.giving_up(TALKING_SETTLES_MS), None);
        let given_up = facts.giving_up(5_000 + TALKING_SETTLES_MS).unwrap();
        facts.merge(given_up);
        assert_eq!((facts.state(), facts.duration_s()), (CallState::Answered, None));
    }
}
