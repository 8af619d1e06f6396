//! Several nodes on one PostgreSQL, and a server that goes away under them.

use std::time::{Duration, Instant};

use ringcard::error::Result;
use ringcard::params;
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use ringcard::store::tx::{Topic, Tx};

use crate::place::{Place, administer};

pub fn add_one(tx: &mut Tx, name: &str) -> Result<i64> {
    let rows = tx.query(
        "INSERT INTO setting (name, value)
         VALUES ($1, '1')
         ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)
         RETURNING CAST(value AS BIGINT)",
        params![name],
    )?;
    rows.into_iter().next().unwrap().take(0)
}

/// Adds one to two rows in this order, `times` times over, many at once.
fn add_all(store: &Store, times: usize, first: &'static str, second: &'static str) -> Vec<Adding> {
    let add = |_| {
        let store = store.clone();
        actix_web::rt::spawn(async move {
            store
                .write(move |tx| {
                    add_one(tx, first)?;
                    add_one(tx, second)
                })
                .await
        })
    };
    (0..times).map(add).collect()
}
type Adding = actix_web::rt::task::JoinHandle<Result<i64>>;

/// Ends every connection to the test's database, as a restarted server does.
fn cut_off(place: &Place) {
    let StoreLocation::Postgres(url) = &place.location else { panic!("not on a server") };
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap();
    administer(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
}

/// Rows taken in opposite orders deadlock; the closures run again, each alone, and nothing is counted twice.
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_nodes_on_the_same_rows() {
    let place = Place::postgres();
    let (here, there) = (place.open(), place.open());
    let mut all = add_all(&here, 200, "a", "b");
    all.extend(add_all(&there, 200, "b", "a"));
    for one in all {
        one.await.unwrap().unwrap();
    }
    let count = |name: &'static str| here.write(move |tx| add_one(tx, name));
    assert_eq!((count("a").await.unwrap(), count("b").await.unwrap()), (401, 401));
}

/// Both nodes hear the same notices in the same order.
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn all_nodes_hear_the_same() {
    let place = Place::postgres();
    let (here, there) = (place.open(), place.open());
    let (mut here_heard, mut there_heard) = (here.subscribe(), there.subscribe());
    for n in 0..20_u32 {
        let store = if n % 2 == 0 { &here } else { &there };
        let write = move |tx: &mut Tx| {
            add_one(tx, "n")?;
            tx.notify(Topic::Call, &format!("it's {n}"));
            Ok(())
        };
        store.write(write).await.unwrap();
    }
    for heard in [&mut here_heard, &mut there_heard] {
        let mut ids = Vec::new();
        while ids.len() < 20 {
            let batch = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
            ids.extend(batch.iter().map(|notice| notice.id.clone()));
        }
        assert_eq!(ids, (0..20).map(|n| format!("it's {n}")).collect::<Vec<_>>());
    }
}

/// After a lost connection writes and reads go on, and whoever listens is told to read again (R12).
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn a_lost_connection_is_made_again() {
    let place = Place::postgres();
    let store = place.open();
    store.write(|tx| add_one(tx, "n")).await.unwrap();
    store.show(|tx| tx.query("SELECT name FROM setting", &[])).await.unwrap();
    let mut heard = store.subscribe();
    cut_off(&place);
    let began = Instant::now();
    while store.write(|tx| add_one(tx, "n")).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(5), "no write for five seconds");
    }
    assert_eq!(store.show(|tx| tx.query("SELECT name FROM setting", &[])).await.unwrap().len(), 1);
    assert_eq!(store.look_up(|tx| tx.query("SELECT name FROM setting", &[])).await.unwrap().len(), 1);
    let notices = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
    assert_eq!(notices[0].topic, Topic::Everything);
    while !store.is_ready() {
        assert!(began.elapsed() < Duration::from_secs(5), "not ready for five seconds");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A server that is not there is a sentence, not a panic.
#[test]
fn an_absent_server_says_so() {
    let nowhere = StoreLocation::parse("postgres://ringcard@127.0.0.1:1/ringcard").unwrap();
    let refused = Store::open(&nowhere).err().unwrap().to_string();
    assert!(refused.starts_with("the store cannot be opened: PostgreSQL"), "{refused}");
}
