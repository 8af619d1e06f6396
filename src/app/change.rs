//! What the followers of a call are given: its change, and the circumstances in which it was heard.

use crate::app::App;
use crate::app::directory::Directory;
use crate::domain::call::{CallState, Direction};
use crate::domain::claim::Trace;
use crate::domain::facts::CallFacts;
use crate::store::tables::calls::CallRow;

/// Ids for the rows that a push may make; made outside the transaction, so that it can be run again.
#[derive(Clone, Debug)]
pub struct FreshIds {
    pub call: String,
    pub number: String,
    pub contact: String,
    pub recording: String,
    /// For each integration that hears of calls.
    pub deliveries: Vec<(String, String)>,
}

impl FreshIds {
    pub fn new(app: &App, directory: &Directory, now_ms: i64) -> Self {
        let delivery = |integration_id: &str| (integration_id.to_owned(), app.clock.new_id_at(now_ms));
        Self {
            call: app.clock.new_id_at(now_ms),
            number: app.clock.new_id_at(now_ms),
            contact: app.clock.new_id_at(now_ms),
            recording: app.clock.new_id_at(now_ms),
            deliveries: directory.mangos().map(delivery).collect(),
        }
    }
}

/// The circumstances in which something is heard: whom the business knows then, ids for what may be made, the instant.
#[derive(Clone, Copy)]
pub struct Hearing<'a> {
    pub directory: &'a Directory,
    pub ids: &'a FreshIds,
    pub now_ms: i64,
}

/// A call's row as it was written, with its facts; `before` is `None` for a new call.
#[derive(Clone, Debug)]
pub struct Change {
    pub before: Option<Before>,
    pub row: CallRow,
    pub facts: CallFacts,
}

/// What a call was before a change, for what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// A click that it takes, or gives back, changes it.
    pub id: String,
    pub state: CallState,
    pub direction: Direction,
    pub phone: String,
    pub user_id: Option<String>,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
    pub wait_s: Option<i64>,
    /// Where the PBX had its recording.
    pub link: Option<String>,
    /// What a click knew it by.
    pub trace: Option<Trace>,
}

impl Before {
    pub fn of(row: &CallRow, facts: &CallFacts) -> Self {
        Self {
            id: row.id.clone(),
            state: facts.state(),
            direction: facts.direction(),
            phone: row.phone.clone(),
            user_id: row.user_id.clone(),
            started_ms: row.started_ms,
            ended_ms: row.ended_ms,
            wait_s: facts.wait_s(),
            link: facts.link.clone(),
            trace: trace(row, facts),
        }
    }
}

/// What a click knows this call by; `None` when none may claim it, as when the PBX has said whose it is.
pub fn trace(row: &CallRow, facts: &CallFacts) -> Option<Trace> {
    let is_named = facts.click.is_some() && row.click_account.is_none();
    if is_named { None } else { Trace::of(facts) }
}
