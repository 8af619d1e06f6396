//! That what is acknowledged is on the disk: the settings that a power cut depends on, on every connection.

use std::time::Duration;

use ringcard::error::{Error, Result};
use ringcard::params;
use ringcard::store::tx::Tx;

use crate::place::Place;

fn settings(tx: &mut Tx) -> Result<(i64, i64, String)> {
    let synchronous = tx.query_opt("PRAGMA synchronous", &[])?.unwrap().take(0)?;
    let foreign_keys = tx.query_opt("PRAGMA foreign_keys", &[])?.unwrap().take(0)?;
    let journal = tx.query_opt("PRAGMA journal_mode", &[])?.unwrap().take(0)?;
    Ok((synchronous, foreign_keys, journal))
}

/// R2 rests on it: with less, a power cut loses what was acknowledged.
#[actix_web::test]
async fn every_connection_syncs_in_full() {
    let place = Place::sqlite();
    let store = place.open();
    let expected = (2, 1, "wal".to_owned());
    assert_eq!(store.write(settings).await.unwrap(), expected);
    assert_eq!(store.show(settings).await.unwrap(), expected);
    assert_eq!(store.look_up(settings).await.unwrap(), expected);
}

/// What SQLite says of a full disk takes the whole transaction along: all of the batch is refused, none of it is kept,
/// and it goes on as soon as there is room (R3).
#[actix_web::test]
async fn a_full_disk_refuses_the_whole_batch() {
    let place = Place::sqlite();
    let store = place.open();
    let put = |name: &'static str, length: usize| {
        let (store, value) = (store.clone(), "x".repeat(length));
        let insert = move |tx: &mut Tx| {
            tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params![name, &value]).map(drop)
        };
        actix_web::rt::spawn(async move { store.write(insert).await })
    };
    let names = || store.show(|tx| tx.query("SELECT name FROM setting ORDER BY name", &[]));
    store.write(|tx| tx.query("PRAGMA max_page_count = 1", &[])).await.unwrap();
    // The writer is held until all three wait for it, so that they are one batch.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let holding = store.clone();
    let holder = actix_web::rt::spawn(async move {
        let hold = move |_: &mut Tx| {
            let _ = held.recv();
            Ok(())
        };
        holding.write(hold).await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let batch = [put("before", 1), put("large", 1_000_000), put("after", 1)];
    tokio::time::sleep(Duration::from_millis(100)).await;
    release.send(()).unwrap();
    holder.await.unwrap().unwrap();
    for one in batch {
        let refused = one.await.unwrap();
        assert!(matches!(refused, Err(Error::Busy(_))), "{refused:?}");
    }
    assert!(names().await.unwrap().is_empty());
    store.write(|tx| tx.query("PRAGMA max_page_count = 1000000", &[])).await.unwrap();
    assert!(store.is_ready());
    put("large", 1_000_000).await.unwrap().unwrap();
    assert_eq!(names().await.unwrap().len(), 1);
}

/// While the disk is full, whoever writes nothing proves nothing: the store stays not ready, however many there are.
#[actix_web::test]
async fn a_full_disk_stays_full_for_those_who_write_nothing() {
    let place = Place::sqlite();
    let store = place.open();
    store.write(|tx| tx.query("PRAGMA max_page_count = 1", &[])).await.unwrap();
    let large = "x".repeat(1_000_000);
    let refused = store
        .write(move |tx| {
            tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params!["large", &large]).map(drop)
        })
        .await;
    assert!(matches!(refused, Err(Error::Busy(_))), "{refused:?}");
    let writes_nothing: [fn(&mut Tx) -> Result<()>; 4] = [
        |_| Ok(()),
        |tx| tx.query("SELECT name FROM setting", &[]).map(drop),
        |tx| tx.execute("UPDATE setting SET value = '' WHERE name = 'nobody'", &[]).map(drop),
        |tx| {
            tx.execute("UPDATE schema_version SET version = version", &[])?;
            Err(Error::NotFound("thing"))
        },
    ];
    for write in writes_nothing {
        // Refused or not: the disk was not asked.
        let _ = store.write(write).await;
        assert!(!store.is_ready());
    }
    store.write(|tx| tx.query("PRAGMA max_page_count = 1000000", &[])).await.unwrap();
    store.write(|tx| tx.execute("INSERT INTO setting (name, value) VALUES ('n', '1')", &[]).map(drop)).await.unwrap();
    assert!(store.is_ready(), "whoever was kept proves it");
}
