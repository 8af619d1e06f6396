//! What one push, or one click of ours, adds to the facts of its call.

use crate::domain::doubts::is_web_address;
use crate::domain::facts::{CallFacts, Click, HistoryFacts};
use crate::domain::push::{CallDetails, CallEvent, EventType, HistoryReport, RatingReport};
use crate::domain::times::START_AHEAD_MS;

impl CallFacts {
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
        // A clock may be minutes ahead; hours ahead is local time written as UTC.
        facts.start_ms = report.started_ms.filter(|start| start - now_ms <= START_AHEAD_MS);
        facts.wait_s = report.wait_s;
        facts.link = report.link.clone().filter(|link| is_web_address(link));
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
}
