//! Long work: it goes on after a restart, and whoever began it sees how far it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::import::Tally;
use crate::domain::reason::Told;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// A file of clients comes in.
    Import,
    /// A backup is made.
    Backup,
    /// Two contacts became one: done at once, and kept to be taken back.
    Merge,
}

impl TaskKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Backup => "backup",
            Self::Merge => "merge",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Import, Self::Backup, Self::Merge].into_iter().find(|kind| kind.as_str() == text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
    /// All of it was taken back.
    Undone,
}

impl TaskState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Undone => "undone",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Undone];
        all.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether somebody works at it, or will.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// In which direction it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    On,
    /// What came of it is taken back.
    Back,
}

impl Way {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Back => "back",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "on" => Some(Self::On),
            "back" => Some(Self::Back),
            _ => None,
        }
    }
}

/// A piece of long work whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Task {
    pub id: String,
    pub kind: TaskKind,
    pub state: TaskState,
    /// It is being taken back, or that was broken off.
    pub is_undoing: bool,
    /// So many rows are dealt with; while it is taken back, so many are still in place.
    pub done: i64,
    pub total: i64,
    /// Who began it; null: a command did.
    pub by: Option<UserRef>,
    pub made_at: UtcMs,
    pub ended_at: Option<UtcMs>,
    /// What came of it so far.
    pub result: Tally,
    /// Why it failed.
    pub error: Option<Told>,
    /// Until when all of it can be taken back; null when it cannot.
    pub undo_until: Option<UtcMs>,
}
