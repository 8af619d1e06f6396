//! R11: `kill -9` with a full outbox loses nothing, whether nobody took anything yet or it was half emptied.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake_peer::{FakePeer, Reply};
use crate::program::{Business, Server};

const CALLS: usize = 200;
/// The lease of what was on its way runs out within it.
const PATIENCE: Duration = Duration::from_secs(60);

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How many deliveries the outbox has in this state.
async fn count(business: &Business, server: &Server, state: &str) -> usize {
    let cookie = business.signs_in(server).await;
    let url = format!("{}/api/outbox?state={state}&limit=200", server.url);
    let answer = business.http.get(url).header("cookie", cookie).send().await.unwrap();
    let page: Value = answer.json().await.unwrap();
    page["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn r11_a_full_outbox_outlives_the_program() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let mango = Arc::new(FakePeer::answering(move |_| {
        if up.load(Ordering::SeqCst) { Reply::ok("{status: 'ok', requestId: 1}") } else { Reply::HangUp }
    }));
    let business = Business::opens();
    let settings = json!({"url": mango.url("/v1"), "token": "t", "default_number": "+74951112233"});
    business.connects("mango", "calltracking", &settings);

    let mut server = business.serves().await;
    for nth in 0..CALLS {
        assert!(business.push(&server.url, &format!("c{nth}"), true).await);
    }
    until("nothing was on its way", || !mango.asked().is_empty()).await;
    server.dies();
    let failed = mango.asked().len();
    is_up.store(true, Ordering::SeqCst);

    let mut server = business.serves().await;
    until("nothing goes out", || mango.asked().len() > failed + CALLS / 4).await;
    server.dies();
    let half = mango.asked().len();
    assert!(half < failed + CALLS, "killed too late to show anything");

    let server = business.serves().await;
    let told = || -> BTreeSet<String> {
        let bodies = mango.asked().into_iter().skip(failed);
        bodies.map(|asked| serde_json::from_str::<Value>(&asked.body).unwrap()["callId"].to_string()).collect()
    };
    until("some were lost", || told().len() == CALLS).await;
    until("the outbox does not know it", || mango.asked().len() >= failed + CALLS).await;
    let began = Instant::now();
    while count(&business, &server, "sent").await < CALLS {
        assert!(began.elapsed() < PATIENCE, "not all are marked as sent");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let twice = mango.asked().len() - failed - CALLS;
    assert!(twice <= 1, "{twice} went out twice, and only one was on its way");
    println!("{CALLS} calls over 2 kills: {failed} tries failed, killed after {}, {twice} went twice", half - failed);
}
