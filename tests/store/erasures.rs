//! The statements by which a client is erased.

use ringcard::store::tables::client_numbers;
use ringcard::store::tables::contact_changes::{self, ContactChangeRow};
use ringcard::store::tables::contact_merges::{self, MergeRow};
use ringcard::store::tables::contacts;
use ringcard::store::tables::erasures;
use ringcard::store::tables::imports::{self, ImportRow, PartRow};
use ringcard::store::tables::promises::{self, PromiseRow};
use ringcard::store::tables::search_texts::{self, Kind};
use ringcard::store::tables::webhooks::{self, WebhookRow};
use ringcard::store::tables::{calls, outbox, recordings};

use ringcard::domain::import::ImportFormat;

use crate::calls::{call, prepare};
use crate::contacts::contact;
use crate::contract;

contract! {
    /// Of a call its course stays; what leads to its client goes, with what hangs on it.
    async fn a_call_is_stripped(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                prepare(tx)?;
                let mut row = call("c", Some("callid"), "answered", 5);
                (row.note, row.contact_id, row.second_callid) = ("note".to_owned(), Some("x".to_owned()), Some("d".to_owned()));
                calls::insert(tx, &row)?;
                calls::insert(tx, &call("d", Some("d"), "answered", 4))?;
                recordings::insert_or_lock(tx, "r", "c", "i", "https://x/1", 5)?;
                outbox::insert_or_lock(tx, "o", "i", "c", 5, 5)?;
                assert_eq!(erasures::list_calls_of_number(tx, "+1")?, ["d", "c"]);
                assert_eq!(erasures::list_calls_of_contact(tx, "x")?, ["c"]);
                erasures::delete_around_call(tx, "c")?;
                erasures::strip_call(tx, "c", "erased-1", Some("random"), "{}")?;
                let left = calls::find(tx, "c")?.unwrap();
                assert_eq!((left.phone.as_str(), left.callid.as_deref(), left.note.as_str()), ("erased-1", Some("random"), ""));
                assert_eq!((left.contact_id, left.second_callid, left.state.as_str()), (None, None, "answered"));
                assert_eq!(search_texts::find(tx, "c")?, None);
                assert_eq!(outbox::find(tx, "o")?.map(|row| row.id), None);
                assert_eq!(recordings::list_left(tx, 9)?, ["r"]);
                assert_eq!(recordings::lock(tx, "r")?.unwrap().link, "");
                assert_eq!(calls::find(tx, "d")?.unwrap().phone, "+1");
                Ok(())
            })
            .await
            .unwrap();
    }
}

fn promise(id: &str, call_id: Option<&str>, number: &str, contact_id: Option<&str>) -> PromiseRow {
    PromiseRow {
        id: id.to_owned(),
        call_id: call_id.map(str::to_owned),
        number: number.to_owned(),
        contact_id: contact_id.map(str::to_owned),
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

contract! {
    /// Promises go by call, number or contact; a number goes with what it is found by; a push alone.
    async fn what_is_around_a_client_goes(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                prepare(tx)?;
                calls::insert(tx, &call("c", None, "answered", 5))?;
                for (id, call_id, number, contact_id) in
                    [("1", Some("c"), "+1", None), ("2", None, "+2", None), ("3", None, "+3", Some("x")), ("4", None, "+4", None)]
                {
                    promises::insert(tx, &promise(id, call_id, number, contact_id))?;
                }
                assert_eq!(erasures::delete_promises(tx, "c", "", "")?, ["1"]);
                assert_eq!(erasures::delete_promises(tx, "", "+2", "")?, ["2"]);
                assert_eq!(erasures::delete_promises(tx, "", "", "x")?, ["3"]);
                assert!(promises::find(tx, "4")?.is_some());
                client_numbers::lock(tx, "+2", "n")?;
                search_texts::put(tx, Kind::Number, "+2", 1, "+2")?;
                erasures::delete_number(tx, "+2")?;
                assert_eq!((client_numbers::find(tx, "+2")?, search_texts::find(tx, "+2")?), (None, None));
                let push = |id: &str| WebhookRow {
                    id: id.to_owned(),
                    integration_id: "i".to_owned(),
                    received_ms: 1,
                    cmd: String::new(),
                    content_type: String::new(),
                    body: String::new(),
                    status: 200,
                    detail: String::new(),
                    call_id: None,
                };
                webhooks::insert(tx, &push("w"))?;
                webhooks::insert(tx, &push("v"))?;
                erasures::delete_webhook(tx, "w")?;
                assert!(webhooks::find(tx, "w")?.is_none() && webhooks::find(tx, "v")?.is_some());
                Ok(())
            })
            .await
            .unwrap();
    }
}

contract! {
    /// Copies are walked, and written over where they speak of him.
    async fn copies_are_found_and_written_over(place: Place) {
        let store = place.open();
        store
            .write(|tx| {
                prepare(tx)?;
                contacts::insert(tx, &contact("x", 1), &[])?;
                for id in ["1", "2"] {
                    let change = ContactChangeRow { id: id.to_owned(), contact_id: "x".to_owned(), at_ms: 1, user_id: Some("a".to_owned()), fields: Vec::new() };
                    contact_changes::insert(tx, &change)?;
                }
                let text = |id: &str, text: &str| (id.to_owned(), text.to_owned());
                assert_eq!(erasures::list_changes(tx, "1", 9)?, [text("2", "[]")]);
                erasures::save_change(tx, "2", "[1]")?;
                assert_eq!(erasures::list_changes(tx, "", 9)?, [text("1", "[]"), text("2", "[1]")]);
                for (from, kept) in [("a", "{}"), ("b", ""), ("c", "{}")] {
                    let [from_id, kept] = [from, kept].map(str::to_owned);
                    let merge = MergeRow { task_id: from_id.clone(), from_id, into_id: format!("into {from}"), made_ms: 1, kept };
                    contact_merges::insert(tx, &merge)?;
                }
                assert_eq!(erasures::list_merges(tx)?, [text("a", "{}"), text("c", "{}")]);
                erasures::settle_merge(tx, "a")?;
                assert_eq!(erasures::list_merges(tx)?, [text("c", "{}")]);
                erasures::delete_merges_into(tx, "into c")?;
                assert_eq!(contact_merges::find_into(tx, "c")?, None);
                let file = ImportRow {
                    id: "f".to_owned(),
                    user_id: None,
                    name: String::new(),
                    format: ImportFormat::Csv,
                    encoding: String::new(),
                    sheets: Vec::new(),
                    sheet: String::new(),
                    rows: 1,
                    columns: Vec::new(),
                    plan: String::new(),
                    made_ms: 1,
                };
                imports::insert(tx, &file)?;
                imports::insert_part(tx, "f", &PartRow { position: 0, cells: "[]".to_owned(), outcomes: String::new() })?;
                assert_eq!(erasures::list_imports(tx)?, ["f"]);
                erasures::save_part(tx, "f", 0, "[[]]", "[]")?;
                let part = PartRow { position: 0, cells: "[[]]".to_owned(), outcomes: "[]".to_owned() };
                assert_eq!(imports::list_parts(tx, "f", 0, 9)?, [part]);
                Ok(())
            })
            .await
            .unwrap();
    }
}
