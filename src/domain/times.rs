//! When a call began, was answered and ended, read off the facts heard about it. Where anything better is known, no
//! instant goes by the hour at which a report came.

use crate::domain::call::CallState;
use crate::domain::course::RINGING_SETTLES_MS;
use crate::domain::facts::{CallFacts, LegFacts};

/// How far ahead of its receipt a `start` may lie: two clocks differ, but not by hours.
pub const START_AHEAD_MS: i64 = 5 * 60_000;
/// How far a `start` may lie from the first thing that was heard while the phone rang.
const START_FROM_EVENTS_MS: i64 = 10 * 60_000;

impl CallFacts {
    fn first_ring_ms(&self) -> Option<i64> {
        self.legs.values().filter_map(|leg| leg.ringing_ms).min()
    }

    fn last_ring_ms(&self) -> Option<i64> {
        self.legs.values().filter_map(|leg| leg.ringing_ms).max()
    }

    /// `start`, unless the events show that it cannot be true: a PBX that writes local time with a Z is found out. (An
    /// end says nothing of the beginning: a talk may have been long. What lies ahead of its receipt is no fact at all:
    /// see `heard`.)
    pub fn believed_start_ms(&self) -> Option<i64> {
        self.start_ms.filter(|_| self.start_apart_ms().is_none())
    }

    /// How far a `start` that is not believed lies from the first event; negative: before it.
    pub fn start_apart_ms(&self) -> Option<i64> {
        let early = |leg: &LegFacts| leg.ringing_ms.or(leg.answered_ms).or(leg.cancelled_ms);
        let first_event = self.legs.values().filter_map(early).min()?;
        let apart_ms = self.start_ms? - first_event;
        (apart_ms.abs() > START_FROM_EVENTS_MS).then_some(apart_ms)
    }

    pub fn started_ms(&self) -> i64 {
        if let Some(start) = self.believed_start_ms() {
            return start;
        }
        let duration_ms = self.history.as_ref().map_or(0, |history| history.duration_s * 1000);
        let from_history = self.history_received_ms.map(|received| received - duration_ms);
        let earliest = [self.first_ring_ms(), from_history].into_iter().flatten().min();
        let click = self.click.as_ref().map(|click| click.at_ms);
        earliest.or(click).or(self.first_heard_ms).unwrap_or_default()
    }

    /// When somebody picked up.
    pub fn answered_ms(&self) -> Option<i64> {
        if !matches!(self.state(), CallState::Talking | CallState::Answered) {
            return None;
        }
        let heard = self.legs.values().filter_map(|leg| leg.answered_ms).min();
        heard.or_else(|| Some(self.started_ms() + self.wait_s? * 1000))
    }

    pub fn ended_ms(&self) -> Option<i64> {
        let state = self.state();
        if state.is_live() {
            return None;
        }
        let ended = if state == CallState::Answered { self.talk_ended_ms() } else { self.attempt_ended_ms() };
        let begun = self.started_ms();
        Some(ended.map_or(begun, |ended| ended.max(begun)))
    }

    /// When the talk ended; of one whose end nobody reported, the last instant at which it is known to have gone on.
    fn talk_ended_ms(&self) -> Option<i64> {
        let reckoned = |begun: i64, wait_s: i64| {
            let ended = begun + (wait_s + self.duration_s()?) * 1000;
            Some(self.history_received_ms.map_or(ended, |received| ended.min(received)))
        };
        if let (Some(start), Some(wait_s)) = (self.believed_start_ms(), self.wait_s)
            && let Some(ended) = reckoned(start, wait_s)
        {
            return Some(ended);
        }
        let completed = self.legs.values().filter_map(|leg| leg.completed_ms).min();
        let from_start = || {
            let begun = self.believed_start_ms().or_else(|| self.first_ring_ms())?;
            let answered = self.legs.values().filter_map(|leg| leg.answered_ms).min();
            let wait_s = self.wait_s.or_else(|| answered.map(|answered| (answered - begun) / 1000));
            reckoned(begun, wait_s.unwrap_or_default().max(0))
        };
        let still_on = || self.legs.values().filter_map(|leg| leg.answered_ms).max();
        completed.or_else(from_start).or(self.history_received_ms).or_else(still_on).or(self.last_heard_ms)
    }

    /// When an attempt that reached nobody ended. What is not known of it does not grow with a late report.
    fn attempt_ended_ms(&self) -> Option<i64> {
        let waited = || Some(self.believed_start_ms().or_else(|| self.first_ring_ms())? + self.wait_s? * 1000);
        let waited = || waited().map(|ended| self.history_received_ms.map_or(ended, |received| ended.min(received)));
        let ringing = || {
            let given_up = self.legs.values().filter_map(|leg| leg.unanswered_given_up_ms).max();
            let known = self.history_received_ms.or(given_up)?;
            Some(self.last_ring_ms().map_or(known, |ring| known.min(ring + RINGING_SETTLES_MS)))
        };
        let click = || self.click.as_ref().map(|click| click.at_ms);
        self.gave_up_ms().or_else(waited).or_else(ringing).or_else(click)
    }

    /// When the client, or the last phone that rang, gave up.
    fn gave_up_ms(&self) -> Option<i64> {
        self.legs.values().filter_map(|leg| leg.cancelled_ms).max()
    }

    /// Seconds, as history says; without a history unknown.
    pub fn duration_s(&self) -> Option<i64> {
        self.history.as_ref().map(|history| history.duration_s)
    }

    /// Seconds until somebody picked up, or the client gave up; `None` when only a report says that he did.
    pub fn wait_s(&self) -> Option<i64> {
        if self.wait_s.is_some() {
            return self.wait_s;
        }
        let until = match self.state() {
            CallState::Missed if self.history.is_some() => self.gave_up_ms(),
            CallState::Missed => self.ended_ms(),
            _ => self.answered_ms(),
        };
        until.map(|until| ((until - self.started_ms()) / 1000).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::call::Direction;
    use crate::domain::facts::HistoryStatus;
    use crate::domain::phone::Phone;
    use crate::domain::push::{CallDetails, CallEvent, EventType, HistoryReport};

    const HOUR_MS: i64 = 3_600_000;

    fn event(kind: EventType, at_ms: i64) -> CallFacts {
        let (callid, account, details) = ("1".to_owned(), "anna".to_owned(), CallDetails::default());
        let phone = Phone::from_stored("+79101234567");
        CallFacts::of_event(&CallEvent { callid, kind, account, phone, details, second_callid: None }, at_ms)
    }

    /// (start, wait, duration), received at an instant.
    fn report(status: HistoryStatus, known: (Option<i64>, Option<i64>, i64), at_ms: i64) -> CallFacts {
        let (started_ms, wait_s, duration_s) = known;
        let report = HistoryReport {
            callid: "1".to_owned(),
            direction: Direction::In,
            status,
            account: "anna".to_owned(),
            phone: Phone::from_stored("+79101234567"),
            duration_s,
            link: None,
            started_ms,
            wait_s,
            rating: None,
            details: CallDetails::default(),
        };
        CallFacts::of_history(&report, at_ms)
    }

    fn joined(all: &[CallFacts]) -> CallFacts {
        let mut facts = CallFacts::default();
        all.iter().for_each(|one| facts.merge(one.clone()));
        facts
    }

    #[test]
    fn the_end_of_a_talk_goes_by_the_best_that_is_known() {
        let success = |known, at| report(HistoryStatus::Success, known, at);
        let ring = event(EventType::Incoming, 1_000);
        let answer = event(EventType::Accepted, 11_000);
        let hang_up = event(EventType::Completed, 75_000);
        for (facts, ended) in [
            (vec![success((Some(0), Some(12), 60), 2 * HOUR_MS), hang_up.clone()], 72_000),
            (vec![success((Some(0), None, 60), 2 * HOUR_MS), hang_up.clone()], 75_000),
            (vec![success((Some(0), None, 60), 2 * HOUR_MS)], 60_000),
            (vec![success((None, None, 60), 2 * HOUR_MS), ring.clone(), answer.clone()], 71_000),
            (vec![success((None, None, 60), 2 * HOUR_MS)], 2 * HOUR_MS),
            // Nothing ends later than the report that proves it.
            (vec![success((Some(100_000), Some(12), 60), 120_000)], 120_000),
        ] {
            assert_eq!(joined(&facts).ended_ms(), Some(ended), "{facts:?}");
        }
        let mut unheard = joined(&[ring, answer]);
        unheard.merge(unheard.giving_up(5 * HOUR_MS).unwrap());
        assert_eq!(unheard.ended_ms(), Some(11_000));
    }

    #[test]
    fn the_wait_of_a_miss_does_not_grow_with_its_report() {
        let missed = |known, at| report(HistoryStatus::Missed, known, at);
        let (ring, stop) = (event(EventType::Incoming, 0), event(EventType::Cancelled, 18_000));
        for (facts, wait_s) in [
            (vec![ring.clone(), stop, missed((None, None, 0), HOUR_MS)], Some(18)),
            (vec![ring.clone(), missed((None, Some(20), 0), HOUR_MS)], Some(20)),
            (vec![ring.clone(), missed((None, None, 0), HOUR_MS)], None),
            (vec![missed((None, None, 0), HOUR_MS)], None),
        ] {
            assert_eq!(joined(&facts).wait_s(), wait_s, "{facts:?}");
        }
        // The job that gives up may have been late as well.
        let mut silent = ring;
        silent.merge(silent.giving_up(5 * HOUR_MS).unwrap());
        assert_eq!(silent.wait_s(), Some(180));
    }

    #[test]
    fn a_start_is_believed_near_the_events_and_not_ahead_of_its_receipt() {
        let told = |start, at| report(HistoryStatus::Missed, (Some(start), None, 0), at);
        let ring = event(EventType::Incoming, 10 * HOUR_MS);
        for (facts, started) in [
            (vec![told(13 * HOUR_MS, 10 * HOUR_MS + 60_000)], 10 * HOUR_MS + 60_000),
            (vec![told(7 * HOUR_MS, 10 * HOUR_MS + 60_000), ring.clone()], 10 * HOUR_MS),
            (vec![told(7 * HOUR_MS, 10 * HOUR_MS + 60_000)], 7 * HOUR_MS),
            (vec![told(10 * HOUR_MS - 2_000, 10 * HOUR_MS + 60_000), ring], 10 * HOUR_MS - 2_000),
        ] {
            assert_eq!(joined(&facts).started_ms(), started, "{facts:?}");
        }
    }
}
