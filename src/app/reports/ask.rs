//! What a report is asked for: a time, in a place's clocks, and which calls.

use std::sync::Arc;

use url::form_urlencoded::Serializer;

use crate::app::desk::counted::{self, Counted};
use crate::app::desk::past::NO_LINE;
use crate::app::directory::Directory;
use crate::domain::call::Direction;
use crate::domain::fault::Fault;
use crate::domain::local_time::LocalTime;
use crate::domain::phone::Phone;
use crate::domain::report::Period;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};

const DAY_MS: i64 = 24 * 3_600_000;
/// Two years, and what is left of the week.
const MOST_DAYS: i64 = 2 * 366 + 7;
const WEEK: i64 = 7;

/// With what the figures are compared: days of the same name, and as much of the last one as has gone by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As many weeks before as the time has begun.
    Previous,
    /// 52 weeks before.
    Year,
}

impl Compare {
    pub fn parse(text: &str) -> Option<Option<Self>> {
        match text {
            "previous" => Some(Some(Self::Previous)),
            "year" => Some(Some(Self::Year)),
            "none" => Some(None),
            _ => None,
        }
    }
}

#[derive(Clone, Default)]
pub struct Ask {
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    pub zone: Option<String>,
    pub compare: Option<Compare>,
    /// Absent: those that came in.
    pub direction: Option<Direction>,
    pub users: Vec<String>,
    pub lines: Vec<String>,
    /// A site's id: the calls to its numbers.
    pub site: Option<String>,
    pub counted: Counted,
}

/// What is asked for, with everything that was left open decided.
#[derive(Clone)]
pub struct Asked {
    pub period: Period,
    pub zone_name: String,
    pub zone: LocalTime,
    pub now_ms: i64,
    pub compare: Option<Compare>,
    pub direction: Direction,
    pub users: Vec<String>,
    pub lines: Vec<String>,
    pub counted: Counted,
    pub directory: Arc<Directory>,
}

impl Ask {
    /// # Errors
    /// `Invalid` for a time that is too long or runs backwards, and for a site that is none.
    pub fn decide(self, directory: &Arc<Directory>, now_ms: i64) -> Result<Asked> {
        let settings = &directory.settings;
        let home = settings.working_hours.as_ref().map_or("UTC", |hours| hours.zone.as_str());
        let zone = self.counted.zone.clone().or_else(|| counted::home(settings));
        let zone = zone.ok_or_else(|| Error::field("zone", Fault::Unknown))?;
        let counted = Counted { zone: Some(zone.clone()), ..self.counted };
        let to = self.to.unwrap_or(UtcMs(now_ms));
        let from = self.from.unwrap_or_else(|| UtcMs(zone.starts_ms(zone.day(to.0) - WEEK + 1)));
        if from >= to || to.0 - from.0 > MOST_DAYS * DAY_MS {
            return Err(Error::field("from", Fault::Period { most: MOST_DAYS }));
        }
        let mut lines = self.lines;
        for line in lines.iter_mut().filter(|line| *line != NO_LINE) {
            *line = Phone::parse(line, &settings.region).as_str().to_owned();
        }
        if let Some(id) = &self.site {
            let site = settings.sites.iter().find(|site| site.id == *id);
            lines.extend(site.ok_or_else(|| Error::field("site", Fault::Unknown))?.numbers.iter().cloned());
        }
        Ok(Asked {
            period: Period { from, to },
            zone_name: self.zone.unwrap_or_else(|| home.to_owned()),
            zone,
            now_ms,
            compare: self.compare,
            direction: self.direction.unwrap_or(Direction::In),
            users: self.users,
            lines,
            counted,
            directory: Arc::clone(directory),
        })
    }
}

impl Asked {
    /// How many days it is compared with what was before.
    pub fn days_back(&self) -> Option<i64> {
        let Period { from, to } = self.period;
        let days = self.zone.day(to.0 - 1) - self.zone.day(from.0) + 1;
        Some(match self.compare? {
            Compare::Previous => (days + WEEK - 1) / WEEK * WEEK,
            Compare::Year => 52 * WEEK,
        })
    }

    /// The time it is compared with; of one that still goes on, as much as has gone by.
    pub fn compared(&self) -> Option<Period> {
        let (days, Period { from, to }) = (self.days_back()?, self.period);
        let to_ms = to.0.min(self.now_ms).max(from.0);
        Some(Period { from: UtcMs(self.zone.days_before(from.0, days)), to: UtcMs(self.zone.days_before(to_ms, days)) })
    }

    /// What lists the calls that this report counts, narrowed by `more`; a member that stands there takes the place of the
    /// report's own.
    pub fn query(&self, more: &[(&str, String)]) -> String {
        let mut members: Vec<(&str, String)> = vec![
            ("from", self.period.from.to_rfc3339()),
            ("to", self.period.to.to_rfc3339()),
            ("zone", self.zone_name.clone()),
        ];
        members.extend(self.users.iter().map(|user| ("user", user.clone())));
        members.extend(self.lines.iter().map(|line| ("line", line.clone())));
        members.extend(self.counted.weekdays.iter().map(|day| ("weekday", day.as_str().to_owned())));
        members.extend(self.counted.hours.iter().map(|hour| ("hour", hour.to_string())));
        members.extend(self.counted.work.iter().map(|work| ("hours", work.as_str().to_owned())));
        members.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        let mut query = Serializer::new(String::new());
        query.extend_pairs(members.iter().chain(more));
        query.finish()
    }

    /// The members that leave the calls counted as one direction's.
    pub fn course(&self) -> Vec<(&'static str, String)> {
        let states: &[&str] = match self.direction {
            Direction::In => &["answered", "missed"],
            Direction::Out => &["answered", "cancelled", "busy", "unavailable", "forbidden", "not_found"],
        };
        let states = states.iter().map(|state| ("state", (*state).to_owned()));
        [("direction", self.direction.as_str().to_owned())].into_iter().chain(states).collect()
    }
}
