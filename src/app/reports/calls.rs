//! Calls by something: how many there were of each, and what came of them.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use crate::app::App;
use crate::app::calls::figures_anew;
use crate::app::desk::past::NO_LINE;
use crate::app::reports::ask::{Ask, Asked};
use crate::app::reports::days::{self, Names};
use crate::app::reports::sieve::Sieve;
use crate::app::reports::tally::Tally;
use crate::domain::call::Direction;
use crate::domain::counted_day::CountedDay;
use crate::domain::local_time::date_of;
use crate::domain::report::{CallFigures, CallReport, CallReportRow, Period};
use crate::domain::time::UtcMs;
use crate::domain::working_hours::Day;
use crate::error::Result;
use crate::store::tx::Tx;

/// The key of what has none.
const NONE: &str = "none";
const NO_PLACE: i64 = -1;

/// What makes the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum By {
    Day,
    Hour,
    Weekday,
    WeekdayHour,
    User,
    Line,
    /// The label of the line.
    Source,
    Outcome,
}

impl By {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "day" => Self::Day,
            "hour" => Self::Hour,
            "weekday" => Self::Weekday,
            "weekday_hour" => Self::WeekdayHour,
            "user" => Self::User,
            "line" => Self::Line,
            "source" => Self::Source,
            "outcome" => Self::Outcome,
            _ => return None,
        })
    }
}

/// # Errors
/// `Invalid`.
pub async fn report(app: &App, ask: Ask, by: By) -> Result<CallReport> {
    let asked = ask.decide(&app.directory().await?, app.clock.now_ms())?;
    app.store.list(move |tx| make(tx, &asked, by)).await
}

fn make(tx: &mut Tx, asked: &Asked, by: By) -> Result<CallReport> {
    let days_back = asked.days_back().unwrap_or_default();
    let compared = asked.compared();
    let (rows, total) = count(tx, asked, by, asked.period, 0)?;
    let mut before = match compared {
        Some(period) => Some(count(tx, asked, by, period, days_back)?),
        None => None,
    };
    let mut keys: Vec<String> = rows.keys().cloned().collect();
    keys.extend(whole(asked, by));
    keys.sort_unstable();
    keys.dedup();
    let mut rows = rows;
    let mut told: Vec<_> = keys
        .into_iter()
        .map(|key| CallReportRow {
            label: label(asked, by, &key),
            query: asked.query(&members(asked, by, &key)),
            figures: rows.remove(&key).unwrap_or_default(),
            before: before.as_mut().map(|(rows, _)| rows.remove(&key).unwrap_or_default()),
            key,
        })
        .collect();
    if matches!(by, By::User | By::Line | By::Source | By::Outcome) {
        told.sort_by_key(|row| std::cmp::Reverse(row.figures.calls));
    }
    let total = CallReportRow {
        key: String::new(),
        label: String::new(),
        query: asked.query(&asked.course()),
        figures: total,
        before: before.map(|(_, total)| total),
    };
    let Period { from, to } = asked.period;
    let (zone, counting) = (asked.zone_name.clone(), figures_anew::goes_on(tx)?);
    Ok(CallReport { from, to, zone, compared, counting, rows: told, total })
}

/// The figures of each key, and of all; days count as so many later.
fn count(
    tx: &mut Tx,
    asked: &Asked,
    by: By,
    period: Period,
    days_later: i64,
) -> Result<(BTreeMap<String, CallFigures>, CallFigures)> {
    let (mut rows, mut total): (BTreeMap<i64, Tally>, _) = (BTreeMap::new(), Tally::default());
    let (mut sieve, mut keys) = (Sieve::new(asked, period), Keys { asked, by, days_later, texts: Names::default() });
    days::each(tx, period, |starts_ms, day| {
        let (places, sieve) = (keys.of_names(day), sieve.of_day(starts_ms, day));
        for call in day.calls.iter().filter(|call| sieve.is_its(call)) {
            let Some(at_ms) = sieve.call(call) else { continue };
            rows.entry(keys.of(&places, [call.line, call.user, call.outcome], at_ms)).or_default().call(call);
            total.call(call);
        }
        if asked.direction != Direction::In || !sieve.is_nobody_asked_for() {
            return;
        }
        for wait in &day.waits {
            let Some(at_ms) = sieve.wait(wait) else { continue };
            let end = sieve.end(wait, at_ms);
            rows.entry(keys.of(&places, [wait.line, None, None], at_ms)).or_default().wait(end, wait);
            total.wait(end, wait);
        }
    })?;
    Ok((rows.into_iter().map(|(key, tally)| (keys.text(key), tally.figures())).collect(), total.figures()))
}

/// Under what a call counts, as a number while it is counted.
struct Keys<'a> {
    asked: &'a Asked,
    by: By,
    days_later: i64,
    texts: Names,
}

impl Keys<'_> {
    /// Of a day's names, should calls count by them.
    fn of_names(&mut self, day: &CountedDay) -> Vec<i64> {
        let mut place = |text: &str| i64::from(self.texts.place(text));
        match self.by {
            By::User | By::Line | By::Outcome => day.names.iter().map(|name| place(name)).collect(),
            By::Source => day.names.iter().map(|name| place(&source(self.asked, name))).collect(),
            By::Day | By::Hour | By::Weekday | By::WeekdayHour => Vec::new(),
        }
    }

    /// Of a call with this line, person and outcome.
    fn of(&self, places: &[i64], [line, user, outcome]: [Option<u32>; 3], at_ms: i64) -> i64 {
        let (zone, of) = (&self.asked.zone, |name: Option<u32>| name.map_or(NO_PLACE, |name| places[name as usize]));
        match self.by {
            By::Day => zone.day(at_ms) + self.days_later,
            By::Hour => zone.hour(at_ms),
            By::Weekday => zone.nth_weekday(at_ms),
            By::WeekdayHour => zone.nth_weekday(at_ms) * 24 + zone.hour(at_ms),
            By::User => of(user),
            By::Line | By::Source => of(line),
            By::Outcome => of(outcome),
        }
    }

    fn text(&self, key: i64) -> String {
        let weekday = |nth: i64| usize::try_from(nth).map_or("", |nth| Day::WEEK[nth].as_str());
        match self.by {
            By::Day => date_of(key).map_or_else(String::new, |date| date.to_string()),
            By::Hour => hour_key(key),
            By::Weekday => weekday(key).to_owned(),
            By::WeekdayHour => format!("{}-{}", weekday(key / 24), hour_key(key % 24)),
            By::User | By::Line | By::Source | By::Outcome => {
                usize::try_from(key).map_or(NONE, |place| &self.texts.told[place]).to_owned()
            }
        }
    }
}

fn hour_key(hour: i64) -> String {
    format!("{hour:02}")
}

/// A line without a label is a source of its own.
fn source(asked: &Asked, line: &str) -> String {
    let label = asked.directory.line_ref(line).label;
    if label.is_empty() { line.to_owned() } else { label }
}

/// The keys that stand there, be there calls or not.
fn whole(asked: &Asked, by: By) -> Vec<String> {
    let hours = || (0..24).map(hour_key);
    match by {
        By::Day => {
            let days = asked.zone.day(asked.period.from.0)..=asked.zone.day(asked.period.to.0 - 1);
            days.filter_map(date_of).map(|date| date.to_string()).collect()
        }
        By::Hour => hours().collect(),
        By::Weekday => Day::WEEK.map(|day| day.as_str().to_owned()).into(),
        By::WeekdayHour => {
            let of_day = |day: Day| hours().map(move |hour| format!("{}-{hour}", day.as_str()));
            Day::WEEK.into_iter().flat_map(of_day).collect()
        }
        By::User | By::Line | By::Source | By::Outcome => Vec::new(),
    }
}

fn label(asked: &Asked, by: By, key: &str) -> String {
    let directory = &asked.directory;
    match by {
        By::Day | By::Hour | By::Weekday | By::WeekdayHour => key.to_owned(),
        _ if key == NONE => String::new(),
        By::User => directory.user_ref(key).map_or_else(|| key.to_owned(), |user| user.name.clone()),
        By::Line => source(asked, key),
        By::Source => key.to_owned(),
        By::Outcome => {
            let outcome = directory.settings.outcomes.iter().find(|outcome| outcome.id == key);
            outcome.map_or_else(|| key.to_owned(), |outcome| outcome.name.clone())
        }
    }
}

/// What narrows the list of calls to those of a row.
fn members(asked: &Asked, by: By, key: &str) -> Vec<(&'static str, String)> {
    let mut members = asked.course();
    match by {
        By::Day => {
            let days = asked.zone.day(asked.period.from.0)..=asked.zone.day(asked.period.to.0 - 1);
            let day = days.into_iter().find(|day| date_of(*day).is_some_and(|date| date.to_string() == key));
            let Some(day) = day else { return members };
            let from = asked.period.from.0.max(asked.zone.starts_ms(day));
            let to = asked.period.to.0.min(asked.zone.starts_ms(day + 1));
            members.extend([("from", from), ("to", to)].map(|(name, at)| (name, UtcMs(at).to_rfc3339())));
        }
        By::Hour => members.push(("hour", plain(key))),
        By::Weekday => members.push(("weekday", key.to_owned())),
        By::WeekdayHour => {
            let (day, hour) = key.split_once('-').unwrap_or_default();
            members.extend([("weekday", day.to_owned()), ("hour", plain(hour))]);
        }
        By::User => members.push(("user", key.to_owned())),
        By::Line => members.push(("line", if key == NONE { NO_LINE.to_owned() } else { key.to_owned() })),
        By::Source => {
            let labelled = asked.directory.settings.numbers.iter().filter(|one| one.label == key);
            let mut lines: Vec<_> = labelled.map(|one| one.number.clone()).collect();
            if lines.is_empty() {
                lines.push(key.to_owned());
            }
            lines.retain(|line| asked.lines.is_empty() || asked.lines.contains(line));
            members.extend(lines.into_iter().map(|line| ("line", line)));
        }
        By::Outcome => members.push(("outcome", key.to_owned())),
    }
    members
}

/// `07` is 7.
fn plain(hour: &str) -> String {
    hour.parse::<i64>().unwrap_or_default().to_string()
}
