//! Walking the history.

use ringcard::domain::search::Search;
use ringcard::error::Result;
use ringcard::store::Store;
use ringcard::store::tables::call_walks::{self, Look, Path, Place as At, Told};
use ringcard::store::tables::calls::{self, CallRow};
use ringcard::store::tables::{contacts, search_texts};
use ringcard::store::tx::Tx;

use crate::calls::{call, prepare};
use crate::contacts::{contact, phone};
use crate::contract;

fn now() -> At {
    (i64::MAX, String::new())
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

fn ids(tx: &mut Tx, path: &Path, after: &At, look: &Look) -> Result<String> {
    let stretch = call_walks::walk(tx, path, after, look)?;
    assert_eq!(stretch.reached, None);
    Ok(stretch.rows.iter().map(|head| head.id.as_str()).collect())
}

contract! {
    /// Each path goes over its own calls, newest first, inside the window.
    async fn paths_lead_over_their_calls(place: Place) {
        let store = place.open();
        let of = |path: fn(String) -> Path, value: &str| path(value.to_owned());
        put(&store, vec![
            call("1", Some("x"), "missed", 10),
            CallRow { user_id: Some("a".to_owned()), ..call("2", Some("y"), "answered", 20) },
            CallRow { integration_id: "j".to_owned(), phone: "+2".to_owned(), ..call("3", Some("x"), "answered", 20) },
            CallRow { contact_id: Some("c".to_owned()), phone: "+3".to_owned(), ..call("4", None, "requested", 30) },
        ])
        .await;
        let paths = [
            (Path::All, "4321"), (Path::Requested, "4"), (of(Path::Phone, "+1"), "21"), (of(Path::Contact, "c"), "4"),
            (of(Path::User, "a"), "2"), (of(Path::Callid, "x"), "31"), (of(Path::Id, "3"), "3"), (of(Path::Phone, "+9"), ""),
        ];
        let found = store
            .show(move |tx| {
                let look = Look::default();
                let windows = [
                    ids(tx, &Path::All, &(20, "3".to_owned()), &look)?,
                    ids(tx, &Path::All, &(30, String::new()), &Look { from_ms: 20, ..look.clone() })?,
                ];
                let paths: Result<Vec<_>> =
                    paths.iter().map(|(path, expected)| Ok((ids(tx, path, &now(), &look)?, *expected))).collect();
                Ok((windows, paths?))
            })
            .await
            .unwrap();
        assert_eq!(found.0, ["21", "32"]);
        for (found, expected) in found.1 {
            assert_eq!(found, expected);
        }
    }
}

contract! {
    /// A long list is walked in stretches, each beginning where the last one ended.
    async fn stretches_follow_each_other(place: Place) {
        let store = place.open();
        put(&store, (0..300).map(|n| call(&format!("{n:03}"), None, "missed", n / 2)).collect()).await;
        let (first, second) = store
            .show(|tx| {
                let first = call_walks::walk(tx, &Path::All, &now(), &Look::default())?;
                let second = call_walks::walk(tx, &Path::All, first.reached.as_ref().unwrap(), &Look::default())?;
                Ok((first, second))
            })
            .await
            .unwrap();
        assert_eq!((first.reached, second.reached), (Some((25, "050".to_owned())), None));
        let walked: Vec<_> = first.rows.into_iter().chain(second.rows).map(|head| head.id).collect();
        assert_eq!(walked, (0..300).rev().map(|n| format!("{n:03}")).collect::<Vec<_>>());
    }
}

contract! {
    /// What a call is picked by: all of it, a recording's address only when it is asked for.
    async fn a_head_tells_what_is_picked_by(place: Place) {
        let store = place.open();
        let row = CallRow {
            facts: r#"{"link":"https://x.org/1.mp3"}"#.to_owned(),
            diversion: Some("+4".to_owned()),
            user_id: Some("a".to_owned()),
            contact_id: Some("c".to_owned()),
            note: "n".to_owned(),
            outcome: "o".to_owned(),
            ..call("1", Some("x"), "answered", 5)
        };
        let named = CallRow { facts: r#"{"legs":{"link":{}},"group":"\"link\":\""}"#.to_owned(), ..call("2", None, "missed", 4) };
        put(&store, vec![row, named]).await;
        let heads = |recording| {
            store.show(move |tx| {
                Ok(call_walks::walk(tx, &Path::All, &now(), &Look { recording, ..Look::default() })?.rows)
            })
        };
        let told = heads(Told::Yes).await.unwrap();
        let expected = call_walks::CallHead {
            id: "1".to_owned(),
            started_ms: 5,
            integration_id: "i".to_owned(),
            callid: Some("x".to_owned()),
            direction: "in".to_owned(),
            state: "answered".to_owned(),
            phone: "+1".to_owned(),
            diversion: Some("+4".to_owned()),
            user_id: Some("a".to_owned()),
            contact_id: Some("c".to_owned()),
            outcome: "o".to_owned(),
            has_note: true,
            has_recording: true,
            has_promise: false,
            facts: None,
            is_found: true,
        };
        assert_eq!(told[0], expected);
        assert_eq!((told[1].has_note, told[1].has_recording), (false, false));
        assert!(!heads(Told::No).await.unwrap()[0].has_recording);
    }
}

contract! {
    /// A call is found by its number, its client's names, the chosen contact's and its note.
    async fn a_call_is_found_by_what_is_said_of_it(place: Place) {
        let store = place.open();
        put(&store, vec![
            call("1", None, "missed", 1),
            CallRow { phone: "+79161234567".to_owned(), note: "Перезвонить про СЧЁТ".to_owned(), ..call("2", None, "answered", 2) },
            CallRow { phone: "+3".to_owned(), contact_id: Some("c".to_owned()), note: "50% скидка".to_owned(), ..call("3", None, "answered", 3) },
        ])
        .await;
        let queries = [
            ("иван", "31"), ("ромашка ИВАН", "31"), ("петр", ""), ("счет", "2"), ("8916", "2"), ("4567", "2"), ("67", "2"),
            ("50% с", "3"), ("5_% с", ""), ("ив", "31"), ("ва", ""), ("скид", "3"),
        ];
        let found = store
            .write(move |tx| {
                let ivan = contacts::ContactRow { name: "Иван".to_owned(), company: "Ромашка".to_owned(), ..contact("c", 1) };
                contacts::insert(tx, &ivan, &[phone("+1", "")])?;
                let find = |(query, _): &(&str, &str)| {
                    let look = Look { search: Search::parse(query), ..Look::default() };
                    let walked = call_walks::walk(tx, &Path::All, &now(), &look)?;
                    Ok(walked.rows.into_iter().filter(|head| head.is_found).map(|head| head.id).collect::<String>())
                };
                queries.iter().map(find).collect::<Result<Vec<_>>>()
            })
            .await
            .unwrap();
        assert_eq!(found, queries.map(|(_, expected)| expected));
    }
}

contract! {
    /// The numbers of calls come in the order of their ids; the mark never goes back.
    async fn numbers_are_read_behind_the_mark(place: Place) {
        let store = place.open();
        put(&store, (0..5).map(|n| call(&n.to_string(), None, "missed", 9 - n)).collect()).await;
        let found = store
            .write(|tx| {
                let mut marks = vec![search_texts::find_mark(tx)?];
                for mark in ["2", "1"] {
                    search_texts::set_mark(tx, mark)?;
                    marks.push(search_texts::find_mark(tx)?);
                }
                Ok((call_walks::list_numbers(tx, "1", "4")?, marks))
            })
            .await
            .unwrap();
        let number = |id: &str| (id.to_owned(), "+1".to_owned());
        assert_eq!(found, (vec![number("2"), number("3")], vec![None, Some("2".to_owned()), Some("2".to_owned())]));
    }
}
