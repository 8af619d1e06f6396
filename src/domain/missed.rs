//! The missed board: clients who rang and were not served, one row a number.

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
    Closed,
}

/// One client number on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissedRow {
    pub id: String,
    /// Grows with every change of the row.
    pub rev: i64,
    pub number: String,
    /// As people write it in its country.
    pub number_formatted: String,
    pub contact: Option<ContactRef>,
    pub responsible: Option<UserRef>,
    pub line: Option<LineRef>,
    pub count: i64,
    pub first_at: Option<UtcMs>,
    pub last_at: Option<UtcMs>,
    pub state: MissedState,
    pub taken_by: Option<UserRef>,
    pub reason: String,
    pub calls: Vec<String>,
}
