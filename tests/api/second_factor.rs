//! The second factor: a code beside the password.

use std::path::Path;

use ringcard::app::people::second_factor::take_away;
use ringcard::domain::one_time_code::code_at;
use serde_json::{Value, json};

use crate::support::office::Office;
use crate::support::person::Person;
use crate::support::{Answer, TestApp};

const PASSWORD: &str = "correct horse battery";
const STEP_MS: i64 = 30_000;

/// The bytes that an app reads from the letters (RFC 4648).
fn secret(spelled: &str) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = spelled.chars().map(|c| format!("{:05b}", letters.find(c).unwrap())).collect();
    bits.as_bytes().chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | (bit - b'0'))).collect()
}

async fn signs_in(crm: &TestApp, login: &str, code: Option<&str>) -> Answer {
    let mut body = json!({"login": login, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(code.map(|code| ("code".to_owned(), json!(code))));
    Answer::of(crm.http.post(format!("{}/api/session", crm.url)).json(&body).send().await.unwrap()).await
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

/// The person has a password, and a second factor from now on: its secret and the recovery codes.
async fn turns_on(office: &Office, login: &str) -> (Person, Vec<u8>, Vec<String>) {
    let person = [&office.admin, &office.anna].into_iter().find(|one| one.appears["login"] == login).unwrap();
    let path = format!("/api/users/{}", person.id());
    assert_eq!(office.admin.patch(&path, json!({"password": PASSWORD})).await.status, 200);
    let person = office.signs_in_again(login).await;
    let offer = person.post("/api/second-factor", json!({})).await.json();
    let spelled = offer["secret"].as_str().unwrap();
    assert_eq!(offer["uri"], format!("otpauth://totp/ringcard:{login}?secret={spelled}&issuer=ringcard"));
    assert!(offer["qr"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    let secret = secret(spelled);
    let wrong = person.put("/api/second-factor", json!({"code": "000000"})).await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["code"]), (422, &json!("wrong_code")));
    assert_eq!(signs_in(office, login, None).await.status, 200, "it is asked for since its first code");
    let code = code_at(&secret, office.clock.now_ms());
    let on = person.put("/api/second-factor", json!({"code": code})).await;
    assert_eq!(on.status, 200, "{}", on.text);
    let codes =
        on.json()["recovery_codes"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    (person, secret, codes)
}

#[actix_web::test]
async fn a_code_is_asked_for_and_good_once_within_a_step() {
    let office = Office::opens().await;
    let (anna, secret, recovery) = turns_on(&office, "anna").await;
    assert_eq!(told(&signs_in(&office, "anna", None).await), (401, json!("second_factor_needed")));
    let now_ms = office.clock.now_ms();
    let again = signs_in(&office, "anna", Some(&code_at(&secret, now_ms))).await;
    assert_eq!(told(&again), (401, json!("wrong_code")), "the code that turned it on is used up");
    let early = code_at(&secret, now_ms + 2 * STEP_MS);
    assert_eq!(told(&signs_in(&office, "anna", Some(&early)).await), (401, json!("wrong_code")));
    let next = code_at(&secret, now_ms + STEP_MS);
    let spaced = format!("{} {}", &next[..3], &next[3..]);
    assert_eq!(signs_in(&office, "anna", Some(&spaced)).await.status, 200);
    assert_eq!(told(&signs_in(&office, "anna", Some(&next)).await), (401, json!("wrong_code")));

    assert_eq!(recovery.len(), 10);
    let typed = recovery[0].to_uppercase().replace('-', " ");
    assert_eq!(signs_in(&office, "anna", Some(&typed)).await.status, 200);
    assert_eq!(told(&signs_in(&office, "anna", Some(&recovery[0])).await), (401, json!("wrong_code")));

    assert_eq!(anna.reads("/api/session").await["second_factor"], "on");
    assert_eq!(told(&anna.post("/api/second-factor", json!({})).await), (409, json!("second_factor_on")));
    let (secret, recovery) = (base64(&secret), recovery[1].replace('-', ""));
    if office.is_embedded() {
        for file in ["ringcard.db", "ringcard.db-wal"] {
            let bytes = std::fs::read(Path::new(&office.app.config.data_dir).join(file)).unwrap_or_default();
            let holds = |text: &str| bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()));
            assert!(!holds(&secret) && !holds(&recovery), "{file}");
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Who knows the password has five tries of a code, from wherever he comes; then he waits.
#[actix_web::test]
async fn who_guesses_codes_waits() {
    let office = Office::opens().await;
    let (_, secret, _) = turns_on(&office, "anna").await;
    for _ in 0..5 {
        assert_eq!(told(&signs_in(&office, "anna", Some("000000")).await), (401, json!("wrong_code")));
    }
    let code = code_at(&secret, office.clock.now_ms() + STEP_MS);
    assert_eq!(signs_in(&office, "anna", Some(&code)).await.status, 429);
    office.clock.advance(2_000);
    assert_eq!(signs_in(&office, "anna", Some(&code)).await.status, 200);
}

#[actix_web::test]
async fn it_is_turned_off_by_the_password_by_a_command_and_with_its_person() {
    let office = Office::opens().await;
    let (anna, ..) = turns_on(&office, "anna").await;
    let wrong = anna.asks(reqwest::Method::DELETE, "/api/second-factor").json(&json!({"password": "another horse"}));
    assert_eq!(Answer::of(wrong.send().await.unwrap()).await.json()["errors"][0]["code"], "wrong_password");
    let right = anna.asks(reqwest::Method::DELETE, "/api/second-factor").json(&json!({"password": PASSWORD}));
    assert_eq!(right.send().await.unwrap().status(), 204);
    assert_eq!(signs_in(&office, "anna", None).await.status, 200);
    office.clock.advance(STEP_MS);
    turns_on(&office, "anna").await;
    assert_eq!(signs_in(&office, "anna", None).await.status, 401);
    take_away(&office.app, office.anna.id(), "anna").await.unwrap();
    assert_eq!(signs_in(&office, "anna", None).await.status, 200);
    let page = office.admin.reads("/api/audit?limit=200").await;
    let acts = page["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap());
    assert_eq!(acts.filter(|act| act.starts_with("second_factor")).count(), 4);
}

/// An admin sees who has one, and takes it away from a colleague who lost his phone.
#[actix_web::test]
async fn an_admin_takes_a_colleagues_away() {
    let office = Office::opens().await;
    let (anna, ..) = turns_on(&office, "anna").await;
    let people = async || {
        let page = office.admin.reads("/api/users").await;
        let has = |user: &Value| (user["login"] == "anna").then(|| user["has_second_factor"].as_bool());
        page["items"].as_array().unwrap().iter().find_map(has).unwrap()
    };
    assert_eq!(people().await, Some(true));
    assert!(!anna.reads("/api/users").await.to_string().contains("second_factor"), "that is not everybody's to know");
    let path = format!("/api/users/{}/second-factor", office.anna.id());
    assert_eq!(office.boris.delete(&path).await.status, 403);
    office.clock.advance(1_000);
    assert_eq!(office.admin.delete(&path).await.status, 204);
    office.clock.advance(1_000);
    assert_eq!(people().await, Some(false));
    assert_eq!(signs_in(&office, "anna", None).await.status, 200);
    assert_eq!(office.admin.delete(&path).await.status, 404);
    let act = office.admin.reads("/api/audit?limit=2").await["items"][1].clone();
    assert_eq!(
        (&act["action"], &act["by"]["login"], &act["about"]["name"]),
        (&json!("second_factor_off"), &json!("admin"), &json!("anna"))
    );
}

/// An invitation stands for the password alone.
#[actix_web::test]
async fn an_invitation_does_not_go_round_it() {
    let office = Office::opens().await;
    turns_on(&office, "anna").await;
    let link = office.admin.post(&format!("/api/users/{}/invite", office.anna.id()), json!({})).await.json();
    let token = link["url"].as_str().unwrap().split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let body = json!({"token": token, "password": PASSWORD});
    let answer = office.http.post(format!("{}/api/invite", office.url)).json(&body).send().await.unwrap();
    assert!(answer.headers().get("set-cookie").is_none());
    assert_eq!(told(&Answer::of(answer).await), (401, json!("second_factor_needed")));
}

/// Where admins need one, an admin without is but a manager, and told why.
#[actix_web::test]
async fn an_admin_without_it_is_a_manager_where_admins_need_it() {
    let office = Office::opens().await;
    office.sets(json!({"second_factor_for_admins": true})).await;
    let me = office.admin.reads("/api/session").await;
    assert_eq!((&me["role"], &me["second_factor"]), (&json!("manager"), &json!("needed")));
    let refused = office.admin.get("/api/webhooks").await;
    assert_eq!((refused.status, &refused.json()["why"]["code"]), (403, &json!("second_factor")));
    assert_eq!(office.anna.get("/api/webhooks").await.json()["why"]["code"], "role");
    let offer = office.admin.post("/api/second-factor", json!({})).await.json();
    let code = code_at(&secret(offer["secret"].as_str().unwrap()), office.clock.now_ms());
    assert_eq!(office.admin.put("/api/second-factor", json!({"code": code})).await.status, 200);
    assert_eq!(office.admin.reads("/api/session").await["role"], "admin");
    assert_eq!(office.admin.get("/api/webhooks").await.status, 200);
}
