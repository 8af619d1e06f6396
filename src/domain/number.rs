//! A number that calls us, apart from whose it is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::ContactRef;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

/// That a number is blocked: it makes no card, no sound, no lead and no row of the missed board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Blocked {
    pub at: UtcMs,
    pub by: Option<UserRef>,
    pub why: String,
}

/// What is known of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneNumber {
    pub number: String,
    /// As people write it in its country.
    pub number_formatted: String,
    /// Whose it is, the one to show first.
    pub contacts: Vec<ContactRef>,
    pub blocked: Option<Blocked>,
    /// When the oldest of its calls that are kept began.
    pub first_call_at: Option<UtcMs>,
    pub calls_count: i64,
}
