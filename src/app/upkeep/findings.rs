//! What the doctor can find: each with its code and parameters, and the same as sentences for programs.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::reason::{Reason, Why};
use crate::domain::time::UtcMs;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Store,
    /// This machine's clock, beside the database's.
    Clock,
    /// The free space of the data directory.
    Disk,
    /// Where the data directory is.
    DataDir,
    /// How people and the PBX reach this node.
    Address,
    /// A loop in the background, by its name.
    Job,
    /// A row that cannot be read, as TABLE/ID.
    DamagedRow,
    /// What a PBX sends, by the integration's name.
    Pushes,
    /// The recordings of a PBX's calls, by the integration's name; of all of them where it is empty.
    Recordings,
    /// How fast a PBX is told who calls.
    ContactAnswers,
    /// Copies that are made by themselves.
    Backup,
}

/// Its name is the stable code, its members are the parameters, its text is the sentence for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Found {
    #[error("it was read just now, and its last write was kept")]
    StoreWell,
    #[error("it could not be read just now, or its last write was refused")]
    StoreRefuses,
    #[error("its file is damaged: {what}")]
    StoreDamaged { what: String },
    #[error("its write-ahead log has {log_mb} MB")]
    StoreLogLong { log_mb: u64 },
    #[error("this machine's clock and the database's are {apart_s} s apart; what is kept goes by the database's")]
    ClockApart { apart_s: i64 },
    #[error("{free_mb} MB are free")]
    DiskFree { free_mb: u64 },
    #[error("only {free_mb} MB are free")]
    DiskLow { free_mb: u64 },
    #[error("it stands in the container itself and goes with it")]
    DataDirInContainer,
    #[error("it is reached over https, or from this machine alone")]
    AddressSafe,
    #[error("whoever shares the network can read passwords and clients' numbers: it is reached over plain http")]
    AddressExposed,
    #[error("it has not failed since this node started")]
    JobWell,
    #[error("it has failed {failures} times since this node started, and goes on")]
    JobFailed { failures: u64 },
    #[error("it has failed {failures} times since this node started")]
    JobDown { failures: u64 },
    #[error("{why}")]
    RowUnreadable { why: String },
    #[error("nothing has come yet")]
    PushNone,
    #[error("the last came at {}", .at.to_rfc3339())]
    PushLast { at: UtcMs },
    #[error("{count} pushes of the last day were refused; the latest: {detail}")]
    PushesRefused { count: i64, detail: String },
    #[error("{count} pushes of the last day; of the latest: {detail}")]
    PushesDoubted { count: i64, detail: String },
    #[error("{count} are still to come")]
    RecordingsWaiting { count: i64 },
    #[error("{count} of the last week could not be fetched; the latest: {detail}")]
    RecordingsFailed { count: i64, detail: String },
    #[error("only {free_mb} MB are free where they are kept: none is fetched")]
    RecordingsPaused { free_mb: u64 },
    #[error("half of the last {count} within {p50_ms} ms, 95 of 100 within {p95_ms} ms; a PBX waits {budget_ms} ms")]
    AnsweredWithin { count: usize, p50_ms: u64, p95_ms: u64, budget_ms: u64 },
    #[error("slow: half of the last {count} within {p50_ms} ms, 95 of 100 within {p95_ms} ms of {budget_ms} ms")]
    AnsweredLate { count: usize, p50_ms: u64, p95_ms: u64, budget_ms: u64 },
    #[error("none is made by itself")]
    BackupOff,
    #[error("the first is not there yet")]
    BackupNone,
    #[error("the last was made at {}, of {count} that are kept", .at.to_rfc3339())]
    BackupLast { at: UtcMs, count: usize },
    #[error("the last was made at {}, more than a day ago", .at.to_rfc3339())]
    BackupOld { at: UtcMs },
    #[error("its folder cannot be read: {why}")]
    BackupUnreadable { why: String },
}

impl Found {
    pub fn is_well(&self) -> bool {
        matches!(
            self,
            Self::StoreWell
                | Self::DiskFree { .. }
                | Self::AddressSafe
                | Self::JobWell
                | Self::JobFailed { .. }
                | Self::PushNone
                | Self::PushLast { .. }
                | Self::RecordingsWaiting { .. }
                | Self::AnsweredWithin { .. }
                | Self::BackupOff
                | Self::BackupLast { .. }
        )
    }

    /// What to do; empty when there is nothing to do.
    fn advice(&self) -> &'static str {
        match self {
            Self::StoreWell
            | Self::DiskFree { .. }
            | Self::AddressSafe
            | Self::JobWell
            | Self::PushLast { .. }
            | Self::RecordingsWaiting { .. }
            | Self::AnsweredWithin { .. }
            | Self::BackupLast { .. } => "",
            Self::StoreRefuses => "look at the log: the disk may be full, or the database cannot be reached",
            Self::StoreDamaged { .. } => "restore a backup",
            Self::StoreLogLong { .. } => {
                "after a start ringcard itself looks through a large file; else end the program that reads it"
            }
            Self::ClockApart { .. } => "let both machines keep their time by NTP",
            Self::DiskLow { .. } => "make room: on a full disk no call can be kept",
            Self::DataDirInContainer => "mount a volume there, or the next update of the container begins with nothing",
            Self::AddressExposed => "name a certificate (RINGCARD_TLS_CERT, RINGCARD_TLS_KEY), or an https address",
            Self::JobFailed { .. } => "the log says why it failed",
            Self::JobDown { .. } => "it starts again by itself, within a minute; the log says why it fails",
            Self::RowUnreadable { .. } => {
                "it is left out until it can be read: a newer version of ringcard may have written it; else restore \
                 it from a backup"
            }
            Self::PushNone => "enter the address and the key in the PBX, then call one of its numbers",
            Self::PushesRefused { .. } => "the journal has each of them with its reason",
            Self::PushesDoubted { .. } => {
                "the calls were kept; look at the clock and the time zone of this PBX, and at the journal"
            }
            Self::RecordingsFailed { .. } => "each call says why; an admin may have to add the host of the recordings",
            Self::RecordingsPaused { .. } => "make room: a PBX keeps its recordings for a week",
            Self::BackupOff => {
                "name a folder on another disk in RINGCARD_BACKUP_DIR; a store in PostgreSQL is kept with pg_dump"
            }
            Self::BackupNone | Self::BackupOld { .. } | Self::BackupUnreadable { .. } => {
                "the log says why it fails; look at the room in its folder, and at whose it is"
            }
            Self::AnsweredLate { .. } => "look at the load of this machine and of its disk",
        }
    }
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    pub code: Subject,
    /// Which of its kind; empty where there is one only.
    pub about: String,
    pub works: bool,
    /// What was found, as a code: for pages.
    #[schema(value_type = Found)]
    pub why: Why,
    /// The same as a sentence.
    pub proof: String,
    /// What to do; empty when there is nothing to do.
    pub advice: String,
}

impl Finding {
    pub fn of(code: Subject, about: impl Into<String>, found: &Found) -> Self {
        Self {
            code,
            about: about.into(),
            works: found.is_well(),
            why: Reason::of(found).why,
            proof: found.to_string(),
            advice: found.advice().to_owned(),
        }
    }
}
