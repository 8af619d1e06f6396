//! Somebody signed in, at his browser.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::stream::Stream;
use crate::support::{Answer, TestApp};

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

    pub fn id(&self) -> &str {
        self.appears["id"].as_str().unwrap()
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header("cookie", &self.cookie)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// What is at `path`; must be there.
    pub async fn reads(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(&body).send().await.unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path).send().await.unwrap()).await
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
