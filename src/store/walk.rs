//! A list takes bounded work: it walks along an index, picks what it is asked for, and stops when it has looked long
//! enough, found or not.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use crate::domain::page::Found;
use crate::error::Result;

/// A request looks at about so many rows at most…
const ROWS: usize = 20_000;
/// …and looks for about so long: what is found must be read whole yet, and all that in 50 ms.
const TIME: Duration = Duration::from_millis(20);

/// So many rows a statement of a walk answers; stands in their texts, so that PostgreSQL plans for it.
pub const STRETCH: usize = 250;

/// Where a list that goes by ids begins: their letters are at most `f`.
pub const PAST_EVERY_ID: &str = "z";

/// Rows that were walked over, in the order of the list. `reached` is the place of the last one; `None`: there are no more.
pub struct Stretch<R, K> {
    pub rows: Vec<R>,
    pub reached: Option<K>,
}

impl<R, K: Ord> Stretch<R, K> {
    /// What came of a statement that answers at most `limit` rows.
    pub fn of(rows: Vec<R>, limit: usize, key: impl Fn(&R) -> K) -> Self {
        let reached = if rows.len() < limit { None } else { rows.last().map(key) };
        Self { rows, reached }
    }

    /// Ends it after so many rows.
    pub fn cut(&mut self, rows: usize, key: impl Fn(&R) -> K) {
        if rows < self.rows.len() {
            self.rows.truncate(rows);
            self.reached = self.rows.last().map(key);
        }
    }

    /// Several lists as one, greatest key first, as far as all of them have been walked.
    pub fn merge(stretches: Vec<Self>, key: impl Fn(&R) -> K) -> Self {
        let (mut rows, mut reached) = (Vec::new(), None);
        for stretch in stretches {
            rows.extend(stretch.rows);
            reached = reached.max(stretch.reached);
        }
        rows.retain(|row| reached.as_ref().is_none_or(|reached| key(row) >= *reached));
        rows.sort_unstable_by_key(|row| Reverse(key(row)));
        rows.dedup_by_key(|row| key(row));
        Self { rows, reached }
    }
}

/// Walks from `from` on, stretch by stretch, until `limit` rows are picked.
pub fn walk<R, K: Clone>(
    limit: usize,
    from: K,
    key: impl Fn(&R) -> K,
    picks: impl Fn(&R) -> bool,
    mut stretch: impl FnMut(&K) -> Result<Stretch<R, K>>,
) -> Result<Found<R, K>> {
    let began = Instant::now();
    let (mut rows, mut walked, mut at) = (Vec::new(), 0, from);
    loop {
        let Stretch { rows: passed, reached } = stretch(&at)?;
        walked += passed.len();
        for row in passed.into_iter().filter(|row| picks(row)) {
            if rows.len() == limit {
                let next = rows.last().map(&key);
                return Ok(Found { rows, next, reached: None });
            }
            rows.push(row);
        }
        let Some(reached) = reached else { return Ok(Found { rows, next: None, reached: None }) };
        if walked >= ROWS || began.elapsed() >= TIME {
            return Ok(Found { rows, next: Some(reached.clone()), reached: Some(reached) });
        }
        at = reached;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(rows: &[i64], limit: usize) -> Stretch<i64, i64> {
        Stretch::of(rows.to_vec(), limit, |row| *row)
    }

    #[test]
    fn lists_are_one_as_far_as_all_were_walked() {
        let merged =
            Stretch::merge(vec![stretch(&[9, 7, 2], 3), stretch(&[8, 7, 5], 3), stretch(&[6, 1], 3)], |row| *row);
        assert_eq!((merged.rows, merged.reached), (vec![9, 8, 7, 6, 5], Some(5)));
        let ended = Stretch::merge(vec![stretch(&[3], 3), stretch(&[], 3)], |row| *row);
        assert_eq!((ended.rows, ended.reached), (vec![3], None));
    }

    /// Counts down from `from`, ten at a time, to 1.
    fn count(limit: usize, from: i64, picks: impl Fn(&i64) -> bool) -> Found<i64, i64> {
        let ten = |at: &i64| Ok(stretch(&(1..*at).rev().take(10).collect::<Vec<_>>(), 10));
        walk(limit, from, |row| *row, picks, ten).unwrap()
    }

    #[test]
    fn a_page_ends_when_it_is_full_when_there_is_no_more_or_when_enough_was_looked_at() {
        let full = count(3, 100, |row| row % 20 == 0);
        assert_eq!((full.rows, full.next, full.reached), (vec![80, 60, 40], Some(40), None));
        let ended = count(3, 61, |row| row % 20 == 0);
        assert_eq!((ended.rows, ended.next, ended.reached), (vec![60, 40, 20], None, None));
        let cut = count(3, 1_000_001, |row| *row == 999_999);
        assert_eq!((cut.rows, cut.next), (vec![999_999], cut.reached));
        assert!(cut.reached.unwrap() >= 980_000);
    }
}
