//! Working time: how much of it lies between two instants, and when so much of it will have gone by.
//!
//! The time zones are those that the program brings along, so that every machine reckons alike.

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

use crate::domain::working_hours::{Day, DayMinute, Interval, WorkingHours};

/// How far ahead working time is looked for: a business that is closed for two years has none.
const MOST_DAYS: usize = 2 * 366;

/// A time zone by its IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// The working time between two instants, put together for many questions; outside of them nothing is.
#[derive(Clone, Debug)]
pub struct WorkingTime(Option<Vec<Stretch>>);

#[derive(Clone, Copy, Debug)]
struct Stretch {
    start_ms: i64,
    end_ms: i64,
    /// Working time of the stretches before it.
    before_ms: i64,
}

impl WorkingTime {
    /// As [`Calendar::working_ms`].
    pub fn working_ms(&self, from_ms: i64, to_ms: i64) -> i64 {
        if self.0.is_none() {
            return (to_ms - from_ms).max(0);
        }
        (self.until(to_ms) - self.until(from_ms)).max(0)
    }

    pub fn is_working(&self, at_ms: i64) -> bool {
        self.working_ms(at_ms, at_ms + 1) > 0
    }

    /// From the beginning on.
    fn until(&self, at_ms: i64) -> i64 {
        let stretches = self.0.as_deref().unwrap_or_default();
        let begun = stretches.partition_point(|one| one.start_ms < at_ms);
        let last = begun.checked_sub(1).map(|nth| stretches[nth]);
        last.map_or(0, |last| last.before_ms + at_ms.min(last.end_ms) - last.start_ms)
    }
}

/// When a business works; always, unless it has said when.
#[derive(Clone, Debug)]
pub struct Calendar<'a>(Option<(TimeZone, &'a WorkingHours)>);

impl<'a> Calendar<'a> {
    /// Without hours, or with those of a zone that is not known, all time is working time.
    pub fn new(hours: Option<&'a WorkingHours>) -> Self {
        Self(hours.and_then(|hours| Some((zone(&hours.zone)?, hours))))
    }

    /// Milliseconds of working time from one instant to another; 0 when the second is not later.
    pub fn working_ms(&self, from_ms: i64, to_ms: i64) -> i64 {
        let Some(spans) = self.spans(from_ms) else { return (to_ms - from_ms).max(0) };
        let started = spans.take_while(|(start, _)| *start < to_ms);
        started.map(|(start, end)| (end.min(to_ms) - start.max(from_ms)).max(0)).sum()
    }

    /// The instant at which so much working time will have gone by since `from_ms`; `None` when it never will.
    pub fn after(&self, from_ms: i64, mut working_ms: i64) -> Option<i64> {
        let Some(spans) = self.spans(from_ms) else { return Some(from_ms + working_ms) };
        for (start, end) in spans.take(MOST_DAYS) {
            let start = start.max(from_ms);
            if end - start >= working_ms {
                return Some(start + working_ms);
            }
            working_ms -= (end - start).max(0);
        }
        None
    }

    pub fn is_working(&self, at_ms: i64) -> bool {
        self.working_ms(at_ms, at_ms + 1) > 0
    }

    /// All of it between two instants.
    pub fn between(&self, from_ms: i64, to_ms: i64) -> WorkingTime {
        let mut before_ms = 0;
        let stretch = |(start_ms, end_ms): (i64, i64)| {
            let stretch = Stretch { start_ms, end_ms, before_ms };
            before_ms += end_ms - start_ms;
            stretch
        };
        let spans = self.spans(from_ms);
        WorkingTime(spans.map(|spans| spans.take_while(|(start, _)| *start < to_ms).map(stretch).collect()))
    }

    /// When work begins on the next day that has any after the day of this instant; `None` where all time is working
    /// time, or none is.
    pub fn next_morning(&self, at_ms: i64) -> Option<i64> {
        let (zone, hours) = self.0.as_ref()?;
        let today = date(zone, at_ms)?;
        let days = today.tomorrow().ok()?.series(1.day()).take(MOST_DAYS);
        days.filter_map(|day| spans_of(zone, hours, day).first().map(|(start, _)| *start)).next()
    }

    /// The stretches of working time that end after `from_ms`, in order and apart; `None`: all time is.
    fn spans(&self, from_ms: i64) -> Option<impl Iterator<Item = (i64, i64)> + '_> {
        let (zone, hours) = self.0.as_ref()?;
        // What began the day before may go on.
        let first = date(zone, from_ms).and_then(|today| today.yesterday().ok());
        let days = first.into_iter().flat_map(|first| first.series(1.day()).take(MOST_DAYS + 2));
        let mut covered_to = i64::MIN;
        let spans = days.flat_map(move |day| spans_of(zone, hours, day)).map(move |(start, end)| {
            let apart = (start.max(covered_to), end);
            covered_to = covered_to.max(end);
            apart
        });
        Some(spans.filter(move |(start, end)| start < end && *end > from_ms))
    }
}

fn date(zone: &TimeZone, at_ms: i64) -> Option<Date> {
    Some(Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone.clone()).date())
}

/// What of working time begins on this day.
fn spans_of(zone: &TimeZone, hours: &WorkingHours, day: Date) -> Vec<(i64, i64)> {
    let mut intervals = intervals_of(hours, day).to_vec();
    intervals.sort();
    intervals.iter().filter_map(|one| span(zone, day, *one)).collect()
}

fn intervals_of(hours: &WorkingHours, day: Date) -> &[Interval] {
    let exception = hours.exceptions.iter().rev().find(|one| (one.from..=one.to).contains(&day));
    let weekday = match day.weekday() {
        Weekday::Monday => Day::Mon,
        Weekday::Tuesday => Day::Tue,
        Weekday::Wednesday => Day::Wed,
        Weekday::Thursday => Day::Thu,
        Weekday::Friday => Day::Fri,
        Weekday::Saturday => Day::Sat,
        Weekday::Sunday => Day::Sun,
    };
    let of_week = hours.days.get(&weekday).map_or(&[][..], Vec::as_slice);
    exception.map_or(of_week, |one| &one.intervals)
}

fn span(zone: &TimeZone, day: Date, one: Interval) -> Option<(i64, i64)> {
    let last = if one.to <= one.from { day.tomorrow().ok()? } else { day };
    Some((instant(zone, day, one.from)?, instant(zone, last, one.to)?))
}

/// A time that the clocks leave out is as much later as they are put on; of one that comes twice the first counts.
fn instant(zone: &TimeZone, day: Date, minute: DayMinute) -> Option<i64> {
    let (day, minute) = if minute == DayMinute::END { (day.tomorrow().ok()?, 0) } else { (day, minute.0) };
    let midnight = day.at(0, 0, 0, 0);
    Some(midnight.checked_add(minute.minutes()).ok()?.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::time::UtcMs;

    const HOUR: i64 = 3_600_000;

    fn at(text: &str) -> i64 {
        UtcMs::parse(text).unwrap().0
    }

    fn office(zone: &str, days: Value, exceptions: Value) -> WorkingHours {
        serde_json::from_value(json!({"zone": zone, "days": days, "exceptions": exceptions})).unwrap()
    }

    fn nine_to_six() -> Value {
        let day = json!([{"from": "09:00", "to": "18:00"}]);
        json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day})
    }

    #[test]
    fn all_time_is_working_time_until_hours_are_set() {
        let always = Calendar::new(None);
        assert_eq!((always.working_ms(5, 25), always.working_ms(25, 5)), (20, 0));
        assert_eq!((always.after(5, 20), always.is_working(0), always.next_morning(0)), (Some(25), true, None));
    }

    #[test]
    fn what_is_put_together_answers_as_the_calendar() {
        let exceptions =
            json!([{"from": "2026-11-25", "to": "2026-11-25", "intervals": [{"from": "22:00", "to": "02:00"}]}]);
        let hours = office("Europe/Berlin", nine_to_six(), exceptions);
        let [begins, ends] = ["2026-10-20T10:30:00Z", "2026-12-02T10:30:00Z"].map(at);
        for calendar in [Calendar::new(Some(&hours)), Calendar::new(None)] {
            let together = calendar.between(begins, ends);
            let instants: Vec<i64> = (begins..ends).step_by(5 * 3_599_000).collect();
            for (nth, from) in instants.iter().enumerate() {
                assert_eq!(together.is_working(*from), calendar.is_working(*from), "{from}");
                for to in instants[nth..].iter().step_by(7) {
                    assert_eq!(together.working_ms(*from, *to), calendar.working_ms(*from, *to), "{from} {to}");
                }
            }
        }
    }

    #[test]
    fn a_miss_on_friday_evening_is_due_on_monday_morning() {
        let hours = office("Europe/Moscow", nine_to_six(), json!([]));
        let office = Calendar::new(Some(&hours));
        // Ten minutes before six on Friday in Moscow; five of the fifteen are left for Monday.
        let miss = at("2026-11-20T14:50:00Z");
        let monday = at("2026-11-23T06:00:00Z");
        assert_eq!(office.after(miss, HOUR / 4), Some(monday + 5 * 60_000));
        assert_eq!(office.working_ms(miss, monday + HOUR), HOUR + 10 * 60_000);
        assert_eq!(office.next_morning(miss), Some(monday));
        let edges =
            ["2026-11-20T05:59:59.999Z", "2026-11-20T06:00:00Z", "2026-11-20T14:59:59.999Z", "2026-11-20T15:00:00Z"];
        assert_eq!(edges.map(|edge| office.is_working(at(edge))), [false, true, true, false]);
    }

    #[test]
    fn a_night_shift_goes_on_after_midnight_and_counts_once() {
        let days = json!({"fri": [{"from": "20:00", "to": "04:00"}], "sat": [{"from": "00:00", "to": "24:00"}]});
        let hours = office("UTC", days, json!([]));
        let shift = Calendar::new(Some(&hours));
        let (evening, sunday) = (at("2026-11-20T12:00:00Z"), at("2026-11-22T12:00:00Z"));
        assert_eq!(shift.working_ms(evening, sunday), 28 * HOUR);
        assert_eq!(shift.after(evening, 5 * HOUR), Some(at("2026-11-21T01:00:00Z")));
        let noon_to_noon = json!({"fri": [{"from": "12:00", "to": "12:00"}]});
        let hours = office("UTC", noon_to_noon, json!([]));
        assert_eq!(Calendar::new(Some(&hours)).working_ms(evening, sunday), 24 * HOUR);
    }

    #[test]
    fn hours_follow_the_clocks_of_their_place() {
        let all_sunday = json!({"sun": [{"from": "00:00", "to": "24:00"}], "mon": [{"from": "09:00", "to": "18:00"}]});
        let hours = office("Europe/Berlin", all_sunday, json!([]));
        let berlin = Calendar::new(Some(&hours));
        let sunday = |from: &str, to: &str| berlin.working_ms(at(from), at(to));
        assert_eq!(sunday("2026-03-28T12:00:00Z", "2026-03-30T00:00:00Z"), 23 * HOUR);
        assert_eq!(sunday("2026-10-24T12:00:00Z", "2026-10-26T00:00:00Z"), 25 * HOUR);
        assert_eq!(berlin.next_morning(at("2026-03-29T08:00:00Z")), Some(at("2026-03-30T07:00:00Z")));
        assert_eq!(berlin.next_morning(at("2026-10-25T08:00:00Z")), Some(at("2026-10-26T08:00:00Z")));
        // Half past two is left out that night: it is half past three.
        let gap = office("Europe/Berlin", json!({"sun": [{"from": "02:30", "to": "04:00"}]}), json!([]));
        let spring = Calendar::new(Some(&gap));
        assert_eq!(spring.working_ms(at("2026-03-28T12:00:00Z"), at("2026-03-30T00:00:00Z")), HOUR / 2);
    }

    #[test]
    fn an_exception_stands_in_place_of_its_days() {
        let exceptions = json!([
            {"from": "2026-12-31", "to": "2027-01-08", "name": "Новый год"},
            {"from": "2026-12-31", "to": "2026-12-31", "name": "Короткий день", "intervals": [{"from": "09:00", "to": "12:00"}]},
            {"from": "2027-01-09", "to": "2027-01-09", "intervals": [{"from": "10:00", "to": "11:00"}]},
        ]);
        let hours = office("Europe/Moscow", nine_to_six(), exceptions);
        let office = Calendar::new(Some(&hours));
        assert_eq!(office.working_ms(at("2026-12-31T00:00:00Z"), at("2027-01-11T00:00:00Z")), 4 * HOUR);
        assert_eq!(office.next_morning(at("2026-12-31T10:00:00Z")), Some(at("2027-01-09T07:00:00Z")));
    }

    #[test]
    fn a_business_that_never_opens_owes_nothing() {
        let hours = office("UTC", json!({}), json!([]));
        let closed = Calendar::new(Some(&hours));
        assert_eq!((closed.after(0, 1), closed.working_ms(0, HOUR), closed.next_morning(0)), (None, 0, None));
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        let read = |text: &str| serde_json::from_value::<DayMinute>(json!(text)).map(|minute| json!(minute)).ok();
        assert_eq!(read("09:05"), Some(json!("09:05")));
        assert_eq!(read("24:00"), Some(json!("24:00")));
        for wrong in ["9:05", "24:01", "12:60", "+1:00", "noon", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
