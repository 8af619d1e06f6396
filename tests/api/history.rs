//! `GET /api/calls`: the filters of the history, and how far a page looks.

use ringcard::app::clients::numbers;
use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office, at};
use crate::support::pbx::{CLIENT, On, on};
use crate::support::person::Person;

/// The first outcome of a new installation.
const ORDER: &str = "019aa000-0000-7000-8000-000000000001";

/// The callids of a page, newest first.
fn callids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|call| call["callid"].as_str().unwrap().to_owned()).collect()
}

/// The callids that a query finds, all on one page.
async fn found(person: &Person, query: &[(&str, &str)]) -> String {
    let page = person.reads(&format!("/api/calls?{}", serde_urlencoded::to_string(query).unwrap())).await;
    assert_eq!((&page["next"], &page["searched_to"]), (&Value::Null, &Value::Null), "{query:?}");
    callids(&page).join(" ")
}

/// As [`found`], on as many pages as it takes: on a busy machine a page may end before it has looked at everything.
async fn found_in_the_end(person: &Person, q: &str) -> String {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.reads(&format!("/api/calls?q={q}{cursor}")).await;
        found.extend(callids(&page));
        let Some(next) = page["next"].as_str() else { return found.join(" ") };
        cursor = format!("&cursor={next}");
    }
}

const OTHER: &str = "79167654321";

/// Four calls, a minute apart: `talk` of Anna with a recording, `miss`, `out` of Boris to another number, `ring`.
async fn a_day(office: &Office) {
    let line = [("diversion", "74951112233")];
    office.pbx.event("INCOMING", on("talk", "anna"), &line).await;
    office.pbx.picks_up(on("talk", "anna")).await;
    office.pbx.hangs_up(on("talk", "anna")).await;
    office.pbx.reports("in", "Success", "5", on("talk", "anna"), &[("link", "https://x.org/1.mp3")]).await;
    office.clock.advance(60_000);
    office.pbx.reports("in", "missed", "0", on("miss", "boris"), &[]).await;
    office.clock.advance(60_000);
    office.pbx.reports("out", "Busy", "0", On { phone: OTHER, ..on("out", "boris") }, &[]).await;
    office.clock.advance(60_000);
    office.pbx.rings(on("ring", "anna")).await;
}

#[actix_web::test]
async fn every_filter_narrows_the_history_and_any_of_its_values_will_do() {
    let office = Office::opens().await;
    a_day(&office).await;
    let path = |call: &Value| format!("/api/calls/{}", call["id"].as_str().unwrap());
    let talk = path(&office.call("talk").await);
    office.admin.patch(&talk, json!({"note": "Просит СЧЁТ на диван", "outcome": ORDER})).await;
    let ivan = office.anna.keeps_contact("Иван Ёжиков", CLIENT).await;
    let petr = office.anna.makes("/api/contacts", json!({"name": "Пётр", "company": "ООО «Ромашка»"})).await;
    let out = path(&office.call("out").await);
    office.admin.patch(&out, json!({"contact": petr["id"]})).await;
    let (ivan, petr) = (ivan["id"].as_str().unwrap(), petr["id"].as_str().unwrap());
    let (anna, boris) = (office.anna.id(), office.boris.id());
    let (first, second) = (at(60), at(120));
    let cases: Vec<(Vec<(&str, &str)>, &str)> = vec![
        (vec![], "ring out miss talk"),
        (vec![("from", &first)], "ring out miss"),
        (vec![("from", &first), ("to", &second)], "miss"),
        (vec![("state", "answered")], "talk"),
        (vec![("state", "answered"), ("state", "ringing")], "ring talk"),
        (vec![("state", "requested")], ""),
        (vec![("direction", "out")], "out"),
        (vec![("direction", "out"), ("direction", "in")], "ring out miss talk"),
        (vec![("user", anna)], "talk"),
        (vec![("user", anna), ("user", boris)], "out talk"),
        (vec![("user", boris), ("state", "busy")], "out"),
        (vec![("phone", "8 910 123-45-67")], "ring miss talk"),
        (vec![("phone", CLIENT), ("phone", OTHER)], "ring out miss talk"),
        (vec![("contact", ivan)], "ring miss talk"),
        (vec![("contact", petr)], "out"),
        (vec![("contact", ivan), ("contact", petr), ("direction", "out")], "out"),
        (vec![("contact", "nobody")], ""),
        (vec![("integration", "main")], "ring out miss talk"),
        (vec![("integration", &office.integration), ("integration", "other")], "ring out miss talk"),
        (vec![("integration", "other")], ""),
        (vec![("line", "8 495 111-22-33")], "talk"),
        (vec![("line", "+74951112234")], ""),
        (vec![("outcome", ORDER)], "talk"),
        (vec![("outcome", "none")], "ring out miss"),
        (vec![("outcome", "none"), ("outcome", ORDER)], "ring out miss talk"),
        (vec![("has", "note")], "talk"),
        (vec![("has", "recording")], "talk"),
        (vec![("has", "recording"), ("has", "note"), ("phone", OTHER)], ""),
        (vec![("has", "promise")], ""),
        (vec![("group", "nobody")], ""),
        (vec![("callid", "miss")], "miss"),
        (vec![("callid", "miss"), ("callid", "out"), ("callid", "none")], "out miss"),
        (vec![("callid", "miss"), ("state", "answered")], ""),
        (vec![("q", "диван")], "talk"),
        (vec![("q", "счет диван")], "talk"),
        (vec![("q", "ежик")], "ring miss talk"),
        (vec![("q", "ромашка петр")], "out"),
        (vec![("q", "8 916 765")], "out"),
        (vec![("q", "4321")], "out"),
        (vec![("q", "21")], "out"),
        (vec![("q", "4567"), ("state", "missed")], "miss"),
        (vec![("q", "иван"), ("contact", ivan), ("state", "missed")], "miss"),
        (vec![("q", "zzzz")], ""),
        (vec![("q", " ")], "ring out miss talk"),
        (vec![("limit", "9"), ("unknown", "x")], "ring out miss talk"),
    ];
    numbers::index(&office.app).await.unwrap();
    for (query, expected) in cases {
        assert_eq!(found(&office.anna, &query).await, expected, "{query:?}");
    }
}

#[actix_web::test]
async fn what_cannot_be_asked_for_is_refused_by_name() {
    let office = Office::opens().await;
    let (long, cyrillic) = ("x".repeat(50_001), "щ".repeat(201));
    for (name, text) in [
        ("q", long.as_str()),
        ("q", &cyrillic),
        ("phone", &cyrillic),
        ("contact", &cyrillic),
        ("callid", &cyrillic),
        ("from", &cyrillic),
        ("from", "yesterday"),
        ("to", "2026-03-01"),
        ("state", "asleep"),
        ("direction", "up"),
        ("has", "tags"),
        ("cursor", "nonsense"),
        ("limit", "0"),
    ] {
        let query = serde_urlencoded::to_string([(name, text)]).unwrap();
        let answer = office.anna.get(&format!("/api/calls?{query}")).await;
        assert_eq!(
            (answer.status, answer.json()["errors"][0]["field"].as_str()),
            (422, Some(name)),
            "{name}={text:.20}"
        );
    }
    let twice = office.anna.get("/api/calls?q=a&q=b").await;
    let once = json!([{"field": "q", "code": "too_many", "params": {"most": 1}, "message": "at most 1 of them"}]);
    assert_eq!((twice.status, &twice.json()["errors"]), (422, &once));
    let many = "user=u&".repeat(21);
    assert_eq!(office.anna.get(&format!("/api/calls?{many}")).await.status, 422);
    assert_eq!(office.anna.get(&format!("/api/calls?q={}", "x".repeat(200))).await.status, 200);
}

#[actix_web::test]
async fn pages_follow_each_other_while_calls_come() {
    let office = Office::opens().await;
    for n in 0..6 {
        office.pbx.reports("in", "missed", "0", on(&format!("c{n}"), "anna"), &[]).await;
        // Two of one instant each.
        office.clock.advance(n % 2);
    }
    office.anna.keeps_contact("Иван", CLIENT).await;
    let contact = office.contacts().await[0]["id"].as_str().unwrap().to_owned();
    for filter in ["".to_owned(), format!("&phone={CLIENT}"), "&q=иван".to_owned(), format!("&contact={contact}")] {
        let expected = callids(&office.anna.reads(&format!("/api/calls?limit=200{filter}")).await);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = office.anna.reads(&format!("/api/calls?limit=2{filter}{cursor}")).await;
            seen.extend(callids(&page));
            assert_eq!(page["searched_to"], Value::Null, "{filter}");
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
            office.clock.advance(1);
            office.pbx.reports("in", "missed", "0", on(&format!("{filter}{}", seen.len()), "anna"), &[]).await;
        }
        assert_eq!(seen, expected, "{filter}");
    }
}

#[actix_web::test]
async fn a_number_is_searched_at_once_and_found_behind_many_others() {
    let office = Office::opens().await;
    office.pbx.rings(on("old", "anna").of(OTHER)).await;
    assert_eq!(found(&office.anna, &[("q", "7654321")]).await, "old");
    for n in 0..300 {
        office.pbx.rings(on(&format!("c{n}"), "anna")).await;
    }
    office.clock.advance(11_000);
    while numbers::index(&office.app).await.unwrap() > 0 {}
    assert_eq!(found_in_the_end(&office.anna, "7654321").await, "old");
    assert_eq!(found_in_the_end(&office.anna, "8916765").await, "old");
    let page = office.anna.reads("/api/calls?q=910123&limit=200").await;
    assert_eq!((callids(&page).len(), page["next"].is_string()), (200, true), "{CLIENT_NUMBER}");
}
