//! A client whole: the contact, and how it stands by the calls.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::call::Direction;
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

/// A contact whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contact {
    pub id: String,
    pub name: String,
    pub company: String,
    pub phones: Vec<ContactPhone>,
    pub email: String,
    pub note: String,
    pub tags: Vec<String>,
    pub kind: ContactKind,
    pub responsible: Option<UserRef>,
    pub vip: bool,
    /// What to know before one answers, on one line; empty: nothing.
    pub alert: String,
    pub created_at: UtcMs,
    pub updated_at: UtcMs,
    /// The latest talk; null: there was none, or its call is erased.
    pub last_talk: Option<ContactTalk>,
    /// Missed calls of all its numbers that nobody has made good.
    pub missed_open: i64,
}

/// A talk as the list of contacts shows it; `call` is the call's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactTalk {
    pub call: String,
    pub at: UtcMs,
    pub direction: Direction,
    pub user: Option<UserRef>,
}
