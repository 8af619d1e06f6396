//! Outcomes: objects with ids of their own, so that a new name is the past's too.

use serde_json::{Value, json};

use crate::settings::outcome;
use crate::support::office::Office;
use crate::support::pbx::on;

/// A call of Anna's that has ended.
async fn talks(office: &Office, callid: &str) -> String {
    let course = on(callid, "anna");
    office.pbx.rings(course).await;
    office.pbx.picks_up(course).await;
    office.pbx.reports("in", "Success", "5", course, &[]).await;
    format!("/api/calls/{}", office.call(callid).await["id"].as_str().unwrap())
}

async fn outcomes(office: &Office) -> Vec<Value> {
    office.admin.reads("/api/settings").await["outcomes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn names_alone_become_outcomes_whose_ids_stay_and_those_left_out_are_archived() {
    let office = Office::opens().await;
    office.sets(json!({"outcomes": [" Заказ ", {"name": "Отказ", "applies": ["out"], "asks": "note"}]})).await;
    let kept = outcomes(&office).await;
    let refused = kept[1]["id"].as_str().unwrap();
    assert_eq!(refused.len(), 36);
    let archived = |mut one: Value| {
        one["is_archived"] = json!(true);
        one
    };
    let left_out = [
        archived(outcome(2, "Вопрос", &["in", "out"], "none")),
        archived(outcome(3, "Перезвонить", &["in", "out", "missed"], "promise")),
        archived(outcome(4, "Не наш клиент", &["in", "out", "missed"], "none")),
    ];
    let own = json!({"id": refused, "name": "Отказ", "applies": ["out"], "asks": "note", "is_archived": false});
    let mut expected = vec![outcome(1, "Заказ", &["in", "out", "missed"], "none"), own];
    expected.extend(left_out);
    assert_eq!(kept, expected);
    office.sets(json!({"outcomes": ["Отказ"]})).await;
    let again = outcomes(&office).await;
    assert_eq!((&again[0]["id"], again.len()), (&json!(refused), 5));
}

#[tokio::test]
async fn a_renamed_outcome_is_still_that_of_its_calls() {
    let office = Office::opens().await;
    let (path, other) = (talks(&office, "sold").await, talks(&office, "other").await);
    let [order, question] = [outcome(1, "Заказ", &["in", "out"], "none"), outcome(2, "?", &["in"], "none")];
    let id = order["id"].as_str().unwrap();
    let answer = office.anna.patch(&path, json!({"outcome": id})).await;
    assert_eq!((answer.status, &answer.json()["outcome"]), (200, &json!(id)));
    let mut renamed = order.clone();
    renamed["name"] = json!("Продажа");
    office.sets(json!({"outcomes": [renamed, question]})).await;
    let found = async |query: &str| {
        let page = office.anna.reads(&format!("/api/calls?outcome={query}")).await;
        page["items"].as_array().unwrap().iter().map(|call| call["callid"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(id).await, ["sold"]);
    assert_eq!(found("none").await, ["other"]);
    assert_eq!(found(question["id"].as_str().unwrap()).await, [""; 0]);
    // Archived, it stays where it is, and is chosen no more.
    office.sets(json!({"outcomes": [question]})).await;
    assert_eq!(office.anna.patch(&path, json!({"outcome": id})).await.status, 200);
    for unknown in [id, "Заказ", "none"] {
        let answer = office.anna.patch(&other, json!({"outcome": unknown})).await;
        let problem = answer.json();
        let error = (&problem["errors"][0]["field"], &problem["errors"][0]["code"]);
        assert_eq!((answer.status, error), (422, (&json!("outcome"), &json!("unknown"))), "{unknown}");
    }
    assert_eq!(office.anna.patch(&path, json!({"outcome": ""})).await.json()["outcome"], "");
    assert_eq!(found(id).await, [""; 0]);
}

#[tokio::test]
async fn the_next_card_of_a_client_says_how_the_last_talk_ended() {
    let office = Office::opens().await;
    let path = talks(&office, "before").await;
    let order = outcome(1, "Заказ", &["in", "out"], "none");
    office.anna.patch(&path, json!({"outcome": order["id"]})).await;
    office.clock.advance(60_000);
    let mut anna = office.anna.watches("").await;
    office.pbx.rings(on("next", "anna")).await;
    assert_eq!(anna.card_in("ringing").await["last"]["outcome"], order["id"]);
}
