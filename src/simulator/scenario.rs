//! What happens in a call, as a script: beats in time, in each of them what the PBX says.

use crate::domain::phone::Phone;

const RINGS_MS: u64 = 5_000;
const TALKS_MS: u64 = 8_000;
const REPORTS_MS: u64 = 700;
/// How many phones of a group ring at once.
const GROUP_SIZE: usize = 3;

/// What can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Rings, is answered, ends, is reported.
    Plain,
    /// Three phones ring; one wins, the others are cancelled in the same instant.
    Group,
    /// The client gives up; no report follows, as the document says.
    Missed,
    /// The first employee hands the client over to the second: a second call id.
    Transfer,
    /// The COMPLETED never comes, only the report.
    LostCompleted,
    /// The report overtakes the COMPLETED.
    HistoryFirst,
    /// Everything is said twice, once at the same moment and once later.
    Duplicates,
    /// Three pushes with a token that is not the CRM's: each must be refused.
    WrongToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    Incoming,
    Outgoing,
    Accepted,
    Completed,
    Cancelled,
    Transferred,
}

/// How the report says that the call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Success,
    Busy,
    NotAvailable,
}

/// One thing that the PBX says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// "Who is this?"
    Contact,
    Event(EventKind),
    History(Status),
}

/// A saying about call number `call` of the script (0, or 1 for the one it was transferred to) and employee number
/// `employee` of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub saying: Saying,
    pub call: usize,
    pub employee: usize,
}

/// What is said at once, `after_ms` after the beat before it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    pub after_ms: u64,
    pub lines: Vec<Line>,
}

impl Scenario {
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Group,
        Self::Missed,
        Self::Transfer,
        Self::LostCompleted,
        Self::HistoryFirst,
        Self::Duplicates,
        Self::WrongToken,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Group => "group",
            Self::Missed => "missed",
            Self::Transfer => "transfer",
            Self::LostCompleted => "lost-completed",
            Self::HistoryFirst => "history-first",
            Self::Duplicates => "duplicates",
            Self::WrongToken => "wrong-token",
        }
    }

    /// The scenarios that a name stands for: one, or `all` of them.
    pub fn named(name: &str) -> Vec<Self> {
        Self::ALL.into_iter().filter(|scenario| name == "all" || name == scenario.name()).collect()
    }

    /// The script for a business of so many employees (at least one).
    pub fn script(self, employees: usize) -> Vec<Beat> {
        match self {
            Self::Plain | Self::WrongToken => plain(),
            Self::Group => group(employees.min(GROUP_SIZE)),
            Self::Missed => missed(),
            Self::Transfer => transfer(1 % employees),
            Self::LostCompleted => without_completed(plain()),
            Self::HistoryFirst => history_first(),
            Self::Duplicates => twice(plain()),
        }
    }
}

/// An outgoing call. Two endings of the client's number stand for a call that fails: `00` is busy, `01` cannot be
/// reached.
pub fn outgoing(client: &Phone) -> Vec<Beat> {
    let rings = beat(300, vec![event(EventKind::Outgoing, 0, 0)]);
    let failed = |status| beat(RINGS_MS, vec![history(status, 0, 0)]);
    match client.as_str() {
        number if number.ends_with("00") => vec![rings, failed(Status::Busy)],
        number if number.ends_with("01") => vec![rings, failed(Status::NotAvailable)],
        _ => {
            let mut script = vec![rings];
            script.extend(talk(0, 0));
            script
        }
    }
}

fn beat(after_ms: u64, lines: Vec<Line>) -> Beat {
    Beat { after_ms, lines }
}

fn ask(call: usize) -> Line {
    Line { saying: Saying::Contact, call, employee: 0 }
}

fn event(kind: EventKind, call: usize, employee: usize) -> Line {
    Line { saying: Saying::Event(kind), call, employee }
}

fn history(status: Status, call: usize, employee: usize) -> Line {
    Line { saying: Saying::History(status), call, employee }
}

/// From picking up to the report.
fn talk(call: usize, employee: usize) -> Vec<Beat> {
    vec![
        beat(RINGS_MS, vec![event(EventKind::Accepted, call, employee)]),
        beat(TALKS_MS, vec![event(EventKind::Completed, call, employee)]),
        beat(REPORTS_MS, vec![history(Status::Success, call, employee)]),
    ]
}

fn plain() -> Vec<Beat> {
    let mut script = vec![beat(0, vec![ask(0)]), beat(0, vec![event(EventKind::Incoming, 0, 0)])];
    script.extend(talk(0, 0));
    script
}

fn group(size: usize) -> Vec<Beat> {
    let winner = 1 % size;
    let rings = (0..size).map(|employee| event(EventKind::Incoming, 0, employee)).collect();
    let losers = (0..size).filter(|employee| *employee != winner);
    let mut race: Vec<_> = losers.map(|employee| event(EventKind::Cancelled, 0, employee)).collect();
    race.push(event(EventKind::Accepted, 0, winner));
    vec![
        beat(0, vec![ask(0)]),
        beat(0, rings),
        beat(RINGS_MS, race),
        beat(TALKS_MS, vec![event(EventKind::Completed, 0, winner)]),
        beat(REPORTS_MS, vec![history(Status::Success, 0, winner)]),
    ]
}

fn missed() -> Vec<Beat> {
    vec![
        beat(0, vec![ask(0)]),
        beat(0, vec![event(EventKind::Incoming, 0, 0)]),
        beat(RINGS_MS + TALKS_MS, vec![event(EventKind::Cancelled, 0, 0)]),
    ]
}

fn transfer(second: usize) -> Vec<Beat> {
    vec![
        beat(0, vec![ask(0)]),
        beat(0, vec![event(EventKind::Incoming, 0, 0)]),
        beat(RINGS_MS, vec![event(EventKind::Accepted, 0, 0)]),
        beat(TALKS_MS, vec![event(EventKind::Transferred, 0, 0)]),
        beat(0, vec![event(EventKind::Incoming, 1, second)]),
        beat(0, vec![event(EventKind::Completed, 0, 0)]),
        beat(REPORTS_MS, vec![history(Status::Success, 0, 0)]),
        beat(RINGS_MS, vec![event(EventKind::Accepted, 1, second)]),
        beat(TALKS_MS, vec![event(EventKind::Completed, 1, second)]),
        beat(REPORTS_MS, vec![history(Status::Success, 1, second)]),
    ]
}

fn without_completed(mut script: Vec<Beat>) -> Vec<Beat> {
    for beat in &mut script {
        beat.lines.retain(|line| line.saying != Saying::Event(EventKind::Completed));
    }
    script
}

fn history_first() -> Vec<Beat> {
    vec![
        beat(0, vec![ask(0)]),
        beat(0, vec![event(EventKind::Incoming, 0, 0)]),
        beat(RINGS_MS, vec![event(EventKind::Accepted, 0, 0)]),
        beat(TALKS_MS, vec![history(Status::Success, 0, 0)]),
        beat(REPORTS_MS, vec![event(EventKind::Completed, 0, 0)]),
    ]
}

/// Each beat once more with itself, and once more after all.
fn twice(script: Vec<Beat>) -> Vec<Beat> {
    let mut repeated = Vec::new();
    for Beat { after_ms, lines } in &script {
        repeated.push(beat(*after_ms, lines.iter().chain(lines).copied().collect()));
    }
    repeated.extend(script.into_iter().map(|said| beat(REPORTS_MS, said.lines)));
    repeated
}
