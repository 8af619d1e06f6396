//! Who did what: kept with the act, shown to the admin, gone when it has had its time.

use ringcard::app::people::{setup, users};
use ringcard::app::upkeep::retention;
use serde_json::{Value, json};

use crate::support::office::{CRM_TOKEN, Office};
use crate::support::{Answer, TestApp};

const DAY_S: i64 = 24 * 3_600;

/// The audit, oldest first, from its last `count` entries.
async fn audit(office: &Office, count: usize) -> Vec<Value> {
    let page = office.admin.reads(&format!("/api/audit?limit={count}")).await;
    let mut entries = page["items"].as_array().unwrap().clone();
    entries.reverse();
    entries
}

/// What an entry says of an act, but for when and where.
fn told(entry: &Value) -> Value {
    json!([entry["action"], entry["by"]["login"], entry["about"]["name"], entry["role"], entry["fields"]])
}

async fn posts(crm: &TestApp, path: &str, body: Value) -> Answer {
    Answer::of(crm.http.post(format!("{}{path}", crm.url)).json(&body).send().await.unwrap()).await
}

/// R41: who signs in and who changes whom, with roles, keys, settings and what leaves.
#[actix_web::test]
async fn r41_what_people_do_stands_under_their_names() {
    let office = Office::opens().await;
    let admin = &office.admin;
    office.waits(1).await;
    let done = |answer: Answer| {
        assert!((200..300).contains(&answer.status), "{}", answer.text);
        // Of one instant the order is not kept.
        office.clock.advance(1000);
        answer
    };
    let vera = json!({"login": "vera", "role": "operator", "password": "correct horse battery"});
    done(admin.post("/api/users", vera).await);
    let vera = users::get_by_login(&office.app, "vera").await.unwrap().id;
    done(posts(&office, "/api/session", json!({"login": "Vera", "password": "correct horse battery"})).await);
    done(admin.patch(&format!("/api/users/{vera}"), json!({"role": "manager", "name": "Вера"})).await);
    done(admin.patch(&format!("/api/users/{vera}"), json!({"role": "manager"})).await);
    done(admin.post(&format!("/api/users/{vera}/invite"), json!({})).await);
    done(admin.delete(&format!("/api/users/{vera}")).await);
    let settings =
        json!({"name": "branch", "kind": "cloud-pbx", "settings": {"url": "http://127.0.0.1:9/x", "token": "t"}});
    let made = done(admin.post("/api/integrations", settings).await).json();
    let branch = format!("/api/integrations/{}", made["id"].as_str().unwrap());
    done(
        admin
            .patch(
                &branch,
                json!({"name": "second", "settings": {"token": "another", "crm_token": format!("2{CRM_TOKEN}")}}),
            )
            .await,
    );
    done(admin.post(&format!("{branch}/rotate-token"), json!({})).await);
    done(admin.delete(&branch).await);
    done(admin.patch("/api/settings", json!({"callback_min": 20, "retention": {"calls_d": 90}})).await);
    let contact = office.anna.post("/api/contacts", json!({"name": "Иван"})).await.json();
    done(admin.delete(&format!("/api/contacts/{}", contact["id"].as_str().unwrap())).await);
    done(admin.get("/api/contacts/export").await);
    done(admin.get("/api/calls/export").await);
    done(office.boris.delete("/api/session").await);

    let entries = audit(&office, 15).await;
    let expected = [
        json!(["user_made", "admin", "vera", "operator", []]),
        json!(["signed_in", "vera", null, null, []]),
        json!(["user_changed", "admin", "vera", "manager", ["name", "role"]]),
        json!(["user_changed", "admin", "vera", null, ["role"]]),
        json!(["user_invited", "admin", "vera", null, []]),
        json!(["user_disabled", "admin", "vera", null, []]),
        json!(["integration_made", "admin", "branch", null, []]),
        json!(["integration_changed", "admin", "branch", null, ["name", "token", "crm_token"]]),
        json!(["crm_token_made", "admin", "second", null, []]),
        json!(["integration_removed", "admin", "second", null, []]),
        json!(["settings_changed", "admin", null, null, ["callback_min", "retention"]]),
        json!(["contact_deleted", "admin", "", null, []]),
        json!(["contacts_exported", "admin", null, null, []]),
        json!(["calls_exported", "admin", null, null, []]),
        json!(["signed_out", "boris", null, null, []]),
    ];
    assert_eq!(entries.iter().map(told).collect::<Vec<_>>(), expected);
    assert!(entries.iter().all(|entry| entry["address"] == "127.0.0.1"), "{entries:?}");
    assert_eq!(entries[11]["about"]["id"], contact["id"]);
    let whole = office.admin.reads("/api/audit").await.to_string();
    assert!(!whole.contains("Иван") && !whole.contains("another") && !whole.contains("horse"), "{whole}");
}

/// What a command on the server does has no person; whoever comes by a link is the person it makes.
#[actix_web::test]
async fn a_command_has_no_name_and_a_link_has_its_persons() {
    let crm = TestApp::start().await;
    let token = setup::renew_link(&crm.app).await.unwrap().unwrap();
    let body = json!({"token": token, "login": "dasha", "password": "correct horse battery"});
    assert_eq!(posts(&crm, "/api/setup", body).await.status, 201);
    let office = Office::opens_in(crm, |_| crate::fake_peer::Reply::ok("")).await;
    let link = office.admin.post(&format!("/api/users/{}/invite", office.anna.id()), json!({})).await.json();
    let link = link["url"].as_str().unwrap();
    let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap();
    let body = json!({"token": token, "password": "correct horse battery"});
    assert_eq!(posts(&office, "/api/invite", body).await.status, 200);
    let entries: Vec<_> = audit(&office, 50).await;
    let of = |action: &str| entries.iter().find(|entry| entry["action"] == action).unwrap();
    assert_eq!(told(of("set_up"))[1], "dasha");
    assert_eq!(told(of("invite_accepted"))[1], "anna");
    let by_command = of("integration_made");
    assert_eq!((&by_command["by"], &by_command["address"]), (&Value::Null, &Value::Null));
}

/// It comes by the page; only an admin reads it; after its days it goes.
#[actix_web::test]
async fn it_is_paged_and_has_its_time() {
    let mut office = Office::opens().await;
    for minutes in [10, 20] {
        office.waits(1).await;
        office.sets(json!({"callback_min": minutes})).await;
    }
    let all = audit(&office, 200).await;
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = office.admin.reads(&format!("/api/audit?limit=1{cursor}")).await;
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    paged.reverse();
    assert_eq!((paged.len(), &paged), (3, &all));
    assert_eq!(office.anna.get("/api/audit").await.status, 403);

    office.sets(json!({"retention": {"audit_d": 365}})).await;
    office.waits(365 * DAY_S - 1).await;
    assert_eq!(retention::sweep(&office.app).await.unwrap().audit, 1, "the connection is two seconds older");
    office.waits(2).await;
    office.admin = office.signs_in_again("admin").await;
    assert_eq!(retention::sweep(&office.app).await.unwrap().audit, 3);
    assert_eq!(audit(&office, 200).await, Vec::<Value>::new());
}
