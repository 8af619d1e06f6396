//! What is due is settled by one node, however many come to it.

use std::time::Duration;

use ringcard::app::App;
use ringcard::app::calls::settle;
use ringcard::store::tables::{calls, integrations, lines};
use ringcard::store::tx::Tx;

use crate::pair::Pair;
use crate::people;
use crate::two_nodes::{CLIENT, hear};

/// So many milliseconds after it rang last, nothing more is expected of a call.
const SILENCE_MS: i64 = 4 * 60_000;

async fn rings(app: &App, callids: &[String]) {
    let (callids, now_ms) = (callids.to_vec(), app.clock.now_ms());
    let ring = move |tx: &mut Tx| {
        callids.iter().try_for_each(|callid| hear(tx, &format!("cmd=event&type=INCOMING&callid={callid}"), now_ms))
    };
    app.store.write(ring).await.unwrap();
}

async fn revs(app: &App, callids: &[String]) -> Vec<(String, i64)> {
    let callids = callids.to_vec();
    let read = move |tx: &mut Tx| {
        let row = |callid: &String| calls::find_by_callid(tx, "i", callid).map(Option::unwrap);
        callids.iter().map(row).collect::<Result<Vec<_>, _>>()
    };
    app.store.show(read).await.unwrap().into_iter().map(|row| (row.state, row.rev)).collect()
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn each_call_is_given_up_by_one_node() {
    let nodes = Pair::start();
    let seed = |tx: &mut Tx| {
        integrations::insert(tx, "i", "cloud-pbx", "main", "{}", 1)?;
        people::put(tx, "u", "anna", "operator")?;
        lines::insert(tx, "u", "i", "anna", 0)
    };
    nodes.here.store.write(seed).await.unwrap();
    let (alone, many) = (["alone".to_owned()], (0..20).map(|n| format!("c{n}")).collect::<Vec<_>>());
    rings(&nodes.here, &alone).await;
    nodes.here.clock.advance(SILENCE_MS);
    assert_eq!(settle::settle_due(&nodes.here).await.unwrap(), 1);
    let settled = revs(&nodes.here, &alone).await.remove(0);
    rings(&nodes.here, &many).await;
    nodes.here.clock.advance(SILENCE_MS);
    nodes.there.clock.advance(2 * SILENCE_MS);
    // Both have read what is due before either writes.
    let _busy = [&nodes.here, &nodes.there].map(|node| {
        let store = node.store.clone();
        let pause = |_: &mut Tx| {
            std::thread::sleep(Duration::from_secs(1));
            Ok(())
        };
        actix_web::rt::spawn(async move { store.write_in_turn(vec![CLIENT.to_owned()], pause).await })
    });
    tokio::task::yield_now().await;
    let (here, there) = tokio::join!(settle::settle_due(&nodes.here), settle::settle_due(&nodes.there));
    assert_eq!((here.unwrap(), there.unwrap()), (20, 20), "both came to all of them");
    assert_eq!(revs(&nodes.there, &many).await, vec![settled; 20]);
}
