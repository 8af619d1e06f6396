//! The statements of the recordings.

use ringcard::app::calls::row::blank;
use ringcard::app::people::users;
use ringcard::domain::user::Role;
use ringcard::error::Result;
use ringcard::store::tables::recordings::{self, Counted, RecordingRow};
use ringcard::store::tables::{calls, integrations, recording_listeners};
use ringcard::store::tx::Tx;

use crate::contract;

/// Two PBXs, `a` and `b`, and the calls `one`, `two` and `three`.
fn seed(tx: &mut Tx) -> Result<()> {
    for (id, name) in [("a", "first"), ("b", "second")] {
        integrations::insert(tx, id, "cloud-pbx", name, "{}", 1)?;
    }
    for id in ["one", "two", "three"] {
        let mut call = blank(id, "a");
        call.callid = Some(format!("callid-{id}"));
        calls::insert(tx, &call)?;
    }
    Ok(())
}

fn put(tx: &mut Tx, id: &str, call_id: &str, integration_id: &str, now_ms: i64) -> Result<RecordingRow> {
    recordings::insert_or_lock(tx, id, call_id, integration_id, "https://pbx.example/1.mp3", now_ms)
}

/// Everything of a row that tells, in short.
fn short(row: &RecordingRow) -> String {
    let RecordingRow { id, state, tries, tried_since_ms, due_ms, .. } = row;
    format!("{id} {state} tries {tries} since {tried_since_ms:?} due {due_ms:?}")
}

contract! {
    /// A call has one; put in again, it stays as it is.
    async fn a_call_has_one_recording(place: Place) {
        let store = place.open();
        let (is_same, first, of_calls) = store
            .write(|tx| {
                seed(tx)?;
                let first = put(tx, "r1", "one", "a", 100)?;
                let again = put(tx, "r2", "one", "a", 200)?;
                put(tx, "r3", "two", "a", 300)?;
                let locked = recordings::lock(tx, "r1")?.unwrap();
                let of_call = recordings::lock_of_call(tx, "one")?.unwrap();
                let found = recordings::find_of_call(tx, "one")?.unwrap();
                let is_same = [&again, &locked, &of_call, &found].iter().all(|row| **row == first);
                let listed = recordings::list_of_calls(tx, &["one", "two", "three"])?;
                Ok((is_same, short(&first), listed.iter().map(|row| row.call_id.clone()).collect::<Vec<_>>()))
            })
            .await
            .unwrap();
        assert!(is_same);
        assert_eq!(first, "r1 waiting tries 0 since None due Some(100)");
        let mut of_calls: Vec<_> = of_calls.into_iter().flatten().collect();
        of_calls.sort();
        assert_eq!(of_calls, ["one", "two"]);
    }
}

contract! {
    /// What has been due longest is taken first, by one only, until its lease ends; a lease that is extended lasts longer.
    async fn a_recording_is_taken_on_lease(place: Place) {
        let store = place.open();
        let (due, taken) = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "r1", "one", "a", 100)?;
                put(tx, "r2", "two", "a", 90)?;
                put(tx, "r3", "three", "b", 50)?;
                let due = [recordings::list_due_integrations(tx, 49)?, recordings::list_due_integrations(tx, 100)?];
                let mut taken = Vec::new();
                for now_ms in [80, 100, 100, 100] {
                    taken.push(recordings::take(tx, "a", now_ms, now_ms + 20)?.as_ref().map(short));
                }
                recordings::extend(tx, "r2", 1, 200)?;
                recordings::extend(tx, "r1", 7, 300)?;
                for now_ms in [120, 120] {
                    taken.push(recordings::take(tx, "a", now_ms, now_ms + 20)?.as_ref().map(short));
                }
                Ok((due, taken))
            })
            .await
            .unwrap();
        assert_eq!(due, [vec![], vec!["a".to_owned(), "b".to_owned()]]);
        let taken: Vec<_> = taken.iter().map(|row| row.as_deref()).collect();
        let expected = [
            None,
            Some("r2 waiting tries 1 since Some(100) due Some(120)"),
            Some("r1 waiting tries 1 since Some(100) due Some(120)"),
            None,
            Some("r1 waiting tries 2 since Some(100) due Some(140)"),
            None,
        ];
        assert_eq!(taken, expected);
    }
}

contract! {
    /// A row is written whole; what failed not too long ago and what waits is hurried, and counted by its state.
    async fn what_failed_is_counted_and_hurried(place: Place) {
        let store = place.open();
        let (counted, before, after) = store
            .write(|tx| {
                seed(tx)?;
                for (id, call_id, state, due_ms) in
                    [("r1", "one", "failed", None), ("r2", "two", "failed", None), ("r3", "three", "waiting", Some(900))]
                {
                    let row = put(tx, id, call_id, "a", 1)?;
                    let (state, error, media) = (state.to_owned(), format!("why {id}"), "mp3".to_owned());
                    let size_bytes = Some(5_000_000_000);
                    let saved = RecordingRow { state, error, media, size_bytes, due_ms, tries: 3, ..row };
                    recordings::save(tx, &saved)?;
                    assert_eq!(recordings::find_of_call(tx, call_id)?, Some(saved));
                }
                let counted = recordings::count(tx, "failed", "")?;
                let before = recordings::list_before(tx, "failed", "r2", 10)?;
                recordings::hurry(tx, "a", "r1", 50)?;
                let rows = ["one", "two", "three"].map(|call| recordings::find_of_call(tx, call));
                Ok((counted, before, rows.into_iter().map(|row| Ok(short(&row?.unwrap()))).collect::<Result<Vec<_>>>()?))
            })
            .await
            .unwrap();
        let two = Counted { integration_id: "a".to_owned(), count: 2, last_error: "why r2".to_owned() };
        assert_eq!(counted, [two]);
        assert_eq!(before, ["r1"]);
        let hurried = [
            "r1 failed tries 3 since None due None",
            "r2 waiting tries 0 since None due Some(50)",
            "r3 waiting tries 0 since None due Some(50)",
        ];
        assert_eq!(after, hurried);
    }
}

contract! {
    /// A recording outlives its call, until it is deleted; who has listened does not.
    async fn what_a_call_leaves_is_found(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "r1", "one", "a", 1)?;
                put(tx, "r2", "two", "a", 1)?;
                for login in ["anna", "boris"] {
                    users::insert(tx, &users::row(login.to_owned(), login, login, Role::Operator), "-", &[], 1)?;
                }
                let first = recording_listeners::note(tx, "one", "boris", 5)?;
                let second = recording_listeners::note(tx, "one", "anna", 6)?;
                let again = recording_listeners::note(tx, "one", "boris", 7)?;
                let heard = recording_listeners::list_of_calls(tx, &["one", "two"])?;
                calls::remove(tx, "one")?;
                let left = recordings::list_left(tx, 10)?;
                recordings::delete_left(tx, "r2")?;
                recordings::delete_left(tx, "r1")?;
                let after = (recordings::list_left(tx, 10)?, recordings::find_of_call(tx, "two")?.is_some());
                Ok(((first, second, again), heard, left, after, recording_listeners::list_of_calls(tx, &["one"])?))
            })
            .await
            .unwrap();
        let (noted, heard, left, after, unheard) = found;
        assert_eq!(noted, (true, true, false));
        let one = |user: &str| ("one".to_owned(), user.to_owned());
        assert_eq!(heard, [one("boris"), one("anna")]);
        assert_eq!((left, after), (vec!["r1".to_owned()], (vec![], true)));
        assert!(unheard.is_empty());
    }
}
