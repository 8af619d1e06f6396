//! The statements of promises.

use ringcard::domain::promise::Talk;
use ringcard::store::tables::calls::{self, CallRow};
use ringcard::store::tables::contacts;
use ringcard::store::tables::promises::{self, PromiseRow, Wanted};

use crate::calls::{call, prepare};
use crate::contacts::{contact, phone};
use crate::contract;

fn promise(id: &str, due_ms: i64) -> PromiseRow {
    PromiseRow {
        id: id.to_owned(),
        call_id: None,
        number: "+1".to_owned(),
        contact_id: None,
        user_id: "a".to_owned(),
        due_ms,
        text: "Прислать счёт".to_owned(),
        made_ms: 1,
        said_ms: None,
        done_ms: None,
        done_by_call: None,
        rung_ms: None,
    }
}

fn ids(rows: Vec<PromiseRow>) -> String {
    rows.into_iter().map(|row| row.id).collect()
}

contract! {
    /// Every column is kept; a change leaves what stands fast; what is deleted is gone.
    async fn a_promise_comes_back_whole(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                calls::insert(tx, &call("c", Some("c"), "answered", 5))?;
                let made = PromiseRow { call_id: Some("c".to_owned()), contact_id: Some("k".to_owned()), ..promise("1", 9) };
                promises::insert(tx, &made)?;
                let first = promises::find(tx, "1")?;
                let changed = PromiseRow {
                    user_id: "b".to_owned(),
                    due_ms: 10,
                    text: "Перезвонить".to_owned(),
                    said_ms: Some(2),
                    done_ms: Some(3),
                    done_by_call: Some("t".to_owned()),
                    rung_ms: Some(4),
                    ..made.clone()
                };
                promises::save(tx, &changed)?;
                let second = promises::lock(tx, "1")?;
                let gone = (promises::delete(tx, "1")?, promises::delete(tx, "1")?, promises::lock(tx, "1")?);
                Ok(((first, second), (Some(made), Some(changed)), gone))
            })
            .await
            .unwrap();
        assert_eq!(found.0, found.1);
        assert_eq!(found.2, (true, false, None));
    }
}

contract! {
    /// Of a call the one made last; it goes along with the call's id, and stays when the call goes.
    async fn a_promise_follows_its_call(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                for id in ["c", "click"] {
                    calls::insert(tx, &call(id, Some(id), "answered", 5))?;
                }
                let of = |id: &str, made_ms, call: &str| PromiseRow { call_id: Some(call.to_owned()), made_ms, ..promise(id, 9) };
                [of("1", 1, "click"), of("2", 2, "click")].iter().try_for_each(|row| promises::insert(tx, row))?;
                let mut seen = vec![promises::list_of_calls(tx, &["none", "click"])?.pop()];
                promises::move_call(tx, "click", "c")?;
                calls::remove(tx, "click")?;
                seen.push(promises::list_of_calls(tx, &["c", "none"])?.pop());
                calls::take_id(tx, "c", "click", 1)?;
                seen.push(promises::list_of_calls(tx, &["none", "click"])?.pop());
                calls::remove(tx, "click")?;
                seen.push(promises::find(tx, "2")?.filter(|kept| kept.call_id.is_none()));
                Ok(seen)
            })
            .await
            .unwrap();
        assert!(found.iter().all(|one| one.as_ref().is_some_and(|one| one.id == "2")), "{found:?}");
    }
}

contract! {
    /// To a number, and to a contact by any number that he has now; the first talk since, but for the promise's own call.
    async fn a_number_leads_to_its_promises_and_talks(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                contacts::insert(tx, &contact("k", 1), &[phone("+1", ""), phone("+2", "")])?;
                let of_contact = PromiseRow { number: "+3".to_owned(), contact_id: Some("k".to_owned()), ..promise("2", 9) };
                [promise("1", 9), of_contact].iter().try_for_each(|row| promises::insert(tx, row))?;
                let lists = ["+1", "+2", "+3"].map(|number| promises::list_of_number(tx, number));
                let talk = |id: &str, started_ms, ended_ms| CallRow { ended_ms: Some(ended_ms), ..call(id, Some(id), "answered", started_ms) };
                for row in [talk("own", 4, 5), talk("before", 1, 3), talk("later", 6, 9), talk("first", 2, 8), call("miss", None, "missed", 4)] {
                    calls::insert(tx, &row)?;
                }
                let talks = [(3, Some("own")), (3, None), (9, None)]
                    .map(|(after_ms, but)| promises::find_first_talk(tx, "+1", after_ms, but));
                Ok((lists, talks))
            })
            .await
            .unwrap();
        assert_eq!(found.0.map(Result::unwrap), [vec!["1", "2"], vec!["2"], vec!["2"]]);
        let talk = |ended_ms, id: &str| Some(Talk { ended_ms, callid: id.to_owned(), call_id: id.to_owned() });
        assert_eq!(found.1.map(Result::unwrap), [talk(8, "first"), talk(5, "own"), None]);
    }
}

contract! {
    /// Open ones the soonest first, past ones the latest first, each page after the one before; due is what nobody was
    /// reminded of.
    async fn promises_are_listed_by_their_time(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                let rows = [
                    promise("1", 10),
                    PromiseRow { user_id: "b".to_owned(), ..promise("2", 20) },
                    PromiseRow { rung_ms: Some(1), ..promise("3", 20) },
                    PromiseRow { done_ms: Some(1), ..promise("4", 5) },
                ];
                rows.iter().try_for_each(|row| promises::insert(tx, row))?;
                let (first, last) = ((i64::MIN, String::new()), (i64::MAX, String::new()));
                let (a, place) = ("a".to_owned(), (20, "2".to_owned()));
                let lists = [
                    promises::list_open(tx, None, i64::MAX, &first, 9)?,
                    promises::list_open(tx, None, 19, &first, 9)?,
                    promises::list_open(tx, Some(&a), i64::MAX, &first, 1)?,
                    promises::list_open(tx, None, i64::MAX, &place, 9)?,
                    promises::list_past(tx, None, Wanted::All, &last, 9)?,
                    promises::list_past(tx, None, Wanted::All, &place, 1)?,
                    promises::list_past(tx, Some(&a), Wanted::Done, &last, 9)?,
                ];
                Ok((lists.map(ids), promises::list_due(tx, 19, 9)?, promises::list_due(tx, 20, 9)?))
            })
            .await
            .unwrap();
        assert_eq!(found.0, ["123", "1", "1", "3", "3214", "1", "4"]);
        assert_eq!((found.1, found.2), (vec!["1".to_owned()], vec!["1".to_owned(), "2".to_owned()]));
    }
}

contract! {
    /// What is done goes with its call, and by its own time; what is open stays.
    async fn what_is_done_goes_with_its_time(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                calls::insert(tx, &CallRow { ended_ms: Some(6), ..call("old", None, "answered", 5) })?;
                calls::insert(tx, &CallRow { ended_ms: Some(60), ..call("new", None, "answered", 50) })?;
                let of = |id: &str, call: &str, done_ms| PromiseRow { call_id: Some(call.to_owned()), done_ms, ..promise(id, 9) };
                let rows = [of("1", "old", Some(90)), of("2", "old", None), of("3", "new", Some(90)), PromiseRow { done_ms: Some(9), ..promise("4", 9) }];
                rows.iter().try_for_each(|row| promises::insert(tx, row))?;
                let gone = promises::delete_before(tx, 10, 500)?;
                Ok((gone, ids(promises::list_past(tx, None, Wanted::All, &(i64::MAX, String::new()), 9)?)))
            })
            .await
            .unwrap();
        assert_eq!(found, (2, "32".to_owned()));
    }
}

contract! {
    /// A contact's: what was promised to him or to a number of his, but for what was in a call; newest first.
    async fn a_contact_has_what_was_promised_to_him_and_to_his_numbers(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                calls::insert(tx, &call("c", Some("c"), "answered", 5))?;
                contacts::insert(tx, &contact("k", 1), &[phone("+1", ""), phone("+2", "")])?;
                let to = |contact: &str| Some(contact.to_owned());
                let rows = [
                    PromiseRow { contact_id: to("k"), number: "+9".to_owned(), made_ms: 3, ..promise("1", 9) },
                    PromiseRow { number: "+2".to_owned(), made_ms: 4, ..promise("2", 9) },
                    PromiseRow { contact_id: to("other"), made_ms: 5, ..promise("3", 9) },
                    PromiseRow { contact_id: to("k"), call_id: to("c"), made_ms: 6, ..promise("4", 9) },
                    PromiseRow { contact_id: to("k"), made_ms: 7, ..promise("5", 9) },
                ];
                rows.iter().try_for_each(|row| promises::insert(tx, row))?;
                let first = promises::list_of_contact(tx, "k", &(i64::MAX, String::new()), 2)?;
                let rest = promises::list_of_contact(tx, "k", &(4, "2".to_owned()), 2)?;
                Ok((ids(first), ids(rest)))
            })
            .await
            .unwrap();
        assert_eq!(found, ("52".to_owned(), "1".to_owned()));
    }
}
