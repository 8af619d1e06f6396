//! What a push says that is not believed, for the journal.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::facts::{CallFacts, LEGS};
use crate::domain::push::{HistoryReport, PbxEvent};
use crate::domain::times::START_AHEAD_MS;

/// Its name is the stable code, its members are the parameters, its text is the sentence for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Doubt {
    #[error("start is not believed: it lies {minutes} minutes ahead of its receipt")]
    StartAhead { minutes: i64 },
    #[error("start is not believed: it lies {minutes} minutes before the first event")]
    StartBefore { minutes: i64 },
    #[error("start is not believed: it lies {minutes} minutes after the first event")]
    StartAfter { minutes: i64 },
    #[error("link is not believed: it is no http or https address")]
    LinkNoAddress,
    #[error("user is left out: a call has {most} at most, the shortest")]
    LegsFull { most: usize },
}

/// A recording's address as browsers may open it.
pub fn is_web_address(link: &str) -> bool {
    let scheme = link.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| scheme == "http" || scheme == "https")
}

/// What of a call a push is judged by, as it stood before.
#[derive(Clone, Copy, Default)]
pub struct Standing {
    /// The start that was believed.
    start_ms: Option<i64>,
    /// The push is of one leg more than a call has.
    is_full: bool,
}

impl Standing {
    pub fn before(event: &PbxEvent, facts: &CallFacts) -> Self {
        let is_full = matches!(event, PbxEvent::Call(event) if facts.legs.len() >= LEGS && !facts.legs.contains_key(&event.account));
        Self { start_ms: facts.believed_start_ms(), is_full }
    }
}

/// What of this push, heard at `now_ms`, is left out of the call; empty when all of it is believed. `before` is how the
/// call stood before it, `after` its facts with it.
pub fn of_push(event: &PbxEvent, now_ms: i64, before: Standing, after: &CallFacts) -> Vec<Doubt> {
    let Standing { start_ms, is_full } = before;
    let report = if let PbxEvent::History(report) = event { Some(report) } else { None };
    let is_news = start_ms.is_some() || report.is_some_and(|report| report.started_ms.is_some());
    let doubts = [
        report.and_then(|report| ahead(report, now_ms)),
        after.start_apart_ms().filter(|_| is_news).map(apart),
        report
            .and_then(|report| report.link.as_deref())
            .filter(|link| !is_web_address(link))
            .map(|_| Doubt::LinkNoAddress),
        is_full.then_some(Doubt::LegsFull { most: LEGS }),
    ];
    doubts.into_iter().flatten().collect()
}

fn ahead(report: &HistoryReport, now_ms: i64) -> Option<Doubt> {
    let ahead_ms = report.started_ms? - now_ms;
    (ahead_ms > START_AHEAD_MS).then_some(Doubt::StartAhead { minutes: ahead_ms / 60_000 })
}

fn apart(apart_ms: i64) -> Doubt {
    let minutes = apart_ms.abs() / 60_000;
    if apart_ms < 0 { Doubt::StartBefore { minutes } } else { Doubt::StartAfter { minutes } }
}
