//! Calls as reports count them: when in the day and the week they began, and under which figure they stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use utoipa::ToSchema;

use crate::domain::calendar;
use crate::domain::local_time::LocalTime;
use crate::domain::rung;
use crate::domain::settings::Settings;
use crate::domain::working_hours::Day;
use crate::error::Result;
use crate::store::tables::call_walks::CallHead;
use crate::store::tables::missed_episodes::EpisodeRow;
use crate::store::tables::{call_figures, missed_episodes};
use crate::store::tx::Tx;

/// Whom no user stands for.
const NOBODY: &str = "none";

/// In which time a call began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Work {
    Working,
    Off,
}

impl Work {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "working" => Some(Self::Working),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Off => "off",
        }
    }

    /// In which one this began, by the hours of its line's place.
    fn of(settings: &Settings, line: Option<&str>, at_ms: i64) -> Self {
        if settings.calendar(line).is_working(at_ms) { Self::Working } else { Self::Off }
    }
}

/// What a report counts a call as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Figure {
    /// The first miss of a client who was called back; of the persons that are asked for, by one of them.
    CalledBack,
    /// …within the working minutes that were set.
    InTime,
    /// The first miss of a client who rang again himself: of no person.
    RangAgain,
    /// The first miss of a client whom nobody has talked to since: of no person.
    Waiting,
    /// Nobody had spoken with its number in the year before.
    NewClient,
    /// The phone of one of the persons that are asked for rang…
    Rang,
    /// …he took it…
    Took,
    /// …or let it ring while nobody took it.
    Ignored,
    /// He called out.
    Out,
}

impl Figure {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "called_back" => Self::CalledBack,
            "in_time" => Self::InTime,
            "rang_again" => Self::RangAgain,
            "waiting" => Self::Waiting,
            "new_client" => Self::NewClient,
            "rang" => Self::Rang,
            "took" => Self::Took,
            "ignored" => Self::Ignored,
            "out" => Self::Out,
            _ => return None,
        })
    }

    fn is_of_episode(self) -> bool {
        matches!(self, Self::CalledBack | Self::InTime | Self::RangAgain | Self::Waiting)
    }
}

/// How a client's waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// We called him back, in time or not.
    CalledBack {
        is_in_time: bool,
    },
    RangAgain,
    /// It has not.
    Waiting,
}

impl End {
    pub fn of(settings: &Settings, episode: &EpisodeRow) -> Self {
        let Some(end_ms) = episode.end_ms else { return Self::Waiting };
        if episode.end_way.as_deref() != Some("out") {
            return Self::RangAgain;
        }
        Self::CalledBack { is_in_time: settings.is_in_time(episode.line.as_deref(), episode.first_ms, end_ms) }
    }
}

/// Of each member any value, an empty one does not restrict.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Absent: that of the working hours, else UTC.
    pub zone: Option<LocalTime>,
    pub weekdays: Vec<Day>,
    pub hours: Vec<i64>,
    pub work: Vec<Work>,
    pub figures: Vec<Figure>,
    /// Users whose part in the calls is asked for, or [`NOBODY`]'s.
    pub persons: Vec<String>,
    /// By which it goes; absent: nothing is asked for.
    pub settings: Option<Arc<Settings>>,
}

impl Counted {
    /// Goes by these settings.
    pub fn heed(&mut self, settings: &Settings) {
        if self.weekdays.is_empty() && self.hours.is_empty() && self.work.is_empty() && self.figures.is_empty() {
            return;
        }
        self.zone = self.zone.take().or_else(|| home(settings));
        self.settings = Some(Arc::new(settings.clone()));
    }

    /// Leaves the calls that count so.
    pub fn keep(&self, tx: &mut Tx, heads: &mut Vec<CallHead>) -> Result<()> {
        let Some(settings) = self.settings.as_deref() else { return Ok(()) };
        heads.retain(|head| self.is_at_its_time(settings, head.diversion.as_deref(), head.started_ms));
        if self.figures.iter().any(|figure| figure.is_of_episode()) {
            let ids: Vec<_> = heads.iter().map(|head| head.id.as_str()).collect();
            let rows = missed_episodes::list_of_calls(tx, &ids)?.into_iter();
            let episodes: BTreeMap<_, _> = rows.map(|row| (row.call_id.clone(), row)).collect();
            heads.retain(|head| episodes.get(&head.id).is_some_and(|row| self.is_episode(settings, row)));
        }
        let is_of_episodes = |figure: &Figure| figure.is_of_episode();
        if !self.figures.is_empty() && !self.figures.iter().all(is_of_episodes) {
            let ids: Vec<_> = heads.iter().map(|head| head.id.as_str()).collect();
            let rows = call_figures::list_of_calls(tx, &ids)?.into_iter();
            let figures: BTreeMap<_, _> = rows.map(|one| (one.row.call_id.clone(), one)).collect();
            heads.retain(|head| figures.get(&head.id).is_some_and(|one| self.is_counted(one)));
        }
        Ok(())
    }

    /// Whether what began then, on this line, is asked for; the hours are those of its place.
    fn is_at_its_time(&self, settings: &Settings, line: Option<&str>, at_ms: i64) -> bool {
        let zone = || self.zone.as_ref();
        (self.weekdays.is_empty() || zone().is_some_and(|zone| self.weekdays.contains(&zone.weekday(at_ms))))
            && (self.hours.is_empty() || zone().is_some_and(|zone| self.hours.contains(&zone.hour(at_ms))))
            && (self.work.is_empty() || self.work.contains(&Work::of(settings, line, at_ms)))
    }

    pub fn is_asked_for(&self, person: Option<&str>) -> bool {
        self.persons.is_empty() || self.persons.iter().any(|one| one == person.unwrap_or(NOBODY))
    }

    fn is_episode(&self, settings: &Settings, row: &EpisodeRow) -> bool {
        let end = End::of(settings, row);
        let caller = row.end_user.as_deref().filter(|_| matches!(end, End::CalledBack { .. }));
        self.is_asked_for(caller)
            && self.figures.iter().any(|figure| match figure {
                Figure::CalledBack => matches!(end, End::CalledBack { .. }),
                Figure::InTime => end == End::CalledBack { is_in_time: true },
                Figure::RangAgain => end == End::RangAgain,
                Figure::Waiting => end == End::Waiting,
                Figure::NewClient | Figure::Rang | Figure::Took | Figure::Ignored | Figure::Out => false,
            })
    }

    fn is_counted(&self, call: &call_figures::Counted) -> bool {
        let legs = rung::from_text(&call.row.legs);
        let of_them = || legs.iter().filter(|leg| self.is_asked_for(Some(&leg.user_id)));
        self.figures.iter().any(|figure| match figure {
            Figure::NewClient => call.is_new,
            Figure::Rang => of_them().next().is_some(),
            Figure::Took => of_them().any(|leg| leg.took_s.is_some()),
            Figure::Ignored => of_them().any(|leg| leg.is_ignored(&call.row.state)),
            Figure::Out => call.row.direction == "out" && self.is_asked_for(call.row.user_id.as_deref()),
            Figure::CalledBack | Figure::InTime | Figure::RangAgain | Figure::Waiting => false,
        })
    }
}

/// The clocks of the business.
pub fn home(settings: &Settings) -> Option<LocalTime> {
    let name = settings.working_hours.as_ref().map_or("UTC", |hours| hours.zone.as_str());
    calendar::zone(name).map(LocalTime::new)
}
