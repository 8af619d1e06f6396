//! The statements of the journal.

use ringcard::store::tables::webhooks::{self, Counted, WebhookRow};

use crate::contract;

fn push(id: &str, body: &str) -> WebhookRow {
    WebhookRow {
        id: id.to_owned(),
        integration_id: "i".to_owned(),
        received_ms: 7,
        cmd: "event".to_owned(),
        content_type: "application/x-www-form-urlencoded".to_owned(),
        body: body.to_owned(),
        status: 200,
        detail: String::new(),
        call_id: Some("c".to_owned()),
    }
}

contract! {
    /// A push is kept once, whole; after a replay it says what came of it, and keeps its call when there is no other.
    async fn a_push_is_kept_once(place: Place) {
        let store = place.open();
        let row = store
            .write(|tx| {
                webhooks::insert(tx, &push("1", "first"))?;
                webhooks::insert(tx, &push("1", "second"))?;
                webhooks::set_result(tx, "1", 400, "no phone", None)?;
                Ok((webhooks::find(tx, "1")?, webhooks::find(tx, "2")?.is_none()))
            })
            .await
            .unwrap();
        let kept = row.0.unwrap();
        assert_eq!((kept.integration_id.as_str(), kept.received_ms, kept.cmd.as_str()), ("i", 7, "event"));
        assert_eq!((kept.body.as_str(), kept.status, kept.detail.as_str()), ("first", 400, "no phone"));
        assert_eq!((kept.content_type.as_str(), kept.call_id.as_deref()), ("application/x-www-form-urlencoded", Some("c")));
        assert!(row.1);
        let other = store
            .write(|tx| {
                webhooks::set_result(tx, "1", 200, "", Some("d"))?;
                webhooks::find(tx, "1")
            })
            .await
            .unwrap();
        assert_eq!(other.unwrap().call_id.as_deref(), Some("d"));
    }
}

contract! {
    /// The newest first, page by page.
    async fn the_journal_has_pages(place: Place) {
        let store = place.open();
        store.write(|tx| ["1", "2", "3"].into_iter().try_for_each(|id| webhooks::insert(tx, &push(id, "")))).await.unwrap();
        let page = |before: &'static str, limit| {
            store.show(move |tx| {
                let rows = webhooks::list(tx, before, limit)?.into_iter();
                Ok(rows.map(|row| row.id).collect::<Vec<_>>())
            })
        };
        assert_eq!(page("4", 2).await.unwrap(), ["3", "2"]);
        assert_eq!(page("2", 2).await.unwrap(), ["1"]);
        assert!(page("1", 2).await.unwrap().is_empty());
    }
}

contract! {
    /// The oldest go first, a batch at a time, and none that is young enough.
    async fn the_journal_is_shortened(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                ["1", "2", "3", "4"].into_iter().try_for_each(|id| webhooks::insert(tx, &push(id, "")))?;
                let batches = [webhooks::delete_before(tx, "4", 2)?, webhooks::delete_before(tx, "4", 2)?];
                let left = webhooks::list(tx, "z", 9)?.into_iter().map(|row| row.id).collect::<Vec<_>>();
                Ok((batches, left))
            })
            .await
            .unwrap();
        assert_eq!(found, ([2, 1], vec!["4".to_owned()]));
    }
}

contract! {
    /// What was kept and not wholly believed, and what was refused, by integration: how often, and the latest.
    async fn doubts_and_refusals_are_counted_by_integration(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                let doubted = |id: &str, integration: &str, status| WebhookRow {
                    integration_id: integration.to_owned(), status, detail: "start is not believed".to_owned(), ..push(id, "")
                };
                let rows = [
                    doubted("1", "i", 200), doubted("2", "i", 200), doubted("3", "i", 200), push("4", ""),
                    doubted("5", "j", 200), doubted("6", "i", 400),
                ];
                rows.iter().try_for_each(|row| webhooks::insert(tx, row))?;
                Ok((webhooks::list_doubts(tx, "2")?, webhooks::list_refused(tx, "2")?))
            })
            .await
            .unwrap();
        let counted = |integration: &str, count, last: &str| Counted {
            integration_id: integration.to_owned(), count, last_id: last.to_owned(),
        };
        assert_eq!(found, (vec![counted("i", 2, "3"), counted("j", 1, "5")], vec![counted("i", 1, "6")]));
    }
}
