//! The contacts' statements.

use ringcard::domain::contact::{ContactKind, ContactPhone};
use ringcard::domain::fold::{like_anywhere, search_patterns};
use ringcard::error::{Error, Result};
use ringcard::params;
use ringcard::store::tables::contact_phones;
use ringcard::store::tables::contacts::{self, ContactFilter, ContactKey, ContactRow};
use ringcard::store::tx::Tx;

use crate::contract;

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
        made_by: None,
        search_key: format!("имя {id}"),
        created_ms,
        updated_ms: created_ms,
    }
}

pub fn phone(number: &str, label: &str) -> ContactPhone {
    ContactPhone { number: number.to_owned(), label: label.to_owned() }
}

fn ids(found: &[(ContactRow, Vec<ContactPhone>)]) -> Vec<&str> {
    found.iter().map(|(contact, _)| contact.id.as_str()).collect()
}

/// A contact with one number.
fn put(tx: &mut Tx, id: &str, created_ms: i64, number: &str) -> Result<()> {
    contacts::insert(tx, &contact(id, created_ms))?;
    contact_phones::insert(tx, id, &phone(number, ""), 0)
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
                           note_rev, outcome, next_step, search_key)
         VALUES ($1, 'i', '{}', 1, 'in', $2, $3, $4, $5, '', 0, '', '', '')",
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
                contacts::insert(tx, &contact("a", 1))?;
                contacts::insert(tx, &ContactRow { name: "another".to_owned(), ..contact("a", 2) })?;
                contact_phones::insert(tx, "a", &phone("+79100000002", "моб"), 0)?;
                contact_phones::insert(tx, "a", &phone("+79100000001", ""), 1)?;
                contact_phones::insert(tx, "a", &phone("+79100000002", "again"), 2)?;
                contacts::insert(tx, &contact("b", 1))?;
                Ok((contacts::find(tx, "a")?, contacts::find(tx, "b")?, contacts::find(tx, "c")?))
            })
            .await
            .unwrap();
        let phones = vec![phone("+79100000002", "моб"), phone("+79100000001", "")];
        assert_eq!(found, (Some((contact("a", 1), phones)), Some((contact("b", 1), vec![])), None));
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
            made_by: Some("missed".to_owned()),
            search_key: "новое".to_owned(),
            updated_ms: 9,
            ..contact("a", 1)
        };
        let written = ContactRow { created_ms: 7, ..changed.clone() };
        let found = store
            .write(move |tx| {
                put(tx, "a", 1, "101")?;
                put(tx, "b", 1, "101")?;
                contacts::update(tx, &written)?;
                contact_phones::delete_of(tx, "a")?;
                Ok((contacts::find(tx, "a")?, contacts::find(tx, "b")?))
            })
            .await
            .unwrap();
        assert_eq!(found, (Some((changed, vec![])), Some((contact("b", 1), vec![phone("101", "")]))));
    }
}

contract! {
    /// What automation made goes only untouched; numbers go with their contact.
    async fn deletion_spares_what_was_touched(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                contacts::insert(tx, &ContactRow { made_by: Some("missed".to_owned()), ..contact("made", 1) })?;
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
    /// Newest first, the id deciding between those of one instant; the key leads on without a gap.
    async fn pages_follow_each_other(place: Place) {
        let store = place.open();
        let pages = store
            .write(|tx| {
                for (id, created_ms) in [("a", 1), ("b", 2), ("c", 2), ("d", 3)] {
                    put(tx, id, created_ms, "101")?;
                    contact_phones::insert(tx, id, &phone("102", ""), 1)?;
                }
                let all = ContactFilter::default();
                let first = contacts::list(tx, &all, None, 2)?;
                let key = ContactKey { created_ms: 2, id: "c".to_owned() };
                Ok((first, contacts::list(tx, &all, Some(&key), 9)?))
            })
            .await
            .unwrap();
        assert_eq!((ids(&pages.0), ids(&pages.1)), (vec!["d", "c"], vec!["b", "a"]));
        assert!(pages.0.iter().all(|(_, phones)| phones.len() == 2), "the limit counts contacts, not numbers");
    }
}

contract! {
    /// Each filter alone, and wildcards that stand for themselves.
    async fn filters_find_what_they_name(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", 1, "+79100000001")?;
                let other = ContactRow {
                    kind: ContactKind::Client,
                    tags: vec!["vip2".to_owned()],
                    search_key: "100% пух +79160000000".to_owned(),
                    ..contact("b", 2)
                };
                contacts::insert(tx, &other)?;
                let filters = [
                    ContactFilter { patterns: Some(search_patterns("ПУХ")), ..ContactFilter::default() },
                    ContactFilter { patterns: Some(search_patterns("8916")), ..ContactFilter::default() },
                    ContactFilter { patterns: Some(search_patterns("%")), ..ContactFilter::default() },
                    ContactFilter { patterns: Some(search_patterns("_")), ..ContactFilter::default() },
                    ContactFilter { number: Some("+79100000001".to_owned()), ..ContactFilter::default() },
                    ContactFilter { kind: Some(ContactKind::Lead), ..ContactFilter::default() },
                    ContactFilter { responsible_id: Some("nobody".to_owned()), ..ContactFilter::default() },
                    ContactFilter { tag_pattern: Some(like_anywhere("\"vip\"")), ..ContactFilter::default() },
                    ContactFilter { tag_pattern: Some(like_anywhere("\\\"кавычкой\\\"")), ..ContactFilter::default() },
                ];
                let list = |filter| Ok(ids(&contacts::list(tx, filter, None, 9)?).join(""));
                filters.iter().map(list).collect::<Result<Vec<_>>>()
            })
            .await
            .unwrap();
        assert_eq!(found, ["b", "b", "b", "", "a", "a", "", "a", "a"]);
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
                contact_phones::insert(tx, "mid", &phone("103", ""), 1)?;
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
                    "INSERT INTO client_number (number, id, rev, contact_id, misses, reason)
                     VALUES ('101', 'n', 1, 'old', 0, '')",
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
