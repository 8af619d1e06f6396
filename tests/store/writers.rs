//! One node writes over several connections: clients do not wait for each other, and what is said of one client stays in
//! its order.

use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ringcard::app::calls::hear;
use ringcard::app::change::Hearing;
use ringcard::app::directory::Directory;
use ringcard::pbx;
use ringcard::pbx::fields::Fields;
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use ringcard::store::tables::settings;
use ringcard::store::tx::{Topic, Tx};

use crate::place::{Place, start_server_in};
use crate::proxy::Proxy;
use crate::two_nodes::{ids, prepare};

const PUSHES: u32 = 96;

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn clients_do_not_wait_for_each_other() {
    let place = Place::postgres();
    let store = place.open();
    let (go, wait) = mpsc::channel::<()>();
    let mut wait = Some(wait);
    let holding = store.clone();
    let held = actix_web::rt::spawn(async move {
        let hold = move |_: &mut Tx| {
            let _ = wait.take().map(|wait| wait.recv());
            Ok(())
        };
        holding.write_in_turn(vec!["held".to_owned()], hold).await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let others = (0..16).map(|n| store.write_in_turn(vec![format!("client {n}")], |_| Ok(())));
    let others = others.map(|write| tokio::time::timeout(Duration::from_secs(2), write));
    let written = join_all(others).await.into_iter().filter(|written| matches!(written, Ok(Ok(())))).count();
    assert!((8..16).contains(&written), "{written} of 16 were written meanwhile, by the other writers");

    // Behind what is held: in the order in which it came.
    let order = Arc::new(Mutex::new(Vec::new()));
    let (noted, behind) = (Arc::clone(&order), store.clone());
    let behind = actix_web::rt::spawn(async move {
        let note = |n| {
            let noted = Arc::clone(&noted);
            behind.write_in_turn(vec!["held".to_owned()], move |_| {
                noted.lock().unwrap().push(n);
                Ok(())
            })
        };
        join_all((0..50).map(note)).await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    go.send(()).unwrap();
    held.await.unwrap().unwrap();
    behind.await.unwrap();
    assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>());
}

/// How long so many first pushes take, each of another client; `first` is what their turns begin with.
async fn hear_all(store: &Store, round: &str, first: Option<&str>) -> Duration {
    let directory = store.show(|tx| Directory::load(tx, 0, "RU")).await.unwrap();
    let directory = Arc::new(directory);
    let push = |n: u32| {
        let directory = Arc::clone(&directory);
        let form = format!("cmd=event&type=INCOMING&user=anna&phone=7910{:07}&callid={round}-{n}", n * 7 + 1);
        let event = pbx::parse(&Fields::decode("", form.as_bytes()), "RU").unwrap();
        let (mut turns, ids) = (hear::turns("i", &event), ids(&form));
        turns.splice(..0, first.map(str::to_owned));
        store.write_in_turn(turns, move |tx: &mut Tx| {
            hear::push(tx, "i", &event, &Hearing { directory: &directory, ids: &ids, now_ms: 30_000 }).map(drop)
        })
    };
    let began = Instant::now();
    join_all((0..PUSHES).map(push)).await.into_iter().for_each(|kept| kept.unwrap());
    began.elapsed()
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn over_a_slow_wire_many_are_written_at_once() {
    let place = Place::postgres();
    drop(prepare(&place).await);
    let proxy = Proxy::before(&place);
    // So long that the processors decide nothing.
    proxy.delays(Duration::from_millis(2));
    let store = Store::open(&Proxy::location(&place, &[&proxy])).unwrap();
    hear_all(&store, "warm", None).await;
    let alone = hear_all(&store, "alone", Some("one writer")).await;
    let together = hear_all(&store, "together", None).await;
    let a_second = |took: Duration| f64::from(PUSHES) / took.as_secs_f64();
    println!("one writer: {:.0} pushes a second; all: {:.0}", a_second(alone), a_second(together));
    assert!(together * 2 < alone, "{together:?} with all writers, {alone:?} with one");
}

/// Everybody who waits for the disk at the same moment waits once, whatever he has to say.
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn commits_that_notify_do_not_wait_for_each_other() {
    const SYNC: Duration = Duration::from_millis(100);
    let directory = tempfile::tempdir().unwrap().keep();
    // Every sync takes so long, and is everybody's who has come by then.
    start_server_in(&directory, "-c listen_addresses=", "-c commit_delay=100000 -c commit_siblings=0");
    let address = format!("postgres://ringcard@{}/postgres", directory.to_str().unwrap().replace('/', "%2F"));
    let store = Store::open(&StoreLocation::Postgres(address)).unwrap();
    let change = |n: usize| {
        store.write_in_turn(vec![format!("client {n}")], move |tx: &mut Tx| {
            settings::upsert(tx, &format!("s{n}"), "1")?;
            tx.notify(Topic::Call, "c");
            Ok(())
        })
    };
    let all = async || join_all((0..64).map(change)).await.into_iter().for_each(|kept| kept.unwrap());
    // Every writer is connected then.
    all().await;
    let began = Instant::now();
    all().await;
    let took = began.elapsed();
    println!("64 changes of 8 writers took {took:?}");
    assert!(took < 4 * SYNC, "{took:?}, and each sync {SYNC:?}");
}
