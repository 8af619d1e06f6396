//! Somebody signed in, at his browser.

use std::sync::LazyLock;

use reqwest::Method;
use ringcard::http::openapi;
use serde_json::{Value, json};

use crate::support::stream::Stream;
use crate::support::{Answer, TestApp};

/// Whether the document says that this route answers so; a fault of ours (500) and a store that
/// cannot answer (503) may be met anywhere.
fn is_declared(method: &Method, path: &str, status: u16) -> bool {
    static PATHS: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(openapi::document()).unwrap()["paths"].take());
    let asked: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        template.len() == asked.len() && template.iter().zip(&asked).all(|(a, b)| a == b || *a == "{id}")
    };
    let found = PATHS.as_object().unwrap().iter().find(|(template, _)| fits(template));
    let operation = found.map(|(_, item)| &item[method.as_str().to_lowercase()]).filter(|one| !one.is_null());
    operation.is_none_or(|one| matches!(status, 500 | 503) || !one["responses"][status.to_string()].is_null())
}

#[derive(Clone)]
pub struct Person {
    http: reqwest::Client,
    url: String,
    cookie: String,
    /// `{id, login, name}`, as people appear in answers.
    pub appears: Value,
}

impl Person {
    pub fn with_session(crm: &TestApp, token: &str, appears: Value) -> Self {
        Self { http: crm.http.clone(), url: crm.url.clone(), cookie: format!("ringcard={token}"), appears }
    }

    /// The same browser, sent to another node.
    pub fn at(&self, crm: &TestApp) -> Self {
        Self { url: crm.url.clone(), ..self.clone() }
    }

    pub fn id(&self) -> &str {
        self.appears["id"].as_str().unwrap()
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header("cookie", &self.cookie)
    }

    /// A request with headers of its own.
    pub fn asks(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.request(method, path)
    }

    /// Asks, and holds the answer against the document: no status comes that it does not name.
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method.clone(), path);
        let request = body.iter().fold(request, |request, body| request.json(body));
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert!(is_declared(&method, path, answer.status), "{method} {path}: {} is not declared", answer.status);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    /// What is at `path`; must be there.
    pub async fn reads(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// Makes something; must be made. Answers it whole.
    pub async fn makes(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text);
        answer.json()
    }

    /// A client with one number.
    pub async fn keeps_contact(&self, name: &str, number: &str) -> Value {
        self.makes("/api/contacts", json!({"name": name, "phones": [{"number": number}]})).await
    }

    /// Clicks on a number.
    pub async fn clicks(&self, number: &str) -> Answer {
        self.post("/api/calls", json!({"phone": number})).await
    }

    /// Opens the live stream; the snapshot comes first.
    pub async fn watches(&self, query: &str) -> Stream {
        let answer = self.request(Method::GET, &format!("/api/live{query}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "the live stream of {}", self.appears);
        Stream::new(answer)
    }
}
