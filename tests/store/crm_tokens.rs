//! What an admin sees of tokens.

use ringcard::store::tables::crm_tokens::{self, CrmTokenRow};
use ringcard::store::tables::integrations;

use crate::contract;

fn token(hash: &str, created_ms: i64, expires_ms: Option<i64>, last_used_ms: Option<i64>) -> CrmTokenRow {
    CrmTokenRow { token_hash: hash.to_owned(), created_ms, expires_ms, last_used_ms }
}

contract! {
    /// The valid ones, the current first, each with the latest use that was noted.
    async fn tokens_are_listed_with_their_last_use(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                for (id, name) in [("a", "main"), ("b", "second")] {
                    integrations::insert(tx, id, "cloud-pbx", name, "{}", 1)?;
                }
                crm_tokens::insert(tx, "x", "b", 1)?;
                crm_tokens::insert(tx, "1", "a", 1)?;
                crm_tokens::insert(tx, "2", "a", 2)?;
                crm_tokens::expire_others(tx, "a", "2", 10)?;
                crm_tokens::insert(tx, "3", "a", 3)?;
                crm_tokens::expire_others(tx, "a", "3", 20)?;
                for at_ms in [5, 7, 6] {
                    crm_tokens::update_last_used(tx, "2", at_ms)?;
                }
                crm_tokens::update_last_used(tx, "none", 5)?;
                Ok((crm_tokens::list(tx, "a", 9)?, crm_tokens::list(tx, "a", 10)?, crm_tokens::list(tx, "c", 0)?))
            })
            .await
            .unwrap();
        let (current, second) = (token("3", 3, None, None), token("2", 2, Some(20), Some(7)));
        let all = vec![current.clone(), second.clone(), token("1", 1, Some(10), None)];
        assert_eq!(found, (all, vec![current, second], vec![]));
    }
}
