//! The statements of what reports count.

use ringcard::store::tables::call_figures::{self, Counted, FigureRow};
use ringcard::store::tables::calls::{self, CallRow};
use ringcard::store::tables::figure_days;
use ringcard::store::tables::missed_episodes::{self, EpisodeRow};

use crate::calls::{call, prepare};
use crate::contract;

fn figure(call_id: &str, started_ms: i64) -> FigureRow {
    FigureRow {
        call_id: call_id.to_owned(),
        started_ms,
        direction: "in".to_owned(),
        state: "missed".to_owned(),
        phone: "+1".to_owned(),
        line: Some("+7".to_owned()),
        user_id: Some("a".to_owned()),
        wait_s: Some(3),
        talk_s: 4,
        outcome: String::new(),
        legs: "[]".to_owned(),
    }
}

fn episode(call_id: &str, first_ms: i64) -> EpisodeRow {
    EpisodeRow {
        call_id: call_id.to_owned(),
        number: "+1".to_owned(),
        first_ms,
        line: Some("+7".to_owned()),
        misses: 2,
        end_ms: Some(first_ms + 5),
        end_way: Some("out".to_owned()),
        end_user: Some("a".to_owned()),
    }
}

contract! {
    /// A call has one row, it goes with the call, and the first call of a number in a year is a new client's.
    async fn a_call_is_counted_once(place: Place) {
        const YEAR_MS: i64 = 365 * 24 * 3_600_000;
        let store = place.open();
        let (listed, by_id, left, marks) = store
            .write(|tx| {
                prepare(tx)?;
                for (id, at_ms) in [("1", 10), ("2", 20), ("3", 21 + YEAR_MS)] {
                    calls::insert(tx, &call(id, Some(id), "missed", at_ms))?;
                    call_figures::put(tx, &FigureRow { talk_s: 9, ..figure(id, at_ms) })?;
                    call_figures::put(tx, &figure(id, at_ms))?;
                }
                call_figures::set_outcome(tx, "2", "sold")?;
                let listed = call_figures::list(tx, 10, 22 + YEAR_MS)?;
                let by_id = call_figures::list_of_calls(tx, &["2", "9"])?;
                call_figures::delete(tx, "1")?;
                calls::remove(tx, "2")?;
                let left = call_figures::list(tx, 0, i64::MAX)?.len();
                let mut marks = vec![call_figures::find_mark(tx)?];
                for mark in ["b", "a"] {
                    call_figures::set_mark(tx, mark)?;
                    marks.push(call_figures::find_mark(tx)?);
                }
                Ok((listed, by_id, left, marks))
            })
            .await
            .unwrap();
        let second = Counted { row: FigureRow { outcome: "sold".to_owned(), ..figure("2", 20) }, is_new: false };
        let first = Counted { row: figure("1", 10), is_new: true };
        let third = Counted { row: figure("3", 21 + YEAR_MS), is_new: true };
        assert_eq!(listed, [first, second.clone(), third]);
        assert_eq!((by_id, left), (vec![second], 1));
        assert_eq!(marks, [None, Some("b".to_owned()), Some("b".to_owned())]);
    }
}

contract! {
    /// Each time that a client waited is kept with its first miss; what it follows from is read around an instant.
    async fn a_client_s_waiting_is_kept_with_its_first_miss(place: Place) {
        let store = place.open();
        let (listed, course, around) = store
            .write(|tx| {
                prepare(tx)?;
                let talk = |id: &str, at_ms| CallRow { ended_ms: Some(at_ms + 5), ..call(id, Some(id), "answered", at_ms) };
                let rows = [talk("1", 10), call("2", Some("2"), "missed", 20), call("3", Some("3"), "missed", 30), talk("4", 40)];
                for row in &rows {
                    calls::insert(tx, row)?;
                    call_figures::put(tx, &figure(&row.id, row.started_ms))?;
                }
                for (id, at_ms) in [("2", 20), ("3", 30)] {
                    missed_episodes::insert(tx, &episode(id, at_ms))?;
                }
                let mut listed = vec![
                    missed_episodes::list(tx, 20, 31)?,
                    missed_episodes::list_of_number(tx, "+1", 21, 31)?,
                    missed_episodes::list_of_calls(tx, &["2"])?,
                ];
                missed_episodes::delete(tx, "3")?;
                listed.push(missed_episodes::list(tx, 0, 99)?);
                let course = missed_episodes::list_course(tx, "+1", 15, 45)?;
                let around = [(20, 20), (15, 45), (16, 44)].map(|(before, after)| missed_episodes::talks_around(tx, "+1", before, after));
                Ok((listed, course, around.into_iter().collect::<Result<Vec<_>, _>>()?))
            })
            .await
            .unwrap();
        let (second, third) = (episode("2", 20), episode("3", 30));
        assert_eq!(listed, [vec![second.clone(), third.clone()], vec![third], vec![second.clone()], vec![second]]);
        let told: Vec<_> = course.iter().map(|one| (one.call_id.as_str(), one.is_talk, one.ended_ms, one.wait_s)).collect();
        assert_eq!(told, [("2", false, 20, Some(3)), ("3", false, 30, Some(3)), ("4", true, 45, Some(3))]);
        assert_eq!(around, [(Some(15), Some(45)), (None, None), (Some(15), Some(45))]);
    }
}

contract! {
    /// A day is kept as it was read, unless it was voided meanwhile; a call voids its day and that of its number's next call.
    async fn a_day_is_put_together_until_it_changes(place: Place) {
        const DAY: i64 = figure_days::DAY_MS;
        let store = place.open();
        let (first, kept, voided, late, others) = store
            .write(|tx| {
                prepare(tx)?;
                let first = call_figures::first_start(tx)?;
                for (id, at_ms) in [("1", DAY + 1), ("2", 3 * DAY), ("3", 5 * DAY)] {
                    calls::insert(tx, &call(id, Some(id), "missed", at_ms))?;
                    call_figures::put(tx, &figure(id, at_ms))?;
                }
                for day in figure_days::day_of(2 * DAY - 1)..figure_days::day_of(6 * DAY) {
                    figure_days::pack(tx, day, 0, 1, "packed")?;
                }
                let first = [first, call_figures::first_start(tx)?];
                let kept = figure_days::list_days(tx, 1, 5, 1)?;
                figure_days::void_of_calls(tx, [("+1", DAY + 1), ("+9", 4 * DAY)].into_iter())?;
                let voided = [figure_days::list_days(tx, 0, 9, 1)?, figure_days::list_packed(tx, 0, 9, 1)?.into_keys().collect()];
                let rev = figure_days::find_rev(tx, 3)?;
                figure_days::void(tx, 3)?;
                figure_days::pack(tx, 3, rev, 1, "late")?;
                let late = [rev, figure_days::find_rev(tx, 3)?, figure_days::find_rev(tx, 99)?];
                figure_days::pack(tx, 3, late[1], 1, "anew")?;
                Ok((first, kept, voided, late, [figure_days::list_packed(tx, 3, 4, 1)?, figure_days::list_packed(tx, 0, 9, 2)?]))
            })
            .await
            .unwrap();
        assert_eq!((first, kept), ([None, Some(DAY + 1)], vec![1, 2, 3, 4]));
        assert_eq!(voided, [vec![2, 5], vec![2, 5]]);
        assert_eq!(late, [1, 2, 0]);
        assert_eq!(others.map(|days| days.into_iter().collect::<Vec<_>>()), [vec![(3, "anew".to_owned())], vec![]]);
    }
}
