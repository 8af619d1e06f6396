//! SQLite's write-ahead log beside somebody who reads the file and does not end.

use std::time::{Duration, Instant};

use ringcard::params;
use ringcard::store::tx::Tx;

use crate::place::Place;

const MB: u64 = 1 << 20;

#[actix_web::test]
async fn a_log_that_grows_beside_a_stuck_reader_is_told_of_and_cut_when_he_ends() {
    let place = Place::sqlite();
    let store = place.open();
    let grow = |times: usize| {
        let store = store.clone();
        async move {
            for number in 0..times {
                // The same value again would write nothing.
                let value = ["a", "b"][number % 2].repeat(10 << 20);
                let put = move |tx: &mut Tx| {
                    let sql = "INSERT INTO setting (name, value) VALUES ('n', $1)
                               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
                    tx.execute(sql, params![&value]).map(drop)
                };
                store.write(put).await.unwrap();
            }
        }
    };
    let log_bytes = || std::fs::metadata(place.file().with_file_name("ringcard.db-wal")).unwrap().len();
    grow(30).await;
    assert!(log_bytes() < 100 * MB, "nobody reads, and it has {} MB", log_bytes() / MB);
    assert_eq!(store.long_log(), None);
    let outside = rusqlite::Connection::open(place.file()).unwrap();
    outside.execute_batch("BEGIN; SELECT name FROM setting").unwrap();
    grow(30).await;
    assert!(store.long_log().unwrap() >= 256 * MB, "{:?}", store.long_log());
    outside.execute_batch("COMMIT").unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while log_bytes() > 100 * MB && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(log_bytes() < 100 * MB, "he is gone, and it has {} MB still", log_bytes() / MB);
    assert_eq!(store.long_log(), None);
}
