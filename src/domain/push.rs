//! What a PBX reports, in our own words: the facts that one webhook carries.

use crate::domain::call::Direction;
use crate::domain::facts::HistoryStatus;
use crate::domain::phone::Phone;

/// One accepted webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PbxEvent {
    Call(CallEvent),
    History(HistoryReport),
    Contact(CallerQuestion),
    Rating(RatingReport),
}

/// Names with which a push describes its call; each is optional in every push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallDetails {
    /// Our number that the client dialled.
    pub diversion: Option<Phone>,
    pub group: Option<String>,
    /// The operator's extension and line.
    pub ext: Option<String>,
    pub telnum: Option<String>,
    pub telnum_name: Option<String>,
    pub direction: Option<Direction>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    Incoming,
    Outgoing,
    Accepted,
    Completed,
    Cancelled,
    Transferred,
}

/// A phone rings, was picked up, was hung up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallEvent {
    pub callid: String,
    pub kind: EventType,
    /// The PBX account, as sent.
    pub account: String,
    pub phone: Phone,
    pub details: CallDetails,
    pub second_callid: Option<String>,
}

/// The report after the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryReport {
    pub callid: String,
    pub direction: Direction,
    pub status: HistoryStatus,
    pub account: String,
    pub phone: Phone,
    pub duration_s: i64,
    pub link: Option<String>,
    pub started_ms: Option<i64>,
    pub wait_s: Option<i64>,
    pub rating: Option<i64>,
    pub details: CallDetails,
}

/// Who is this? Asked while the caller waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerQuestion {
    pub callid: String,
    pub phone: Phone,
    pub diversion: Option<Phone>,
}

/// The client's mark for the talk, 1 to 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingReport {
    pub callid: String,
    pub account: String,
    pub phone: Phone,
    pub rating: i64,
}
