//! The statements of calls and of cards put away.

use ringcard::domain::returning::LastReach;
use ringcard::error::{Error, Result};
use ringcard::store::Store;
use ringcard::store::tables::call_lists::{self, Occasion, Wanted};
use ringcard::store::tables::calls::{self, CallRow, Extent};
use ringcard::store::tables::old_calls::{self, DeletedCall};
use ringcard::store::tables::{call_reaches, dismissals, integrations};
use ringcard::store::tx::Tx;

use crate::contract;

/// A call of integration `i` with the client +1, begun at `started_ms`.
pub fn call(id: &str, callid: Option<&str>, state: &str, started_ms: i64) -> CallRow {
    CallRow {
        id: id.to_owned(),
        former_id: None,
        integration_id: "i".to_owned(),
        callid: callid.map(str::to_owned),
        facts: "{}".to_owned(),
        rev: 1,
        direction: "in".to_owned(),
        state: state.to_owned(),
        phone: "+1".to_owned(),
        diversion: None,
        user_id: None,
        contact_id: None,
        started_ms,
        ended_ms: None,
        second_callid: None,
        click_account: None,
        due_ms: None,
        note: String::new(),
        note_rev: 0,
        note_by: None,
        outcome: String::new(),
    }
}

/// An integration `i` and the users `a` and `b`, whom calls belong to.
pub fn prepare(tx: &mut Tx) -> Result<()> {
    integrations::insert(tx, "i", "cloud-pbx", "main", "{}", 1)?;
    integrations::insert(tx, "j", "cloud-pbx", "other", "{}", 1)?;
    crate::people::put(tx, "a", "Anna", "admin")?;
    crate::people::put(tx, "b", "Boris", "operator")
}

fn ids(rows: Vec<CallRow>) -> Vec<String> {
    rows.into_iter().map(|row| row.id).collect()
}

async fn put(store: &Store, rows: Vec<CallRow>) {
    store
        .write(move |tx| {
            prepare(tx)?;
            rows.iter().try_for_each(|row| calls::insert(tx, row))
        })
        .await
        .unwrap();
}

contract! {
    /// A callid is one row, and a second one is refused; rows without one never meet.
    async fn a_callid_is_one_row(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                calls::insert(tx, &call("1", Some("x"), "ringing", 5))?;
                let other = CallRow { integration_id: "j".to_owned(), ..call("3", Some("x"), "ringing", 7) };
                calls::insert(tx, &other)?;
                calls::insert(tx, &call("4", None, "requested", 8))?;
                calls::insert(tx, &call("5", None, "requested", 8))?;
                let known = calls::lock_by_callid(tx, "i", "x")?.map(|row| (row.id, row.state, row.rev));
                Ok((known, calls::lock_by_callid(tx, "i", "y")?.is_none()))
            })
            .await
            .unwrap();
        assert_eq!(found, (Some(("1".to_owned(), "ringing".to_owned(), 1)), true));
        let again = store.write(|tx| calls::insert(tx, &call("2", Some("x"), "missed", 6))).await;
        assert!(matches!(again, Err(Error::Exists)), "{again:?}");
    }
}

contract! {
    /// `rev` grows with every lock by id and every change.
    async fn rev_grows(place: Place) {
        let store = place.open();
        put(&store, vec![call("1", Some("x"), "ringing", 5)]).await;
        let extents = [Extent::Course, Extent::End, Extent::Times, Extent::All];
        let found = store
            .write(move |tx| {
                let mut revs = vec![calls::lock(tx, "1")?.map(|row| row.rev)];
                for extent in extents {
                    calls::save(tx, &call("1", Some("x"), "ringing", 5), extent)?;
                    revs.push(calls::find(tx, "1")?.map(|row| row.rev));
                }
                Ok(revs)
            })
            .await
            .unwrap();
        assert_eq!(found, [2, 3, 4, 5, 6].map(Some));
        assert!(store.write(|tx| calls::lock(tx, "nobody")).await.unwrap().is_none());
    }
}

contract! {
    /// Every column is written and read back.
    async fn a_row_is_saved_whole(place: Place) {
        let store = place.open();
        let changed = CallRow {
            callid: Some("y".to_owned()),
            facts: "{\"legs\":[]}".to_owned(),
            direction: "out".to_owned(),
            state: "answered".to_owned(),
            phone: "+2".to_owned(),
            diversion: Some("+3".to_owned()),
            user_id: Some("a".to_owned()),
            contact_id: Some("contact".to_owned()),
            started_ms: 6,
            ended_ms: Some(7),
            second_callid: Some("z".to_owned()),
            click_account: Some("andy".to_owned()),
            due_ms: Some(8),
            note: "n".to_owned(),
            outcome: "o".to_owned(),
            ..call("1", None, "ringing", 5)
        };
        put(&store, vec![call("1", None, "ringing", 5)]).await;
        let saved = changed.clone();
        let found = store.write(move |tx| { calls::save(tx, &saved, Extent::All)?; calls::find(tx, "1") }).await.unwrap();
        assert_eq!(format!("{:?}", found.unwrap()), format!("{:?}", CallRow { rev: 2, ..changed }));
    }
}

contract! {
    /// A change of the course leaves the times and the user, one of the end the beginning, and each leaves who called.
    async fn no_more_is_saved_than_asked(place: Place) {
        let store = place.open();
        let known = call("1", Some("x"), "ringing", 5);
        put(&store, vec![known.clone()]).await;
        let changed = CallRow {
            facts: "{\"legs\":[]}".to_owned(),
            direction: "out".to_owned(),
            state: "answered".to_owned(),
            diversion: Some("+3".to_owned()),
            user_id: Some("a".to_owned()),
            ended_ms: Some(7),
            due_ms: Some(8),
            phone: "+2".to_owned(),
            started_ms: 6,
            ..known.clone()
        };
        let times = CallRow { rev: 4, phone: known.phone.clone(), ..changed.clone() };
        let end = CallRow { rev: 3, started_ms: known.started_ms, ..times.clone() };
        let course = CallRow { rev: 2, user_id: None, ended_ms: None, due_ms: None, ..end.clone() };
        let found = store
            .write(move |tx| {
                let mut found = Vec::new();
                for extent in [Extent::Course, Extent::End, Extent::Times] {
                    calls::save(tx, &changed, extent)?;
                    found.extend(calls::find(tx, "1")?);
                }
                Ok(found)
            })
            .await
            .unwrap();
        assert_eq!(format!("{found:?}"), format!("{:?}", [course, end, times]));
    }
}

contract! {
    /// After a click folded in, both ids find the one row, until they part; a callid taken by another is a conflict.
    async fn a_row_has_two_ids_after_a_fold(place: Place) {
        let store = place.open();
        put(&store, vec![call("1", Some("x"), "ringing", 5), call("2", None, "requested", 4)]).await;
        let found = store
            .write(|tx| {
                dismissals::insert(tx, "2", "a")?;
                dismissals::insert(tx, "2", "a")?;
                dismissals::insert(tx, "1", "b")?;
                dismissals::copy(tx, "2", "1")?;
                let removed = (calls::remove(tx, "2")?.map(|row| row.id), calls::remove(tx, "2")?.is_none());
                calls::take_id(tx, "1", "2", 7)?;
                let by = [calls::find(tx, "1")?, calls::find(tx, "2")?, calls::lock(tx, "1")?, calls::find_by_callid(tx, "i", "x")?];
                let ids = by.map(|row| row.map(|row| (row.id, row.former_id, row.rev)));
                let users = dismissals::list_users(tx, "2")?;
                let parted = (calls::give_id_back(tx, "2", "1")?, calls::find(tx, "2")?.is_none());
                let own = calls::find(tx, "1")?.map(|row| (row.id, row.former_id, row.rev));
                assert_eq!((parted, own), ((10, true), Some(("1".to_owned(), None, 10))));
                assert_eq!(dismissals::list_users(tx, "1")?, users);
                assert!(matches!(calls::give_id_back(tx, "2", "1"), Err(Error::NotFound(_))));
                Ok((removed, ids, users))
            })
            .await
            .unwrap();
        let row = |rev| Some(("2".to_owned(), Some("1".to_owned()), rev));
        let ids = [row(8), row(8), row(9), row(9)];
        assert_eq!(found, ((Some("2".to_owned()), true), ids, vec!["a".to_owned(), "b".to_owned()]));
        store.write(|tx| calls::insert(tx, &call("3", Some("w"), "ringing", 6))).await.unwrap();
        let taken = store.write(|tx| calls::save(tx, &call("3", Some("x"), "ringing", 6), Extent::All)).await;
        assert!(matches!(taken, Err(Error::Exists)), "{taken:?}");
    }
}

contract! {
    /// Clicks without a name, waiting or claimed, and named calls are found by number and time, oldest first.
    async fn clicks_and_their_calls_are_found(place: Place) {
        let store = place.open();
        let click = |id: &str, started_ms| CallRow { click_account: Some("andy".to_owned()), ..call(id, None, "requested", started_ms) };
        let claimed = CallRow { click_account: Some("bob".to_owned()), ..call("5", Some("c"), "ringing", 20) };
        let transferred = |id: &str, started_ms| CallRow { second_callid: Some("x".to_owned()), ..call(id, Some(id), "answered", started_ms) };
        let rows = vec![
            click("1", 30), click("2", 20), click("3", 31), click("4", 9), claimed,
            transferred("t2", 12), transferred("t1", 12), transferred("t3", 40),
        ];
        put(&store, rows).await;
        let found = store
            .show(|tx| {
                let clicks = ids(call_lists::list_clicks(tx, "i", "+1", 10, 30)?);
                let none = [("i", "+2"), ("j", "+1")].map(|(of, number)| call_lists::list_clicks(tx, of, number, 10, 30));
                let none = none.into_iter().collect::<Result<Vec<_>>>()?.concat();
                let named = ids(call_lists::list_named(tx, "i", "+1", 10, 30)?);
                Ok((clicks, none.len(), named, ids(calls::list_transferring(tx, &["x"])?)))
            })
            .await
            .unwrap();
        let clicks = ["2", "5", "1"].map(str::to_owned).to_vec();
        let (named, transferred) = (["t1", "t2", "5"].map(str::to_owned).to_vec(), ["t1", "t2", "t3"].map(str::to_owned).to_vec());
        assert_eq!(found, (clicks, 0, named, transferred));
    }
}

contract! {
    /// Many at once come each once, however many they are: by id, by name, and by whom they were transferred to.
    async fn many_calls_are_read_at_once(place: Place) {
        let store = place.open();
        let rows = (100..220).map(|n| {
            let second = Some(format!("c{}", n + 1));
            CallRow { second_callid: second, ..call(&format!("{n}"), Some(&format!("c{n}")), "answered", n) }
        });
        put(&store, rows.collect()).await;
        let sorted = |rows: Vec<CallRow>| {
            let mut found = ids(rows);
            found.sort();
            found
        };
        let found = store
            .show(move |tx| {
                let many: Vec<String> = (90..211).map(|n| n.to_string()).chain(["200".to_owned()]).collect();
                let many: Vec<&str> = many.iter().map(String::as_str).collect();
                let all = (sorted(calls::list(tx, &many)?), ids(calls::list(tx, &["104"])?), calls::list(tx, &[])?.len());
                let by_callid = (ids(calls::list_by_callids(tx, &["c7", "c105"])?), ids(calls::list_by_callids(tx, &["c106"])?));
                Ok((all, by_callid, ids(calls::list_transferring(tx, &["c108", "c103", "c9"])?)))
            })
            .await
            .unwrap();
        let numbered = |range: std::ops::Range<i32>| range.map(|n| n.to_string()).collect::<Vec<_>>();
        let one = |id: &str| vec![id.to_owned()];
        assert_eq!(found.0, (numbered(100..211), one("104"), 0));
        assert_eq!(found.1, (one("105"), one("106")));
        assert_eq!(found.2, [one("102"), one("107")].concat());
    }
}

contract! {
    /// What is due, the longest waiting first; what stands on a screen; a person's recent calls; the last talk.
    async fn calls_are_found_by_what_is_due_and_shown(place: Place) {
        let store = place.open();
        let due = |id: &str, due_ms| CallRow { due_ms: Some(due_ms), ..call(id, Some(id), "ringing", 100 + due_ms) };
        let of = |id: &str, user: &str, state: &str, started_ms, ended_ms| CallRow {
            user_id: Some(user.to_owned()),
            ended_ms,
            ..call(id, Some(id), state, started_ms)
        };
        let rows = vec![
            due("1", 3), due("2", 2), due("3", 9),
            call("4", None, "requested", 50), call("5", None, "requested", 60),
            of("6", "a", "answered", 70, Some(75)), of("7", "a", "answered", 80, Some(85)), of("8", "b", "answered", 90, Some(95)),
        ];
        put(&store, rows).await;
        let found = store
            .show(|tx| {
                let due = (due_ids(tx, 8, 10)?, due_ids(tx, 9, 1)?);
                let screen = (ids(call_lists::list_on_screen(tx, 85, 60, 10)?), ids(call_lists::list_on_screen(tx, 85, 60, 2)?));
                let recent = ids(call_lists::list_recent_of_user(tx, "a", "+1", 70)?);
                let talks = (call_lists::find_last_talk(tx, "+1", 90, "8")?, call_lists::find_last_talk(tx, "+1", 69, "8")?);
                Ok((due, screen, recent, talks.0.map(|row| row.id), talks.1.is_none(), call_lists::count_of_phone(tx, "+1")?))
            })
            .await
            .unwrap();
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(found.0, (texts(&["2", "1"]), texts(&["2"])));
        assert_eq!(found.1, (texts(&["3", "1", "2", "8", "7", "5"]), texts(&["3", "1"])));
        assert_eq!(found.2, texts(&["7", "6"]));
        assert_eq!((found.3.as_deref(), found.4, found.5), (Some("7"), true, 8));
    }
}

contract! {
    /// Why a stranger becomes a contact: the first call that asks for it.
    async fn the_first_occasion_of_a_number(place: Place) {
        let store = place.open();
        store.write(prepare).await.unwrap();
        let out = |id: &str, callid, state, started_ms| CallRow { direction: "out".to_owned(), user_id: Some("a".to_owned()), ..call(id, callid, state, started_ms) };
        let rows = vec![
            call("1", Some("1"), "answered", 1), out("2", None, "requested", 2), out("3", Some("3"), "failed", 3),
            call("4", Some("4"), "missed", 4), out("5", Some("5"), "busy", 5),
        ];
        put(&store, rows).await;
        let found = store
            .show(|tx| {
                let mut first = |missed, outgoing| call_lists::find_first_occasion(tx, "+1", Wanted { missed, outgoing });
                Ok([first(true, true)?, first(false, true)?, first(false, false)?])
            })
            .await
            .unwrap();
        let outgoing = (Occasion::Outgoing, Some("a".to_owned()));
        assert_eq!(found, [Some((Occasion::Missed, None)), Some(outgoing), None]);
    }
}

contract! {
    /// What was over before the instant goes, the oldest first, with the cards put away: a talk by its end, a miss by its
    /// beginning, a click that was never heard of too.
    async fn old_calls_are_deleted(place: Place) {
        let store = place.open();
        let ended = |id: &str, state: &str, started_ms, ended_ms| {
            CallRow { ended_ms: Some(ended_ms), ..call(id, Some(id), state, started_ms) }
        };
        let rows = vec![
            ended("1", "answered", 10, 20), ended("2", "answered", 11, 100), ended("3", "missed", 12, 100),
            call("4", None, "requested", 13), ended("5", "missed", 100, 101),
        ];
        put(&store, rows).await;
        let found = store
            .write(|tx| {
                dismissals::insert(tx, "3", "a")?;
                let (mut first, mut rest) = (old_calls::delete_before(tx, 100, 1)?, old_calls::delete_before(tx, 100, 9)?);
                first.append(&mut rest);
                first.sort_by(|a, b| a.id.cmp(&b.id));
                let left = calls::find(tx, "2")?.is_some() && calls::find(tx, "5")?.is_some();
                Ok((first, old_calls::delete_before(tx, 100, 9)?, left, dismissals::list_users(tx, "3")?))
            })
            .await
            .unwrap();
        let gone = |id: &str, started_ms, ended_ms| {
            DeletedCall { id: id.to_owned(), phone: "+1".to_owned(), started_ms, ended_ms }
        };
        assert_eq!(found, (vec![gone("1", 10, Some(20)), gone("3", 12, None), gone("4", 13, None)], vec![], true, vec![]));
    }
}

contract! {
    /// A number's misses go up to an instant; its other calls and other numbers' misses stay.
    async fn misses_of_a_number_are_deleted(place: Place) {
        let store = place.open();
        let other = CallRow { phone: "+2".to_owned(), ..call("4", Some("4"), "missed", 10) };
        let rows = vec![
            call("1", Some("1"), "missed", 10), call("2", Some("2"), "missed", 11), call("3", Some("3"), "answered", 10), other,
        ];
        put(&store, rows).await;
        let left = store
            .write(|tx| {
                assert_eq!(old_calls::delete_misses(tx, "+1", 11)?, [10]);
                let found = ["1", "2", "3", "4"].map(|id| calls::find(tx, id));
                found.into_iter().map(|row| Ok(row?.is_some())).collect::<Result<Vec<bool>>>()
            })
            .await
            .unwrap();
        assert_eq!(left, [false, true, true, true]);
    }
}

contract! {
    /// A card put away is remembered as long as it could stand on a screen.
    async fn old_dismissals_are_swept_out(place: Place) {
        let store = place.open();
        let ended = CallRow { ended_ms: Some(20), ..call("1", Some("1"), "answered", 10) };
        put(&store, vec![ended, call("2", None, "requested", 19), call("3", Some("3"), "ringing", 20)]).await;
        let found = store
            .write(|tx| {
                for (call_id, user) in [("1", "a"), ("1", "b"), ("2", "a"), ("3", "a")] {
                    dismissals::insert(tx, call_id, user)?;
                }
                let swept = [dismissals::delete_past(tx, 20, 9)?, dismissals::delete_past(tx, 21, 1)?];
                let left = ["1", "2", "3"].map(|id| dismissals::list_users(tx, id).map(|users| users.len()));
                Ok((swept, left.into_iter().collect::<Result<Vec<_>>>()?))
            })
            .await
            .unwrap();
        assert_eq!(found, ([1, 2], vec![0, 0, 1]));
    }
}

contract! {
    /// Whoever comes to settle a call that another has settled leaves it as it is.
    async fn a_call_is_locked_while_it_is_due(place: Place) {
        let store = place.open();
        put(&store, vec![CallRow { due_ms: Some(10), ..call("1", Some("1"), "ringing", 1) }]).await;
        let found = store
            .write(|tx| {
                let found = [9, 10].map(|now_ms| call_lists::lock_due(tx, "1", now_ms));
                calls::put_off(tx, "1", 20)?;
                let late = call_lists::lock_due(tx, "1", 10)?.map(|row| row.rev);
                let [early, due] = found.map(|row| row.map(|row| row.map(|row| row.rev)));
                Ok((early?, due?, late, calls::find(tx, "1")?.map(|row| row.rev)))
            })
            .await
            .unwrap();
        assert_eq!(found, (None, Some(2), None, Some(2)));
    }
}

fn due_ids(tx: &mut Tx, now_ms: i64, limit: i64) -> Result<Vec<String>> {
    Ok(call_lists::list_due(tx, now_ms, limit)?.into_iter().map(|(id, _)| id).collect())
}

contract! {
    /// A call that cannot be settled is looked at later, never sooner.
    async fn a_call_is_put_off(place: Place) {
        let store = place.open();
        let due = |id: &str, due_ms| CallRow { due_ms, ..call(id, Some(id), "ringing", 1) };
        put(&store, vec![due("1", Some(10)), due("2", Some(90)), due("3", None)]).await;
        let found = store
            .write(|tx| {
                ["1", "2", "3"].into_iter().try_for_each(|id| calls::put_off(tx, id, 50))?;
                Ok((due_ids(tx, 49, 9)?, due_ids(tx, 50, 9)?, due_ids(tx, 90, 9)?))
            })
            .await
            .unwrap();
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, (vec![], ids(&["1"]), ids(&["1", "2"])));
    }
}

contract! {
    /// Who reached a number last, or called it in vain; and what came before a call.
    async fn the_last_reach_is_found_by_number_and_before_a_call(place: Place) {
        let store = place.open();
        let by = |id: &str, state: &str, started_ms, user: &str| CallRow { user_id: Some(user.to_owned()), ..call(id, Some(id), state, started_ms) };
        let out = |row: CallRow| CallRow { direction: "out".to_owned(), ..row };
        let month = 2_592_000_000;
        let rows = vec![
            by("1", "answered", month, "a"),
            out(by("2", "busy", month + 20, "b")),
            out(by("3", "failed", month + 30, "b")),
            out(call("4", Some("4"), "busy", month + 40)),
            by("5", "missed", month + 50, "a"),
            call("6", Some("6"), "ringing", month + 60),
            call("7", Some("7"), "missed", month + 10),
            call("8", Some("8"), "missed", month - 1),
            call("9", Some("9"), "missed", 2 * month + 21),
        ];
        put(&store, rows).await;
        let found = store
            .write(|tx| {
                let month = 2_592_000_000;
                let last = call_reaches::find_last(tx, "+1", 0)?;
                let none = call_reaches::find_last(tx, "+1", month + 21)?;
                let mut before = call_reaches::list_before(tx, &["2", "5", "6", "7", "8", "9"])?;
                before.sort();
                Ok((last, none, before, call_lists::find_first_of_phone(tx, "+1")?, call_lists::find_first_of_phone(tx, "+9")?))
            })
            .await
            .unwrap();
        let last = LastReach { user_id: "b".to_owned(), at_ms: month + 20, is_talk: false };
        let before = [("5", "2"), ("6", "2"), ("7", "1")].map(|(id, before)| (id.to_owned(), before.to_owned()));
        assert_eq!(found, (Some(last), None, before.to_vec(), Some(month - 1), None));
    }
}
