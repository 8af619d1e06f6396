//! How the outbox stands what other systems do: faults, refusals, silence, and nodes that die (R11).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use ringcard::app::integrations;
use ringcard::app::outbox::{lanes, plan as plans};
use ringcard::domain::delivery::DeliveryState;
use ringcard::error::Code;
use ringcard::store::tables::outbox;
use serde_json::json;

use crate::fake_peer::{FakePeer, Reply};
use crate::mango::{ACCEPTED, documented};
use crate::support::NOW_MS;
use crate::support::calltracking::{Calltracking, OURS, body, lines};

const HOUR_MS: i64 = 3_600_000;
const REFUSAL: &str = "{status: 'error', requestId: 7, error: {code: 1001, 'message': 'Widget not found'}}";

/// Answers like this, one after the other, and then as the document says.
fn stumbling(replies: impl IntoIterator<Item = Reply>) -> FakePeer {
    let replies: VecDeque<_> = replies.into_iter().collect();
    let replies = Mutex::new(replies);
    FakePeer::answering(move |asked| replies.lock().unwrap().pop_front().unwrap_or_else(|| documented(asked)))
}

/// R11: at least once.
#[tokio::test]
async fn every_fault_is_tried_again_until_it_is_delivered() {
    let faults = [
        Reply::status(500, ""),
        Reply::HangUp,
        Reply::HangUpInMidBody,
        Reply::html("<h1>Welcome</h1>"),
        Reply::ok("{\"wrong\":1}"),
        Reply::Redirect { location: "/elsewhere".to_owned() },
        Reply::status(401, "{status: 'error'}"),
    ];
    let count = faults.len();
    let peer = stumbling(faults);
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c1").await;
    business.delivers().await;
    for tries in 1..=count {
        let item = business.only().await;
        assert_eq!((item.state, item.tries), (DeliveryState::Pending, i64::try_from(tries).unwrap()));
        assert!(!item.error.is_empty());
        business.delivers_after(HOUR_MS).await;
    }
    let item = business.only().await;
    assert_eq!((item.state, item.error.as_str(), item.answer.as_str()), (DeliveryState::Sent, "", ACCEPTED));
    assert_eq!(lines(&peer), vec!["POST externalCall"; count + 1]);
    assert!((1..=count).all(|nth| body(&peer, nth) == body(&peer, 0)), "what is sent again is the same");
}

/// R11: back-off and jitter.
#[tokio::test]
async fn the_tries_go_apart_and_after_three_days_it_is_given_up() {
    let peer = FakePeer::always(Reply::status(500, ""));
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c1").await;
    business.delivers().await;
    let mut waits_ms = Vec::new();
    while let Some(next_at) = business.only().await.next_at {
        let wait_ms = next_at.0 - business.clock.now_ms();
        waits_ms.push(wait_ms);
        business.delivers_after(wait_ms - 1).await;
        assert_eq!(peer.asked().len(), waits_ms.len(), "not before its time");
        business.delivers_after(1).await;
        assert_eq!(peer.asked().len(), waits_ms.len() + 1);
    }
    assert!(waits_ms[0] <= 2_000 && waits_ms[0] + waits_ms[1] <= 10_000, "{waits_ms:?}");
    assert!(waits_ms[6..].iter().all(|wait_ms| (HOUR_MS / 2..=HOUR_MS).contains(wait_ms)), "{waits_ms:?}");
    let is_scattered = waits_ms[6..].iter().any(|wait_ms| *wait_ms != waits_ms[6]);
    assert!(is_scattered, "nothing that failed together is tried together: {waits_ms:?}");
    let lasted_ms: i64 = waits_ms.iter().sum();
    assert!((72 * HOUR_MS..=73 * HOUR_MS).contains(&lasted_ms), "{lasted_ms}");
    let item = business.only().await;
    assert_eq!(item.state, DeliveryState::Failed);
    assert_eq!(item.error, "Mango has a fault of its own (HTTP 500); try again in a moment");
    assert_eq!(business.deliveries("c1").await, json!(["failed"]));
}

#[tokio::test]
async fn refused_data_are_given_up_at_once_and_can_be_sent_again() {
    let peer = stumbling([Reply::status(400, "{status: 'error', error: {message: 'phoneTo'}}")]);
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c1").await;
    business.delivers().await;
    let item = business.only().await;
    assert_eq!((item.state, item.tries, item.next_at), (DeliveryState::Failed, 1, None));
    assert_eq!(item.error, "Mango refused it: phoneTo");
    business.delivers_after(HOUR_MS).await;
    assert_eq!(peer.asked().len(), 1);
    let again = plans::retry(&business.app, &item.id).await.unwrap();
    assert_eq!((again.state, again.tries), (DeliveryState::Pending, 0));
    business.delivers().await;
    assert_eq!(business.only().await.state, DeliveryState::Sent);
    plans::retry(&business.app, &item.id).await.unwrap();
    business.delivers().await;
    assert_eq!(lines(&peer), ["POST externalCall"; 3], "what was delivered goes whole once more");
}

#[tokio::test]
async fn a_refusal_that_nobody_can_read_is_tried_five_times() {
    let peer = FakePeer::always(Reply::ok(REFUSAL));
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c1").await;
    for _ in 0..9 {
        business.delivers_after(HOUR_MS).await;
    }
    assert_eq!(peer.asked().len(), 5);
    let item = business.only().await;
    assert_eq!(
        (item.state, item.error.as_str()),
        (DeliveryState::Failed, "Mango refused it: Widget not found (code 1001)")
    );
    assert_eq!(item.answer, REFUSAL);
}

#[tokio::test]
async fn a_refused_call_stands_in_no_other_calls_way() {
    let peer = FakePeer::answering(
        |asked| {
            if asked.body.contains("\"bad\"") { Reply::ok(REFUSAL) } else { documented(asked) }
        },
    );
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("bad").await;
    business.talks("good").await;
    business.delivers().await;
    assert_eq!(business.deliveries("bad").await, json!(["pending"]));
    assert_eq!(business.deliveries("good").await, json!(["sent"]));
}

#[tokio::test]
async fn a_call_that_always_meets_a_fault_holds_the_others_up_for_seconds_only() {
    let peer =
        FakePeer::answering(
            |asked| {
                if asked.body.contains("\"bad\"") { Reply::status(500, "") } else { documented(asked) }
            },
        );
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("bad").await;
    for _ in 0..9 {
        business.delivers_after(HOUR_MS).await;
    }
    business.talks("good").await;
    business.delivers().await;
    business.delivers_after(10_000).await;
    assert_eq!(business.deliveries("bad").await, json!(["pending"]));
    assert_eq!(business.deliveries("good").await, json!(["sent"]));
}

#[tokio::test]
async fn whoever_says_when_to_come_again_is_left_alone_until_then() {
    for retry_after in ["7200", "Sun, 01 Mar 2026 11:00:10 GMT"] {
        let peer = stumbling([Reply::ComeAgain { status: 429, retry_after: retry_after.to_owned() }]);
        let business = Calltracking::with(&peer, json!({})).await;
        business.talks("c1").await;
        assert_eq!(business.clock.now_ms(), NOW_MS + 10_000);
        business.event("INCOMING", "c2", &[("diversion", OURS)]).await;
        business.reports("in", "c2", &[]).await;
        business.delivers().await;
        business.event("INCOMING", "c3", &[("diversion", OURS)]).await;
        business.reports("in", "c3", &[]).await;
        business.delivers_after(2 * HOUR_MS - 1).await;
        assert_eq!(peer.asked().len(), 1, "{retry_after}: neither this call nor another");
        business.delivers_after(1).await;
        assert_eq!(peer.asked().len(), 4);
    }
}

/// R11: nor a push.
#[tokio::test]
async fn a_dead_mango_delays_no_other() {
    let (dead, alive) = (FakePeer::always(Reply::Silence), FakePeer::answering(documented));
    let business = Arc::new(Calltracking::opens().await);
    business.connects("dead", &dead, json!({})).await;
    // So that the two stand in this order on a call.
    business.clock.advance(1);
    business.connects("alive", &alive, json!({})).await;
    for callid in ["c1", "c2", "c3"] {
        business.talks(callid).await;
    }
    let began = Instant::now();
    let delivering = tokio::spawn({
        let business = Arc::clone(&business);
        async move { business.delivers().await }
    });
    while alive.asked().len() < 3 || dead.asked().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is delivered");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!delivering.is_finished(), "three calls waited for a dead Mango");
    business.event("INCOMING", "c4", &[("diversion", OURS)]).await;
    assert!(!delivering.is_finished(), "a push waited for a dead Mango");
    delivering.await.unwrap();
    assert_eq!(dead.asked().len(), 1, "a lane that meets a fault rests");
    assert_eq!(business.deliveries("c1").await, json!(["pending", "sent"]));
}

#[tokio::test]
async fn what_a_dead_node_had_on_lease_is_sent_when_the_lease_runs_out() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::opens().await;
    let mango = business.connects("mango", &peer, json!({})).await;
    business.talks("c1").await;
    let now_ms = business.clock.now_ms();
    business.app.store.write(move |tx| outbox::take(tx, &mango, now_ms, now_ms + 12_000)).await.unwrap().unwrap();
    business.delivers_after(11_999).await;
    assert_eq!(peer.asked().len(), 0, "another node has it");
    business.delivers_after(1).await;
    assert_eq!(business.only().await.state, DeliveryState::Sent);
}

/// The clock of the one node is 20 s before that of the other.
#[tokio::test]
async fn what_is_on_its_way_is_not_sent_by_a_node_whose_clock_is_fast() {
    let (release, held) = mpsc::channel();
    let held = Mutex::new(held);
    let peer = FakePeer::answering(move |asked| {
        let _ = held.lock().unwrap().recv_timeout(Duration::from_secs(7));
        documented(asked)
    });
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c1").await;
    tokio::join!(business.delivers(), async {
        while peer.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        business.clock.advance(20_000);
        business.delivers().await;
        release.send(()).unwrap();
    });
    assert_eq!((business.only().await.state, peer.asked().len()), (DeliveryState::Sent, 1));
}

#[tokio::test]
async fn two_nodes_send_everything_once() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    for nth in 0..40 {
        business.talks(&format!("c{nth}")).await;
    }
    let nodes = (0..4).map(|_| lanes::deliver_due(&business.app));
    for node in futures_util::future::join_all(nodes).await {
        node.unwrap();
    }
    let mut told: Vec<_> = (0..peer.asked().len()).map(|nth| body(&peer, nth)["callId"].to_string()).collect();
    told.sort();
    told.dedup();
    assert_eq!((told.len(), peer.asked().len()), (40, 40));
}

#[tokio::test]
async fn the_oldest_goes_first() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    for callid in ["c1", "c2", "c3"] {
        business.talks(callid).await;
        business.clock.advance(1_000);
    }
    business.delivers().await;
    let told: Vec<_> = (0..3).map(|nth| body(&peer, nth)["callId"].clone()).collect();
    assert_eq!(told, [json!("c1"), json!("c2"), json!("c3")]);
}

#[tokio::test]
async fn a_link_that_comes_while_its_call_is_on_its_way_follows() {
    let has_link = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&has_link);
    let peer = FakePeer::answering(move |asked| {
        while !seen.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        documented(asked)
    });
    let business = Arc::new(Calltracking::with(&peer, json!({})).await);
    business.talks("c1").await;
    let delivering = tokio::spawn({
        let business = Arc::clone(&business);
        async move { business.delivers().await }
    });
    while peer.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    business.reports("in", "c1", &[("link", "https://pbx.example.org/a.mp3")]).await;
    has_link.store(true, Ordering::SeqCst);
    delivering.await.unwrap();
    assert_eq!(lines(&peer), ["POST externalCall", "PUT externalCall/c1"]);
    assert_eq!(business.only().await.state, DeliveryState::Sent);
}

#[tokio::test]
async fn a_removed_integration_gets_nothing_more_and_the_outbox_says_so() {
    let peer = FakePeer::always(Reply::status(500, ""));
    let business = Calltracking::opens().await;
    let mango = business.connects("mango", &peer, json!({})).await;
    business.talks("c1").await;
    business.delivers().await;
    integrations::remove(&business.app, &mango).await.unwrap();
    let item = business.only().await;
    assert_eq!((item.state, item.error.as_str()), (DeliveryState::Cancelled, "the integration was removed"));
    assert_eq!(business.deliveries("c1").await, json!(["cancelled"]));
    business.talks("c2").await;
    business.delivers_after(HOUR_MS).await;
    assert_eq!(peer.asked().len(), 1);
    let refused = plans::retry(&business.app, &item.id).await.unwrap_err();
    assert_eq!(refused.code(), Code::Removed);
}

#[tokio::test]
async fn a_right_token_sends_at_once_what_failed_with_the_wrong_one() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::opens().await;
    let mango = business.connects("mango", &peer, json!({"token": "wrong"})).await;
    business.talks("c1").await;
    business.delivers().await;
    assert_eq!(business.only().await.error, "Mango does not accept the token; copy it again from Mango's cabinet");
    business.changes(&mango, json!({"token": crate::mango::TOKEN})).await;
    business.delivers().await;
    assert_eq!(business.only().await.state, DeliveryState::Sent);
}
