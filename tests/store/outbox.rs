//! The statements of the outbox.

use ringcard::app::calls::row::blank;
use ringcard::error::Result;
use ringcard::store::tables::outbox::{self, DeliveryRow};
use ringcard::store::tables::{calls, integrations};
use ringcard::store::tx::Tx;

use crate::contract;

/// Two Mangos, `a` and `b`, and the calls `one` and `two`.
fn seed(tx: &mut Tx) -> Result<()> {
    integrations::insert(tx, "pbx", "cloud-pbx", "pbx", "{}", 1)?;
    integrations::insert(tx, "a", "mango", "first", "{}", 1)?;
    integrations::insert(tx, "b", "mango", "second", "{}", 1)?;
    for id in ["one", "two"] {
        let mut call = blank(id, "pbx");
        call.callid = Some(format!("callid-{id}"));
        calls::insert(tx, &call)?;
    }
    Ok(())
}

fn put(tx: &mut Tx, id: &str, integration_id: &str, call_id: &str, due_ms: i64) -> Result<DeliveryRow> {
    outbox::insert_or_lock(tx, id, integration_id, call_id, due_ms, 10)
}

/// Everything of a row that tells, in short.
fn short(row: &DeliveryRow) -> String {
    format!("{} {} tries {} since {:?} due {:?}", row.id, row.state, row.tries, row.tried_since_ms, row.due_ms)
}

fn all(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(outbox::walk(tx, None, "z")?.rows.iter().map(short).collect())
}

contract! {
    /// A call has one delivery an integration; put in again, it stays as it is.
    async fn a_call_is_delivered_once_to_each(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                let first = put(tx, "d1", "a", "one", 100)?;
                let again = put(tx, "d2", "a", "one", 200)?;
                put(tx, "d3", "b", "one", 300)?;
                Ok((first == again, short(&first), all(tx)?, [outbox::list_of_calls(tx, &["one"])?, outbox::list_of_calls(tx, &["two", "one"])?]))
            })
            .await
            .unwrap();
        let (is_same, first, kept, of_call) = found;
        assert!(is_same);
        let counted = |state: &'static str, limit| store.read_blocking(move |tx| outbox::count(tx, state, limit)).unwrap();
        assert_eq!([counted("pending", 10), counted("pending", 1), counted("failed", 10)], [2, 1, 0]);
        assert_eq!(first, "d1 pending tries 0 since None due Some(100)");
        assert_eq!(kept, ["d3 pending tries 0 since None due Some(300)", "d1 pending tries 0 since None due Some(100)"]);
        let pending = |id: &str| ("one".to_owned(), id.to_owned(), "pending".to_owned());
        assert_eq!(of_call, [[pending("a"), pending("b")], [pending("a"), pending("b")]]);
    }
}

contract! {
    /// What has been due longest is taken first, by one only, and is due again when the lease runs out.
    async fn a_lease_is_one_takers(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                put(tx, "d2", "a", "two", 90)?;
                put(tx, "d3", "b", "one", 50)?;
                let mut taken = Vec::new();
                for now_ms in [80, 100, 100, 100, 119, 120] {
                    taken.push(outbox::take(tx, "a", now_ms, now_ms + 20)?.as_ref().map(short));
                }
                Ok(taken)
            })
            .await
            .unwrap();
        let taken = |text: &str| Some(text.to_owned());
        let expected = [
            None,
            taken("d2 pending tries 1 since Some(100) due Some(120)"),
            taken("d1 pending tries 1 since Some(100) due Some(120)"),
            None,
            None,
            taken("d1 pending tries 2 since Some(100) due Some(140)"),
        ];
        assert_eq!(found, expected);
    }
}

contract! {
    /// Whoever has something due is named once; a row that is not due by itself names nobody.
    async fn who_has_something_due_is_known(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                put(tx, "d2", "a", "two", 100)?;
                let waiting = put(tx, "d3", "b", "one", 50)?;
                outbox::save(tx, &DeliveryRow { due_ms: None, ..waiting })?;
                Ok((outbox::list_due_integrations(tx, 99)?, outbox::list_due_integrations(tx, 100)?))
            })
            .await
            .unwrap();
        assert_eq!(found, (vec![], vec!["a".to_owned()]));
    }
}

contract! {
    /// What is saved is read back whole, by id and under lock.
    async fn a_row_is_kept_whole(place: Place) {
        let store = place.open();
        let (expected, found, locked, none) = store
            .write(|tx| {
                seed(tx)?;
                let row = DeliveryRow {
                    state: "failed".to_owned(),
                    announced_ms: Some(1),
                    link: Some("https://x".to_owned()),
                    tries: 7,
                    tried_since_ms: Some(2),
                    due_ms: Some(3),
                    error: "why".to_owned(),
                    answer: "what".to_owned(),
                    changed_ms: 4,
                    ..put(tx, "d1", "a", "one", 100)?
                };
                outbox::save(tx, &row)?;
                Ok((row, outbox::find(tx, "d1")?, outbox::lock(tx, "d1")?, outbox::lock(tx, "d9")?))
            })
            .await
            .unwrap();
        assert_eq!((found, locked, none), (Some(expected.clone()), Some(expected), None));
    }
}

contract! {
    /// Who rests gets nothing, new rows neither, until the longest rest is over; others are not held up.
    async fn who_rests_is_left_alone(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                put(tx, "d2", "b", "one", 100)?;
                outbox::rest(tx, "a", 500)?;
                outbox::rest(tx, "a", 300)?;
                put(tx, "d3", "a", "two", 100)?;
                let mut found = Vec::new();
                for now_ms in [499, 500] {
                    let taken = outbox::take(tx, "a", now_ms, now_ms)?.map(|row| row.id);
                    found.push((outbox::list_due_integrations(tx, now_ms)?.join(" "), taken));
                }
                Ok(found)
            })
            .await
            .unwrap();
        assert_eq!(found, [("b".to_owned(), None), ("a b".to_owned(), Some("d1".to_owned()))]);
    }
}

contract! {
    /// New settings end a rest and bring forward what was tried, not what waits for its history.
    async fn new_settings_hurry_what_failed(place: Place) {
        let store = place.open();
        let (due, rows) = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                outbox::take(tx, "a", 100, 150)?;
                put(tx, "d2", "a", "two", 160)?;
                put(tx, "d3", "b", "two", 900)?;
                outbox::rest(tx, "a", 500)?;
                outbox::hurry(tx, "a", 120)?;
                Ok((outbox::list_due_integrations(tx, 120)?, all(tx)?))
            })
            .await
            .unwrap();
        assert_eq!(due, ["a"]);
        let untried = |id: &str, ms: i64| format!("{id} pending tries 0 since None due Some({ms})");
        let tried = "d1 pending tries 1 since Some(100) due Some(120)".to_owned();
        assert_eq!(rows, [untried("d3", 900), untried("d2", 160), tried]);
    }
}

contract! {
    /// What is pending of one integration is cancelled with its reason; what was sent stays.
    async fn a_removed_integration_gets_nothing_more(place: Place) {
        let store = place.open();
        let (calls, rows) = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                let sent = put(tx, "d2", "a", "two", 100)?;
                outbox::save(tx, &DeliveryRow { state: "sent".to_owned(), due_ms: None, ..sent })?;
                put(tx, "d3", "b", "one", 100)?;
                let calls = outbox::cancel_pending(tx, "a", "gone", 20)?;
                let rows = outbox::walk(tx, None, "z")?.rows;
                Ok((calls, rows.into_iter().map(|row| format!("{} {}", short(&row), row.error)).collect::<Vec<_>>()))
            })
            .await
            .unwrap();
        assert_eq!(calls, ["one"]);
        let expected = [
            "d3 pending tries 0 since None due Some(100) ",
            "d2 sent tries 0 since None due None ",
            "d1 cancelled tries 0 since None due None gone",
        ];
        assert_eq!(rows, expected);
    }
}

contract! {
    /// All deliveries, or those in one state, newest first.
    async fn the_outbox_is_walked(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                put(tx, "d2", "b", "one", 100)?;
                let failed = put(tx, "d3", "a", "two", 100)?;
                outbox::save(tx, &DeliveryRow { state: "failed".to_owned(), ..failed })?;
                let mut pages = Vec::new();
                for (state, before) in [(None, "z"), (None, "d2"), (Some("failed"), "z"), (Some("failed"), "d3")] {
                    let walked = outbox::walk(tx, state, before)?;
                    assert_eq!(walked.reached, None);
                    pages.push(walked.rows.into_iter().map(|row| row.id).collect::<Vec<_>>().join(" "));
                }
                Ok(pages)
            })
            .await
            .unwrap();
        assert_eq!(found, ["d3 d2 d1", "d1", "d3", ""]);
    }
}

contract! {
    /// A delivery follows its call to a click's id, and goes with it.
    async fn a_delivery_follows_its_call(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                put(tx, "d1", "a", "one", 100)?;
                calls::take_id(tx, "one", "click", 1)?;
                let of_click = outbox::find(tx, "d1")?.map(|row| row.call_id);
                calls::remove(tx, "click")?;
                Ok((of_click, outbox::find(tx, "d1")?))
            })
            .await
            .unwrap();
        assert_eq!(found, (Some("click".to_owned()), None));
    }
}

contract! {
    /// Only what is of this state goes, the oldest first, a batch at a time.
    async fn the_outbox_is_shortened(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                seed(tx)?;
                for (id, integration, call) in [("d1", "a", "one"), ("d2", "a", "two"), ("d3", "b", "one")] {
                    let row = put(tx, id, integration, call, 100)?;
                    outbox::save(tx, &DeliveryRow { state: "sent".to_owned(), ..row })?;
                }
                put(tx, "d4", "b", "two", 100)?;
                let batches = [
                    outbox::delete_before(tx, "sent", "d3", 1)?,
                    outbox::delete_before(tx, "sent", "d3", 9)?,
                    outbox::delete_before(tx, "sent", "d3", 9)?,
                ];
                Ok((batches, outbox::walk(tx, None, "z")?.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()))
            })
            .await
            .unwrap();
        assert_eq!(found, ([1, 1, 0], vec!["d4".to_owned(), "d3".to_owned()]));
    }
}
