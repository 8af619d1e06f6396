//! API tokens: what programs prove themselves with.

use reqwest::Method;
use ringcard::app::people::{api_tokens, users};
use ringcard::store::tables;
use serde_json::{Value, json};

use crate::support::office::{Office, at};
use crate::support::{Answer, NOW_MS, TestApp};

/// A token that the admin makes.
async fn makes(office: &Office, body: Value) -> Value {
    let made = office.admin.post("/api/tokens", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()
}

/// A program asks with this token, as no browser does.
async fn asks(crm: &TestApp, method: Method, path: &str, token: &str, body: Value) -> Answer {
    let request = crm.http.request(method, format!("{}{path}", crm.url)).header("authorization", token);
    Answer::of(request.json(&body).send().await.unwrap()).await
}

async fn reads(crm: &TestApp, path: &str, token: &Value) -> u16 {
    let token = format!("Bearer {}", token["token"].as_str().unwrap());
    asks(crm, Method::GET, path, &token, Value::Null).await.status
}

#[actix_web::test]
async fn a_program_does_what_its_token_lets_it_under_its_makers_name() {
    let office = Office::opens().await;
    let made = makes(&office, json!({"name": " Сайт ", "role": "manager", "expires_at": at(3600)})).await;
    let token = made["token"].as_str().unwrap().to_owned();
    let shown = json!({"id": made["id"], "name": "Сайт", "role": "manager", "user": office.admin.appears,
        "made_at": at(0), "last_used_at": null, "expires_at": at(3600)});
    assert_eq!(office.admin.reads("/api/tokens").await, json!({"items": [shown], "next": null}));

    let bearer = format!("bearer {token}");
    let me = asks(&office, Method::GET, "/api/session", &bearer, Value::Null).await.json();
    assert_eq!((&me["login"], &me["role"]), (&json!("admin"), &json!("manager")));
    office.clock.advance(5_000);
    let contact = asks(&office, Method::POST, "/api/contacts", &bearer, json!({"name": "Иван"})).await;
    assert_eq!(contact.status, 201, "{}", contact.text);
    let contact = format!("/api/contacts/{}", contact.json()["id"].as_str().unwrap());
    assert_eq!(asks(&office, Method::DELETE, &contact, &bearer, Value::Null).await.status, 204);
    let entry = office.admin.reads("/api/audit?limit=1").await["items"][0].clone();
    assert_eq!(
        json!([entry["action"], entry["by"], entry["token"]]),
        json!(["contact_deleted", office.admin.appears, "Сайт"])
    );

    assert_eq!(office.admin.reads("/api/tokens").await["items"][0]["last_used_at"], at(5));
    // Other nodes read it from the store.
    api_tokens::keep_uses(&office.app).await.unwrap();
    let kept = office.app.store.show(tables::api_tokens::list).await.unwrap();
    assert_eq!(kept[0].last_used_ms, Some(NOW_MS + 5_000));
}

#[actix_web::test]
async fn a_token_is_valid_until_its_time_its_end_or_its_persons() {
    let office = Office::opens().await;
    let short = makes(&office, json!({"name": "short", "role": "operator", "expires_at": at(60)})).await;
    let ended = makes(&office, json!({"name": "ended", "role": "operator"})).await;
    assert_eq!(
        (reads(&office, "/api/contacts", &short).await, reads(&office, "/api/contacts", &ended).await),
        (200, 200)
    );
    let path = format!("/api/tokens/{}", ended["id"].as_str().unwrap());
    assert_eq!((office.admin.delete(&path).await.status, office.admin.delete(&path).await.status), (204, 404));
    office.clock.advance(60_000);
    assert_eq!(
        (reads(&office, "/api/contacts", &short).await, reads(&office, "/api/contacts", &ended).await),
        (401, 401)
    );

    // Whoever loses his role takes it from his tokens, and whoever goes ends them.
    let vera = json!({"login": "vera", "role": "admin", "password": "correct horse battery"});
    let vera = office.admin.post("/api/users", vera).await.json()["id"].as_str().unwrap().to_owned();
    let user = users::get(&office.app, &vera).await.unwrap();
    let draft = api_tokens::TokenDraft { name: "hers".to_owned(), role: user.role, expires_at: None };
    let (_, secret) = api_tokens::make(&office.app, &user, draft).await.unwrap();
    let hers = json!({"token": secrecy::ExposeSecret::expose_secret(&secret)});
    assert_eq!(reads(&office, "/api/webhooks", &hers).await, 200);
    assert_eq!(office.admin.patch(&format!("/api/users/{vera}"), json!({"role": "operator"})).await.status, 200);
    assert_eq!(
        (reads(&office, "/api/webhooks", &hers).await, reads(&office, "/api/contacts", &hers).await),
        (403, 200)
    );
    assert_eq!(office.admin.delete(&format!("/api/users/{vera}")).await.status, 204);
    assert_eq!(reads(&office, "/api/contacts", &hers).await, 401);
}

#[actix_web::test]
async fn what_is_no_token_proves_nothing_and_a_cookie_does_not_help_it() {
    let office = Office::opens().await;
    let made = makes(&office, json!({"name": "a", "role": "admin"})).await;
    let token = made["token"].as_str().unwrap();
    for (header, status) in [
        (format!("Bearer {token}"), 200),
        (format!("Bearer {token}x"), 401),
        (format!("Bearer {}", "A".repeat(43)), 401),
        ("Bearer ".to_owned(), 401),
        // A proxy's own.
        ("Basic YTpi".to_owned(), 200),
    ] {
        let answer = office.admin.asks(Method::GET, "/api/webhooks").header("authorization", &header).send().await;
        assert_eq!(answer.unwrap().status().as_u16(), status, "{header}");
    }
    // It makes no other, and ends none.
    let bearer = format!("Bearer {token}");
    let refused = asks(&office, Method::POST, "/api/tokens", &bearer, json!({"name": "b", "role": "operator"})).await;
    assert_eq!((refused.status, &refused.json()["why"]["code"]), (403, &json!("api_token")));
    if office.is_embedded() {
        let store = std::fs::read(office.app.config.data_dir.join("ringcard.db")).unwrap();
        let log = std::fs::read(office.app.config.data_dir.join("ringcard.db-wal")).unwrap_or_default();
        let holds = |bytes: &[u8]| bytes.windows(token.len()).any(|part| part == token.as_bytes());
        assert!(!holds(&store) && !holds(&log), "the token stands in the store in clear");
    }
}

#[actix_web::test]
async fn what_cannot_be_made_is_named() {
    let office = Office::opens().await;
    for (body, field, code) in [
        (json!({"name": " ", "role": "operator"}), "name", "required"),
        (json!({"name": "x".repeat(101), "role": "operator"}), "name", "too_long"),
        (json!({"name": "a", "role": "operator", "expires_at": at(0)}), "expires_at", "past"),
        (json!({"name": "a", "role": "operator", "expires_at": "tomorrow"}), "expires_at", "not_a_time"),
    ] {
        let refused = office.admin.post("/api/tokens", body.clone()).await;
        assert_eq!(refused.status, 422, "{body}");
        let error = &refused.json()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{body}");
    }
    assert_eq!(office.admin.reads("/api/tokens").await["items"], json!([]));
}
