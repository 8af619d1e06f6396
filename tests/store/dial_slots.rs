//! The statements that count requests against what an outside system allows.

use ringcard::error::Result;
use ringcard::store::tables::dial_slots;
use ringcard::store::tx::Tx;

use crate::contract;

fn take(tx: &mut Tx, call_id: &str, token: &str, until_ms: i64) -> Result<()> {
    dial_slots::lock(tx, token, 0)?;
    dial_slots::insert(tx, call_id, token, until_ms)
}

contract! {
    /// Each token counts for itself, and the one found is the first that must go.
    async fn requests_count_for_their_token(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                for (call_id, until_ms) in [("a", 30), ("b", 10), ("c", 20)] {
                    take(tx, call_id, "one", until_ms)?;
                }
                take(tx, "d", "other", 99)?;
                let mut found = Vec::new();
                for most in [1, 2, 3, 4] {
                    found.push(dial_slots::find_last_of(tx, "one", most)?);
                }
                found.push(dial_slots::find_last_of(tx, "none", 1)?);
                Ok(found)
            })
            .await
            .unwrap();
        assert_eq!(found, [Some(30), Some(20), Some(10), None, None]);
    }
}

contract! {
    /// What is past goes, at its very millisecond; a request may count longer, or not at all.
    async fn requests_count_until_their_time(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                for (call_id, until_ms) in [("a", 10), ("b", 11), ("c", 12)] {
                    take(tx, call_id, "one", until_ms)?;
                }
                take(tx, "d", "other", 10)?;
                // The same request, run again, is one.
                dial_slots::insert(tx, "c", "one", 99)?;
                dial_slots::delete_past(tx, "one", 10)?;
                let mut found = vec![dial_slots::find_last_of(tx, "one", 2)?, dial_slots::find_last_of(tx, "one", 3)?];
                dial_slots::update_until(tx, "b", 50)?;
                dial_slots::delete(tx, "c")?;
                found.push(dial_slots::find_last_of(tx, "one", 1)?);
                found.push(dial_slots::find_last_of(tx, "one", 2)?);
                found.push(dial_slots::find_last_of(tx, "other", 1)?);
                Ok(found)
            })
            .await
            .unwrap();
        assert_eq!(found, [Some(11), None, Some(50), None, Some(10)]);
    }
}

contract! {
    /// Two handles on one store, each counting before it takes, never let more through than allowed.
    async fn two_nodes_take_turns(place: Place) {
        let nodes = [place.open(), place.open()];
        let attempts = (0..60).map(|number| {
            let store = nodes[number % 2].clone();
            async move {
                let call_id = format!("call-{number}");
                store
                    .write(move |tx| {
                        dial_slots::lock(tx, "one", 0)?;
                        let is_full = dial_slots::find_last_of(tx, "one", 25)?.is_some();
                        if !is_full {
                            dial_slots::insert(tx, &call_id, "one", 99)?;
                        }
                        Ok(!is_full)
                    })
                    .await
                    .unwrap()
            }
        });
        let taken = futures_util::future::join_all(attempts).await;
        assert_eq!(taken.iter().filter(|is_taken| **is_taken).count(), 25);
    }
}

contract! {
    /// What is past goes for all tokens; a token goes when it is unused and none of its requests counts.
    async fn what_no_longer_counts_is_swept_out(place: Place) {
        let store = place.open();
        let found = store
            .write(|tx| {
                take(tx, "a", "one", 10)?;
                take(tx, "b", "other", 10)?;
                take(tx, "c", "other", 11)?;
                dial_slots::lock(tx, "third", 50)?;
                let swept = (dial_slots::delete_all_past(tx, 10)?, dial_slots::delete_unused_tokens(tx, 50)?);
                let left = (dial_slots::find_last_of(tx, "one", 1)?, dial_slots::find_last_of(tx, "other", 1)?);
                Ok((swept, left, dial_slots::delete_unused_tokens(tx, 51)?))
            })
            .await
            .unwrap();
        assert_eq!(found, ((2, 1), (None, Some(11)), 1));
    }
}
