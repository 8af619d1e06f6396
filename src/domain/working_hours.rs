//! When a business is open, as its owner says it. How long that is between two instants: `calendar`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    pub const WEEK: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::WEEK.into_iter().find(|day| day.as_str() == text)
    }
}

/// Minutes since midnight, 0 to 1440; `HH:MM` on the wire, `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, pattern = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
pub struct DayMinute(pub i64);

impl DayMinute {
    pub const END: Self = Self(24 * 60);

    fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        if hour.len() != 2 || minute.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
            return None;
        }
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        let minutes = Self(hour * 60 + minute);
        (minute < 60 && minutes <= Self::END).then_some(minutes)
    }
}

impl Serialize for DayMinute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for DayMinute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a time of day is HH:MM"))
    }
}

/// From a minute of its day to another; `to` at or before `from` is on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    pub from: DayMinute,
    pub to: DayMinute,
}

/// Days on which other hours count: a holiday, a short day, a working Saturday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Itself included.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    #[serde(default)]
    #[schema(max_length = 50)]
    pub name: String,
    /// In place of the week's; none: closed. A night shift that began the day before goes on.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub intervals: Vec<Interval>,
}

/// The hours of a week in a time zone, and the days that differ. A day that is absent is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// An IANA name, such as `Europe/Moscow`.
    pub zone: String,
    #[serde(default)]
    pub days: BTreeMap<Day, Vec<Interval>>,
    /// Where several name a day, the last counts.
    #[serde(default)]
    #[schema(max_items = 400)]
    pub exceptions: Vec<Exception>,
}

/// A place of the business with numbers and, maybe, hours of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    #[schema(min_length = 1, max_length = 50)]
    pub id: String,
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// `null`: those of the business.
    #[serde(default)]
    pub working_hours: Option<WorkingHours>,
    /// Calls to these are the site's.
    #[serde(default)]
    pub numbers: Vec<String>,
}
