//! Where somebody is signed in, and how that is ended.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Answer;
use crate::support::office::{Office, at};
use crate::support::person::Person;

const PASSWORD: &str = "correct horse battery";
/// What the promise says, and a second for a slow machine.
const WITHIN: Duration = Duration::from_secs(6);

/// Anna at another browser, which calls itself so.
async fn signs_in_with(office: &Office, browser: &str) -> Person {
    let path = format!("{}/api/session", office.url);
    let body = json!({"login": "anna", "password": PASSWORD});
    let answer = office.http.post(path).header("user-agent", browser).json(&body).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    Person::with_session(&office.crm, token, office.anna.appears.clone())
}

async fn office() -> Office {
    let mut office = Office::opens().await;
    let path = format!("/api/users/{}", office.anna.id());
    assert_eq!(office.admin.patch(&path, json!({"password": PASSWORD})).await.status, 200);
    office.anna = office.signs_in_again("anna").await;
    office
}

/// A browser that signs in anew ends the session that it had.
#[actix_web::test]
async fn r33_a_browser_has_one_session() {
    let office = office().await;
    let path = format!("{}/api/session", office.url);
    let ask = |cookie: &str| office.http.get(&path).header("cookie", cookie.to_owned()).send();
    let mut cookie = String::new();
    for _ in 0..2 {
        let body = json!({"login": "anna", "password": PASSWORD});
        let answer = office.http.post(&path).header("cookie", &cookie).json(&body).send().await.unwrap();
        let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        let earlier = std::mem::replace(&mut cookie, set.split(';').next().unwrap().to_owned());
        assert_eq!(ask(&cookie).await.unwrap().status(), 200);
        assert_eq!(ask(&earlier).await.unwrap().status(), 401);
        assert_eq!(items(&office.anna.reads("/api/sessions").await).len(), 2, "beside the one at the desk");
    }
}

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap()
}

#[actix_web::test]
async fn r33_a_person_sees_where_he_is_signed_in_and_ends_it() {
    let office = office().await;
    office.clock.advance(1_000);
    let phone = signs_in_with(&office, "  Mozilla/5.0 (Android)\tFirefox/150 ").await;
    let page = phone.reads("/api/sessions").await;
    let mine = json!({"id": items(&page)[0]["id"], "browser": "Mozilla/5.0 (Android) Firefox/150", "address": "127.0.0.1",
        "made_at": at(1), "seen_at": at(1), "is_this": true});
    let other = json!({"id": items(&page)[1]["id"], "browser": "", "address": null, "made_at": at(0), "seen_at": at(0),
        "is_this": false});
    assert_eq!(page, json!({"items": [mine, other], "next": null}));

    office.clock.advance(299_000);
    office.anna.reads("/api/session").await;
    let seen = phone.reads("/api/sessions").await;
    assert_eq!((&items(&seen)[0]["id"], &items(&seen)[0]["seen_at"]), (&other["id"], &json!(at(300))), "used last");
    assert_eq!(items(&seen)[0]["address"], "127.0.0.1", "it came to be known");

    let path = format!("/api/sessions/{}", mine["id"].as_str().unwrap());
    office.clock.advance(1_000);
    assert_eq!(office.anna.delete(&path).await.status, 204);
    assert_eq!(phone.get("/api/session").await.status, 401);
    assert_eq!(office.anna.delete(&path).await.status, 404);
    let act = office.admin.reads("/api/audit?limit=1").await["items"][0].clone();
    assert_eq!(
        json!([act["action"], act["by"]["login"], act["about"]["name"]]),
        json!(["session_ended", "anna", "anna"])
    );
    office.clock.advance(12 * 3_600_000);
    let fresh = signs_in_with(&office, "Firefox").await;
    assert_eq!(items(&fresh.reads("/api/sessions").await).len(), 1, "what ended by its age is not shown");
}

#[actix_web::test]
async fn r35_anothers_sessions_are_an_admins_to_see_and_end() {
    let office = office().await;
    let vera = json!({"login": "vera", "role": "manager", "password": PASSWORD});
    assert_eq!(office.admin.post("/api/users", vera).await.status, 201);
    let of_anna = format!("/api/sessions?user={}", office.anna.id());
    let session = items(&office.admin.reads(&of_anna).await)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/sessions/{session}");
    assert_eq!(office.boris.get(&of_anna).await.status, 403);
    assert_eq!(office.boris.delete(&path).await.status, 404);
    assert_eq!(office.anna.get("/api/session").await.status, 200);
    assert_eq!(office.admin.get("/api/sessions?user=nobody").await.status, 404);
    office.clock.advance(1_000);
    assert_eq!(office.admin.delete(&path).await.status, 204);
    assert_eq!(office.anna.get("/api/session").await.status, 401);
    let act = office.admin.reads("/api/audit?limit=1").await["items"][0].clone();
    assert_eq!((&act["by"]["login"], &act["about"]["name"]), (&json!("admin"), &json!("anna")));

    let token = office.admin.makes("/api/tokens", json!({"name": "site", "role": "admin"})).await;
    let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
    let asked =
        office.http.request(Method::GET, format!("{}/api/sessions", office.url)).header("authorization", bearer);
    assert_eq!(Answer::of(asked.send().await.unwrap()).await.status, 403);
}

/// By the password that is valid; every other browser is signed out, this one goes on with a new session.
#[actix_web::test]
async fn r33_a_person_changes_his_own_password() {
    let office = office().await;
    let phone = signs_in_with(&office, "Firefox").await;
    office.clock.advance(1_000);
    let change = |current: &str, password: &str| json!({"current": current, "password": password});
    let field = |answer: Answer| (answer.status, answer.json()["errors"][0].clone());
    let wrong = field(phone.put("/api/password", change("wrong", "another horse")).await);
    assert_eq!((wrong.0, &wrong.1["field"], &wrong.1["code"]), (422, &json!("current"), &json!("wrong_password")));
    let common = field(phone.put("/api/password", change(PASSWORD, "password123")).await);
    assert_eq!((common.0, &common.1["field"], &common.1["code"]), (422, &json!("password"), &json!("guessable")));
    let asked = phone.asks(Method::PUT, "/api/password").json(&change(PASSWORD, "another horse"));
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let anew = Person::with_session(&office.crm, cookie.split(['=', ';']).nth(1).unwrap(), json!({}));
    assert_eq!(anew.get("/api/session").await.status, 200);
    assert_eq!(phone.get("/api/session").await.status, 401);
    assert_eq!(office.anna.get("/api/session").await.status, 401);
    let act = office.admin.reads("/api/audit?limit=1").await["items"][0].clone();
    assert_eq!(
        json!([act["action"], act["by"]["login"], act["fields"]]),
        json!(["user_changed", "anna", ["password"]])
    );
}

#[actix_web::test]
async fn r33_an_ended_session_ends_its_live_stream_in_five_seconds() {
    let office = office().await;
    let phone = signs_in_with(&office, "Firefox").await;
    let mut stream = phone.watches("").await;
    stream.next("snapshot").await;
    let page = phone.reads("/api/sessions").await;
    let session = items(&page).iter().find(|one| one["is_this"] == true).unwrap()["id"].as_str().unwrap();
    assert_eq!(office.admin.delete(&format!("/api/sessions/{session}")).await.status, 204);
    let began = Instant::now();
    stream.ends().await;
    assert!(began.elapsed() < WITHIN, "{:?}", began.elapsed());
}
