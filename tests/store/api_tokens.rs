//! The statements of API tokens.

use ringcard::store::tables::api_tokens::{self, ApiTokenRow};

use crate::contract;
use crate::people::put;

fn token(id: &str, user_id: &str) -> ApiTokenRow {
    ApiTokenRow {
        id: id.to_owned(),
        token_hash: format!("hash of {id}"),
        user_id: user_id.to_owned(),
        name: format!("{id}!"),
        role: "operator".to_owned(),
        created_ms: 5,
        expires_ms: Some(9),
        last_used_ms: None,
    }
}

contract! {
    /// A token is kept once and ended by its id or with its person; the last use never goes back in time.
    async fn a_token_stands_until_it_is_ended(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "anna", "operator")?;
                put(tx, "b", "boris", "operator")?;
                for one in [token("1", "a"), token("2", "b"), token("3", "a"), token("3", "b")] {
                    api_tokens::insert(tx, &one)?;
                }
                api_tokens::update_last_used(tx, "hash of 1", 30)?;
                api_tokens::update_last_used(tx, "hash of 1", 20)?;
                let ended = (api_tokens::delete(tx, "3")?, api_tokens::delete(tx, "3")?);
                let listed = api_tokens::list(tx)?;
                api_tokens::delete_of_user(tx, "a")?;
                Ok((ended, listed, api_tokens::list(tx)?))
            })
            .await
            .unwrap();
        let used = ApiTokenRow { last_used_ms: Some(30), ..token("1", "a") };
        let ended = (Some("3!".to_owned()), None);
        assert_eq!(found, (ended, vec![token("2", "b"), used], vec![token("2", "b")]));
    }
}
