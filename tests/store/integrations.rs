//! The statements of integrations and their tokens.

use ringcard::error::{Error, Result};
use ringcard::store::tables::{crm_tokens, directory, integrations};
use ringcard::store::tx::Tx;

use crate::contract;

/// Each token that stands: hash, integration, end.
fn tokens(tx: &mut Tx) -> Result<Vec<String>> {
    let rows = directory::list_tokens(tx)?.into_iter();
    Ok(rows.map(|row| format!("{} {} {:?}", row.token_hash, row.integration_id, row.expires_ms)).collect())
}

/// Each integration: id, name, settings, when removed.
fn rows(tx: &mut Tx) -> Result<Vec<String>> {
    let rows = directory::list_integrations(tx)?.into_iter();
    Ok(rows.map(|row| format!("{} {} {} {:?}", row.id, row.name, row.settings, row.removed_ms)).collect())
}

fn put(tx: &mut Tx, id: &str, name: &str) -> Result<bool> {
    integrations::insert(tx, id, "cloud-pbx", name, "{}", 1)
}

contract! {
    /// A name is given once; the same insert, run again, is no other's.
    async fn a_name_is_one_integrations(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                let inserted = (put(tx, "a", "main")?, put(tx, "a", "main")?, put(tx, "b", "main")?);
                Ok((inserted, rows(tx)?, integrations::find_id(tx, "main")?, integrations::find_id(tx, "other")?))
            })
            .await
            .unwrap();
        assert_eq!(found, ((true, true, false), vec!["a main {} None".to_owned()], Some("a".to_owned()), None));
    }
}

contract! {
    /// Settings and names change row by row; a name that is taken is a conflict.
    async fn a_change_is_of_one_integration(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "main")?;
                put(tx, "b", "second")?;
                integrations::update_settings(tx, "a", "{\"url\":\"x\"}")?;
                integrations::update_name(tx, "b", "other")?;
                Ok((rows(tx)?, integrations::lock_settings(tx, "a")?, integrations::lock_settings(tx, "c")?))
            })
            .await
            .unwrap();
        let kept = vec!["a main {\"url\":\"x\"} None".to_owned(), "b other {} None".to_owned()];
        assert_eq!(found, (kept, Some("{\"url\":\"x\"}".to_owned()), None));
        let taken = store.write(|tx| integrations::update_name(tx, "b", "main")).await;
        assert!(matches!(taken, Err(Error::Exists)), "{taken:?}");
    }
}

contract! {
    /// What is removed keeps its row without settings, and frees its name; its tokens prove nothing.
    async fn what_is_removed_frees_its_name(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "main")?;
                crm_tokens::insert(tx, "hash", "a", 1)?;
                let removed = (integrations::remove(tx, "a", "{}", 5)?, integrations::remove(tx, "a", "{}", 6)?);
                let void = tokens(tx)?;
                let again = put(tx, "b", "main")?;
                Ok((removed, void, again, rows(tx)?, integrations::lock_settings(tx, "a")?))
            })
            .await
            .unwrap();
        let kept = vec!["a main a {} Some(5)".to_owned(), "b main {} None".to_owned()];
        assert_eq!(found, ((true, false), vec![], true, kept, None));
    }
}

contract! {
    /// The others end when told, or earlier if they were to; a token is one integration's.
    async fn tokens_take_turns(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                put(tx, "a", "main")?;
                put(tx, "b", "second")?;
                let mut states = Vec::new();
                crm_tokens::insert(tx, "1", "a", 0)?;
                crm_tokens::insert(tx, "x", "b", 0)?;
                crm_tokens::insert(tx, "2", "a", 0)?;
                crm_tokens::expire_others(tx, "a", "2", 10)?;
                crm_tokens::insert(tx, "3", "a", 0)?;
                crm_tokens::expire_others(tx, "a", "3", 20)?;
                states.push(tokens(tx)?.join(", "));
                crm_tokens::delete_expired(tx, 10)?;
                states.push(tokens(tx)?.join(", "));
                let brought_again = crm_tokens::insert(tx, "2", "a", 0)?;
                let anothers = crm_tokens::insert(tx, "x", "a", 0)?;
                crm_tokens::delete_of(tx, "b")?;
                states.push(tokens(tx)?.join(", "));
                Ok((states, brought_again, anothers))
            })
            .await
            .unwrap();
        let states = vec![
            "1 a Some(10), 2 a Some(20), 3 a None, x b None".to_owned(),
            "2 a Some(20), 3 a None, x b None".to_owned(),
            "2 a None, 3 a None".to_owned(),
        ];
        assert_eq!(found, (states, true, false));
    }
}
