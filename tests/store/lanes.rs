//! Lanes of reading: nobody who waits for a card stands behind a search.

use std::time::{Duration, Instant};

use ringcard::error::Error;
use ringcard::params;
use ringcard::store::Store;
use ringcard::store::tx::Tx;

use crate::contract;

/// Far longer than anybody waits.
fn endless(tx: &mut Tx) -> ringcard::error::Result<()> {
    tx.query(
        "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 900000000)
         SELECT COUNT(*) FROM counted",
        &[],
    )
    .map(drop)
}

/// Begins `count` searches without an end.
async fn search(store: &Store, count: usize) -> Vec<actix_web::rt::task::JoinHandle<ringcard::error::Result<()>>> {
    let begin = |_| {
        let store = store.clone();
        actix_web::rt::spawn(async move { store.list(endless).await })
    };
    let searches = (0..count).map(begin).collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    searches
}

contract! {
    /// Sixteen searches that never end delay neither what a card waits for, nor a look-up, nor a push.
    async fn searches_delay_neither_a_card_nor_a_push(place: Place) {
        let store = place.open();
        let searches = search(&store, 16).await;
        for n in 0..10_i64 {
            let began = Instant::now();
            store
                .write(move |tx| tx.execute("INSERT INTO setting (name, value) VALUES ($1, '1')", params![format!("k{n}")]))
                .await
                .unwrap();
            let count = |tx: &mut Tx| tx.query_opt("SELECT COUNT(*) FROM setting", &[])?.unwrap().take::<i64>(0);
            assert_eq!((store.show(count).await.unwrap(), store.look_up(count).await.unwrap()), (n + 1, n + 1));
            assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
        }
        drop(searches);
    }
}

contract! {
    /// A search is broken off ten seconds after it was asked for, and says so; those behind it are then answered.
    async fn a_search_is_broken_off(place: Place) {
        let store = place.open();
        let began = Instant::now();
        for search in search(&store, 2).await {
            let answer = search.await.unwrap();
            assert!(matches!(answer, Err(Error::TookTooLong)), "{answer:?}");
        }
        assert!(began.elapsed() > Duration::from_secs(9), "{:?}", began.elapsed());
        assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
        assert_eq!(store.list(|tx| tx.query("SELECT name FROM setting", &[])).await.unwrap().len(), 0);
    }
}
