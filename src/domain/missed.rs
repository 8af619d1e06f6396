//! The missed board: clients who rang and were not served.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::call::LineRef;
use crate::domain::contact::ContactRef;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissedState {
    New,
    Taken,
    /// We tried to reach the client and did not.
    CalledBack,
    /// Put off until `snoozed_until`, or until the client rings again.
    Snoozed,
    Closed,
}

/// How long a row stays taken without a call to the client.
pub const TAKEN_LAPSES_MS: i64 = 15 * 60_000;

/// Why the latest call was missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Why {
    pub kind: WhyKind,
    /// How long the client waited; null: nobody knows.
    pub after_s: Option<i64>,
    /// Whose phones rang.
    pub rang: Vec<UserRef>,
}

/// The first that applies, from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyKind {
    OffHours,
    HungUpEarly,
    RangUnanswered,
    NobodyRung,
}

/// One client on the board: the numbers that one contact alone has, or one of nobody, or of several contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissedRow {
    pub id: String,
    /// Grows with every change of the row.
    pub rev: i64,
    /// All the client's; the latest that was missed is `number`.
    pub numbers: Vec<String>,
    pub number: String,
    /// As people write it in its country.
    pub number_formatted: String,
    pub contact: Option<ContactRef>,
    pub responsible: Option<UserRef>,
    pub line: Option<LineRef>,
    pub count: i64,
    pub first_at: Option<UtcMs>,
    pub last_at: Option<UtcMs>,
    /// By when to call back, in working time; null: no call is owed.
    pub due_at: Option<UtcMs>,
    /// When the next working day begins; null: all time is working time.
    pub morning_at: Option<UtcMs>,
    pub why: Option<Why>,
    pub is_vip: bool,
    pub state: MissedState,
    pub taken_by: Option<UserRef>,
    pub taken_at: Option<UtcMs>,
    pub snoozed_until: Option<UtcMs>,
    pub reason: String,
    pub calls: Vec<String>,
}
