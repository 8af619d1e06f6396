//! A call is the set of facts heard about it; its state is computed from them.
//!
//! Webhooks come twice, late, in any order, or not at all. So `merge` is commutative, associative and idempotent: every
//! member is a minimum, a maximum or a union. What a push adds to the set is in `heard`, what follows from it in
//! `course`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::call::Direction;
use crate::domain::newer::Newer;
use crate::domain::reason::Reason;

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
#[serde(default, deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub struct HistoryFacts {
    pub status: HistoryStatus,
    pub duration_s: i64,
    pub direction: Direction,
    pub account: String,
    pub phone: String,
}

/// A click-to-call made here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Click {
    pub at_ms: i64,
    pub user_id: String,
    pub account: String,
    pub phone: String,
    /// The group it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What the other side said when it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Reason>,
}

/// How many legs a call has at most.
pub const LEGS: usize = 200;

/// Everything heard about one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallFacts {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub legs: BTreeMap<String, LegFacts>,
    /// The best report: Success over the rest, then the longer, then by text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryFacts>,
    /// When that report was first heard.
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
    #[serde(skip)]
    pub newer: Newer,
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

impl CallFacts {
    /// Joins what another set knows. Commutative, associative, idempotent.
    pub fn merge(&mut self, mut other: Self) {
        self.merge_newer(&mut other);
        for (account, leg) in other.legs {
            self.legs.entry(account).or_default().merge(leg);
        }
        self.bound_legs();
        self.merge_history(other.history, other.history_received_ms);
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

    /// The shortest names stay: whoever makes up a user for each push makes up long ones. It goes by nothing that is heard
    /// later, so that what stays has lost nothing on the way, and the order decides nothing.
    fn bound_legs(&mut self) {
        while self.legs.len() > LEGS
            && let Some(longest) = self.legs.keys().max_by_key(|name| (name.len(), *name)).cloned()
        {
            self.legs.remove(&longest);
            self.newer.forget_leg(&longest);
        }
    }

    /// A report or a click that gives way takes along what a newer version knows of it.
    fn merge_newer(&mut self, other: &mut Self) {
        if self.newer.is_empty() && other.newer.is_empty() {
            return;
        }
        if let (Some(mine), Some(theirs)) = (&self.history, &other.history)
            && mine != theirs
        {
            let loser = if mine.is_worse_than(theirs) { &mut self.newer } else { &mut other.newer };
            loser.forget("history");
        }
        if let (Some(mine), Some(theirs)) = (&self.click, &other.click)
            && mine != theirs
        {
            let loser = if theirs < mine { &mut self.newer } else { &mut other.newer };
            loser.forget("click");
        }
        self.newer.merge(std::mem::take(&mut other.newer));
    }

    /// The better report stands, with the first instant at which it was heard.
    fn merge_history(&mut self, theirs: Option<HistoryFacts>, received_ms: Option<i64>) {
        let Some(theirs) = theirs else { return };
        match &self.history {
            Some(mine) if *mine == theirs => keep_first(&mut self.history_received_ms, received_ms),
            Some(mine) if !mine.is_worse_than(&theirs) => {}
            _ => {
                self.history = Some(theirs);
                self.history_received_ms = received_ms;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::phone::Phone;
    use crate::domain::push::{CallDetails, CallEvent, EventType, HistoryReport};

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
            CallFacts::of_click(Click { at_ms, user_id, account, phone, group: None, refused: None })
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
        let known = prop_oneof![4 => event, 2 => history, 1 => click, 1 => settling];
        (known, prop::option::of(0..9_i64))
            .prop_map(|(facts, newer)| newer.map_or(facts.clone(), |n| of_newer(&facts, n)))
    }

    /// The same, as a newer version with members of its own writes it.
    fn of_newer(facts: &CallFacts, n: i64) -> CallFacts {
        let mut whole = serde_json::to_value(facts).unwrap();
        let unknown = [json!(n), json!({ "depth": n }), json!([n])][usize::try_from(n % 3).unwrap()].clone();
        whole["of_next_year"] = unknown.clone();
        for member in ["history", "click"] {
            if whole[member].is_object() {
                whole[member]["more"] = unknown.clone();
            }
        }
        for leg in whole.get_mut("legs").and_then(Value::as_object_mut).into_iter().flat_map(|legs| legs.values_mut()) {
            leg["more"] = unknown.clone();
        }
        CallFacts::from_text(&whole.to_string()).unwrap()
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
            let text = facts.to_text().unwrap();
            prop_assert_eq!(CallFacts::from_text(&text).unwrap(), facts);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn a_call_of_too_many_legs_is_the_same_in_any_order(pushes in vec((0..400_i64, 0..50_i64, any::<bool>()), 300..500), cut in any::<prop::sample::Index>()) {
            let set: Vec<CallFacts> = pushes
                .into_iter()
                .map(|(account, at, is_newer)| {
                    let mut facts = CallFacts::default();
                    facts.legs.entry(format!("account-{account}")).or_default().ringing_ms = Some(at);
                    if is_newer { of_newer(&facts, at) } else { facts }
                })
                .collect();
            let in_order = joined(&set);
            prop_assert!(in_order.legs.len() <= LEGS);
            prop_assert_eq!(joined(set.iter().rev()), in_order.clone());
            let (left, right) = set.split_at(cut.index(set.len()));
            let mut grouped = joined(left);
            grouped.merge(joined(right));
            prop_assert_eq!(&grouped, &in_order);
            grouped.merge(joined(left));
            prop_assert_eq!(grouped, in_order);
        }
    }
}
