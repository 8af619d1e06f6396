//! Every route there is: in the document, and closed to whoever has not the role.

use reqwest::StatusCode;
use ringcard::app::people::api_tokens::{self, TokenDraft};
use ringcard::app::people::draft::UserDraft;
use ringcard::app::people::{sessions, users};
use ringcard::domain::user::Role;
use ringcard::http::{Entry, ROUTES, openapi};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::support::TestApp;

/// Pages are for people, not for programs.
fn is_page(entry: &Entry) -> bool {
    [
        "/",
        "/calls",
        "/missed",
        "/contacts",
        "/contacts/{id}",
        "/reports",
        "/settings",
        "/settings/{part}",
        "/card",
        "/login",
        "/invite",
        "/setup",
        "/worker.js",
        "/static/{path:.*}",
    ]
    .contains(&entry.path)
}

#[test]
fn every_route_stands_in_the_document_and_nothing_else_does() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut written = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        written.extend(item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let mut served: Vec<String> =
        ROUTES.iter().filter(|entry| !is_page(entry)).map(|entry| format!("{} {}", entry.method, entry.path)).collect();
    written.sort();
    served.sort();
    assert_eq!(written, served);
}

#[test]
fn the_document_says_what_needs_a_session() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    assert_eq!(document["security"], json!([{"session": []}, {"token": []}]));
    for entry in ROUTES.iter().filter(|entry| !is_page(entry)) {
        let operation = &document["paths"][entry.path][entry.method.as_str().to_lowercase()];
        let is_open = operation["security"] == json!([{}]);
        assert_eq!(is_open, entry.least.is_none(), "{} {}: {}", entry.method, entry.path, operation["security"]);
        let is_for_sessions = operation["security"] == json!([{"session": []}]);
        assert_eq!(is_for_sessions, entry.in_person, "{} {}: {}", entry.method, entry.path, operation["security"]);
    }
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut names: Vec<&str> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "{names:?}");
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn r35_every_route_is_closed_to_whoever_has_not_the_role() {
    let crm = TestApp::start().await;
    // Trial calls come through.
    crm.app.trial_player.set(Box::new(|call| assert!(call.rang.send(true).is_ok())));
    for role in [None, Some(Role::Operator), Some(Role::Manager), Some(Role::Admin)] {
        let proofs = match role {
            Some(role) => proofs_of(&crm, role).await,
            None => [("cookie", String::new()), ("authorization", String::new())],
        };
        for entry in ROUTES.iter().filter(|entry| !is_page(entry) && entry.path != "/pbx") {
            // What ends the session of the walk stands last in it.
            if entry.path == "/api/session" && entry.method.as_str() == "DELETE" {
                continue;
            }
            for proof in &proofs {
                let status = ask(&crm, entry, proof).await;
                let place = format!("{} {} for {role:?} by {}: {status}", entry.method, entry.path, proof.0);
                let is_refused = entry.in_person && proof.0 == "authorization";
                match (entry.least, role) {
                    (None, _) => {}
                    (Some(_), None) => assert_eq!(status, StatusCode::UNAUTHORIZED, "{place}"),
                    (Some(least), Some(role)) if role < least || is_refused => {
                        assert_eq!(status, StatusCode::FORBIDDEN, "{place}");
                    }
                    (Some(_), Some(_)) => {
                        assert_ne!(status, StatusCode::UNAUTHORIZED, "{place}");
                        assert_ne!(status, StatusCode::FORBIDDEN, "{place}");
                        assert!(!status.is_server_error(), "{place}");
                    }
                }
            }
        }
    }
}

/// What somebody with this role proves himself with: a cookie, and a token.
async fn proofs_of(crm: &TestApp, role: Role) -> [(&'static str, String); 2] {
    let draft = UserDraft {
        login: format!("the-{}", role.as_str()),
        name: String::new(),
        role,
        password: Some(SecretString::from("correct horse battery")),
        lines: Vec::new(),
    };
    let (user, _) = users::create(&crm.app, draft).await.unwrap();
    let draft = TokenDraft { name: "walk".to_owned(), role, expires_at: None };
    let (_, token) = api_tokens::make(&crm.app, &user, draft).await.unwrap();
    let cookie = format!("ringcard={}", sessions::begin(&crm.app, &user.id).await.unwrap());
    [("cookie", cookie), ("authorization", format!("Bearer {}", token.expose_secret()))]
}

/// An empty object to an id that nothing has: whoever is let in is told so, and nothing changes.
async fn ask(crm: &TestApp, entry: &Entry, (header, proof): &(&str, String)) -> StatusCode {
    let path = entry.path.replace("{id}", "01900000-0000-7000-8000-000000000000");
    let request = crm.http.request(entry.method.as_str().parse().unwrap(), format!("{}{path}", crm.url));
    request.header(*header, proof).json(&json!({})).send().await.unwrap().status()
}
