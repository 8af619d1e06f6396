//! A call as people and other software see it. How it came to be so is `facts`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::contact::ContactRef;
use crate::domain::delivery::DeliveryState;
use crate::domain::promise::CallPromise;
use crate::domain::reason::Told;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    In,
    Out,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "in" => Some(Self::In),
            "out" => Some(Self::Out),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Click-to-call was accepted and nothing has been heard since.
    Requested,
    Ringing,
    Talking,
    Answered,
    Missed,
    /// An outgoing call that did not reach the client.
    Cancelled,
    Busy,
    Unavailable,
    Forbidden,
    NotFound,
    Failed,
}

impl CallState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::Answered => "answered",
            Self::Missed => "missed",
            Self::Cancelled => "cancelled",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "requested" => Self::Requested,
            "ringing" => Self::Ringing,
            "talking" => Self::Talking,
            "answered" => Self::Answered,
            "missed" => Self::Missed,
            "cancelled" => Self::Cancelled,
            "busy" => Self::Busy,
            "unavailable" => Self::Unavailable,
            "forbidden" => Self::Forbidden,
            "not_found" => Self::NotFound,
            "failed" => Self::Failed,
            _ => return None,
        })
    }

    /// Whether the call still goes on.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Requested | Self::Ringing | Self::Talking)
    }
}

/// One of our own numbers, with the label that the owner gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineRef {
    pub number: String,
    pub label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LegState {
    Ringing,
    Talking,
    Answered,
    Cancelled,
}

/// One PBX account's part in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Leg {
    pub account: String,
    pub user: Option<UserRef>,
    pub state: LegState,
    pub ringing_at: Option<UtcMs>,
    pub answered_at: Option<UtcMs>,
    pub ended_at: Option<UtcMs>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecordingState {
    None,
    /// It is still to be fetched from the PBX.
    Waiting,
    Ready,
    /// It was given up; whoever asks for it has it tried again.
    Failed,
}

/// What there is to listen to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recording {
    pub state: RecordingState,
    /// Where this server plays it; null until it is ready.
    pub url: Option<String>,
    /// As long as the talk was.
    pub duration_s: Option<i64>,
    pub size_bytes: Option<i64>,
    /// When it is tried next; null: not by itself.
    pub next_try_at: Option<UtcMs>,
    /// Why it is not there.
    pub why: Option<Told>,
    /// Who has listened to it, by when they did first.
    pub heard_by: Vec<UserRef>,
}

impl Recording {
    /// The PBX has named none.
    pub fn none() -> Self {
        Self {
            state: RecordingState::None,
            url: None,
            duration_s: None,
            size_bytes: None,
            next_try_at: None,
            why: None,
            heard_by: Vec::new(),
        }
    }
}

/// How a call's data went out to another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Delivery {
    pub integration: String,
    pub state: DeliveryState,
}

/// A call whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Call {
    pub id: String,
    /// The integration's id.
    pub integration: String,
    pub callid: Option<String>,
    /// A trial by this program itself, which soon is gone.
    pub is_trial: bool,
    pub direction: Direction,
    pub state: CallState,
    pub phone: String,
    /// As people write it in its country; what is no public number as it is.
    pub phone_formatted: String,
    pub diversion: Option<String>,
    pub line: Option<LineRef>,
    pub group: Option<String>,
    pub contact: Option<ContactRef>,
    /// All contacts of the number, when there are several.
    pub matches: Vec<ContactRef>,
    /// Who talked.
    pub user: Option<UserRef>,
    pub started_at: UtcMs,
    pub answered_at: Option<UtcMs>,
    pub ended_at: Option<UtcMs>,
    pub duration_s: Option<i64>,
    pub wait_s: Option<i64>,
    pub recording: Recording,
    pub note: String,
    /// Grows with every note; 0: nobody wrote yet.
    pub note_rev: i64,
    pub note_by: Option<UserRef>,
    /// An outcome's id; empty: none.
    pub outcome: String,
    /// The one made last in this call.
    pub promise: Option<CallPromise>,
    pub rating: Option<i64>,
    /// Who of us had called the client in vain before he rang.
    pub returns_to: Option<UserRef>,
    /// Ids of the calls that this one was transferred from and to.
    pub transferred_from: Option<String>,
    pub transferred_to: Option<String>,
    pub legs: Vec<Leg>,
    pub deliveries: Vec<Delivery>,
}
