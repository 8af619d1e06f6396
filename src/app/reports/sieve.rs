//! What of a day's calls a report is about.

use std::collections::BTreeMap;

use crate::app::desk::counted::{End, Work};
use crate::app::desk::past::NO_LINE;
use crate::app::reports::ask::Asked;
use crate::domain::calendar::WorkingTime;
use crate::domain::call::Direction;
use crate::domain::counted_day::{CountedCall, CountedDay, CountedWait};
use crate::domain::report::Period;

/// Asked of every call of a time.
pub struct Sieve<'a> {
    asked: &'a Asked,
    period: Period,
    /// By line; absent: by none.
    work: BTreeMap<Option<String>, WorkingTime>,
}

/// Asked of the calls of one day.
pub struct OfDay<'s, 'a> {
    sieve: &'s Sieve<'a>,
    starts_ms: i64,
    /// Of each name, whether such a line, or person, is asked for; at last of none.
    lines: Vec<bool>,
    users: Vec<bool>,
    /// When each line's place works; at last that of none.
    work: Vec<&'s WorkingTime>,
}

impl<'a> Sieve<'a> {
    pub fn new(asked: &'a Asked, period: Period) -> Self {
        Self { asked, period, work: BTreeMap::new() }
    }

    /// For this day.
    pub fn of_day(&mut self, starts_ms: i64, day: &CountedDay) -> OfDay<'_, 'a> {
        let Asked { directory, lines, users, now_ms, .. } = self.asked;
        let among = |values: &[String], name: &str| values.is_empty() || values.iter().any(|one| one == name);
        let names = || day.names.iter().map(String::as_str);
        let every_line = names().map(|name| Some(name.to_owned())).chain([None]);
        for line in every_line.clone() {
            let from_ms = self.period.from.0;
            let calendar =
                |line: &Option<String>| directory.settings.calendar(line.as_deref()).between(from_ms, *now_ms);
            self.work.entry(line).or_insert_with_key(calendar);
        }
        let this = &*self;
        OfDay {
            starts_ms,
            lines: names().chain([NO_LINE]).map(|name| among(lines, name)).collect(),
            users: names().chain([""]).map(|name| among(users, name)).collect(),
            work: every_line.map(|line| &this.work[&line]).collect(),
            sieve: this,
        }
    }
}

impl OfDay<'_, '_> {
    /// Where `names` has it; behind them stands what is true of none.
    fn place(&self, name: Option<u32>) -> usize {
        name.map_or(self.lines.len() - 1, |name| name as usize)
    }

    fn passes(&self, line: Option<u32>, at_ms: i64) -> bool {
        let (Sieve { asked, period, .. }, place) = (self.sieve, self.place(line));
        let (counted, zone) = (&asked.counted, &asked.zone);
        (period.from.0..period.to.0).contains(&at_ms)
            && self.lines[place]
            && (counted.weekdays.is_empty() || counted.weekdays.contains(&zone.weekday(at_ms)))
            && (counted.hours.is_empty() || counted.hours.contains(&zone.hour(at_ms)))
            && (counted.work.is_empty() || counted.work.contains(&self.work(place, at_ms)))
    }

    fn work(&self, place: usize, at_ms: i64) -> Work {
        if self.work[place].is_working(at_ms) { Work::Working } else { Work::Off }
    }

    /// Of either direction and anybody; answers the instant at which it began.
    pub fn call(&self, call: &CountedCall) -> Option<i64> {
        let at_ms = self.starts_ms + i64::from(call.at_ms);
        self.passes(call.line, at_ms).then_some(at_ms)
    }

    /// Whether the call is this report's own.
    pub fn is_its(&self, call: &CountedCall) -> bool {
        call.is_in == (self.sieve.asked.direction == Direction::In) && self.users[self.place(call.user)]
    }

    /// A waiting has no person.
    pub fn wait(&self, wait: &CountedWait) -> Option<i64> {
        let at_ms = self.starts_ms + i64::from(wait.at_ms);
        self.passes(wait.line, at_ms).then_some(at_ms)
    }

    pub fn is_nobody_asked_for(&self) -> bool {
        self.users[self.users.len() - 1]
    }

    pub fn end(&self, wait: &CountedWait, at_ms: i64) -> End {
        let Some(end) = &wait.end else { return End::Waiting };
        if !end.is_called_back {
            return End::RangAgain;
        }
        let (after_ms, most_ms) =
            (i64::try_from(end.after_ms).unwrap_or(i64::MAX), self.sieve.asked.directory.settings.callback_ms());
        let working_ms = || self.work[self.place(wait.line)].working_ms(at_ms, at_ms.saturating_add(after_ms));
        End::CalledBack { is_in_time: after_ms <= most_ms || working_ms() <= most_ms }
    }
}
