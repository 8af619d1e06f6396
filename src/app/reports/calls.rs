//! Calls by something: how many there were of each, and what came of them.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use crate::app::App;
use crate::app::desk::past::NO_LINE;
use crate::app::reports::ask::{Ask, Asked};
use crate::app::reports::tally::Tally;
use crate::domain::call::Direction;
use crate::domain::local_time::date_of;
use crate::domain::report::{CallFigures, CallReport, CallReportRow, Period};
use crate::domain::time::UtcMs;
use crate::domain::working_hours::Day;
use crate::error::Result;
use crate::store::tables::call_figures::{self, FigureRow};
use crate::store::tables::missed_episodes;
use crate::store::tx::Tx;

/// So much of a time is read at once.
const STRETCH_MS: i64 = 24 * 3_600_000;
/// The key of what has none.
const NONE: &str = "none";

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
    Ok(CallReport { from, to, zone: asked.zone_name.clone(), compared, rows: told, total })
}

/// The figures of each key, and of all; days count as so many later.
fn count(
    tx: &mut Tx,
    asked: &Asked,
    by: By,
    Period { from, to }: Period,
    days_later: i64,
) -> Result<(BTreeMap<String, CallFigures>, CallFigures)> {
    let settings = &asked.directory.settings;
    let (mut rows, mut total): (BTreeMap<String, Tally>, _) = (BTreeMap::new(), Tally::default());
    let mut from_ms = from.0;
    while from_ms < to.0 {
        let to_ms = to.0.min(from_ms + STRETCH_MS);
        for call in call_figures::list(tx, from_ms, to_ms)?.iter().filter(|call| asked.picks(&call.row)) {
            rows.entry(key(asked, by, &call.row, days_later)).or_default().call(call);
            total.call(call);
        }
        from_ms = to_ms;
    }
    if asked.direction == Direction::In {
        let is_asked = |row: &&missed_episodes::EpisodeRow| asked.is_asked(row.line.as_deref(), None, row.first_ms);
        for episode in missed_episodes::list(tx, from.0, to.0)?.iter().filter(is_asked) {
            let of = key_of(asked, by, [episode.line.as_deref(), None, None], episode.first_ms, days_later);
            rows.entry(of).or_default().episode(settings, episode);
            total.episode(settings, episode);
        }
    }
    Ok((rows.into_iter().map(|(key, tally)| (key, tally.figures())).collect(), total.figures()))
}

fn key(asked: &Asked, by: By, row: &FigureRow, days_later: i64) -> String {
    let outcome = Some(row.outcome.as_str()).filter(|outcome| !outcome.is_empty());
    let of = [row.line.as_deref(), row.user_id.as_deref(), outcome];
    key_of(asked, by, of, row.started_ms, days_later)
}

/// Of a call with this line, person and outcome.
fn key_of(asked: &Asked, by: By, [line, user, outcome]: [Option<&str>; 3], at_ms: i64, days_later: i64) -> String {
    let zone = &asked.zone;
    match by {
        By::Day => date_of(zone.day(at_ms) + days_later).map_or_else(String::new, |date| date.to_string()),
        By::Hour => hour_key(zone.hour(at_ms)),
        By::Weekday => zone.weekday(at_ms).as_str().to_owned(),
        By::WeekdayHour => format!("{}-{}", zone.weekday(at_ms).as_str(), hour_key(zone.hour(at_ms))),
        By::User => user.unwrap_or(NONE).to_owned(),
        By::Line => line.unwrap_or(NONE).to_owned(),
        By::Source => line.map_or_else(|| NONE.to_owned(), |line| source(asked, line)),
        By::Outcome => outcome.unwrap_or(NONE).to_owned(),
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
