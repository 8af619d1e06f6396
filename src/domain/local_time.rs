//! Days, hours and days of the week as the clocks of a place show them, for many instants.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::domain::time::UtcMs;
use crate::domain::working_hours::Day;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// 1970 began on a Thursday.
const FIRST_WEEKDAY: i64 = 3;
/// Clocks are known from 1990 to 2100.
const KNOWN_MS: [i64; 2] = [631_152_000_000, 4_102_444_800_000];

/// The clocks of a place.
#[derive(Clone, Debug)]
pub struct LocalTime {
    zone: TimeZone,
    /// From when on they are how far ahead of UTC.
    offsets: Vec<(i64, i64)>,
}

impl LocalTime {
    pub fn new(zone: TimeZone) -> Self {
        let [first_ms, last_ms] = KNOWN_MS;
        let mut offsets = Vec::new();
        if let Ok(first) = Timestamp::from_millisecond(first_ms) {
            offsets.push((i64::MIN, i64::from(zone.to_offset(first).seconds()) * 1000));
            let changes = zone
                .following(first)
                .map(|change| (change.timestamp().as_millisecond(), i64::from(change.offset().seconds()) * 1000));
            offsets.extend(changes.take_while(|(at_ms, _)| *at_ms < last_ms));
        }
        Self { zone, offsets }
    }

    /// What the clocks show, as if they were in UTC.
    fn shown_ms(&self, at_ms: i64) -> i64 {
        let nth = self.offsets.partition_point(|(from_ms, _)| *from_ms <= at_ms);
        at_ms + nth.checked_sub(1).map_or(0, |nth| self.offsets[nth].1)
    }

    /// `2026-03-01 12:00:00`.
    pub fn shown(&self, at_ms: i64) -> String {
        let text = UtcMs(self.shown_ms(at_ms)).to_rfc3339();
        text.chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
    }

    /// Days since 1970 began there.
    pub fn day(&self, at_ms: i64) -> i64 {
        self.shown_ms(at_ms).div_euclid(DAY_MS)
    }

    /// 0 to 23.
    pub fn hour(&self, at_ms: i64) -> i64 {
        self.shown_ms(at_ms).rem_euclid(DAY_MS) / HOUR_MS
    }

    pub fn weekday(&self, at_ms: i64) -> Day {
        usize::try_from(self.nth_weekday(at_ms)).map_or(Day::Mon, |nth| Day::WEEK[nth])
    }

    /// Its place in the week; 0 is Monday.
    pub fn nth_weekday(&self, at_ms: i64) -> i64 {
        (self.day(at_ms) + FIRST_WEEKDAY).rem_euclid(7)
    }

    /// When a day begins; the next one begins where it ends, be it 23, 24 or 25 hours later.
    pub fn starts_ms(&self, day: i64) -> i64 {
        let begins = date_of(day).and_then(|date| date.to_zoned(self.zone.clone()).ok());
        begins.map_or(day.saturating_mul(DAY_MS), |begins| begins.timestamp().as_millisecond())
    }

    /// The same time of day, so many days before.
    pub fn days_before(&self, at_ms: i64, days: i64) -> i64 {
        let Ok(at) = Timestamp::from_millisecond(at_ms) else { return at_ms };
        let before = at.to_zoned(self.zone.clone()).checked_sub(days.days());
        before.map_or(at_ms - days * DAY_MS, |before| before.timestamp().as_millisecond())
    }
}

/// The date of a day.
pub fn date_of(day: i64) -> Option<Date> {
    date(1970, 1, 1).checked_add(day.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar;

    fn at(text: &str) -> i64 {
        UtcMs::parse(text).unwrap().0
    }

    #[test]
    fn days_and_hours_are_those_of_the_place_before_and_after_its_clocks_change() {
        let berlin = LocalTime::new(calendar::zone("Europe/Berlin").unwrap());
        let shown = |text| {
            (date_of(berlin.day(at(text))).unwrap().to_string(), berlin.hour(at(text)), berlin.weekday(at(text)))
        };
        assert_eq!(shown("2026-03-28T22:59:59Z"), ("2026-03-28".to_owned(), 23, Day::Sat));
        assert_eq!(shown("2026-03-28T23:00:00Z"), ("2026-03-29".to_owned(), 0, Day::Sun));
        assert_eq!(shown("2026-03-29T01:00:00Z").1, 3);
        assert_eq!(berlin.shown(at("2026-03-29T01:02:03Z")), "2026-03-29 03:02:03");
        assert_eq!(shown("2026-03-29T21:59:59Z"), ("2026-03-29".to_owned(), 23, Day::Sun));
        assert_eq!(shown("2026-10-25T00:30:00Z").1, 2);
        assert_eq!(shown("2026-10-25T01:30:00Z").1, 2);
        let length = |text| {
            let day = berlin.day(at(text));
            (berlin.starts_ms(day + 1) - berlin.starts_ms(day)) / HOUR_MS
        };
        let days = ["2026-03-29T12:00:00Z", "2026-03-30T12:00:00Z", "2026-10-25T12:00:00Z"];
        assert_eq!(days.map(length), [23, 24, 25]);
        assert_eq!(berlin.days_before(at("2026-04-01T10:00:00Z"), 7), at("2026-03-25T11:00:00Z"));
    }

    #[test]
    fn a_place_that_moved_to_another_zone_is_told_by_the_date() {
        let moscow = LocalTime::new(calendar::zone("Europe/Moscow").unwrap());
        assert_eq!((moscow.hour(at("2014-10-25T12:00:00Z")), moscow.hour(at("2014-10-26T12:00:00Z"))), (16, 15));
    }
}
