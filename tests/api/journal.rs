//! The journal: every push as it came, its token masked, and what was made of it.

use serde_json::{Value, json};

use crate::support::office::{CRM_TOKEN, Office, at};
use crate::support::pbx::{CLIENT, on};

async fn journal(office: &Office) -> Vec<Value> {
    office.admin.reads("/api/webhooks").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_kept_push_stands_in_it_with_its_call_and_without_its_token() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    let rows = journal(&office).await;
    let row = json!({
        "id": rows[0]["id"], "integration": office.integration, "received_at": at(0), "cmd": "event",
        "content_type": "application/x-www-form-urlencoded",
        "body": format!("cmd=event&type=INCOMING&user=anna&phone={CLIENT}&callid=c&crm_token=***"),
        "status": 200, "why": [], "detail": "", "call": office.call("c").await["id"],
    });
    assert_eq!(rows, [row]);
}

/// R21.
#[tokio::test]
async fn a_refused_push_stands_in_it_with_the_reason() {
    let office = Office::opens().await;
    let push = [("cmd", "event"), ("type", "INCOMING"), ("user", "anna"), ("phone", CLIENT)];
    assert_eq!(office.pbx.says(&push).await.status, 400);
    let rows = journal(&office).await;
    assert_eq!((rows.len(), &rows[0]["status"], &rows[0]["call"]), (1, &json!(400), &json!(null)));
    let why = json!([{"code": "member_missing", "params": {"member": "callid"}}]);
    assert_eq!((&rows[0]["why"], &rows[0]["detail"]), (&why, &json!("callid is missing")));
}

#[tokio::test]
async fn a_json_push_is_masked_too_and_a_wrong_token_is_not_kept_at_all() {
    let office = Office::opens().await;
    let push = json!({"cmd": "event", "type": "INCOMING", "user": "anna", "phone": CLIENT, "callid": "c", "crm_token": CRM_TOKEN});
    assert_eq!(office.pbx.posts("application/json", push.to_string()).await.status, 200);
    let twice = format!(
        "cmd=event&type=ACCEPTED&user=anna&phone={CLIENT}&callid=c&x-{CRM_TOKEN}=1&pc=a{CRM_TOKEN}z&crm_token={CRM_TOKEN}"
    );
    assert_eq!(office.pbx.posts("application/x-www-form-urlencoded", twice).await.status, 200);
    let wrong = push.to_string().replace(CRM_TOKEN, "another-token-0123456789");
    assert_eq!(office.pbx.posts("application/json", wrong).await.status, 401);
    let text = office.admin.get("/api/webhooks").await.text;
    assert!(!text.contains(CRM_TOKEN) && !text.contains("another-token"), "{text}");
    assert!(text.contains("pc=a***z"), "{text}");
    assert_eq!(journal(&office).await.len(), 2);
}

#[tokio::test]
async fn contact_is_journaled_behind_its_answer() {
    let office = Office::opens().await;
    office.pbx.asks_who(CLIENT).await;
    for _ in 0..200 {
        if let [row] = &journal(&office).await[..] {
            assert_eq!((&row["cmd"], &row["status"]), (&json!("contact"), &json!(200)));
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it was never journaled");
}

#[tokio::test]
async fn a_replay_changes_nothing_that_is_there_already() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    let (call, row) = (office.call("c").await, journal(&office).await[0].clone());
    office.clock.advance(60_000);
    let again = office.admin.post(&format!("/api/webhooks/{}/replay", row["id"].as_str().unwrap()), json!({})).await;
    assert_eq!((again.status, again.json()), (200, row.clone()));
    assert_eq!(office.call("c").await, call);
    assert_eq!(journal(&office).await, [row]);
    assert_eq!(office.admin.post("/api/webhooks/none/replay", json!({})).await.status, 404);
}

#[tokio::test]
async fn only_an_admin_reads_it_page_by_page() {
    let office = Office::opens().await;
    for callid in ["a", "b", "c"] {
        office.pbx.rings(on(callid, "anna")).await;
        office.clock.advance(1000);
    }
    assert_eq!(office.anna.get("/api/webhooks").await.status, 403);
    let first = office.admin.reads("/api/webhooks?limit=2").await;
    let second = office.admin.reads(&format!("/api/webhooks?limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    let whole: Vec<_> = [&first, &second].iter().flat_map(|page| page["items"].as_array().unwrap().clone()).collect();
    assert_eq!(whole, journal(&office).await);
    assert_eq!((whole.len(), &second["next"]), (3, &json!(null)));
}
