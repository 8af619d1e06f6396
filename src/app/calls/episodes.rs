//! Each time that a client waited, computed from the calls: from the first miss that owes him a call to the talk that made
//! it good.

use std::collections::BTreeSet;

use crate::app::calls::figures;
use crate::app::calls::waiting::{numbers_beside, take_turns_beside};
use crate::app::change::{Before, Change, Hearing};
use crate::app::directory::Directory;
use crate::domain::call::CallState;
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::store::tables::client_numbers;
use crate::store::tables::figure_days::{self, DAY_MS, day_of};
use crate::store::tables::missed_episodes::{self, Course, EpisodeRow};
use crate::store::tx::Tx;

/// Earlier, or later, than any call.
const EVER_MS: [i64; 2] = [0, i64::MAX];

/// After a call changed: what stands around it is counted anew, between the talk before it and the talk after it.
pub fn recount(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { before, row, facts } = change;
    let now = [row.started_ms, row.ended_ms.unwrap_or(row.started_ms)];
    let is_now = does_matter(facts.state());
    let was = before.as_ref().filter(|before| does_matter(before.state));
    if was.is_some_and(|before| is_now && is_same(before, change)) || (!is_now && was.is_none()) {
        return Ok(());
    }
    let then = was.map(|before| [before.started_ms, before.ended_ms.unwrap_or(before.started_ms)]);
    if let (Some(then), Some(before)) = (then, was)
        && before.phone != row.phone
    {
        around(tx, &before.phone, then, hearing)?;
        return if is_now { around(tx, &row.phone, now, hearing) } else { Ok(()) };
    }
    let [from_ms, to_ms] =
        then.map_or(now, |then| if is_now { [then[0].min(now[0]), then[1].max(now[1])] } else { then });
    around(tx, &row.phone, [from_ms, to_ms], hearing)
}

/// All of a number, as when it becomes another's.
pub fn recount_all(tx: &mut Tx, number: &str, directory: &Directory) -> Result<()> {
    let beside = numbers_beside(tx, number)?;
    let days = write(tx, number, &beside, EVER_MS, directory)?;
    days.into_iter().try_for_each(|day| figure_days::void(tx, day))
}

fn does_matter(state: CallState) -> bool {
    matches!(state, CallState::Missed | CallState::Answered)
}

fn is_same(before: &Before, change: &Change) -> bool {
    let Change { row, facts, .. } = change;
    (before.state, before.direction, &before.phone, &before.user_id)
        == (facts.state(), facts.direction(), &row.phone, &row.user_id)
        && (before.started_ms, before.ended_ms, before.wait_s) == (row.started_ms, row.ended_ms, facts.wait_s())
        && before.id == row.id
}

fn around(tx: &mut Tx, number: &str, [from_ms, to_ms]: [i64; 2], hearing: &Hearing) -> Result<()> {
    if !Phone::from_stored(number).is_e164() {
        return Ok(());
    }
    tx.take_turns(number)?;
    // Of a number without a row nothing was ever missed.
    if !client_numbers::is_any_kept(tx, number)? {
        return Ok(());
    }
    let numbers = take_turns_beside(tx, number)?;
    let mut missed = Vec::new();
    for number in &numbers {
        if client_numbers::find(tx, number)?.is_some() {
            missed.push(number);
        }
    }
    if missed.is_empty() {
        return Ok(());
    }
    let (mut first_ms, mut last_ms) = (EVER_MS[0], EVER_MS[1]);
    for number in &numbers {
        let (before, after) = missed_episodes::talks_around(tx, number, from_ms, to_ms)?;
        first_ms = first_ms.max(before.unwrap_or(first_ms));
        last_ms = last_ms.min(after.unwrap_or(last_ms));
    }
    missed.iter().try_for_each(|number| {
        let days = write(tx, number, &numbers, [first_ms, last_ms], hearing.directory)?;
        let may_be_together = |day: &i64| figures::may_be_together(*day * DAY_MS, hearing.now_ms);
        days.into_iter().filter(may_be_together).try_for_each(|day| figure_days::void(tx, day))
    })
}

/// The waiting of one number between two talks, or any others; those with the numbers beside it count. Answers the days on
/// which something changed.
fn write(
    tx: &mut Tx,
    number: &str,
    beside: &[String],
    [from_ms, to_ms]: [i64; 2],
    directory: &Directory,
) -> Result<BTreeSet<i64>> {
    let known = missed_episodes::list_of_number(tx, number, from_ms, to_ms)?;
    let mut talks = Vec::new();
    let mut misses = Vec::new();
    for one in beside {
        let course = missed_episodes::list_course(tx, one, from_ms, to_ms)?;
        let (talked, missed): (Vec<_>, Vec<_>) = course.into_iter().partition(|call| call.is_talk);
        talks.extend(talked);
        if one == number {
            misses = missed;
        }
    }
    let short_s = directory.settings.short_miss_s;
    misses.retain(|miss| miss.wait_s.is_none_or(|wait_s| wait_s >= short_s));
    talks.sort_by_cached_key(|one| (one.ended_ms, one.started_ms, one.direction.clone(), one.user_id.clone()));
    let episodes = told(number, &misses, &talks);
    if episodes == known {
        return Ok(BTreeSet::new());
    }
    known.iter().try_for_each(|row| missed_episodes::delete(tx, &row.call_id))?;
    episodes.iter().try_for_each(|row| missed_episodes::insert(tx, row))?;
    Ok(known.iter().chain(&episodes).map(|row| day_of(row.first_ms)).collect())
}

/// Misses by their beginning, talks by their end: a miss that began when a talk ended is made good by the next one.
fn told(number: &str, misses: &[Course], talks: &[Course]) -> Vec<EpisodeRow> {
    let mut episodes: Vec<(Option<usize>, EpisodeRow)> = Vec::new();
    for miss in misses {
        let nth = talks.partition_point(|talk| talk.ended_ms <= miss.started_ms);
        let talk = talks.get(nth);
        if let Some((of, episode)) = episodes.last_mut()
            && *of == talk.map(|_| nth)
        {
            episode.misses += 1;
            continue;
        }
        let taken_ms = |talk: &Course| (talk.started_ms + talk.wait_s.unwrap_or_default() * 1000).max(miss.started_ms);
        let episode = EpisodeRow {
            call_id: miss.call_id.clone(),
            number: number.to_owned(),
            first_ms: miss.started_ms,
            line: miss.line.clone(),
            misses: 1,
            end_ms: talk.map(taken_ms),
            end_way: talk.map(|talk| talk.direction.clone()),
            end_user: talk.and_then(|talk| talk.user_id.clone()),
        };
        episodes.push((talk.map(|_| nth), episode));
    }
    episodes.into_iter().map(|(_, episode)| episode).collect()
}
