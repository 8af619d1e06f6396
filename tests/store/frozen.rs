//! A server, or another node, that is cut off while its connections stay open: nobody waits for it beyond his time.

use std::time::{Duration, Instant};

use ringcard::error::Result;
use ringcard::store::Store;
use ringcard::store::tx::Tx;

use crate::nodes::add_one;
use crate::place::Place;
use crate::proxy::Proxy;

/// What anything may take beyond its time on a busy machine.
const GRACE: Duration = Duration::from_millis(1_000);

fn read(tx: &mut Tx) -> Result<usize> {
    Ok(tx.query("SELECT name FROM setting", &[])?.len())
}

async fn timed<T>(work: impl Future<Output = Result<T>>) -> (Duration, Result<T>) {
    let began = Instant::now();
    let answer = work.await;
    (began.elapsed(), answer)
}

/// How long until `is_so`.
async fn until(limit: Duration, what: &str, is_so: impl AsyncFn() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    began.elapsed()
}

async fn use_every_lane(store: &Store) {
    store.write(|tx| add_one(tx, "n")).await.unwrap();
    assert_eq!(store.show(read).await.unwrap(), 1);
    assert_eq!(store.look_up(read).await.unwrap(), 1);
    assert_eq!(store.list(read).await.unwrap(), 1);
}

/// Every operation is given up in its time, and the store is not ready meanwhile (R12).
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_stops_answering_holds_nobody() {
    let place = Place::postgres();
    let proxy = Proxy::before(&place);
    let store = Store::open(&Proxy::location(&place, &[&proxy])).unwrap();
    use_every_lane(&store).await;
    proxy.freezes();
    let unready = async {
        // The first write waits from now on.
        tokio::time::sleep(Duration::from_secs(3)).await;
        until(GRACE, "it is said to be unready", async || !store.is_ready()).await;
    };
    let (write, show, look_up, list, ()) = tokio::join!(
        timed(store.write(|tx| add_one(tx, "n"))),
        timed(store.show(read)),
        timed(store.look_up(read)),
        timed(store.list(read)),
        unready,
    );
    let answers = [("write", write.0, 8), ("show", show.0, 2), ("look up", look_up.0, 1), ("list", list.0, 10)];
    for (what, took, seconds) in answers {
        assert!(took < Duration::from_secs(seconds) + GRACE, "{what} took {took:?}");
    }
    assert!(write.1.is_err() && show.1.is_err() && look_up.1.is_err() && list.1.is_err());
    let (took, again) = timed(store.write(|tx| add_one(tx, "n"))).await;
    assert!(again.is_err() && took < Duration::from_secs(4), "the next one: {took:?}");
    proxy.thaws();
    until(Duration::from_secs(4), "it is ready again", async || store.is_ready()).await;
    use_every_lane(&store).await;
}

/// Of several hosts one does not answer: the next one is asked, by who was connected and by who comes anew.
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn a_host_that_does_not_answer_is_passed_over() {
    let place = Place::postgres();
    let (first, second) = (Proxy::before(&place), Proxy::before(&place));
    let location = Proxy::location(&place, &[&first, &second]);
    let store = Store::open(&location).unwrap();
    use_every_lane(&store).await;
    first.freezes();
    let took =
        until(Duration::from_secs(9), "a write", async || store.write(|tx| add_one(tx, "n")).await.is_ok()).await;
    println!("written by way of the second host after {took:?}");
    until(Duration::from_secs(4), "a look-up", async || store.look_up(read).await.is_ok()).await;
    until(Duration::from_secs(4), "a page", async || store.list(read).await.is_ok()).await;
    let (began, store) = (Instant::now(), Store::open(&location).unwrap());
    assert!(began.elapsed() < Duration::from_secs(9), "opened after {:?}", began.elapsed());
    use_every_lane(&store).await;
}

/// A node is cut off in the middle of a transaction: what it holds comes free, and the others go on meanwhile.
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn a_node_that_is_cut_off_stops_no_other() {
    let place = Place::postgres();
    let proxy = Proxy::before(&place);
    let (here, there) = (place.open(), Store::open(&Proxy::location(&place, &[&proxy])).unwrap());
    use_every_lane(&here).await;
    let (done, mut is_done) = tokio::sync::mpsc::channel(1);
    let proxy = std::sync::Arc::new(proxy);
    let cut = std::sync::Arc::clone(&proxy);
    let held = actix_web::rt::spawn(async move {
        let hold = move |tx: &mut Tx| {
            let added = add_one(tx, "n");
            cut.freezes();
            let _ = done.try_send(());
            added
        };
        there.write(hold).await
    });
    is_done.recv().await.unwrap();
    let began = Instant::now();
    // As many as fill a batch want what is held.
    let wanting: Vec<_> = (0..60)
        .map(|_| {
            let here = here.clone();
            actix_web::rt::spawn(async move { timed(here.write(|tx| add_one(tx, "n"))).await })
        })
        .collect();
    let mut longest = Duration::ZERO;
    while began.elapsed() < Duration::from_secs(5) {
        let (took, other) = timed(here.write(|tx| add_one(tx, "m"))).await;
        other.unwrap();
        longest = longest.max(took);
    }
    println!("others waited {longest:?} at most");
    assert!(longest < Duration::from_secs(4), "others waited {longest:?}");
    let mut last = Duration::ZERO;
    for one in wanting {
        let (took, answer) = one.await.unwrap();
        answer.unwrap();
        last = last.max(took);
    }
    println!("who wanted the same waited {last:?} at most");
    assert!(last < Duration::from_secs(6), "who wanted the same waited {last:?}");
    assert!(held.await.unwrap().is_err());
    proxy.thaws();
    assert_eq!(here.write(|tx| add_one(tx, "n")).await.unwrap(), 62);
}
