//! Blocked numbers: no card, no lead, no row of the board comes of them; their calls stay in the history.

use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office, at};
use crate::support::pbx::{CLIENT, on};

const PATH: &str = "/api/numbers/79101234567";
const BLOCK: &str = "/api/numbers/79101234567/block";

async fn blocks(office: &Office) -> Value {
    let answer = office.anna.put(BLOCK, json!({"why": "Реклама"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn misses(office: &Office, callid: &str) {
    office.pbx.reports("in", "missed", "0", on(callid, "pbx"), &[]).await;
}

#[tokio::test]
async fn what_is_known_of_a_number_says_who_blocked_it_and_why() {
    let office = Office::opens().await;
    let plain = json!({"number": CLIENT_NUMBER, "number_formatted": "+7 910 123-45-67", "contacts": [], "blocked": null,
        "first_call_at": null, "calls_count": 0});
    assert_eq!(office.anna.reads(PATH).await, plain);
    let blocked = blocks(&office).await;
    let expected = json!({"at": at(0), "by": office.anna.appears, "why": "Реклама"});
    assert_eq!(blocked["blocked"], expected);
    office.clock.advance(60_000);
    office.boris.put("/api/numbers/79200000000/block", json!({})).await;
    let list = office.boris.reads("/api/numbers?limit=1").await;
    assert_eq!(list["items"][0]["number"], "+79200000000");
    let next = format!("/api/numbers?limit=1&cursor={}", list["next"].as_str().unwrap());
    assert_eq!(office.boris.reads(&next).await, json!({"items": [blocked], "next": null}));
    for _ in 0..2 {
        assert_eq!(office.anna.delete(BLOCK).await.status, 204);
    }
    assert_eq!(office.anna.reads(PATH).await, plain);
    assert_eq!(office.anna.get("/api/numbers/nobody").await.status, 422);
}

#[tokio::test]
async fn no_card_comes_of_it_and_one_that_stands_goes() {
    let office = Office::opens().await;
    let (mut anna, mut admin) = (office.anna.watches("").await, office.admin.watches("?watch=all").await);
    office.pbx.rings(on("first", "anna")).await;
    assert_eq!(anna.card().await["for_me"], true);
    assert_eq!(admin.card().await["for_me"], false);
    blocks(&office).await;
    assert_eq!(anna.card().await["for_me"], false, "the card goes from the screen");
    assert_eq!(anna.next("number").await, json!({"id": CLIENT_NUMBER}));
    office.pbx.rings(on("second", "anna")).await;
    anna.sees_no_card().await;
    admin.sees_no_card().await;
    for person in [&office.anna, &office.admin] {
        let query = if person.id() == office.admin.id() { "?watch=all" } else { "" };
        assert_eq!(person.watches(query).await.next("snapshot").await["cards"], json!([]));
    }
    assert_eq!(office.calls().await.len(), 2, "the history keeps them");
    office.pbx.calls_out(on("out", "anna")).await;
    assert_eq!(anna.card().await["direction"], "out", "whoever calls it himself sees his call");
}

/// What was missed before and what is missed later, and the lead that came of it, go and come back.
#[tokio::test]
async fn neither_lead_nor_row_comes_of_it_until_it_is_unblocked() {
    let office = Office::opens().await;
    misses(&office, "before").await;
    assert_eq!((office.board().await.len(), office.contacts().await.len()), (1, 1));
    let mut anna = office.anna.watches("").await;
    anna.next("snapshot").await;
    blocks(&office).await;
    assert_eq!(anna.next("missed").await, json!({"open": 0}));
    office.clock.advance(60_000);
    misses(&office, "after").await;
    assert_eq!((office.board().await.len(), office.contacts().await.len()), (0, 0));
    assert_eq!(office.admin.reads("/api/missed?state=closed").await["items"], json!([]));
    assert_eq!(office.anna.delete(BLOCK).await.status, 204);
    let board = office.board().await;
    assert_eq!((board.len(), &board[0]["count"], office.contacts().await.len()), (1, &json!(2), 1));
}

#[tokio::test]
async fn a_clients_number_is_blocked_only_by_force() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Иван", CLIENT).await;
    let refused = office.anna.put(BLOCK, json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("has_contact")));
    assert_eq!(office.anna.reads(PATH).await["blocked"], Value::Null);
    let forced = office.anna.put(BLOCK, json!({"force": true})).await.json();
    assert_eq!(forced["contacts"][0]["name"], "Иван");
    misses(&office, "a").await;
    assert_eq!((office.board().await.len(), office.contacts().await.len()), (0, 1), "the client stays");
}
