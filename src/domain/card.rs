//! What pops up while the phone rings: the call, and what we know of the client.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::call::Call;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

/// The last talk with this client before this call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastTalk {
    pub at: UtcMs,
    pub user: Option<UserRef>,
    pub duration_s: Option<i64>,
    pub note: String,
    /// An outcome's id; empty: none.
    pub outcome: String,
}

/// A call with its client, for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Card {
    #[serde(flatten)]
    pub call: Call,
    /// Grows with every change of the call; an older card than the one shown is dropped.
    pub rev: i64,
    /// Whether it stands on this person's screen: false once it is dismissed or is another's.
    pub for_me: bool,
    pub responsible: Option<UserRef>,
    pub company: String,
    pub tags: Vec<String>,
    pub vip: bool,
    /// What to know before one answers; empty: nothing.
    pub alert: String,
    pub last: Option<LastTalk>,
    /// Calls with this number before and with this one.
    pub calls_count: i64,
    /// Missed calls of this number that nobody has made good.
    pub missed_open: i64,
}
