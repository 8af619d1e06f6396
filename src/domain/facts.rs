//! A call is the set of facts heard about it; its state is computed from them.
//!
//! Webhooks come twice, late, in any order, or not at all. So `merge` is commutative, associative and idempotent: every
//! member is a minimum, a maximum or a union. Everything below `merge` is a pure reading of the set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::call::{CallState, Direction, LegState};
use crate::domain::push::{CallDetails, CallEvent, EventType, HistoryReport, RatingReport};

/// After the last CANCELLED, how long an ACCEPTED of the group's winner may still be on its way.
pub const CANCELLED_SETTLES_MS: i64 = 5_000;
/// How long a call may ring without a word.
pub const RINGING_SETTLES_MS: i64 = 3 * 60_000;
/// How long a talk may last without a word.
pub const TALKING_SETTLES_MS: i64 = 4 * 3_600_000;
/// How long a click waits to be heard of.
pub const REQUESTED_LAPSES_MS: i64 = 5 * 60_000;

/// How a history report says the call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryStatus {
    Missed,
    Cancel,
    Busy,
    NotAvailable,
    NotAllowed,
    NotFound,
    Success,
}

/// One account's part: the first time of each thing that happened to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ringing_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_ms: Option<i64>,
    /// Settled while it had not been answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered_given_up_ms: Option<i64>,
    /// Settled while it talked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talking_given_up_ms: Option<i64>,
}

/// The members of a history report that stand and fall together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryFacts {
    pub status: HistoryStatus,
    pub duration_s: i64,
    pub direction: Direction,
    pub account: String,
    pub phone: String,
}

/// A click-to-call made here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Click {
    pub at_ms: i64,
    pub user_id: String,
    pub account: String,
    pub phone: String,
    /// What the other side said when it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Everything heard about one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallFacts {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub legs: BTreeMap<String, LegFacts>,
    /// The best report: Success over the rest, then the longer, then by text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_received_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_s: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// (when it came, 1–5): the latest counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diversion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ext: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telnum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telnum_name: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outgoing_heard: bool,
    /// The `direction` member of events; `out` where two disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction_said: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_callid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click: Option<Click>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_heard_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_heard_ms: Option<i64>,
}

fn keep_first<T: Ord>(mine: &mut Option<T>, theirs: Option<T>) {
    if let Some(theirs) = theirs
        && mine.as_ref().is_none_or(|mine| theirs < *mine)
    {
        *mine = Some(theirs);
    }
}

fn keep_greater<T: Ord>(mine: &mut Option<T>, theirs: Option<T>) {
    if theirs > *mine {
        *mine = theirs;
    }
}

impl LegFacts {
    fn merge(&mut self, other: Self) {
        keep_first(&mut self.ringing_ms, other.ringing_ms);
        keep_first(&mut self.answered_ms, other.answered_ms);
        keep_first(&mut self.cancelled_ms, other.cancelled_ms);
        keep_first(&mut self.completed_ms, other.completed_ms);
        keep_first(&mut self.unanswered_given_up_ms, other.unanswered_given_up_ms);
        keep_first(&mut self.talking_given_up_ms, other.talking_given_up_ms);
    }

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

impl HistoryFacts {
    fn is_worse_than(&self, other: &Self) -> bool {
        let rank = |h: &Self| {
            let text = (h.status, h.direction.as_str(), h.account.clone(), h.phone.clone());
            (h.status == HistoryStatus::Success, h.duration_s, text)
        };
        rank(self) < rank(other)
    }
}

/// `pbx` and a group's login are no persons.
pub fn is_person(account: &str) -> bool {
    !account.is_empty() && account != "pbx" && !account.starts_with("g_")
}

impl CallFacts {
    /// Joins what another set knows. Commutative, associative, idempotent.
    pub fn merge(&mut self, other: Self) {
        for (account, leg) in other.legs {
            self.legs.entry(account).or_default().merge(leg);
        }
        match (&mut self.history, other.history) {
            (Some(mine), Some(theirs)) if mine.is_worse_than(&theirs) => *mine = theirs,
            (mine @ None, theirs) => *mine = theirs,
            _ => {}
        }
        keep_first(&mut self.history_received_ms, other.history_received_ms);
        keep_first(&mut self.first_heard_ms, other.first_heard_ms);
        keep_first(&mut self.click, other.click);
        keep_greater(&mut self.last_heard_ms, other.last_heard_ms);
        keep_greater(&mut self.start_ms, other.start_ms);
        keep_greater(&mut self.wait_s, other.wait_s);
        keep_greater(&mut self.link, other.link);
        keep_greater(&mut self.rating, other.rating);
        keep_greater(&mut self.phone, other.phone);
        keep_greater(&mut self.diversion, other.diversion);
        keep_greater(&mut self.group, other.group);
        keep_greater(&mut self.ext, other.ext);
        keep_greater(&mut self.telnum, other.telnum);
        keep_greater(&mut self.telnum_name, other.telnum_name);
        keep_greater(&mut self.direction_said, other.direction_said);
        keep_greater(&mut self.second_callid, other.second_callid);
        self.outgoing_heard |= other.outgoing_heard;
    }

    fn heard(now_ms: i64, phone: &str, details: &CallDetails) -> Self {
        Self {
            first_heard_ms: Some(now_ms),
            last_heard_ms: Some(now_ms),
            phone: Some(phone.to_owned()),
            diversion: details.diversion.as_ref().map(|number| number.as_str().to_owned()),
            group: details.group.clone(),
            ext: details.ext.clone(),
            telnum: details.telnum.clone(),
            telnum_name: details.telnum_name.clone(),
            direction_said: details.direction.map(|direction| direction.as_str().to_owned()),
            ..Self::default()
        }
    }

    pub fn of_event(event: &CallEvent, now_ms: i64) -> Self {
        let mut facts = Self::heard(now_ms, event.phone.as_str(), &event.details);
        facts.second_callid.clone_from(&event.second_callid);
        facts.outgoing_heard = event.kind == EventType::Outgoing;
        let leg = facts.legs.entry(event.account.clone()).or_default();
        match event.kind {
            EventType::Incoming | EventType::Outgoing => leg.ringing_ms = Some(now_ms),
            EventType::Accepted => leg.answered_ms = Some(now_ms),
            EventType::Completed => leg.completed_ms = Some(now_ms),
            EventType::Cancelled => leg.cancelled_ms = Some(now_ms),
            EventType::Transferred => {}
        }
        facts
    }

    pub fn of_history(report: &HistoryReport, now_ms: i64) -> Self {
        let mut facts = Self::heard(now_ms, report.phone.as_str(), &report.details);
        facts.history = Some(HistoryFacts {
            status: report.status,
            duration_s: report.duration_s,
            direction: report.direction,
            account: report.account.clone(),
            phone: report.phone.as_str().to_owned(),
        });
        facts.history_received_ms = Some(now_ms);
        facts.start_ms = report.started_ms;
        facts.wait_s = report.wait_s;
        facts.link.clone_from(&report.link);
        facts.rating = report.rating.map(|rating| (now_ms, rating));
        facts
    }

    pub fn of_rating(report: &RatingReport, now_ms: i64) -> Self {
        Self {
            first_heard_ms: Some(now_ms),
            last_heard_ms: Some(now_ms),
            phone: Some(report.phone.as_str().to_owned()),
            rating: Some((now_ms, report.rating)),
            ..Self::default()
        }
    }

    pub fn of_click(click: Click) -> Self {
        Self { click: Some(click), ..Self::default() }
    }

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

    fn first_ring_ms(&self) -> Option<i64> {
        self.legs.values().filter_map(|leg| leg.ringing_ms).min()
    }

    pub fn started_ms(&self) -> i64 {
        if let Some(start) = self.start_ms {
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
        let completed = self.legs.values().filter_map(|leg| leg.completed_ms).min();
        let earliest = [completed, self.history_received_ms].into_iter().flatten().min();
        let cancelled = || self.legs.values().filter_map(|leg| leg.cancelled_ms).max();
        let given_up = || {
            let of = |leg: &LegFacts| leg.talking_given_up_ms.or(leg.unanswered_given_up_ms);
            self.legs.values().filter_map(of).max()
        };
        let click = || self.click.as_ref().map(|click| click.at_ms);
        let unanswered = if state == CallState::Answered { None } else { cancelled() };
        earliest.or(unanswered).or_else(given_up).or(self.last_heard_ms).or_else(click)
    }

    /// Seconds, as history says; without a history unknown.
    pub fn duration_s(&self) -> Option<i64> {
        self.history.as_ref().map(|history| history.duration_s)
    }

    /// Seconds until somebody picked up, or the client gave up.
    pub fn wait_s(&self) -> Option<i64> {
        if self.wait_s.is_some() {
            return self.wait_s;
        }
        let until = match self.state() {
            CallState::Missed => self.ended_ms(),
            _ => self.answered_ms(),
        };
        until.map(|until| ((until - self.started_ms()) / 1000).max(0))
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
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::phone::Phone;

    /// The same sets of facts as a PBX, a settling job and our own clicks can make, each with its own instant.
    fn fact() -> impl Strategy<Value = CallFacts> {
        let account = prop::sample::select(vec!["anna", "boris", "pbx", "g_sales"]);
        let kind = prop::sample::select(vec![
            EventType::Incoming,
            EventType::Outgoing,
            EventType::Accepted,
            EventType::Completed,
            EventType::Cancelled,
            EventType::Transferred,
        ]);
        let event = (account.clone(), kind, 0..50_i64).prop_map(|(account, kind, at)| {
            let second_callid = (kind == EventType::Transferred).then(|| format!("second-{}", at % 2));
            let phone = Phone::from_stored("+79101234567");
            let details = CallDetails { group: Some(format!("group {}", at % 3)), ..CallDetails::default() };
            let callid = "1".to_owned();
            let event = CallEvent { callid, kind, account: account.to_owned(), phone, details, second_callid };
            CallFacts::of_event(&event, at)
        });
        let status = prop::sample::select(vec![HistoryStatus::Success, HistoryStatus::Busy, HistoryStatus::Missed]);
        let direction = prop::sample::select(vec![Direction::In, Direction::Out]);
        let history = (account, status, direction, 0..50_i64).prop_map(|(account, status, direction, at)| {
            let report = HistoryReport {
                callid: "1".to_owned(),
                direction,
                status,
                account: account.to_owned(),
                phone: Phone::from_stored("+79101234567"),
                duration_s: at % 4,
                link: (at % 2 == 0).then(|| format!("https://example.org/{at}.mp3")),
                started_ms: None,
                wait_s: (at % 5 == 0).then_some(at),
                rating: None,
                details: CallDetails::default(),
            };
            CallFacts::of_history(&report, at)
        });
        let click = (0..50_i64).prop_map(|at_ms| {
            let (user_id, account) = ("u1".to_owned(), "anna".to_owned());
            let phone = "+79101234567".to_owned();
            CallFacts::of_click(Click { at_ms, user_id, account, phone, refused: None })
        });
        let settling = (vec((0..4_usize, any::<bool>()), 1..3), 0..50_i64).prop_map(|(legs, at)| {
            let mut facts = CallFacts::default();
            for (index, is_talking) in legs {
                let leg = facts.legs.entry(["anna", "boris", "pbx", "g_sales"][index].to_owned()).or_default();
                let mark = if is_talking { &mut leg.talking_given_up_ms } else { &mut leg.unanswered_given_up_ms };
                *mark = Some(at);
            }
            facts
        });
        prop_oneof![4 => event, 2 => history, 1 => click, 1 => settling]
    }

    fn joined<'a>(facts: impl IntoIterator<Item = &'a CallFacts>) -> CallFacts {
        let mut all = CallFacts::default();
        facts.into_iter().for_each(|one| all.merge(one.clone()));
        all
    }

    proptest! {
        #[test]
        fn the_same_set_is_the_same_call(set in vec(fact(), 1..12), seed in any::<prop::sample::Index>(), repeats in vec(any::<prop::sample::Index>(), 0..6)) {
            let in_order = joined(&set);
            let mut shuffled = set.clone();
            for (step, index) in repeats.iter().enumerate() {
                shuffled.push(set[index.index(set.len())].clone());
                let last = shuffled.len() - 1;
                shuffled.swap(step % last.max(1), last);
            }
            shuffled.rotate_left(seed.index(set.len()));
            shuffled.reverse();
            prop_assert_eq!(joined(&shuffled), in_order);
        }

        #[test]
        fn joining_in_groups_changes_nothing(set in vec(fact(), 2..10), cut in any::<prop::sample::Index>()) {
            let (left, right) = set.split_at(cut.index(set.len()));
            let mut grouped = joined(left);
            grouped.merge(joined(right));
            prop_assert_eq!(grouped, joined(&set));
        }

        #[test]
        fn the_store_gives_back_what_it_was_given(set in vec(fact(), 1..8)) {
            let facts = joined(&set);
            let text = serde_json::to_string(&facts).unwrap();
            prop_assert_eq!(serde_json::from_str::<CallFacts>(&text).unwrap(), facts);
        }
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
