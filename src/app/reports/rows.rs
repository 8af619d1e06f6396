//! What makes the rows of a report of calls: a day, an hour, a line, a person; how each is called, and what lists its calls.

use utoipa::ToSchema;

use crate::app::desk::past::NO_LINE;
use crate::app::reports::ask::Asked;
use crate::app::reports::days::Names;
use crate::domain::counted_day::CountedDay;
use crate::domain::local_time::date_of;
use crate::domain::time::UtcMs;
use crate::domain::working_hours::Day;

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
    /// Who called a missed client back: as `/api/reports/callbacks`.
    Caller,
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
            "caller" => Self::Caller,
            _ => return None,
        })
    }
}

/// Under what a call counts, as a number while it is counted.
pub struct Keys<'a> {
    pub asked: &'a Asked,
    pub by: By,
    /// Days count as so many later.
    pub days_later: i64,
    pub texts: Names,
}

impl Keys<'_> {
    /// Of a day's names, should calls count by them.
    pub fn of_names(&mut self, day: &CountedDay) -> Vec<i64> {
        let mut place = |text: &str| i64::from(self.texts.place(text));
        match self.by {
            By::User | By::Line | By::Outcome | By::Caller => day.names.iter().map(|name| place(name)).collect(),
            By::Source => day.names.iter().map(|name| place(&source(self.asked, name))).collect(),
            By::Day | By::Hour | By::Weekday | By::WeekdayHour => Vec::new(),
        }
    }

    /// Of a call with this line, person and outcome.
    pub fn of(&self, places: &[i64], [line, user, outcome]: [Option<u32>; 3], at_ms: i64) -> i64 {
        let (zone, of) = (&self.asked.zone, |name: Option<u32>| name.map_or(NO_PLACE, |name| places[name as usize]));
        match self.by {
            By::Day => zone.day(at_ms) + self.days_later,
            By::Hour => zone.hour(at_ms),
            By::Weekday => zone.nth_weekday(at_ms),
            By::WeekdayHour => zone.nth_weekday(at_ms) * 24 + zone.hour(at_ms),
            By::User | By::Caller => of(user),
            By::Line | By::Source => of(line),
            By::Outcome => of(outcome),
        }
    }

    pub fn text(&self, key: i64) -> String {
        let weekday = |nth: i64| usize::try_from(nth).map_or("", |nth| Day::WEEK[nth].as_str());
        match self.by {
            By::Day => date_of(key).map_or_else(String::new, |date| date.to_string()),
            By::Hour => hour_key(key),
            By::Weekday => weekday(key).to_owned(),
            By::WeekdayHour => format!("{}-{}", weekday(key / 24), hour_key(key % 24)),
            By::User | By::Line | By::Source | By::Outcome | By::Caller => {
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
pub fn whole(asked: &Asked, by: By) -> Vec<String> {
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
        By::User | By::Line | By::Source | By::Outcome | By::Caller => Vec::new(),
    }
}

pub fn label(asked: &Asked, by: By, key: &str) -> String {
    let directory = &asked.directory;
    match by {
        By::Day | By::Hour | By::Weekday | By::WeekdayHour => key.to_owned(),
        _ if key == NONE => String::new(),
        By::User | By::Caller => directory.user_ref(key).map_or_else(|| key.to_owned(), |user| user.name.clone()),
        By::Line => source(asked, key),
        By::Source => key.to_owned(),
        By::Outcome => {
            let outcome = directory.settings.outcomes.iter().find(|outcome| outcome.id == key);
            outcome.map_or_else(|| key.to_owned(), |outcome| outcome.name.clone())
        }
    }
}

/// What narrows the list of calls to those of a row.
pub fn members(asked: &Asked, by: By, key: &str) -> Vec<(&'static str, String)> {
    let mut members = of_all(asked, by);
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
        By::Caller => {
            members.retain(|(name, _)| *name != "person");
            members.push(("person", key.to_owned()));
        }
    }
    members
}

/// What lists all calls that the report counts.
pub fn of_all(asked: &Asked, by: By) -> Vec<(&'static str, String)> {
    if by != By::Caller {
        return asked.course();
    }
    let ends = ["called_back", "rang_again", "waiting"].map(|figure| ("figure", figure.to_owned()));
    let persons = asked.counted.persons.iter().map(|person| ("person", person.clone()));
    ends.into_iter().chain(persons).collect()
}

/// `07` is 7.
fn plain(hour: &str) -> String {
    hour.parse::<i64>().unwrap_or_default().to_string()
}
