//! Clients that come in as a file: `kill -9` in the middle makes none twice and loses none; broken off in the middle it
//! stops at once, goes on where it was, and goes back as a whole.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::program::{Business, Server};

const ROWS: usize = 3_000;
/// A killed program's lease runs out within it, and the rest is done.
const PATIENCE: Duration = Duration::from_secs(60);

/// A manager at his browser, while this server runs.
struct Manager<'a> {
    business: &'a Business,
    url: String,
    cookie: String,
}

impl<'a> Manager<'a> {
    async fn of(business: &'a Business, server: &Server) -> Self {
        Self { business, url: server.url.clone(), cookie: business.signs_in(server).await }
    }

    async fn asks(&self, method: Method, path: &str, body: impl Into<reqwest::Body>) -> Value {
        let asked =
            self.business.http.request(method, format!("{}/api/{path}", self.url)).header("cookie", &self.cookie);
        let asked = asked.header("content-type", "application/json").body(body);
        let answer = asked.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// Hands a file in and begins with it; whoever comes twice would be there twice.
    async fn begins(&self) -> String {
        let rows: String = (0..ROWS).map(|n| format!("Клиент {n};+7933{n:07}\n")).collect();
        let import = self.asks(Method::POST, "contacts/import?name=a.csv", format!("Имя;Телефон\n{rows}")).await;
        let id = import["id"].as_str().unwrap().to_owned();
        let plan = json!({"columns": ["name", "phones"], "match": "none"}).to_string();
        self.asks(Method::POST, &format!("contacts/import/{id}/run"), plan).await;
        id
    }

    async fn task(&self, id: &str) -> Value {
        self.asks(Method::GET, &format!("tasks/{id}"), "").await
    }

    /// Waits until it is so far, or has ended.
    async fn waits(&self, id: &str, until: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let task = self.task(id).await;
            if until(&task) {
                return task;
            }
            assert!(began.elapsed() < PATIENCE, "it does not come so far: {task}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn names(&self) -> Vec<String> {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.asks(Method::GET, &format!("contacts?limit=200{cursor}"), "").await;
            names.extend(page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return names };
            cursor = format!("&cursor={next}");
        }
    }
}

fn done(task: &Value) -> usize {
    task["done"].as_u64().unwrap() as usize
}

#[tokio::test]
async fn r1_an_import_that_is_killed_goes_on_and_brings_nobody_twice() {
    let business = Business::opens();
    let mut server = business.serves().await;
    let manager = Manager::of(&business, &server).await;
    let id = manager.begins().await;
    for kill in 1..=2 {
        let manager = Manager::of(&business, &server).await;
        let task = manager.waits(&id, |task| done(task) >= ROWS * kill / 4).await;
        assert_eq!(task["state"], "running", "it was over too soon: {task}");
        server.dies();
        assert_eq!(business.integrity(), "ok");
        server = business.serves().await;
    }
    let manager = Manager::of(&business, &server).await;
    let task = manager.waits(&id, |task| task["state"] == "done").await;
    assert_eq!((done(&task), &task["result"]["made"]), (ROWS, &json!(ROWS)));
    let names = manager.names().await;
    let different: BTreeSet<_> = names.iter().collect();
    assert_eq!((names.len(), different.len()), (ROWS, ROWS), "twice or lost");
}

#[tokio::test]
async fn r1_an_import_that_is_broken_off_stops_goes_on_and_goes_back_as_a_whole() {
    let business = Business::opens();
    let server = business.serves().await;
    let manager = Manager::of(&business, &server).await;
    let id = manager.begins().await;
    manager.waits(&id, |task| done(task) >= ROWS / 5).await;
    let stopped = manager.asks(Method::DELETE, &format!("tasks/{id}"), "").await;
    assert_eq!(stopped["state"], "cancelled", "it was over too soon: {stopped}");
    tokio::time::sleep(Duration::from_millis(700)).await;
    let task = manager.task(&id).await;
    assert_eq!((done(&task), &task["state"]), (done(&stopped), &json!("cancelled")), "it stands still");
    assert_eq!(manager.names().await.len(), done(&task), "what it says has come, and no more");
    manager.asks(Method::POST, &format!("tasks/{id}/retry"), "{}").await;
    let task = manager.waits(&id, |task| task["state"] == "done").await;
    assert_eq!((done(&task), manager.names().await.len()), (ROWS, ROWS));
    manager.asks(Method::POST, &format!("tasks/{id}/undo"), "{}").await;
    let task = manager.waits(&id, |task| task["state"] == "undone").await;
    assert_eq!((&task["result"]["undone"]["removed"], manager.names().await.len()), (&json!(ROWS), 0));
}
