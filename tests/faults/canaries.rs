//! R40: what must stand in no log stands in none, however much is logged.

use std::fs::{self, File};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::program::{Business, PASSWORD, Server, ringcard};

const PHONE: &str = "79106660137";
const NAME: &str = "Канарейкина";
const SECRET: &str = "canary-secret-of-an-outside-system";
const GUESS: &str = "canary-guess-of-a-stranger";
const NOTE: &str = "canary-note-of-a-call";

/// An admin at work.
struct Desk<'a> {
    business: &'a Business,
    server: &'a Server,
    cookie: String,
}

impl Desk<'_> {
    async fn asks(&self, method: Method, path: &str, body: Value) -> Value {
        let asked = self.business.http.request(method, format!("{}/api/{path}", self.server.url));
        let answer = asked.header("cookie", &self.cookie).json(&body).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
    }

    async fn pushes(&self, members: &[(&str, &str)]) {
        let form = [&[("crm_token", self.business.crm_token.as_str())], members].concat();
        let answer = self.business.http.post(format!("{}/pbx", self.server.url)).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{members:?}");
    }
}

/// Does what people, a PBX and strangers do; answers what it was told in secret.
async fn a_day_passes(desk: &Desk<'_>) -> Vec<String> {
    let mango = json!({"url": "http://127.0.0.1:9/calltracking/v1", "token": SECRET, "widget_id": 1});
    desk.asks(Method::POST, "integrations", json!({"name": "mango", "kind": "mango", "settings": mango})).await;
    let phones = json!([{"number": PHONE}]);
    let contact = json!({"name": NAME, "company": NAME, "note": NOTE, "email": "canary@example.org", "phones": phones});
    desk.asks(Method::POST, "contacts", contact).await;
    let link = format!("http://127.0.0.1:9/{SECRET}.mp3");
    let of_call = [("user", "anna"), ("phone", PHONE), ("callid", "c"), ("telnum_name", NAME)];
    desk.pushes(&[&[("cmd", "event"), ("type", "INCOMING")], of_call.as_slice()].concat()).await;
    desk.pushes(&[&[("cmd", "event"), ("type", "ACCEPTED")], of_call.as_slice()].concat()).await;
    let report = [("cmd", "history"), ("type", "in"), ("status", "Success"), ("duration", "5"), ("link", &link)];
    desk.pushes(&[report.as_slice(), of_call.as_slice()].concat()).await;
    desk.pushes(&[("cmd", "contact"), ("phone", PHONE), ("callid", "d")]).await;
    let calls = desk.asks(Method::GET, "calls?callid=c", Value::Null).await;
    let call = calls["items"][0]["id"].as_str().unwrap();
    desk.asks(Method::PATCH, &format!("calls/{call}"), json!({"note": NOTE, "note_rev": 0})).await;
    desk.asks(Method::GET, &format!("calls?q={PHONE}"), Value::Null).await;
    desk.asks(Method::GET, &format!("contacts?q={NAME}"), Value::Null).await;
    desk.asks(Method::GET, &format!("numbers/%2B{PHONE}"), Value::Null).await;
    desk.asks(Method::PUT, &format!("numbers/%2B{PHONE}/block"), json!({"why": NOTE, "insist": true})).await;
    desk.asks(Method::POST, "calls", json!({"phone": PHONE})).await;
    desk.asks(Method::POST, "second-factor", json!({})).await;
    let made = desk.asks(Method::POST, "tokens", json!({"name": "site", "role": "admin"})).await;
    let token = made["token"].as_str().unwrap().to_owned();
    let http = &desk.business.http;
    let by_token = http.get(format!("{}/api/calls", desk.server.url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(by_token.status(), 200);
    let guess = json!({"login": "admin", "password": GUESS});
    http.post(format!("{}/api/session", desk.server.url)).json(&guess).send().await.unwrap();
    http.post(format!("{}/pbx", desk.server.url)).form(&[("crm_token", GUESS)]).send().await.unwrap();
    http.get(format!("{}/static/{GUESS}?{GUESS}", desk.server.url)).bearer_auth(GUESS).send().await.unwrap();
    http.post(format!("{}/api/session", desk.server.url)).body(format!("{{\"{GUESS}\"")).send().await.unwrap();
    vec![token]
}

#[tokio::test]
async fn r40_no_secret_and_no_client_stands_in_the_log() {
    let business = Business::opens();
    let path = business.data.path().join("log");
    let mut program = ringcard(business.data.path());
    program.arg("serve").env("RINGCARD_LOG", "trace").stderr(File::create(&path).unwrap());
    let server = business.starts(&mut program).await;
    let desk = Desk { business: &business, server: &server, cookie: business.signs_in(&server).await };
    let mut secrets = a_day_passes(&desk).await;
    // Deliveries and downloads fail meanwhile.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let cookie = desk.cookie.split('=').nth(1).unwrap().to_owned();
    secrets.extend([cookie, business.crm_token.clone(), PASSWORD.to_owned(), "of-the-pbx".to_owned()]);
    secrets.extend([SECRET, GUESS, NOTE, NAME, &PHONE[1..], "canary@"].map(str::to_owned));
    let log = fs::read_to_string(&path).unwrap();
    assert!(log.lines().count() > 20, "little was logged: {log}");
    for secret in secrets {
        let found: Vec<&str> = log.lines().filter(|line| line.contains(&secret)).collect();
        assert!(found.is_empty(), "{secret}: {found:#?}");
    }
}
