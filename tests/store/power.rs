//! That what is acknowledged is on the disk: the settings that a power cut depends on, on every connection.

use ringcard::error::Result;
use ringcard::store::Tx;

use crate::place::Place;

fn settings(tx: &mut Tx) -> Result<(i64, i64, String)> {
    let synchronous = tx.query_opt("PRAGMA synchronous", &[])?.unwrap().take(0)?;
    let foreign_keys = tx.query_opt("PRAGMA foreign_keys", &[])?.unwrap().take(0)?;
    let journal = tx.query_opt("PRAGMA journal_mode", &[])?.unwrap().take(0)?;
    Ok((synchronous, foreign_keys, journal))
}

#[actix_web::test]
async fn every_connection_syncs_in_full() {
    let place = Place::sqlite();
    let store = place.open();
    let expected = (2, 1, "wal".to_owned());
    assert_eq!(store.write(settings).await.unwrap(), expected);
    assert_eq!(store.read(settings).await.unwrap(), expected);
    assert_eq!(store.look_up(settings).await.unwrap(), expected);
}
