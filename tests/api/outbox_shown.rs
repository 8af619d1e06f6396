//! The outbox as an admin and the call's own card show it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake_peer::{FakePeer, Reply};
use crate::mango::{ACCEPTED, TOKEN, documented};
use crate::support::office::Office;
use crate::support::pbx::on;

async fn connects(office: &Office, peer: &FakePeer) -> String {
    let settings = json!({"url": peer.url("/v1"), "token": TOKEN, "default_number": "+74951112233"});
    let made =
        office.admin.makes("/api/integrations", json!({"name": "m", "kind": "mango", "settings": settings})).await;
    made["id"].as_str().unwrap().to_owned()
}

/// The one item of the outbox, once the job has brought it to this state.
async fn item_in(office: &Office, state: &str) -> Value {
    let began = Instant::now();
    loop {
        let outbox = office.admin.reads(&format!("/api/outbox?state={state}")).await;
        if let Some(item) = outbox["items"].get(0) {
            return item.clone();
        }
        assert!(began.elapsed() < Duration::from_secs(10), "nothing is {state}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_shown_call_tells_how_it_went_out() {
    let office = Office::opens().await;
    let peer = FakePeer::answering(documented);
    let mango = connects(&office, &peer).await;
    let mut screen = office.anna.watches("").await;
    office.pbx.rings(on("c1", "anna")).await;
    office.pbx.picks_up(on("c1", "anna")).await;
    office.pbx.reports("in", "Success", "12", on("c1", "anna"), &[]).await;
    let mut last_rev = 0;
    loop {
        let card = screen.card().await;
        assert!(card["rev"].as_i64().unwrap() >= last_rev);
        last_rev = card["rev"].as_i64().unwrap();
        if card["deliveries"] == json!([{"integration": mango, "state": "sent"}]) {
            break;
        }
    }
    let call = office.call("c1").await;
    assert_eq!(call["deliveries"], json!([{"integration": mango, "state": "sent"}]));
    let item = item_in(&office, "sent").await;
    let expected = json!({
        "id": item["id"], "integration": mango, "call": call["id"], "state": "sent", "tries": 1,
        "next_at": null, "error": "", "why": null, "answer": ACCEPTED, "announced_at": "2026-03-01T09:00:00.000Z",
        "created_at": "2026-03-01T09:00:00.000Z", "changed_at": "2026-03-01T09:00:00.000Z",
    });
    assert_eq!(item, expected);
}

/// R11: what cannot be delivered is shown.
#[tokio::test]
async fn an_admin_sees_what_could_not_be_delivered_and_sends_it_again() {
    let office = Office::opens().await;
    let refusal = "{status: 'error', error: {code: 400, message: 'phoneTo'}}";
    let peer = FakePeer::always(Reply::ok(refusal));
    let mango = connects(&office, &peer).await;
    office.pbx.reports("in", "Success", "12", on("c1", "anna"), &[]).await;
    let item = item_in(&office, "failed").await;
    assert_eq!(item["error"], "Mango refused it: phoneTo (code 400)");
    assert_eq!(item["why"], json!({"code": "mango.said_number", "params": {"number": 400, "said": "phoneTo"}}));
    assert_eq!(item["answer"], refusal);
    let path = format!("/api/outbox/{}/retry", item["id"].as_str().unwrap());
    assert_eq!(office.anna.post(&path, json!({})).await.status, 403);
    assert_eq!(office.anna.get("/api/outbox").await.status, 403);
    let again = office.admin.post(&path, json!({})).await;
    assert_eq!((again.status, again.json()["state"].as_str()), (200, Some("pending")));
    item_in(&office, "failed").await;
    assert_eq!(peer.asked().len(), 2);
    assert_eq!(office.admin.post("/api/outbox/none/retry", json!({})).await.status, 404);
    for (query, count) in [(format!("integration={mango}"), 1), (format!("integration={}", office.integration), 0)] {
        let outbox = office.admin.reads(&format!("/api/outbox?{query}")).await;
        assert_eq!(outbox["items"].as_array().unwrap().len(), count);
    }
    assert_eq!(office.admin.get("/api/outbox?state=lost").await.status, 422);
}

#[tokio::test]
async fn the_outbox_comes_in_pages() {
    let office = Office::opens().await;
    connects(&office, &FakePeer::answering(documented)).await;
    for nth in 0..5 {
        office.clock.advance(1_000);
        office.pbx.reports("in", "Success", "0", on(&format!("c{nth}"), "anna"), &[]).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = office.admin.reads(&format!("/api/outbox?limit=2{cursor}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["created_at"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((seen.len(), seen), (5, sorted));
}
