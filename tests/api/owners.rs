//! Whose a thing is: what an operator may change of his own, of another's, and of nobody's.

use reqwest::Method;
use ringcard::app::people::sessions;
use ringcard::app::people::users;
use ringcard::domain::user::Role;
use ringcard::http::ROUTES;
use serde_json::{Value, json};

use crate::support::office::{Office, at};
use crate::support::pbx::on;
use crate::support::person::Person;

/// Only whoever it is, and managers.
const OWNED: &[(&str, &str)] =
    &[("DELETE", "/api/promises/{id}"), ("PATCH", "/api/calls/{id}"), ("PATCH", "/api/promises/{id}")];

/// Everybody's work, or, as a card, each one's own by its nature.
const SHARED: &[(&str, &str)] = &[
    ("DELETE", "/api/numbers/{number}/block"),
    ("PATCH", "/api/contacts/{id}"),
    ("PATCH", "/api/missed/{id}"),
    ("POST", "/api/calls/{id}/dismiss"),
    ("POST", "/api/calls/{id}/recording/retry"),
    ("PUT", "/api/numbers/{number}/block"),
];

/// A thing of Anna's that this route changes, and how.
async fn of_anna(office: &Office, call: &str, path: &str) -> (String, Value) {
    if path.starts_with("/api/calls") {
        return (call.to_owned(), json!({"outcome": "", "promise": {"due_at": at(7200), "text": "прайс"}}));
    }
    let promise = json!({"number": "+79101234567", "due_at": at(3600), "text": "перезвонить"});
    let made = office.anna.post("/api/promises", promise).await;
    assert_eq!(made.status, 201, "{}", made.text);
    (made.json()["id"].as_str().unwrap().to_owned(), json!({"text": "позвонить"}))
}

async fn manager(office: &Office) -> Person {
    let vera = json!({"login": "vera", "role": "manager", "password": "correct horse battery"});
    assert_eq!(office.admin.post("/api/users", vera).await.status, 201);
    let user = users::get_by_login(&office.app, "vera").await.unwrap();
    Person::with_session(&office.crm, &sessions::begin(&office.app, &user.id).await.unwrap(), json!({"id": user.id}))
}

/// Whose it is not, and who is no admin, is told that there is none: `sessions.rs` looks at it.
const HIDDEN: &[(&str, &str)] = &[("DELETE", "/api/sessions/{id}")];

/// R35: each route × owner.
#[actix_web::test]
async fn r35_what_is_anothers_is_changed_by_managers_alone() {
    let mut found: Vec<(&str, &str)> = ROUTES
        .iter()
        .filter(|entry| entry.least == Some(Role::Operator) && entry.method != Method::GET.as_str())
        .filter(|entry| entry.path.contains('{'))
        .map(|entry| (entry.method.as_str(), entry.path))
        .collect();
    found.sort_unstable();
    let mut known = [OWNED, SHARED, HIDDEN].concat();
    known.sort_unstable();
    assert_eq!(found, known, "say of each whose it is");

    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "30", on("a", "anna"), &[]).await;
    let call = office.call("a").await["id"].as_str().unwrap().to_owned();
    let vera = manager(&office).await;
    let people = [("another", &office.boris), ("owner", &office.anna), ("manager", &vera), ("admin", &office.admin)];
    for (method, path) in OWNED {
        for (who, person) in people {
            let (id, change) = of_anna(&office, &call, path).await;
            let asked = person.asks(method.parse().unwrap(), &path.replace("{id}", &id)).json(&change);
            let status = asked.send().await.unwrap().status().as_u16();
            let place = format!("{method} {path} by {who}: {status}");
            assert_eq!(status == 403, who == "another", "{place}");
            assert!(status == 403 || (200..300).contains(&status), "{place}");
        }
    }
}
