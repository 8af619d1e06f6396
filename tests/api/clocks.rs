//! Nodes whose clocks differ, on one PostgreSQL: what one of them writes down of time is true on the other.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ringcard::app::integrations;
use ringcard::app::upkeep::doctor;
use ringcard::app::upkeep::findings::Subject;
use ringcard::clock::Clock;
use ringcard::domain::integration::Kind;
use serde_json::{Value, json};

use crate::fake_peer::FakePeer;
use crate::mango::{TOKEN, documented};
use crate::support::TestApp;
use crate::support::calltracking::{OURS, members};
use crate::support::office::CRM_TOKEN;
use crate::support::pbx::{Pbx, on};
use crate::support::place::Place;

/// How far one node's clock is wrong.
const WRONG_MS: i64 = 5 * 60_000;
/// How long Mango takes for its answer: so long does a lease matter.
const SLOW: Duration = Duration::from_millis(1_500);
/// A lease, and as much again as what stands in the same lane may take.
const STUCK: Duration = Duration::from_secs(45);

/// How often each call was sent.
fn sent(peer: &FakePeer) -> BTreeMap<String, usize> {
    let mut sent = BTreeMap::new();
    for asked in peer.asked() {
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        *sent.entry(body["callId"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    sent
}

async fn talks(node: &TestApp, callids: &[&str]) {
    let pbx = Pbx::new(node, CRM_TOKEN);
    for callid in callids {
        pbx.reports("in", "Success", "10", on(callid, "anna"), &[("diversion", OURS)]).await;
    }
}

async fn until_sent(peer: &FakePeer, count: usize, limit: Duration) {
    let began = Instant::now();
    while sent(peer).len() < count {
        assert!(began.elapsed() < limit, "not within {limit:?}: {:?}", sent(peer));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn nodes_whose_clocks_differ_send_each_call_once_and_leave_none() {
    let place = Place::postgres();
    let peer = FakePeer::answering(|asked| {
        std::thread::sleep(SLOW);
        documented(asked)
    });
    let here = TestApp::start_at_by(place.location.clone(), Clock::wrong_by(0));
    let pbx = json!({"url": "http://127.0.0.1:1/", "token": "unused", "crm_token": CRM_TOKEN});
    integrations::add(&here.app, Kind::CloudPbx, "pbx", members(pbx)).await.unwrap();
    let mango = json!({"url": peer.url("/v1"), "token": TOKEN});
    integrations::add(&here.app, Kind::Mango, "mango", members(mango)).await.unwrap();
    let mut there = here.start_beside(Clock::wrong_by(WRONG_MS));

    talks(&here, &["a1", "a2", "a3"]).await;
    talks(&there, &["b1", "b2", "b3"]).await;
    until_sent(&peer, 6, STUCK).await;
    tokio::time::sleep(2 * SLOW).await;
    let once = ["a1", "a2", "a3", "b1", "b2", "b3"].map(|callid| (callid.to_owned(), 1));
    assert_eq!(sent(&peer), BTreeMap::from(once));

    // What the node left that was ahead is due to the other one now, and what it was at, when its lease ends.
    talks(&there, &["c1", "c2", "c3", "c4"]).await;
    there.stops();
    until_sent(&peer, 10, STUCK).await;
}

/// What the doctor says of the clocks, as soon as it is this.
async fn until_told(node: &TestApp, proof: Option<&str>) {
    let began = Instant::now();
    loop {
        let found = doctor::examine(&node.app).await;
        let found = found.iter().find(|one| one.code == Subject::Clock);
        if found.map(|one| one.proof.as_str()) == proof {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{found:?}, not {proof:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn the_doctor_says_that_the_clocks_differ_until_they_do_not() {
    let place = Place::postgres();
    let node = TestApp::start_at_by(place.location.clone(), Clock::wrong_by(WRONG_MS));
    let is_right = |node: &TestApp| (node.clock.now_ms() - Clock::wrong_by(0).now_ms()).abs() < 1_000;
    let apart = "this machine's clock and the database's are 300 s apart; what is kept goes by the database's";
    until_told(&node, Some(apart)).await;
    assert!(is_right(&node), "it goes by the database's");
    node.clock.advance(1_500 - WRONG_MS);
    until_told(&node, None).await;
    assert!(is_right(&node));
    node.clock.advance(-1_500 - WRONG_MS);
    until_told(&node, Some(apart)).await;
    assert!(is_right(&node));
}
