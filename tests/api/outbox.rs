//! Which calls go out to Mango, when, and as what (M03, M05).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringcard::app::outbox::plan as plans;
use ringcard::domain::delivery::DeliveryState;
use serde_json::json;

use crate::fake_peer::{FakePeer, Reply};
use crate::mango::{ACCEPTED, documented};
use crate::support::calltracking::{Calltracking, OURS, body, lines};

const POST: &str = "POST externalCall";
const LINK: &str = "https://pbx.example.org/a.mp3";

#[tokio::test]
async fn a_call_goes_out_when_its_history_has_come_and_its_link_in_the_same_request() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    business.event("INCOMING", "c1", &[("diversion", OURS)]).await;
    business.event("ACCEPTED", "c1", &[]).await;
    business.waits(10_000).await;
    business.event("COMPLETED", "c1", &[]).await;
    business.delivers_after(2_000).await;
    assert_eq!(lines(&peer), [""; 0], "its history is still to come");
    business.reports("in", "c1", &[("link", LINK)]).await;
    business.delivers().await;
    assert_eq!(lines(&peer), [POST]);
    let expected = json!({
        "callId": "c1", "dateStart": "2026-03-01T09:00:00Z", "dateEnd": "2026-03-01T09:00:10Z",
        "phoneTo": "+74951112233", "phoneFrom": "+79101234567", "recordLink": LINK,
    });
    assert_eq!(body(&peer, 0), expected);
    let item = business.only().await;
    assert_eq!((item.state, item.tries, item.answer.as_str()), (DeliveryState::Sent, 1, ACCEPTED));
    assert_eq!(business.deliveries("c1").await, json!(["sent"]));
    business.reports("in", "c1", &[("link", LINK)]).await;
    business.delivers_after(3_600_000).await;
    assert_eq!(lines(&peer), [POST], "what has come twice goes out once");
}

#[tokio::test]
async fn a_missed_call_goes_out_when_it_is_settled() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    business.event("INCOMING", "c1", &[("diversion", OURS)]).await;
    business.waits(7_000).await;
    business.event("CANCELLED", "c1", &[]).await;
    business.delivers_after(4_000).await;
    assert_eq!(lines(&peer), [""; 0], "somebody of the group may still have picked up");
    business.delivers_after(2_000).await;
    let expected = json!({
        "callId": "c1", "dateStart": "2026-03-01T09:00:00Z", "dateEnd": "2026-03-01T09:00:07Z",
        "phoneTo": "+74951112233", "phoneFrom": "+79101234567", "recordLink": "",
    });
    assert_eq!(body(&peer, 0), expected);
}

#[tokio::test]
async fn a_talk_without_a_history_goes_out_after_a_minute() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    business.event("INCOMING", "c1", &[("diversion", OURS)]).await;
    business.event("COMPLETED", "c1", &[]).await;
    business.delivers_after(59_000).await;
    business.event("COMPLETED", "c1", &[]).await;
    assert_eq!(lines(&peer), [""; 0]);
    business.delivers_after(1_000).await;
    assert_eq!(lines(&peer), [POST]);
}

#[tokio::test]
async fn an_outgoing_call_is_told_the_other_way_round() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({"default_number": "8 (495) 999-88-77"})).await;
    business.reports("out", "c1", &[("diversion", OURS)]).await;
    business.delivers().await;
    business.reports("out", "c2", &[]).await;
    business.delivers().await;
    let numbers = |nth| (body(&peer, nth)["phoneTo"].clone(), body(&peer, nth)["phoneFrom"].clone());
    assert_eq!(numbers(0), (json!("+79101234567"), json!("+74951112233")));
    assert_eq!(numbers(1), (json!("+79101234567"), json!("+74959998877")));
}

#[tokio::test]
async fn every_outcome_goes_out_and_a_client_without_a_number_too() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({"default_number": OURS})).await;
    let report = |kind, status, phone, callid| {
        [
            ("cmd", "history"),
            ("type", kind),
            ("user", "anna"),
            ("phone", phone),
            ("callid", callid),
            ("status", status),
            ("duration", "0"),
        ]
    };
    for status in ["Busy", "NotAvailable", "NotAllowed", "NotFound", "Cancel"] {
        business.hears(&report("out", status, "79101234567", status), &[]).await;
    }
    business.hears(&report("in", "missed", "anonymous", "hidden"), &[]).await;
    business.delivers().await;
    assert_eq!(lines(&peer), [POST; 6]);
    let hidden = (0..6).map(|nth| body(&peer, nth)).find(|body| body["callId"] == "hidden").unwrap();
    assert_eq!((&hidden["phoneTo"], &hidden["phoneFrom"]), (&json!("+74951112233"), &json!("")));
}

#[tokio::test]
async fn a_link_that_comes_later_follows_by_itself_and_a_changed_one_again() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c/1").await;
    business.delivers().await;
    for link in ["https://pbx.example.org/a.mp3", "https://pbx.example.org/b.mp3", "https://pbx.example.org/b.mp3"] {
        business.reports("in", "c/1", &[("link", link)]).await;
        assert!(business.only().await.announced_at.is_some());
        business.delivers().await;
    }
    let put = "PUT externalCall/c%2F1";
    assert_eq!(lines(&peer), [POST, put, put]);
    assert_eq!(body(&peer, 0)["recordLink"], "");
    assert_eq!(body(&peer, 1), json!({"recordLink": "https://pbx.example.org/a.mp3"}));
    assert_eq!(body(&peer, 2), json!({"recordLink": "https://pbx.example.org/b.mp3"}));
    assert_eq!(business.deliveries("c/1").await, json!(["sent"]));
}

#[tokio::test]
async fn no_recording_goes_before_its_call_was_accepted() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let peer = FakePeer::answering(
        move |asked| {
            if up.load(Ordering::SeqCst) { documented(asked) } else { Reply::status(503, "") }
        },
    );
    let business = Calltracking::with(&peer, json!({})).await;
    business.talks("c1").await;
    business.delivers().await;
    business.reports("in", "c1", &[("link", LINK)]).await;
    business.delivers().await;
    assert_eq!(lines(&peer), [POST], "the link changes nothing of when to try again");
    is_up.store(true, Ordering::SeqCst);
    business.delivers_after(2_000).await;
    assert_eq!(lines(&peer), [POST, POST]);
    assert_eq!(body(&peer, 1)["recordLink"], LINK);
}

#[tokio::test]
async fn without_a_number_of_ours_it_cannot_be_delivered_and_says_so() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::opens().await;
    let mango = business.connects("mango", &peer, json!({})).await;
    business.reports("in", "c1", &[]).await;
    business.delivers().await;
    let item = business.only().await;
    assert_eq!((item.state, item.tries, item.next_at), (DeliveryState::Failed, 0, None));
    assert!(item.error.contains("set default_number"), "{}", item.error);
    assert_eq!(business.deliveries("c1").await, json!(["failed"]));
    business.changes(&mango, json!({"default_number": OURS})).await;
    plans::retry(&business.app, &item.id).await.unwrap();
    business.delivers().await;
    assert_eq!(body(&peer, 0)["phoneTo"], "+74951112233");
}

#[tokio::test]
async fn a_number_that_comes_later_delivers_what_could_not_be() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    business.reports("in", "c1", &[]).await;
    business.delivers().await;
    business.reports("in", "c1", &[("diversion", OURS)]).await;
    business.delivers().await;
    assert_eq!(body(&peer, 0)["phoneTo"], "+74951112233");
}

#[tokio::test]
async fn each_mango_gets_the_directions_that_it_takes() {
    let (incoming, outgoing, both) =
        (FakePeer::answering(documented), FakePeer::answering(documented), FakePeer::answering(documented));
    let business = Calltracking::opens().await;
    business.connects("in", &incoming, json!({"directions": "in"})).await;
    business.connects("out", &outgoing, json!({"directions": "out"})).await;
    business.connects("both", &both, json!({"directions": "both"})).await;
    business.reports("in", "in", &[("diversion", OURS)]).await;
    business.reports("out", "out", &[("diversion", OURS)]).await;
    business.delivers().await;
    let told = |peer: &FakePeer| {
        let mut ids: Vec<_> = (0..peer.asked().len()).map(|nth| body(peer, nth)["callId"].clone()).collect();
        ids.sort_by_key(ToString::to_string);
        ids
    };
    assert_eq!((told(&incoming), told(&outgoing)), (vec![json!("in")], vec![json!("out")]));
    assert_eq!(told(&both), [json!("in"), json!("out")]);
}

#[tokio::test]
async fn calls_before_the_integration_are_none_of_its_business() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::opens().await;
    business.event("INCOMING", "c1", &[("diversion", OURS)]).await;
    business.clock.advance(1);
    business.connects("mango", &peer, json!({})).await;
    business.waits(10_000).await;
    business.event("COMPLETED", "c1", &[]).await;
    business.reports("in", "c1", &[("start", "20260301T090000Z")]).await;
    business.delivers().await;
    assert!(business.outbox().await.is_empty());
}

#[tokio::test]
async fn a_call_that_goes_on_again_waits_for_its_end() {
    let peer = FakePeer::answering(documented);
    let business = Calltracking::with(&peer, json!({})).await;
    business.event("INCOMING", "c1", &[("diversion", OURS)]).await;
    business.event("CANCELLED", "c1", &[]).await;
    business.waits(6_000).await;
    business.event("ACCEPTED", "c1", &[]).await;
    business.delivers().await;
    assert_eq!(lines(&peer), [""; 0]);
    assert_eq!(business.only().await.next_at, None);
    business.waits(30_000).await;
    business.event("COMPLETED", "c1", &[]).await;
    business.reports("in", "c1", &[]).await;
    business.delivers().await;
    assert_eq!(lines(&peer), [POST]);
    assert_eq!(body(&peer, 0)["dateEnd"], "2026-03-01T09:00:36Z");
}
