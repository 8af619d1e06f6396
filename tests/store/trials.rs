//! The statements of trial calls.

use ringcard::domain::integration::TRIAL;
use ringcard::store::tables::calls::{self, CallRow};
use ringcard::store::tables::directory;
use ringcard::store::tables::trials::{self, Over};
use ringcard::store::tables::webhooks::{self, WebhookRow};

use crate::calls::{call, prepare};
use crate::contract;

fn push(id: &str, integration_id: &str) -> WebhookRow {
    WebhookRow {
        id: id.to_owned(),
        integration_id: integration_id.to_owned(),
        received_ms: 7,
        cmd: "event".to_owned(),
        content_type: String::new(),
        body: String::new(),
        status: 200,
        detail: String::new(),
        call_id: None,
    }
}

contract! {
    /// A trial stands on an integration that is in no list; nothing of it is left, and nothing else goes with it.
    async fn a_trial_goes_with_all_that_was_made_of_it(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                prepare(tx)?;
                trials::insert(tx, "hash", "a", 10)?;
                trials::insert(tx, "again", "a", 90)?;
                let of_trial = |id: &str, started_ms| CallRow {
                    integration_id: TRIAL.to_owned(),
                    phone: "1234".to_owned(),
                    note: "проба".to_owned(),
                    ..call(id, Some(id), "answered", started_ms)
                };
                let real = CallRow { phone: "1234".to_owned(), ..call("real", Some("real"), "answered", 11) };
                for row in [of_trial("first", 11), of_trial("second", 91), real] {
                    calls::insert(tx, &row)?;
                }
                for row in [push("1", TRIAL), push("2", TRIAL), push("3", "i"), push("9", TRIAL)] {
                    webhooks::insert(tx, &row)?;
                }
                let over = Over {
                    token_hash: "hash".to_owned(),
                    number: "1234".to_owned(),
                    from_ms: 10,
                    to_ms: 80,
                    from_id: "1".to_owned(),
                    to_id: "8".to_owned(),
                };
                let before = (trials::list(tx, 90)?, trials::list(tx, 91)?.len());
                let gone = trials::delete(tx, &over)?;
                let calls: Vec<_> = ["first", "second", "real"].map(|id| calls::find(tx, id)).into_iter().collect::<Result<_, _>>()?;
                let pushes: Vec<_> = webhooks::list(tx, "x", 9)?.into_iter().map(|row| row.id).collect();
                let integration = directory::list_integrations(tx)?.into_iter().find(|one| one.id == TRIAL);
                let is_hidden = integration.is_some_and(|one| one.removed_ms == Some(10));
                Ok((before, gone, calls.iter().map(Option::is_some).collect(), pushes, trials::list(tx, 91)?.len(), is_hidden))
            })
            .await
            .unwrap();
        let pushes = ["9", "3"].map(str::to_owned).to_vec();
        let first = vec![("hash".to_owned(), 10)];
        assert_eq!(found, ((first, 2), vec!["first".to_owned()], vec![false, true, true], pushes, 1, true));
    }
}
