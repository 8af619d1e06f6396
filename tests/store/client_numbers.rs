//! The statements of the missed board.

use ringcard::store::tables::calls::{self, CallRow};
use ringcard::store::tables::client_numbers::{self, ClientNumberRow, Standing};
use ringcard::store::tables::{contact_phones, contacts};

use crate::calls::{call, prepare};
use crate::contacts::{contact, phone};
use crate::contract;

contract! {
    /// A number is one row, whoever comes first; all its columns are kept.
    async fn a_number_is_one_row(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                let first = client_numbers::lock(tx, "+1", "n1")?;
                let changed = ClientNumberRow {
                    contact_id: Some("c".to_owned()),
                    misses: 2,
                    first_miss_ms: Some(3),
                    last_miss_ms: Some(4),
                    last_call_id: Some("1".to_owned()),
                    tried_ms: Some(5),
                    taken_by: Some("a".to_owned()),
                    taken_ms: Some(6),
                    closed_ms: Some(7),
                    counts_ms: Some(8),
                    snoozed_ms: Some(9),
                    reason: "later".to_owned(),
                    blocked_ms: Some(10),
                    blocked_by: Some("b".to_owned()),
                    blocked_why: "spam".to_owned(),
                    ..first.clone()
                };
                client_numbers::save(tx, &changed)?;
                let changed = ClientNumberRow { rev: changed.rev + 1, ..changed };
                let again = client_numbers::lock(tx, "+1", "n2")?;
                let by = (client_numbers::find(tx, "+1")?, client_numbers::find_by_id(tx, "n1")?);
                Ok((first.misses, changed, again, by, client_numbers::find(tx, "+2")?))
            })
            .await
            .unwrap();
        let (misses, changed, again, by, none) = found;
        assert_eq!((misses, &again, none), (0, &changed, None));
        assert_eq!(by, (Some(changed.clone()), Some(changed)));
    }
}

contract! {
    /// What the calls of a number say of it: the last talk, the last try, the misses since.
    async fn a_number_stands_as_its_calls_say(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                let out = |id: &str, state: &str, started_ms| CallRow { direction: "out".to_owned(), ..call(id, Some(id), state, started_ms) };
                let rows = [
                    CallRow { ended_ms: Some(25), ..call("1", Some("1"), "answered", 20) },
                    out("2", "busy", 30),
                    out("3", "cancelled", 28),
                    out("4", "failed", 99),
                    call("5", Some("5"), "missed", 10),
                    call("6", Some("6"), "missed", 40),
                    CallRow { phone: "+2".to_owned(), ..call("7", Some("7"), "missed", 50) },
                ];
                rows.iter().try_for_each(|row| calls::insert(tx, row))?;
                let misses = |tx: &mut _, from_ms| {
                    let rows = client_numbers::list_misses(tx, "+1", from_ms).unwrap().into_iter();
                    rows.map(|miss| (miss.call_id, miss.started_ms)).collect::<Vec<_>>()
                };
                let standing = (client_numbers::standing(tx, "+1")?, client_numbers::standing(tx, "+9")?);
                Ok((standing, misses(tx, 10), misses(tx, 11)))
            })
            .await
            .unwrap();
        let standing = Standing { reached_ms: Some(25), tried_ms: Some(30), missed_ever: 2 };
        assert_eq!(found.0, (standing, Standing::default()));
        assert_eq!(found.1, [("6".to_owned(), 40), ("5".to_owned(), 10)]);
        assert_eq!(found.2, [("6".to_owned(), 40)]);
    }
}

contract! {
    /// Open and closed rows have their pages, the latest miss first.
    async fn the_board_has_pages(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                for (number, misses, last_miss_ms) in [("+1", 1, Some(10)), ("+2", 3, Some(20)), ("+3", 1, Some(20)), ("+4", 0, Some(5)), ("+5", 0, None)] {
                    let row = client_numbers::lock(tx, number, number)?;
                    client_numbers::save(tx, &ClientNumberRow { misses, last_miss_ms, ..row })?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let found = store
            .show(|tx| {
                let numbers = |rows: Vec<ClientNumberRow>| rows.into_iter().map(|row| row.number).collect::<Vec<_>>();
                let open = numbers(client_numbers::list_open(tx, None, 2)?);
                let more = numbers(client_numbers::list_open(tx, Some(&(20, "+2".to_owned())), 2)?);
                let closed = numbers(client_numbers::list_closed(tx, None, 9)?);
                let none = client_numbers::list_closed(tx, Some(&(5, "+4".to_owned())), 9)?.len();
                Ok((open, more, closed, none, client_numbers::count_open(tx, 100)?))
            })
            .await
            .unwrap();
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, (texts(&["+3", "+2"]), texts(&["+1"]), texts(&["+4"]), 0, 3));
    }
}

contract! {
    /// What was put off comes back at its time; what was taken lapses, unless the client was called since.
    async fn rows_lapse_in_their_time(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                let rows = [
                    ("+1", ClientNumberRow { misses: 1, taken_ms: Some(10), ..ClientNumberRow::default() }),
                    ("+2", ClientNumberRow { misses: 1, taken_ms: Some(10), ..ClientNumberRow::default() }),
                    ("+3", ClientNumberRow { misses: 1, taken_ms: Some(11), ..ClientNumberRow::default() }),
                    ("+4", ClientNumberRow { misses: 1, snoozed_ms: Some(20), ..ClientNumberRow::default() }),
                    ("+5", ClientNumberRow { misses: 1, snoozed_ms: Some(21), ..ClientNumberRow::default() }),
                    ("+6", ClientNumberRow { misses: 0, taken_ms: Some(10), snoozed_ms: Some(20), ..ClientNumberRow::default() }),
                ];
                for (number, row) in rows {
                    let ClientNumberRow { id, rev, .. } = client_numbers::lock(tx, number, number)?;
                    client_numbers::save(tx, &ClientNumberRow { number: number.to_owned(), id, rev, ..row })?;
                }
                let back = CallRow { direction: "out".to_owned(), phone: "+2".to_owned(), ..call("1", Some("1"), "busy", 10) };
                calls::insert(tx, &back)?;
                let called = [("+1", 0), ("+2", 10), ("+2", 11)]
                    .map(|(number, from_ms)| client_numbers::is_called_since(tx, number, from_ms).unwrap());
                let mut open: Vec<_> = client_numbers::list_all_open(tx)?.into_iter().map(|row| row.number).collect();
                open.sort();
                let counts = [client_numbers::count_open(tx, 19)?, client_numbers::count_open(tx, 20)?];
                Ok((client_numbers::list_lapsed(tx, 20, 10)?, called, open, counts))
            })
            .await
            .unwrap();
        let (lapsed, called, open, counts) = found;
        assert_eq!(lapsed.into_iter().collect::<Vec<_>>(), ["+1", "+4"]);
        assert_eq!((called, counts), ([false, true, false], [3, 4]));
        assert_eq!(open, ["+1", "+2", "+3", "+4", "+5"]);
    }
}

contract! {
    /// Blocked numbers stand by the time of it, newest first; no other number is among them.
    async fn blocked_numbers_are_listed(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                for (number, blocked_ms) in [("+1", Some(5)), ("+2", None), ("+3", Some(5)), ("+4", Some(9))] {
                    let row = client_numbers::lock(tx, number, &format!("n{number}"))?;
                    client_numbers::save(tx, &ClientNumberRow { blocked_ms, ..row })?;
                }
                let first = client_numbers::list_blocked(tx, None, 2)?;
                let rest = client_numbers::list_blocked(tx, Some(&(5, "+3".to_owned())), 2)?;
                let is = [client_numbers::is_blocked(tx, "+1")?, client_numbers::is_blocked(tx, "+2")?, client_numbers::is_blocked(tx, "+5")?];
                let numbers = |rows: Vec<ClientNumberRow>| rows.into_iter().map(|row| row.number).collect::<Vec<_>>();
                Ok((numbers(first), numbers(rest), is))
            })
            .await
            .unwrap();
        assert_eq!(found, (vec!["+4".to_owned(), "+3".to_owned()], vec!["+1".to_owned()], [true, false, false]));
    }
}

contract! {
    /// Numbers that one contact alone has stand together, and are one who waits; what several have stands alone.
    async fn numbers_of_one_owner_stand_together(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                let owners: [(&str, &[&str]); 2] = [("a", &["+3", "+1", "+2"]), ("b", &["+2", "+4"])];
                for (id, numbers) in owners {
                    let phones: Vec<_> = numbers.iter().map(|number| phone(number, "")).collect();
                    contacts::insert(tx, &contact(id, 1), &phones)?;
                }
                for number in ["+1", "+2", "+3", "+4", "+5"] {
                    let row = client_numbers::lock(tx, number, number)?;
                    client_numbers::save(tx, &ClientNumberRow { misses: 1, ..row })?;
                }
                let beside = ["+1", "+2", "+3", "+4", "+5"].map(|number| contact_phones::list_of_only_owner(tx, number).unwrap().join(" "));
                let (a, b) = ("a".to_owned(), "b".to_owned());
                let misses = [("+1", Some(&a)), ("+5", Some(&b)), ("+4", None), ("+9", None)]
                    .map(|(number, contact)| client_numbers::count_misses(tx, number, contact).unwrap());
                Ok((beside, client_numbers::count_open(tx, 0)?, misses))
            })
            .await
            .unwrap();
        assert_eq!(found, (["+3 +1", "", "+3 +1", "+4", ""].map(str::to_owned), 4, [3, 3, 1, 0]));
    }
}

contract! {
    /// Something is kept of a number when there is a row of it, or of another that an owner of it has.
    async fn what_is_kept_of_a_number_is_kept_of_those_beside_it(place: Place) {
        let store = place.open();
        let found: Result<Vec<bool>, _> = store
            .write(|tx| {
                contacts::insert(tx, &contact("a", 1), &[phone("+1", ""), phone("+2", "")])?;
                contacts::insert(tx, &contact("b", 1), &[phone("+3", "")])?;
                client_numbers::lock(tx, "+2", "n")?;
                client_numbers::lock(tx, "+4", "m")?;
                ["+1", "+2", "+3", "+4", "+5"].into_iter().map(|number| client_numbers::is_any_kept(tx, number)).collect()
            })
            .await;
        assert_eq!(found.unwrap(), vec![true, true, false, true, false]);
    }
}
