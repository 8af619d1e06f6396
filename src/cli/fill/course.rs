//! How one made-up call went: what the PBX said of it, joined as the program joins it.

use crate::cli::fill::chance::Chance;
use crate::domain::call::Direction;
use crate::domain::course::CANCELLED_SETTLES_MS;
use crate::domain::facts::{CallFacts, HistoryStatus};
use crate::domain::phone::Phone;
use crate::domain::push::{CallDetails, CallEvent, EventType, HistoryReport};

/// From the end of a call to its report.
const REPORTED_AFTER_MS: i64 = 700;

/// What a call is about.
pub struct Subject<'a> {
    pub callid: String,
    /// The client's, in its normal form.
    pub number: String,
    /// Ours, that was dialled.
    pub line: &'a str,
    /// The PBX accounts that ring, first who picks up; of an outgoing call, who calls.
    pub accounts: Vec<&'a str>,
    pub started_ms: i64,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Somebody talked with the client.
    Talk,
    /// Somebody did, and handed the client on to the call with this name.
    HandedOn(String),
    /// The client gave up, or did not answer.
    Nobody(HistoryStatus),
}

/// A call as it was heard of.
pub struct Heard {
    pub facts: CallFacts,
    /// How often its row was written.
    pub writes: i64,
    pub ended_ms: i64,
}

impl Heard {
    fn hear(&mut self, facts: CallFacts) {
        self.facts.merge(facts);
        self.writes += 1;
    }
}

/// Plays the call.
pub fn play(subject: &Subject, direction: Direction, ending: &Ending, chance: &mut Chance) -> Heard {
    let wait_ms = chance.between(3, 40) * 1000;
    let talk_s = match ending {
        // Most are short.
        Ending::Talk | Ending::HandedOn(_) => 10 + (chance.fraction().powi(3) * 1_500.0) as i64,
        Ending::Nobody(_) => 0,
    };
    let picked_up_ms = subject.started_ms + wait_ms;
    let ended_ms = picked_up_ms + talk_s * 1000;
    let mut heard = Heard { facts: CallFacts::default(), writes: 0, ended_ms };
    let rings = if direction == Direction::In { EventType::Incoming } else { EventType::Outgoing };
    for (account, after_ms) in subject.accounts.iter().zip((0..).step_by(20)) {
        heard.hear(subject.event(rings, account, subject.started_ms + after_ms, None));
    }
    let winner = subject.accounts[0];
    if *ending == Ending::Nobody(HistoryStatus::Missed) {
        return given_up(subject, heard);
    }
    for loser in &subject.accounts[1..] {
        heard.hear(subject.event(EventType::Cancelled, loser, picked_up_ms, None));
    }
    let mut status = HistoryStatus::Success;
    match ending {
        Ending::Nobody(why) => status = *why,
        Ending::Talk | Ending::HandedOn(_) => {
            heard.hear(subject.event(EventType::Accepted, winner, picked_up_ms, None))
        }
    }
    if let Ending::HandedOn(next) = ending {
        heard.hear(subject.event(EventType::Transferred, winner, ended_ms, Some(next)));
    }
    if status == HistoryStatus::Success {
        heard.hear(subject.event(EventType::Completed, winner, ended_ms, None));
    }
    let report = HistoryReport {
        callid: subject.callid.clone(),
        direction,
        status,
        account: winner.to_owned(),
        phone: Phone::from_stored(&subject.number),
        duration_s: talk_s,
        link: (talk_s > 0).then(|| format!("https://pbx.example/recordings/{}.mp3", subject.callid)),
        started_ms: Some(subject.started_ms),
        wait_s: Some(wait_ms / 1000),
        rating: (talk_s > 0 && chance.happens(0.05)).then(|| chance.between(1, 5)),
        details: subject.details(),
    };
    heard.hear(CallFacts::of_history(&report, ended_ms + REPORTED_AFTER_MS));
    heard.ended_ms = ended_ms + REPORTED_AFTER_MS;
    heard
}

/// No report follows a call that nobody took: it is settled a little later.
fn given_up(subject: &Subject, mut heard: Heard) -> Heard {
    for account in &subject.accounts {
        heard.hear(subject.event(EventType::Cancelled, account, heard.ended_ms, None));
    }
    heard.ended_ms += CANCELLED_SETTLES_MS;
    if let Some(given_up) = heard.facts.giving_up(heard.ended_ms) {
        heard.hear(given_up);
        // The job locks the row first, and that is a write too.
        heard.writes += 1;
    }
    heard
}

impl Subject<'_> {
    fn details(&self) -> CallDetails {
        CallDetails {
            diversion: Some(Phone::from_stored(self.line)),
            group: (self.accounts.len() > 1).then(|| "Отдел продаж".to_owned()),
            ..CallDetails::default()
        }
    }

    fn event(&self, kind: EventType, account: &str, at_ms: i64, second_callid: Option<&String>) -> CallFacts {
        let event = CallEvent {
            callid: self.callid.clone(),
            kind,
            account: account.to_owned(),
            phone: Phone::from_stored(&self.number),
            details: self.details(),
            second_callid: second_callid.cloned(),
        };
        CallFacts::of_event(&event, at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::call::CallState;

    fn state(direction: Direction, ending: Ending) -> CallState {
        let subject = Subject {
            callid: "A".to_owned(),
            number: "+79101234567".to_owned(),
            line: "+74951234567",
            accounts: vec!["anna", "boris"],
            started_ms: 0,
        };
        let heard = play(&subject, direction, &ending, &mut Chance::new(1));
        assert_eq!(heard.facts.settle_due_ms(), None, "nothing is left to settle");
        assert_eq!((heard.facts.started_ms(), heard.facts.direction()), (0, direction));
        heard.facts.state()
    }

    #[test]
    fn a_call_ends_as_it_was_meant_to() {
        let nobody = Ending::Nobody;
        assert_eq!(state(Direction::In, Ending::Talk), CallState::Answered);
        assert_eq!(state(Direction::In, Ending::HandedOn("B".to_owned())), CallState::Answered);
        assert_eq!(state(Direction::In, nobody(HistoryStatus::Missed)), CallState::Missed);
        assert_eq!(state(Direction::Out, Ending::Talk), CallState::Answered);
        assert_eq!(state(Direction::Out, nobody(HistoryStatus::Busy)), CallState::Busy);
        assert_eq!(state(Direction::Out, nobody(HistoryStatus::Cancel)), CallState::Cancelled);
    }
}
