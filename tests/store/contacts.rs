//! The contacts' statements.

use ringcard::domain::contact::{ContactKind, ContactPhone};
use ringcard::error::{Error, Result};
use ringcard::params;
use ringcard::store::tables::client_numbers::{self, ClientNumberRow};
use ringcard::store::tables::contact_changes::{self, ContactChangeRow, FieldChange};
use ringcard::store::tables::contact_phones;
use ringcard::store::tables::contact_talks::{self, Standing};
use ringcard::store::tables::contact_walks::{self, ContactHead};
use ringcard::store::tables::contacts::{self, ContactRow};
use ringcard::store::tx::Tx;
use ringcard::store::walk::PAST_EVERY_ID;

use serde_json::json;

use crate::contract;
use crate::people;

pub fn contact(id: &str, created_ms: i64) -> ContactRow {
    ContactRow {
        id: id.to_owned(),
        name: format!("Имя {id}"),
        company: String::new(),
        email: String::new(),
        note: "первая\nвторая".to_owned(),
        tags: vec!["vip".to_owned(), "с \"кавычкой\"".to_owned()],
        kind: ContactKind::Lead,
        responsible_id: None,
        vip: true,
        alert: "по счёту".to_owned(),
        made_by: None,
        created_ms,
        updated_ms: created_ms,
    }
}

pub fn phone(number: &str, label: &str) -> ContactPhone {
    ContactPhone { number: number.to_owned(), label: label.to_owned() }
}

/// A contact with one number.
fn put(tx: &mut Tx, id: &str, created_ms: i64, number: &str) -> Result<()> {
    contacts::insert(tx, &contact(id, created_ms), &[phone(number, "")])
}

/// A call of which only what a contact's statements read is told.
fn call(tx: &mut Tx, id: &str, number: &str, state: &str, contact_id: Option<&str>, started_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO integration (id, kind, name, settings, created_ms)
         VALUES ('i', 'cloud-pbx', 'i', '{}', 0)
         ON CONFLICT DO NOTHING",
        &[],
    )?;
    tx.execute(
        "INSERT INTO call (id, integration_id, facts, rev, direction, state, phone, contact_id, started_ms, note,
                           note_rev, outcome)
         VALUES ($1, 'i', '{}', 1, 'in', $2, $3, $4, $5, '', 0, '')",
        params![id, state, number, contact_id, started_ms],
    )?;
    Ok(())
}

contract! {
    /// Whoever changes a contact locks it first; one that cannot be read whole is not to be written over.
    async fn a_contact_is_locked_when_it_is_there(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", 1, "+79101234567")?;
                put(tx, "c", 1, "+79101234567")?;
                tx.execute("UPDATE contact SET kind = 'partner' WHERE id = 'c'", &[])?;
                Ok((contacts::lock(tx, "a")?, contacts::lock(tx, "b")?))
            })
            .await
            .unwrap();
        assert_eq!(found, (true, false));
        let newer = store.write(|tx| contacts::lock(tx, "c")).await;
        assert!(matches!(newer, Err(Error::Damaged(_))), "{newer:?}");
    }
}

contract! {
    /// Every member comes back, with the numbers in their order; a second insert of the id changes nothing.
    async fn a_contact_comes_back_whole(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                let phones = [phone("+79100000002", "моб"), phone("+79100000001", ""), phone("+79100000002", "again")];
                contacts::insert(tx, &contact("a", 1), &phones)?;
                contacts::insert(tx, &ContactRow { name: "another".to_owned(), ..contact("a", 2) }, &[phone("101", "")])?;
                contacts::insert(tx, &contact("b", 1), &[])?;
                let each = (contacts::find(tx, "a")?, contacts::find(tx, "b")?, contacts::find(tx, "c")?);
                Ok((each, contacts::list(tx, &["c", "b", "a", "b"])?))
            })
            .await
            .unwrap();
        let (each, at_once) = found;
        let phones = vec![phone("+79100000002", "моб"), phone("+79100000001", "")];
        let (a, b) = ((contact("a", 1), phones), (contact("b", 1), vec![]));
        assert_eq!(at_once, [a.clone(), b.clone()]);
        assert_eq!(each, (Some(a), Some(b), None));
    }
}

contract! {
    /// A change writes every member but the instant of creation, and no other row.
    async fn a_change_is_of_one_contact(place: Place) {
        let store = place.open();
        let changed = ContactRow {
            name: "Новое".to_owned(),
            company: "Ромашка".to_owned(),
            email: "a@x.org".to_owned(),
            note: String::new(),
            tags: vec![],
            kind: ContactKind::Client,
            vip: false,
            alert: String::new(),
            made_by: Some("missed".to_owned()),
            updated_ms: 9,
            ..contact("a", 1)
        };
        let written = ContactRow { created_ms: 7, ..changed.clone() };
        let found = store
            .write(move |tx| {
                put(tx, "a", 1, "101")?;
                put(tx, "b", 1, "101")?;
                contacts::update(tx, &written, &[phone("102", "")])?;
                Ok((contacts::find(tx, "a")?, contacts::find(tx, "b")?))
            })
            .await
            .unwrap();
        let phones = |number| vec![phone(number, "")];
        assert_eq!(found, (Some((changed, phones("102"))), Some((contact("b", 1), phones("101")))));
    }
}

contract! {
    /// What automation made goes only untouched; numbers go with their contact.
    async fn deletion_spares_what_was_touched(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                contacts::insert(tx, &ContactRow { made_by: Some("missed".to_owned()), ..contact("made", 1) }, &[])?;
                put(tx, "touched", 1, "101")?;
                let gone = (
                    contacts::delete_untouched(tx, "touched")?,
                    contacts::delete_untouched(tx, "made")?,
                    contacts::delete_untouched(tx, "made")?,
                );
                let of_number = contacts::list_of_number(tx, "101")?.len();
                let deleted = (contacts::delete(tx, "touched")?, contacts::delete(tx, "touched")?);
                Ok((gone, of_number, deleted, contacts::list_of_number(tx, "101")?.len()))
            })
            .await
            .unwrap();
        assert_eq!(found, ((false, true, false), 1, (true, false), 0));
    }
}

contract! {
    /// Only those made by automation, not talked to nor heard of since, and owed no call and no promise.
    async fn leads_are_silent_when_nothing_binds_them(place: Place) {
        let store = place.open();
        let silent = store
            .write(|tx| {
                for (id, made_by, at_ms) in [("a", Some("missed"), 20), ("b", Some("missed"), 10), ("touched", None, 10), ("late", Some("missed"), 100), ("owed", Some("missed"), 10), ("heard", Some("missed"), 10)] {
                    let lead = ContactRow { made_by: made_by.map(str::to_owned), ..contact(id, at_ms) };
                    contacts::insert(tx, &lead, &[phone(id, "")])?;
                    tx.execute("UPDATE contact SET talked_ms = $2 WHERE id = $1", params![id, at_ms])?;
                }
                call(tx, "1", "a", "missed", None, 99)?;
                call(tx, "2", "heard", "missed", None, 100)?;
                client_numbers::lock(tx, "owed", "n")?;
                client_numbers::save(tx, &ClientNumberRow { number: "owed".to_owned(), id: "n".to_owned(), misses: 1, ..ClientNumberRow::default() })?;
                Ok((contact_walks::list_silent_leads(tx, 100, 9)?, contact_walks::list_silent_leads(tx, 100, 1)?))
            })
            .await
            .unwrap();
        assert_eq!(silent, (vec!["b".to_owned(), "a".to_owned()], vec!["b".to_owned()]));
    }
}

contract! {
    /// Newest first, the id deciding between those of one instant; each stretch goes on where the last one ended.
    async fn all_contacts_are_walked(place: Place) {
        let store = place.open();
        let (first, second, head) = store
            .write(|tx| {
                for n in 0..300 {
                    put(tx, &format!("{n:03}"), n / 2, "101")?;
                }
                let first = contact_walks::walk_all(tx, &(i64::MAX, String::new()))?;
                let second = contact_walks::walk_all(tx, first.reached.as_ref().unwrap())?;
                let made = contact_walks::walk_made(tx, PAST_EVERY_ID)?;
                assert_eq!((made.rows.len(), made.reached.as_deref()), (250, Some("050")));
                let made = contact_walks::walk_made(tx, "002")?;
                let ids: Vec<_> = made.rows.iter().map(|head| head.id.as_str()).collect();
                assert_eq!((ids, made.reached), (vec!["001", "000"], None));
                Ok((first, second, (contact_walks::list_heads(tx, &["007"])?, contact_walks::list_heads(tx, &["x", "007"])?)))
            })
            .await
            .unwrap();
        let walked: Vec<_> = first.rows.iter().chain(&second.rows).map(|head| head.id.clone()).collect();
        assert_eq!(walked, (0..300).rev().map(|n| format!("{n:03}")).collect::<Vec<_>>());
        assert_eq!((first.reached, second.reached), (Some((25, "050".to_owned())), None));
        let tags = vec!["vip".to_owned(), "с \"кавычкой\"".to_owned()];
        let expected = ContactHead { id: "007".to_owned(), talked_ms: 3, responsible_id: None, kind: ContactKind::Lead, tags };
        assert_eq!(head, (vec![expected.clone()], vec![expected]));
    }
}

contract! {
    /// A number's contacts, and a contact's numbers.
    async fn numbers_lead_to_contacts_and_back(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                contacts::insert(tx, &contact("b", 1), &[phone("102", ""), phone("101", "")])?;
                put(tx, "a", 2, "101")?;
                let mut owners = contact_phones::list_owners(tx, &["101", "102", "103"])?;
                owners.sort();
                let one = contact_phones::list_owners(tx, &["102"])?;
                Ok((contact_phones::list_contacts(tx, "101")?, contact_phones::list_numbers(tx, "b")?, owners, one))
            })
            .await
            .unwrap();
        let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        let owners = [("101", "a"), ("101", "b"), ("102", "b")].map(|(number, id)| (number.to_owned(), id.to_owned()));
        assert_eq!(found, (texts(["a", "b"]), texts(["101", "102"]), owners.to_vec(), owners[2..].to_vec()));
    }
}

contract! {
    /// The one chosen for the number, else the one talked to last, else the oldest.
    async fn contacts_of_a_number_come_in_order_of_preference(place: Place) {
        let store = place.open();
        let orders = store
            .write(|tx| {
                for (id, created_ms) in [("new", 3), ("old", 1), ("mid", 2)] {
                    put(tx, id, created_ms, "101")?;
                }
                put(tx, "stranger", 0, "102")?;
                contacts::update(tx, &contact("mid", 2), &[phone("101", ""), phone("103", "")])?;
                let mut orders = vec![contacts::list_ids_by_preference(tx, "101")?.join(" ")];
                // A talk on the shared number is everybody's, and one that was missed is nobody's.
                call(tx, "1", "101", "answered", None, 10)?;
                call(tx, "2", "103", "missed", None, 20)?;
                orders.push(contacts::list_ids_by_preference(tx, "101")?.join(" "));
                call(tx, "3", "103", "answered", None, 30)?;
                orders.push(contacts::list_ids_by_preference(tx, "101")?.join(" "));
                call(tx, "4", "101", "answered", Some("new"), 40)?;
                orders.push(contacts::list_ids_by_preference(tx, "101")?.join(" "));
                tx.execute(
                    "INSERT INTO client_number (number, id, rev, contact_id, misses, reason, blocked_why)
                     VALUES ('101', 'n', 1, 'old', 0, '', '')",
                    &[],
                )?;
                orders.push(contacts::list_ids_by_preference(tx, "101")?.join(" "));
                let oldest_first: Vec<_> = contacts::list_of_number(tx, "101")?.into_iter().map(|one| one.id).collect();
                orders.push(oldest_first.join(" "));
                Ok(orders)
            })
            .await
            .unwrap();
        let expected = ["old mid new", "old mid new", "mid old new", "new mid old", "old new mid", "old mid new"];
        assert_eq!(orders, expected);
    }
}

contract! {
    /// In any letter case; nobody has no address.
    async fn contacts_are_found_by_their_email_the_oldest_first(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                for (id, created_ms, email) in [("new", 3, "Ivan@Example.org"), ("old", 1, "ivan@example.org"), ("none", 2, "")] {
                    contacts::insert(tx, &ContactRow { email: email.to_owned(), ..contact(id, created_ms) }, &[])?;
                }
                let ids = |rows: Vec<ContactRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>().join(" ");
                Ok([ids(contacts::list_of_email(tx, "IVAN@example.org")?), ids(contacts::list_of_email(tx, "")?)])
            })
            .await
            .unwrap();
        assert_eq!(found, ["old new", ""]);
    }
}

contract! {
    /// The latest talk of all its numbers, and of the calls for which it was chosen; not that for which another was.
    async fn the_latest_talk_with_a_contact_is_kept_and_orders_the_list(place: Place) {
        let store = place.open();
        let (changed, standings, order) = store
            .write(|tx| {
                contacts::insert(tx, &contact("a", 5), &[phone("101", ""), phone("102", "")])?;
                put(tx, "b", 6, "102")?;
                put(tx, "c", 90, "103")?;
                call(tx, "talk", "101", "answered", None, 100)?;
                call(tx, "missed", "101", "missed", None, 120)?;
                call(tx, "of b", "102", "talking", Some("b"), 110)?;
                call(tx, "chosen", "999", "answered", Some("c"), 105)?;
                tx.execute("INSERT INTO client_number (number, id, rev, misses, reason, blocked_why) VALUES ('101', 'n', 1, 2, '', '')", &[])?;
                let mut changed = Vec::new();
                for id in ["a", "b", "c", "a", "gone"] {
                    changed.push(contact_talks::refresh(tx, id)?);
                }
                let mut standings = contact_talks::list_standings(tx, &["a", "b", "c", "gone"])?;
                standings.sort_by(|one, other| one.contact_id.cmp(&other.contact_id));
                let order: Vec<_> = contact_walks::walk_all(tx, &(i64::MAX, String::new()))?.rows.iter().map(ContactHead::key).collect();
                tx.execute("DELETE FROM call WHERE id = 'talk'", &[])?;
                changed.push(contact_talks::refresh(tx, "a")?);
                changed.push(contact_talks::set(tx, "c", Some((105, "chosen")))?);
                changed.push(contact_talks::set(tx, "c", Some((7, "told")))?);
                standings.extend(contact_talks::list_standings(tx, &["c"])?);
                standings.extend(contact_talks::list_standings(tx, &["a"])?);
                Ok((changed, standings, order))
            })
            .await
            .unwrap();
        assert_eq!(changed, [true, true, true, false, false, true, false, true]);
        let standing = |contact_id: &str, talk_id: Option<&str>, missed_open| Standing {
            contact_id: contact_id.to_owned(),
            talk_id: talk_id.map(str::to_owned),
            missed_open,
        };
        let expected = [
            standing("a", Some("talk"), 2),
            standing("b", Some("of b"), 0),
            standing("c", Some("chosen"), 0),
            standing("c", Some("told"), 0),
            standing("a", None, 2),
        ];
        assert_eq!(standings, expected);
        assert_eq!(order, [(110, "b".to_owned()), (105, "c".to_owned()), (100, "a".to_owned())]);
    }
}

contract! {
    /// Newest first, page by page; the newest 200 of each contact; they go with it.
    async fn changes_of_a_contact_are_kept_and_bounded(place: Place) {
        let store = place.open();
        let change = |n: i64, contact_id: &str| ContactChangeRow {
            id: format!("{contact_id}{n:03}"),
            contact_id: contact_id.to_owned(),
            at_ms: n / 2,
            user_id: (n > 0).then(|| "u".to_owned()),
            fields: vec![FieldChange { field: "tags".to_owned(), before: json!([]), after: json!(["\"опт\""]) }],
        };
        let (first, second, count, left) = store
            .write(move |tx| {
                people::put(tx, "u", "anna", "operator")?;
                put(tx, "a", 1, "101")?;
                put(tx, "b", 1, "101")?;
                contact_changes::insert(tx, &change(0, "b"))?;
                for n in 0..205 {
                    contact_changes::insert(tx, &change(n, "a"))?;
                }
                let first = contact_changes::list(tx, "a", &(i64::MAX, String::new()), 2)?;
                let second = contact_changes::list(tx, "a", &first[1].place(), 1)?;
                let count = contact_changes::list(tx, "a", &(i64::MAX, String::new()), 1_000)?.len();
                contacts::delete(tx, "a")?;
                let of = |tx: &mut Tx, id| contact_changes::list(tx, id, &(i64::MAX, String::new()), 9);
                Ok((first, second, count, (of(tx, "a")?, of(tx, "b")?)))
            })
            .await
            .unwrap();
        assert_eq!((first, second), (vec![change(204, "a"), change(203, "a")], vec![change(202, "a")]));
        assert_eq!((count, left), (200, (vec![], vec![change(0, "b")])));
    }
}
