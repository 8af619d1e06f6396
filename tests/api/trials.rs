//! Trial calls: one's own screen rings without any PBX, and nothing of it is left.

use ringcard::app::integrations::trial;
use ringcard::app::memory::trial_player::TrialCall;
use serde_json::{Value, json};

use crate::support::office::Office;
use crate::support::{TestApp, client};

/// Plays a short talk.
fn plays(crm: &TestApp) {
    let url = format!("{}/pbx", crm.url);
    crm.app.trial_player.set(Box::new(move |call| drop(tokio::spawn(talk(url.clone(), call)))));
}

async fn talk(url: String, call: TrialCall) {
    let mut kept = true;
    for kind in ["INCOMING", "ACCEPTED", "COMPLETED"] {
        let form = [
            ("crm_token", call.crm_token.as_str()),
            ("cmd", "event"),
            ("type", kind),
            ("callid", "trial-1"),
            ("phone", &call.client),
            ("user", &call.account),
        ];
        kept &= client().post(&url).form(&form).send().await.unwrap().status() == 200;
    }
    call.rang.send(kept).unwrap();
}

async fn items(office: &Office, list: &str) -> Vec<Value> {
    office.admin.reads(&format!("/api/{list}")).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_trial_rings_its_person_alone_is_no_work_for_anybody_and_is_gone_after_it() {
    let office = Office::opens().await;
    plays(&office.crm);
    let people = items(&office, "users").await;
    assert_eq!(office.admin.post("/api/trial", json!({})).await.status, 204);
    let call = office.call("trial-1").await;
    assert_eq!(
        (&call["is_trial"], &call["state"], &call["user"]["login"]),
        (&json!(true), &json!("answered"), &json!("admin"))
    );
    assert_eq!(items(&office, "webhooks").await.len(), 3);
    for (list, count) in [("missed", 0), ("contacts", 0), ("outbox", 0), ("integrations", 1)] {
        assert_eq!(items(&office, list).await.len(), count, "{list}");
    }
    office.clock.advance(60_000);
    trial::sweep(&office.app).await.unwrap();
    assert_eq!(items(&office, "calls").await.len(), 1, "its card may still stand");
    office.clock.advance(60_000);
    trial::sweep(&office.app).await.unwrap();
    assert_eq!((items(&office, "calls").await, items(&office, "webhooks").await), (vec![], vec![]));
    assert_eq!(items(&office, "users").await, people, "nobody has another line");
}

#[tokio::test]
async fn a_trial_that_nobody_plays_says_so_and_is_for_admins() {
    let office = Office::opens().await;
    assert_eq!(office.admin.post("/api/trial", json!({})).await.status, 503);
    assert_eq!(office.anna.post("/api/trial", json!({})).await.status, 403);
}
