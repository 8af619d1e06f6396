//! `/api/integrations`: the outside systems, their secrets and tokens.

use ringcard::app::people::sessions;
use serde_json::{Value, json};

use crate::fake_peer::Reply;
use crate::support::office::{CRM_TOKEN, Office, PBX_TOKEN};
use crate::support::pbx::{CLIENT, Pbx, on};
use crate::support::person::Person;

const NOW: &str = "2026-03-01T09:00:00.000Z";

fn accounts() -> Reply {
    Reply::ok(r#"[{"name":"anna","realName":"Анна Иванова","ext":"101"},{"name":"mike","realName":"Михаил"}]"#)
}

/// R30: a token is random and shown once; R39: secrets are write-only.
#[actix_web::test]
async fn an_integration_is_shown_without_its_secrets() {
    let office = Office::opens().await;
    let whole = json!({
        "id": office.integration,
        "name": "main",
        "kind": "cloud-pbx",
        "settings": {"url": office.peer.url("/sys/crm_api.wcgp"), "token": "set", "crm_token": "set"},
        "warning": null,
        "created_at": NOW,
        "crm_tokens": [{"created_at": NOW, "expires_at": null, "last_used_at": null}],
    });
    assert_eq!(office.admin.reads("/api/integrations").await, json!({"items": [whole], "next": null}));
    assert_eq!(office.admin.reads(&format!("/api/integrations/{}", office.integration)).await, whole);
    assert_eq!(office.peer.asked(), [], "adding never calls outside");

    office.clock.advance(1);
    let settings = json!({"url": "http://pbx.example.org/sys/crm_api.wcgp", "token": "another-key"});
    let made = office
        .admin
        .makes("/api/integrations", json!({"name": " second ", "kind": "cloud-pbx", "settings": settings}))
        .await;
    let second = json!({
        "id": made["id"],
        "name": "second",
        "kind": "cloud-pbx",
        "settings": {"url": "http://pbx.example.org/sys/crm_api.wcgp", "token": "set", "crm_token": "set"},
        "warning": {
            "detail": "the address is plain http: the key and the clients' numbers can be read on the way; use https",
            "why": {"code": "plain_http"},
        },
        "created_at": "2026-03-01T09:00:00.001Z",
        "crm_tokens": [{"created_at": "2026-03-01T09:00:00.001Z", "expires_at": null, "last_used_at": null}],
    });
    let mut shown_once = second.clone();
    shown_once["crm_token"] = made["crm_token"].clone();
    assert_eq!(made, shown_once);
    assert_eq!(made["crm_token"].as_str().unwrap().len(), 43, "256 random bits");
    assert_eq!(office.admin.reads("/api/integrations").await, json!({"items": [second, whole], "next": null}));
    let first_page = office.admin.reads("/api/integrations?limit=1").await;
    let next = first_page["next"].as_str().unwrap();
    let last_page = office.admin.reads(&format!("/api/integrations?limit=1&cursor={next}")).await;
    assert_eq!((&first_page["items"], last_page), (&json!([second]), json!({"items": [whole], "next": null})));
}

#[actix_web::test]
async fn only_an_admin_sees_integrations() {
    let office = Office::opens().await;
    let path = format!("/api/integrations/{}", office.integration);
    for path in ["/api/integrations", &path, &format!("{path}/accounts")] {
        assert_eq!(office.anna.get(path).await.status, 403, "{path}");
    }
    for path in ["/api/integrations", &format!("{path}/check"), &format!("{path}/rotate-token")] {
        assert_eq!(office.anna.post(path, json!({})).await.status, 403, "{path}");
    }
    assert_eq!(office.anna.patch(&path, json!({})).await.status, 403);
    assert_eq!(office.anna.delete(&path).await.status, 403);
}

/// R30: a token that the user brings has at least 20 characters.
#[actix_web::test]
async fn what_cannot_be_connected_is_named() {
    let office = Office::opens().await;
    let url = "https://pbx.example.org/sys/crm_api.wcgp";
    let good = json!({"url": url, "token": "key"});
    let refusals = [
        ("main", "cloud-pbx", good.clone(), 409, "name_taken", vec![]),
        (
            "x",
            "sipsim",
            json!({}),
            422,
            "invalid",
            vec!["settings.url", "settings.crm_name", "settings.crm_token", "settings.token"],
        ),
        ("x", "pbx", good.clone(), 422, "invalid", vec![""]),
        ("", "cloud-pbx", good.clone(), 422, "invalid", vec!["name"]),
        ("a=b", "cloud-pbx", good.clone(), 422, "invalid", vec!["name"]),
        ("x", "cloud-pbx", json!({}), 422, "invalid", vec!["settings.url", "settings.token"]),
        ("x", "cloud-pbx", json!({"url": url, "token": "set"}), 422, "invalid", vec!["settings.token"]),
        ("x", "cloud-pbx", json!({"url": url, "token": "key", "key": "x"}), 422, "invalid", vec!["settings"]),
        (
            "x",
            "cloud-pbx",
            json!({"url": url, "token": "key", "crm_token": "nineteen characters"}),
            422,
            "invalid",
            vec!["settings.crm_token"],
        ),
        (
            "x",
            "cloud-pbx",
            json!({"url": url, "token": "key", "crm_token": CRM_TOKEN}),
            422,
            "invalid",
            vec!["settings.crm_token"],
        ),
        ("x", "cloud-pbx", json!({"url": "ftp://x", "token": "key"}), 422, "invalid", vec!["settings.url"]),
        ("x", "cloud-pbx", json!({"url": "https://u:p@x/", "token": "key"}), 422, "invalid", vec!["settings.url"]),
        ("x", "cloud-pbx", json!({"url": "pbx.example.org", "token": "key"}), 422, "invalid", vec!["settings.url"]),
    ];
    for (name, kind, settings, status, code, fields) in refusals {
        let body = json!({"name": name, "kind": kind, "settings": settings});
        let answer = office.admin.post("/api/integrations", body.clone()).await;
        let problem = answer.json();
        let named: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!((answer.status, &problem["code"], named), (status, &json!(code), fields), "{body}");
    }
    assert_eq!(office.admin.reads("/api/integrations").await["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_change_keeps_the_secrets_that_it_does_not_bring() {
    let office = Office::opens_with(|_| accounts()).await;
    let path = format!("/api/integrations/{}", office.integration);
    let sent = async || {
        assert_eq!(office.admin.post(&format!("{path}/check"), json!({})).await.status, 200);
        let asked = office.peer.asked().pop().unwrap();
        (asked.line.split(' ').nth(1).unwrap().to_owned(), asked.form().pop().unwrap().1)
    };
    assert_eq!(sent().await, ("/sys/crm_api.wcgp".to_owned(), PBX_TOKEN.to_owned()));

    let url = office.peer.url("/other");
    let answer = office.admin.patch(&path, json!({"settings": {"url": url, "token": "set", "crm_token": "set"}})).await;
    assert_eq!((answer.status, &answer.json()["settings"]["url"]), (200, &json!(url)));
    assert_eq!(sent().await, ("/other".to_owned(), PBX_TOKEN.to_owned()));

    let answer = office.admin.patch(&path, json!({"settings": {"token": " new key "}, "name": "renamed"})).await;
    assert_eq!((answer.status, &answer.json()["name"]), (200, &json!("renamed")));
    assert_eq!(sent().await, ("/other".to_owned(), "new key".to_owned()));
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 200, "the crm_token stands");

    let other = json!({"name": "other", "kind": "cloud-pbx", "settings": {"url": url, "token": "key"}});
    office.admin.makes("/api/integrations", other).await;
    let taken = office.admin.patch(&path, json!({"name": "other"})).await;
    assert_eq!((taken.status, &taken.json()["code"]), (409, &json!("name_taken")));
    assert_eq!(office.admin.patch(&path, json!({"name": "renamed"})).await.status, 200);
    assert_eq!(office.admin.patch(&path, json!({"kind": "uis"})).await.status, 422);
    assert_eq!(office.admin.patch(&path, json!({"settings": {"url": "x"}})).await.status, 422);
    assert_eq!(office.admin.patch("/api/integrations/none", json!({})).await.status, 404);
}

/// R30: two are valid during rotation.
#[actix_web::test]
async fn a_new_token_leaves_the_old_one_valid_for_a_day() {
    let office = Office::opens().await;
    let path = format!("/api/integrations/{}/rotate-token", office.integration);
    let answer = office.admin.post(&path, json!({})).await;
    let issued = answer.json();
    let token = issued["crm_token"].as_str().unwrap();
    let whole = json!({"id": office.integration, "crm_token": token, "old_valid_until": "2026-03-02T09:00:00.000Z"});
    assert_eq!((answer.status, &issued), (200, &whole));
    let renewed = Pbx::new(&office.crm, token);
    assert_eq!(renewed.asks_who(CLIENT).await.status, 200);
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 200);

    office.clock.advance(23 * 3_600_000);
    // The admin's own session has ended by now.
    let session = sessions::begin(&office.app, office.admin.id()).await.unwrap();
    let admin = Person::with_session(&office.crm, &session, office.admin.appears.clone());
    let again = admin.post(&path, json!({})).await.json();
    let newest = Pbx::new(&office.crm, again["crm_token"].as_str().unwrap());
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 200, "a second change does not cut the promised day short");
    office.clock.advance(3_600_000);
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 401);
    assert_eq!(renewed.asks_who(CLIENT).await.status, 200);
    office.clock.advance(23 * 3_600_000);
    assert_eq!(renewed.asks_who(CLIENT).await.status, 401);
    assert_eq!(newest.asks_who(CLIENT).await.status, 200);
}

#[actix_web::test]
async fn a_token_brought_by_a_change_is_the_new_one() {
    let office = Office::opens().await;
    let path = format!("/api/integrations/{}", office.integration);
    let brought = "brought-by-hand-0123456789";
    let answer = office.admin.patch(&path, json!({"settings": {"crm_token": brought}})).await;
    assert_eq!((answer.status, &answer.json()["settings"]["crm_token"]), (200, &json!("set")));
    let renewed = Pbx::new(&office.crm, brought);
    assert_eq!((renewed.asks_who(CLIENT).await.status, office.pbx.asks_who(CLIENT).await.status), (200, 200));
    office.clock.advance(24 * 3_600_000);
    assert_eq!((renewed.asks_who(CLIENT).await.status, office.pbx.asks_who(CLIENT).await.status), (200, 401));
}

#[actix_web::test]
async fn what_is_let_go_is_void_at_once_and_its_calls_stay() {
    let office = Office::opens().await;
    let path = format!("/api/integrations/{}", office.integration);
    office.pbx.rings(on("c1", "anna")).await;
    let answer = office.admin.delete(&path).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 401);
    assert_eq!(office.admin.reads("/api/integrations").await, json!({"items": [], "next": null}));
    assert_eq!(office.admin.get(&path).await.status, 404);
    assert_eq!(office.admin.delete(&path).await.status, 404);
    assert_eq!(office.call("c1").await["legs"][0]["user"], office.anna.appears);
    assert_eq!(office.anna.reads("/api/session").await["lines"], json!([]));

    let settings = json!({"url": office.peer.url("/"), "token": "key", "crm_token": CRM_TOKEN});
    office.admin.makes("/api/integrations", json!({"name": "main", "kind": "cloud-pbx", "settings": settings})).await;
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 200, "name and token are free again");
}

#[actix_web::test]
async fn accounts_are_shown_with_those_whose_lines_they_are() {
    let office = Office::opens_with(|_| accounts()).await;
    let answer = office.admin.reads(&format!("/api/integrations/{}/accounts", office.integration)).await;
    let items = json!([
        {"account": "anna", "name": "Анна Иванова", "user": office.anna.appears},
        {"account": "mike", "name": "Михаил", "user": null},
    ]);
    assert_eq!(answer, json!({"items": items}));
}

#[actix_web::test]
async fn a_check_says_what_is_wrong_and_accounts_refuse_with_the_same_words() {
    let checked = async |reply: Reply| -> (Value, Value) {
        let office = Office::opens_with(move |_| reply.clone()).await;
        let path = format!("/api/integrations/{}", office.integration);
        let answer = office.admin.post(&format!("{path}/check"), json!({})).await;
        assert_eq!(answer.status, 200);
        (answer.json(), office.admin.get(&format!("{path}/accounts")).await.json())
    };
    let (check, _) = checked(accounts()).await;
    let works = json!({
        "ok": true, "detail": "the PBX answers and accepts the key; it names 2 employees",
        "why": {"code": "cloud_pbx.works", "params": {"employees": 2}},
    });
    assert_eq!(check, works);
    let key = "the PBX does not accept the key; copy it again from the PBX cabinet into the integration's token";
    let (check, problem) = checked(Reply::status(401, "{ error: \"Invalid token\" }")).await;
    let why = json!({"code": "cloud_pbx.key", "params": {}});
    assert_eq!(check, json!({"ok": false, "detail": key, "why": why}));
    let whole = json!({
        "type": "about:blank", "title": "Bad Gateway", "status": 502, "code": "peer_refused", "detail": key,
        "why": why, "errors": [],
    });
    assert_eq!(problem, whole);
    let (check, problem) = checked(Reply::HangUp).await;
    let cut = "the PBX cut the line before its answer was complete; try again";
    let why = json!({"code": "broke_off", "params": {"peer": "cloud-pbx"}});
    assert_eq!(check, json!({"ok": false, "detail": cut, "why": why}));
    assert_eq!((&problem["code"], &problem["why"]), (&json!("peer_unreachable"), &why));
}
