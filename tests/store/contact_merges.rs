//! The statements of contacts that become one, and of those that may be.

use ringcard::error::Result;
use ringcard::store::tables::client_numbers::{self, ClientNumberRow};
use ringcard::store::tables::contact_changes::{self, ContactChangeRow};
use ringcard::store::tables::contact_merges::{self, MergeRow};
use ringcard::store::tables::contacts::{self, ContactRow};
use ringcard::store::tables::promises::{self, PromiseRow};
use ringcard::store::tables::{calls, contact_same};
use ringcard::store::tx::Tx;

use crate::calls::{call, prepare};
use crate::contacts::{contact, phone};
use crate::contract;

fn merge(from: &str, into: &str, made_ms: i64) -> MergeRow {
    let [from_id, into_id] = [from, into].map(str::to_owned);
    MergeRow { from_id, into_id, task_id: format!("task of {from}"), made_ms, kept: "{}".to_owned() }
}

contract! {
    /// A row is found by who is no more and by its task; what is kept goes with time, the way there stays.
    async fn a_merge_comes_back_whole(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                contact_merges::insert(tx, &merge("a", "b", 1))?;
                contact_merges::insert(tx, &merge("c", "b", 2))?;
                assert_eq!(contact_merges::find_by_task(tx, "task of a")?, Some(merge("a", "b", 1)));
                assert_eq!(contact_merges::find_into(tx, "a")?, Some("b".to_owned()));
                assert_eq!((contact_merges::settle_before(tx, 2)?, contact_merges::settle_before(tx, 2)?), (1, 0));
                let settled = MergeRow { kept: String::new(), ..merge("a", "b", 1) };
                assert_eq!(contact_merges::find_by_task(tx, "task of a")?, Some(settled));
                contact_merges::delete(tx, "a")?;
                assert_eq!(contact_merges::find_into(tx, "a")?, None);
                assert_eq!(contact_merges::find_into(tx, "c")?, Some("b".to_owned()));
                Ok(())
            })
            .await
            .unwrap();
    }
}

fn promise(id: &str, contact_id: &str) -> PromiseRow {
    PromiseRow {
        id: id.to_owned(),
        call_id: None,
        number: "+79101234567".to_owned(),
        contact_id: Some(contact_id.to_owned()),
        user_id: "a".to_owned(),
        due_ms: 1,
        text: String::new(),
        made_ms: 1,
        said_ms: None,
        done_ms: None,
        done_by_call: None,
        rung_ms: None,
    }
}

fn furnish(tx: &mut Tx) -> Result<()> {
    prepare(tx)?;
    for id in ["x", "y"] {
        contacts::insert(tx, &contact(id, 1), &[])?;
        let mut row = call(&format!("call of {id}"), Some(id), "answered", 1);
        row.contact_id = Some(id.to_owned());
        calls::insert(tx, &row)?;
        promises::insert(tx, &promise(&format!("promise of {id}"), id))?;
        let number = client_numbers::lock(tx, &format!("number of {id}"), &format!("row of {id}"))?;
        client_numbers::save(tx, &ClientNumberRow { contact_id: Some(id.to_owned()), ..number })?;
        let change = ContactChangeRow {
            id: format!("change of {id}"),
            contact_id: id.to_owned(),
            at_ms: 1,
            user_id: Some("a".to_owned()),
            fields: Vec::new(),
        };
        contact_changes::insert(tx, &change)?;
    }
    Ok(())
}

/// To whom each of these belongs.
fn owners(tx: &mut Tx, of: &str) -> Result<Vec<Option<String>>> {
    let call = calls::find(tx, &format!("call of {of}"))?.unwrap();
    let promise = promises::find(tx, &format!("promise of {of}"))?.unwrap();
    let number = client_numbers::find(tx, &format!("number of {of}"))?.unwrap();
    Ok(vec![call.contact_id, promise.contact_id, number.contact_id])
}

contract! {
    /// What is the one's becomes the other's, and goes back one by one, unless it is somebody else's by then.
    async fn what_belongs_to_a_contact_is_moved(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                furnish(tx)?;
                let own = |id: &str| vec![Some(id.to_owned()); 3];
                let around = contact_merges::list_numbers_around(tx, "x")?;
                assert_eq!(around, ["+1", "+79101234567", "number of x"]);
                let rev = calls::find(tx, "call of x")?.unwrap().rev;
                assert_eq!(contact_merges::move_calls(tx, "x", "y")?, ["call of x"]);
                assert_eq!(contact_merges::move_promises(tx, "x", "y")?, ["promise of x"]);
                assert_eq!(contact_merges::move_numbers(tx, "x", "y")?, ["number of x"]);
                assert_eq!(contact_changes::move_all(tx, "x", "y")?, ["change of x"]);
                assert_eq!((owners(tx, "x")?, owners(tx, "y")?), (own("y"), own("y")));
                assert!(calls::find(tx, "call of x")?.unwrap().rev > rev);
                assert_eq!(contact_changes::list(tx, "y", &(9, String::new()), 9)?.len(), 2);
                assert!(!contact_merges::move_call(tx, "call of x", "z", "x")?);
                contact_merges::move_promise(tx, "promise of x", "z", "x")?;
                contact_merges::move_number(tx, "number of x", "z", "x")?;
                assert_eq!(owners(tx, "x")?, own("y"));
                assert!(contact_merges::move_call(tx, "call of x", "y", "x")?);
                contact_merges::move_promise(tx, "promise of x", "y", "x")?;
                contact_merges::move_number(tx, "number of x", "y", "x")?;
                contact_changes::move_one(tx, "change of x", "x")?;
                assert_eq!((owners(tx, "x")?, owners(tx, "y")?), (own("x"), own("y")));
                contact_changes::delete(tx, "change of x")?;
                assert_eq!(contact_changes::list(tx, "x", &(9, String::new()), 9)?, []);
                assert_eq!(contact_changes::list(tx, "y", &(9, String::new()), 9)?.len(), 1);
                Ok(())
            })
            .await
            .unwrap();
    }
}

contract! {
    /// Those of one value stand together, each after the one before.
    async fn what_contacts_have_alike_is_walked(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                let named = |id: &str, name: &str, company: &str, email: &str| ContactRow {
                    name: name.to_owned(),
                    company: company.to_owned(),
                    email: email.to_owned(),
                    ..contact(id, 1)
                };
                contacts::insert(tx, &named("a", "Иван Ёлкин", "", "I@x.org"), &[phone("101", ""), phone("102", "")])?;
                contacts::insert(tx, &named("b", "елкин  ИВАН", "", "i@X.org"), &[phone("101", "")])?;
                contacts::insert(tx, &named("c", "Иван", "", ""), &[])?;
                contacts::insert(tx, &named("d", "Иван", "Ромашка", "a@x.org"), &[])?;
                let held = |value: &str, id: &str| (value.to_owned(), id.to_owned());
                let first = held("", "");
                let numbers = [held("101", "a"), held("101", "b"), held("102", "a")];
                let emails = [held("a@x.org", "d"), held("i@x.org", "a"), held("i@x.org", "b")];
                let names = [held("елкин иван\n", "a"), held("елкин иван\n", "b"), held("иван\nромашка", "d")];
                assert_eq!(contact_same::walk_numbers(tx, &first)?, numbers);
                assert_eq!(contact_same::walk_numbers(tx, &numbers[0])?, numbers[1..]);
                assert_eq!(contact_same::walk_emails(tx, &first)?, emails);
                assert_eq!(contact_same::walk_emails(tx, &emails[1])?, emails[2..]);
                assert_eq!(contact_same::walk_names(tx, &first)?, names);
                assert_eq!(contact_same::walk_names(tx, &names[0])?, names[1..]);
                contacts::update(tx, &named("b", "Пётр", "", ""), &[])?;
                assert_eq!(contact_same::walk_names(tx, &first)?.len(), 2);
                Ok(())
            })
            .await
            .unwrap();
    }
}
