//! Plays scripts against the CRM: says each line in its time, and tells what the CRM answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use crate::clock::Clock;
use crate::domain::phone::Phone;
use crate::simulator::cast::{Cast, Parts};
use crate::simulator::crm::{Crm, Expected, Report};
use crate::simulator::scenario::{Beat, EventKind, Line, Saying, Scenario, Status, outgoing};

/// Told each push as soon as it was answered.
pub type Tell = Arc<dyn Fn(&Report) + Send + Sync>;

/// What a play needs. `speed` 1 is life; 10 is ten times as fast.
pub struct Player {
    pub cast: Cast,
    pub crm: Crm,
    pub clock: Clock,
    pub speed: f64,
    /// Where the recordings are served, without a slash at the end; empty: there are none.
    pub recordings: String,
    pub tell: Tell,
    turn: AtomicUsize,
    faults: AtomicUsize,
}

/// A call under way, and the one it is transferred to.
struct Course {
    parts: Parts,
    is_out: bool,
    is_group: bool,
    callids: [String; 2],
    rung_ms: [Option<i64>; 2],
    answered_ms: [Option<i64>; 2],
    ended_ms: [Option<i64>; 2],
}

impl Player {
    pub fn new(cast: Cast, crm: Crm, clock: Clock, speed: f64, recordings: String, tell: Tell) -> Self {
        let speed = if speed > 0.0 { speed } else { 1.0 };
        Self { cast, crm, clock, speed, recordings, tell, turn: AtomicUsize::new(0), faults: AtomicUsize::new(0) }
    }

    /// How many answers the contract forbids.
    pub fn faults(&self) -> usize {
        self.faults.load(Ordering::SeqCst)
    }

    /// Plays one incoming call, or what stands for one, to its end.
    pub async fn play(&self, scenario: Scenario) {
        let parts = self.cast.parts(self.turn.fetch_add(1, Ordering::SeqCst));
        let script = scenario.script(parts.employees.len());
        if scenario == Scenario::WrongToken {
            self.perform(&self.crm.with_wrong_token(), script, self.course(parts, false), Some(Expected::Refused))
                .await;
            return;
        }
        let mut course = self.course(parts, false);
        course.is_group = scenario == Scenario::Group;
        self.perform(&self.crm, script, course, None).await;
    }

    /// Plays the call that a click asked for.
    pub async fn call_out(&self, login: &str, client: Phone) {
        let script = outgoing(&client);
        self.perform(&self.crm, script, self.course(self.cast.outgoing(login, client), true), None).await;
    }

    fn course(&self, parts: Parts, is_out: bool) -> Course {
        let callids = [self.new_callid(), self.new_callid()];
        let none = [None; 2];
        Course { parts, is_out, is_group: false, callids, rung_ms: none, answered_ms: none, ended_ms: none }
    }

    /// As in the document: `B10D0EB124F4E64AF4EA-1511`.
    fn new_callid(&self) -> String {
        let hex: String = self.clock.new_id().to_uppercase().split('-').collect();
        format!("{}-{}", &hex[8..28], &hex[28..])
    }

    async fn perform(&self, crm: &Crm, script: Vec<Beat>, mut course: Course, expected: Option<Expected>) {
        for beat in script {
            let pause_ms = Duration::from_millis(beat.after_ms).as_secs_f64() / self.speed;
            tokio::time::sleep(Duration::from_secs_f64(pause_ms)).await;
            let now_ms = self.clock.now_ms();
            let pushes: Vec<_> = beat
                .lines
                .into_iter()
                .map(|line| {
                    course.note(line, now_ms);
                    let usual = if line.saying == Saying::Contact { Expected::Name } else { Expected::Kept };
                    crm.push(course.what(line), self.form(&course, line, now_ms), expected.unwrap_or(usual))
                })
                .collect();
            for report in join_all(pushes).await {
                if report.verdict.is_err() {
                    self.faults.fetch_add(1, Ordering::SeqCst);
                }
                (self.tell)(&report);
            }
        }
    }

    /// Source: Cloud PBX REST API, sections 4.1.1–4.1.3, and the further fields that real ones send.
    fn form(&self, course: &Course, line: Line, now_ms: i64) -> Vec<(&'static str, String)> {
        let mut form = vec![("phone", course.parts.client.digits()), ("callid", course.callids[line.call].clone())];
        if !course.is_out {
            form.push(("diversion", course.parts.line.digits()));
        }
        match line.saying {
            Saying::Contact => form.push(("cmd", "contact".to_owned())),
            Saying::Event(kind) => form.extend(course.event(kind, line)),
            Saying::History(status) => form.extend(course.history(status, line, now_ms, &self.recordings)),
        }
        form
    }
}

impl Course {
    /// Remembers when it rang, was answered and ended: the report tells it.
    fn note(&mut self, line: Line, now_ms: i64) {
        let first = match line.saying {
            Saying::Event(EventKind::Incoming | EventKind::Outgoing) => &mut self.rung_ms[line.call],
            Saying::Event(EventKind::Accepted) => &mut self.answered_ms[line.call],
            Saying::Event(EventKind::Completed) => &mut self.ended_ms[line.call],
            _ => return,
        };
        first.get_or_insert(now_ms);
    }

    fn what(&self, line: Line) -> String {
        let login = &self.parts.employees[line.employee].login;
        match line.saying {
            Saying::Contact => format!("contact {}", self.parts.client.as_str()),
            Saying::Event(kind) => format!("event {} {login}", kind.wire()),
            Saying::History(status) => format!("history {} {login}", status.wire()),
        }
    }

    fn direction(&self) -> String {
        if self.is_out { "out" } else { "in" }.to_owned()
    }

    fn event(&self, kind: EventKind, line: Line) -> Vec<(&'static str, String)> {
        let mut form = vec![
            ("cmd", "event".to_owned()),
            ("type", kind.wire().to_owned()),
            ("user", self.parts.employees[line.employee].login.clone()),
            ("direction", self.direction()),
        ];
        if kind == EventKind::Transferred {
            form.push(("second_callid", self.callids[1].clone()));
        }
        if self.is_group {
            form.push(("groupRealName", "Отдел продаж".to_owned()));
        }
        form
    }

    fn history(&self, status: Status, line: Line, now_ms: i64, recordings: &str) -> Vec<(&'static str, String)> {
        let rung_ms = self.rung_ms[line.call].unwrap_or(now_ms);
        let answered_ms = self.answered_ms[line.call].unwrap_or(now_ms);
        let talked_ms = self.ended_ms[line.call].unwrap_or(now_ms) - answered_ms;
        // A quick play is shorter than a second; a talk is not.
        let duration_s = if status == Status::Success { (talked_ms / 1000).max(1) } else { 0 };
        let mut form = vec![
            ("cmd", "history".to_owned()),
            ("type", self.direction()),
            ("status", status.wire().to_owned()),
            ("user", self.parts.employees[line.employee].login.clone()),
            ("duration", duration_s.to_string()),
            ("start", start(rung_ms)),
        ];
        if status == Status::Success {
            form.push(("wait", ((answered_ms - rung_ms) / 1000).to_string()));
            if !recordings.is_empty() {
                form.push(("link", format!("{recordings}/{}/{duration_s}.wav", self.callids[line.call])));
            }
        }
        form
    }
}

/// `20261122T021500Z`.
fn start(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms)
        .map_or_else(|_| String::new(), |at| at.strftime("%Y%m%dT%H%M%SZ").to_string())
}

impl EventKind {
    fn wire(self) -> &'static str {
        match self {
            Self::Incoming => "INCOMING",
            Self::Outgoing => "OUTGOING",
            Self::Accepted => "ACCEPTED",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Transferred => "TRANSFERRED",
        }
    }
}

impl Status {
    fn wire(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Busy => "Busy",
            Self::NotAvailable => "NotAvailable",
        }
    }
}
