//! A client who rings back is led to whoever called him, and the display of a desk phone says who he is.

use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office};
use crate::support::pbx::{CLIENT, on};

async fn told(office: &Office) -> Value {
    office.pbx.asks_who(CLIENT).await.json()
}

async fn calls_in_vain(office: &Office, callid: &str, user: &str) {
    office.pbx.calls_out(on(callid, user)).await;
    office.pbx.reports("out", "Busy", "0", on(callid, user), &[]).await;
}

/// No lead and no contact comes of a call here.
async fn opens() -> Office {
    let office = Office::opens().await;
    office.sets(json!({"lead_on_missed": false, "contact_on_outgoing": false})).await;
    office
}

#[tokio::test]
async fn a_stranger_who_rings_back_is_led_to_whoever_called_him() {
    let office = opens().await;
    assert_eq!(told(&office).await, json!({}));
    calls_in_vain(&office, "a", "anna").await;
    assert_eq!(told(&office).await, json!({"responsible": "anna"}), "what was told before is void");
    office.clock.advance(60_000);
    calls_in_vain(&office, "b", "boris").await;
    assert_eq!(told(&office).await, json!({"responsible": "boris"}));
    office.clock.advance(24 * 3_600_000 + 1);
    assert_eq!(told(&office).await, json!({}), "a day later nobody waits for him");
}

#[tokio::test]
async fn the_call_itself_says_whose_call_it_returns() {
    let office = opens().await;
    calls_in_vain(&office, "out", "anna").await;
    office.clock.advance(60_000);
    let mut boris = office.boris.watches("").await;
    office.pbx.rings(on("back", "boris")).await;
    assert_eq!(boris.card().await["returns_to"], office.anna.appears);
    assert_eq!(office.call("back").await["returns_to"], office.anna.appears);
    assert_eq!(office.call("out").await["returns_to"], Value::Null);
    office.pbx.picks_up(on("back", "boris")).await;
    office.pbx.reports("in", "Success", "20", on("back", "boris"), &[]).await;
    office.clock.advance(60_000);
    office.pbx.rings(on("again", "boris")).await;
    assert_eq!(office.call("again").await["returns_to"], Value::Null, "they have talked since");
    office.sets(json!({"return_to": "off"})).await;
    assert_eq!(office.call("back").await["returns_to"], Value::Null);
}

#[tokio::test]
async fn the_responsible_comes_before_a_talk_and_after_a_call_in_vain() {
    let office = opens().await;
    let contact = json!({"name": "Пётр", "phones": [{"number": CLIENT}], "responsible": office.boris.id()});
    office.anna.makes("/api/contacts", contact).await;
    office.pbx.reports("in", "Success", "20", on("talk", "anna"), &[]).await;
    office.clock.advance(60_000);
    assert_eq!(told(&office).await["responsible"], "boris");
    calls_in_vain(&office, "out", "anna").await;
    assert_eq!(told(&office).await["responsible"], "anna");
    office.sets(json!({"return_to": "off"})).await;
    assert_eq!(told(&office).await["responsible"], "boris");
}

#[tokio::test]
async fn whoever_has_taken_a_miss_gets_the_call_until_that_lapses() {
    let office = opens().await;
    office.pbx.reports("in", "missed", "0", on("miss", "pbx"), &[]).await;
    assert_eq!(told(&office).await, json!({}));
    let path = format!("/api/missed/{}", office.board().await[0]["id"].as_str().unwrap());
    assert_eq!(office.boris.patch(&path, json!({"state": "taken"})).await.status, 200);
    assert_eq!(told(&office).await, json!({"responsible": "boris"}));
    office.boris.patch(&path, json!({"state": "new"})).await;
    assert_eq!(told(&office).await, json!({}));
    office.boris.patch(&path, json!({"state": "taken"})).await;
    office.clock.advance(15 * 60_000);
    assert_eq!(told(&office).await, json!({}), "taken lapses by itself");
}

/// Each thing that is said of the number voids what was told before, and no other number's answer.
#[tokio::test]
async fn the_display_shows_what_the_owner_wants() {
    let office = opens().await;
    let contact = json!({"name": "Иванов", "company": "Ромашка", "vip": true, "phones": [{"number": CLIENT}]});
    office.anna.makes("/api/contacts", contact).await;
    assert_eq!(told(&office).await["contact_name"], "★ Иванов (Ромашка)");
    for callid in ["a", "b"] {
        office.pbx.reports("in", "missed", "0", on(callid, "pbx"), &[]).await;
        office.clock.advance(60_000);
    }
    assert_eq!(told(&office).await["contact_name"], "★ Иванов (Ромашка), 2 пропущ.");
    office.sets(json!({"display_name": "{name}{missed}", "transliterate": true})).await;
    assert_eq!(told(&office).await["contact_name"], "Ivanov, 2 missed");
    office.pbx.reports("out", "Success", "20", on("c", "anna"), &[]).await;
    assert_eq!(told(&office).await["contact_name"], "Ivanov");
    for (wrong, code) in [("{phone}", "bad_characters"), (" ", "required")] {
        let refused = office.admin.patch("/api/settings", json!({"display_name": wrong})).await;
        assert_eq!((refused.status, &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{wrong}");
    }
    let refused = office.admin.patch("/api/settings", json!({"return_h": 0})).await;
    assert_eq!(refused.json()["errors"][0]["field"], "return_h");
    let number = format!("/api/numbers/{}", CLIENT_NUMBER.replace('+', "%2B"));
    assert_eq!(office.anna.reads(&number).await["calls_count"], 3);
}
