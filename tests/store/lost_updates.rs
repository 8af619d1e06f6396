//! Two nodes on one PostgreSQL change different members of one thing at the same moment: neither change is lost.

use ringcard::app::clients::contacts as kept;
use ringcard::app::clients::draft::ContactPatch;
use ringcard::app::desk::contacts;
use ringcard::app::integrations;
use ringcard::app::people::draft::UserPatch;
use ringcard::app::people::users;
use ringcard::app::{App, settings};
use ringcard::domain::integration::Kind;
use ringcard::domain::user::{Line, Role};
use serde_json::{Map, Value, json};

use crate::pair::Pair;
use crate::people;

fn members(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_members_of_a_contact() {
    let nodes = Pair::start();
    nodes.here.store.write(|tx| people::put(tx, "a", "anna", "operator")).await.unwrap();
    let named = ContactPatch { name: Some("Иван".to_owned()), ..ContactPatch::default() };
    let id = contacts::create(&nodes.here, named).await.unwrap().id;
    let note = ContactPatch { note: Some("заметка".to_owned()), ..ContactPatch::default() };
    let company = ContactPatch { company: Some("Ромашка".to_owned()), ..ContactPatch::default() };
    let (here, of_here) = (nodes.here.clone(), id.clone());
    let first = async move { contacts::update(&here, "a", &of_here, note, ContactPatch::default()).await.map(drop) };
    nodes
        .overlap(first, async {
            contacts::update(&nodes.there, "a", &id, company, ContactPatch::default()).await.map(drop)
        })
        .await;
    let kept = kept::get(&nodes.fresh(), &id).await.unwrap();
    assert_eq!((kept.note.as_str(), kept.company.as_str()), ("заметка", "Ромашка"));
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_settings_of_an_integration() {
    let nodes = Pair::start();
    let settings = members(json!({"url": "https://mango.example.org/vpbx", "token": "secret"}));
    let id = integrations::add(&nodes.here, Kind::Mango, "mango", settings).await.unwrap().id;
    let (here, of_here) = (nodes.here.clone(), id.clone());
    let first = async move { integrations::update(&here, &of_here, None, members(json!({"widget_id": "one"}))).await };
    let second = integrations::update(&nodes.there, &id, None, members(json!({"directions": "in"})));
    nodes.overlap(first, second).await;
    let directory = nodes.fresh().directory().await.unwrap();
    let kept = integrations::shown(directory.integration(&id).unwrap());
    let whole = json!({
        "url": "https://mango.example.org/vpbx", "token": "set", "widget_id": "one", "directions": "in",
    });
    assert_eq!(Value::Object(kept), whole);
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_members_of_a_user() {
    let nodes = Pair::start();
    nodes.here.store.write(|tx| people::put(tx, "a", "anna", "operator")).await.unwrap();
    let name = UserPatch { name: Some("Анна".to_owned()), ..UserPatch::default() };
    let role = UserPatch { role: Some(Role::Manager), ..UserPatch::default() };
    let here = nodes.here.clone();
    let first = async move { users::update(&here, "a", name).await.map(drop) };
    nodes.overlap(first, async { users::update(&nodes.there, "a", role).await.map(drop) }).await;
    let kept = users::get(&nodes.fresh(), "a").await.unwrap();
    assert_eq!((kept.name.as_str(), kept.role), ("Анна", Role::Manager));
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_members_of_one_setting() {
    let nodes = Pair::start();
    let change = |app: &App, days: Value| {
        let app = app.clone();
        async move { settings::update(&app, members(json!({ "retention": days }))).await.map(drop) }
    };
    nodes.overlap(change(&nodes.here, json!({"calls_d": 365})), change(&nodes.there, json!({"webhooks_d": 7}))).await;
    let kept = nodes.fresh().directory().await.unwrap().settings.retention.clone();
    assert_eq!((kept.calls_d, kept.webhooks_d), (Some(365), Some(7)));
}

/// Each gets the other's line, at the same moment, on two nodes.
#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_users_change_their_lines() {
    let nodes = Pair::start();
    let settings = members(json!({"url": "https://pbx.example.org/crm", "token": "secret"}));
    let integration = integrations::add(&nodes.here, Kind::CloudPbx, "main", settings).await.unwrap().id;
    let give = |app: &App, user: &'static str, account: &str| {
        let line = Line { integration: integration.clone(), account: account.to_owned() };
        let (app, patch) = (app.clone(), UserPatch { lines: Some(vec![line]), ..UserPatch::default() });
        async move { users::update(&app, user, patch).await.map(drop) }
    };
    nodes.here.store.write(|tx| people::put(tx, "a", "anna", "operator")).await.unwrap();
    nodes.here.store.write(|tx| people::put(tx, "b", "boris", "operator")).await.unwrap();
    give(&nodes.here, "a", "101").await.unwrap();
    give(&nodes.here, "b", "102").await.unwrap();
    nodes.overlap(give(&nodes.here, "a", "102"), give(&nodes.there, "b", "101")).await;
    let directory = nodes.fresh().directory().await.unwrap();
    let line =
        |user: &str| directory.user(user).unwrap().lines.iter().map(|line| line.account.clone()).collect::<Vec<_>>();
    assert_eq!((line("a"), line("b")), (vec!["102".to_owned()], vec!["101".to_owned()]));
}
