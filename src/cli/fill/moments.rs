//! When the calls of a made-up past begin: in the order of time, in the shape of working weeks.

use crate::cli::fill::chance::Chance;

pub const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The business keeps Moscow's hours.
const ZONE_MS: i64 = 3 * HOUR_MS;
/// How much of a working day's calls each hour has, from midnight on.
const HOURS: [f64; 24] = [
    0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.0, 3.0, 8.0, 11.0, 12.0, 10.0, 8.0, 10.0, 11.0, 10.0, 8.0, 5.0, 3.0, 2.0, 1.5,
    1.0, 0.5,
];
/// How much of a working day each day has, Monday first.
const DAYS: [f64; 7] = [1.1, 1.0, 1.0, 1.0, 0.9, 0.3, 0.1];

pub struct Moments {
    pub from_ms: i64,
    count: f64,
    given: f64,
    /// Of all hours together.
    weight: f64,
    hour_ms: i64,
    /// Of the hours before `hour_ms`.
    passed: f64,
}

impl Moments {
    /// `count` instants in the `days` before `until_ms`, a full hour.
    pub fn new(until_ms: i64, days: i64, count: u64) -> Self {
        let from_ms = until_ms - days * DAY_MS;
        let hours = (0..days * 24).map(|hour| from_ms + hour * HOUR_MS);
        Self {
            from_ms,
            count: count as f64,
            given: 0.0,
            weight: hours.map(weight).sum(),
            hour_ms: from_ms,
            passed: 0.0,
        }
    }

    /// Not before the one before it; whole seconds, as a PBX tells them.
    pub fn next(&mut self, chance: &mut Chance) -> i64 {
        let place = (self.given + chance.fraction()).min(self.count) / self.count * self.weight;
        self.given += 1.0;
        while self.passed + weight(self.hour_ms) < place {
            self.passed += weight(self.hour_ms);
            self.hour_ms += HOUR_MS;
        }
        let part = (place - self.passed) / weight(self.hour_ms);
        self.hour_ms + (part * 3_599.0) as i64 * 1000
    }
}

fn weight(hour_ms: i64) -> f64 {
    let local_ms = hour_ms + ZONE_MS;
    // 1970 began on a Thursday.
    let day = (local_ms.div_euclid(DAY_MS) + 3).rem_euclid(7);
    HOURS[(local_ms.rem_euclid(DAY_MS) / HOUR_MS) as usize] * DAYS[day as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday, 2026-03-02 00:00 in Moscow.
    const MONDAY_MS: i64 = 1_772_398_800_000;

    #[test]
    fn calls_come_in_order_and_mostly_in_working_hours() {
        let mut moments = Moments::new(MONDAY_MS, 7, 10_000);
        let mut chance = Chance::new(1);
        let all: Vec<_> = (0..10_000).map(|_| moments.next(&mut chance)).collect();
        assert!(all.is_sorted() && all[0] >= MONDAY_MS - 7 * DAY_MS && all[9_999] < MONDAY_MS);
        let at_work = all.iter().filter(|at| (9..18).contains(&((*at + ZONE_MS).rem_euclid(DAY_MS) / HOUR_MS))).count();
        assert!((8_000..9_000).contains(&at_work), "{at_work}");
        let on_sunday = all.iter().filter(|at| **at >= MONDAY_MS - DAY_MS).count();
        assert!((100..300).contains(&on_sunday), "{on_sunday}");
    }
}
