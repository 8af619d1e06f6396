//! The live stream: who sees which card, and that nothing can stay stale.

use serde_json::json;

use crate::support::office::{Office, at, leg, no_recording};
use crate::support::pbx::{CLIENT, on};

#[tokio::test]
async fn the_card_comes_to_whose_phone_rings_and_to_nobody_else() {
    let office = Office::opens().await;
    let contact = json!({"name": "Иван", "company": "Ромашка", "phones": [{"number": CLIENT}], "tags": ["опт"],
        "vip": true, "alert": "Ждёт счёт", "responsible": office.boris.id()});
    let contact = office.anna.makes("/api/contacts", contact).await;
    office.pbx.reports("in", "Success", "100", on("before", "boris"), &[]).await;
    office.clock.advance(60_000);
    let (mut anna, mut boris) = (office.anna.watches("").await, office.boris.watches("").await);
    assert_eq!(anna.next("snapshot").await, json!({"cards": [], "missed_open": 0}));
    boris.next("snapshot").await;
    office.pbx.rings(on("c", "anna")).await;
    let call = office.call("c").await;
    let card = json!({
        "id": call["id"], "integration": office.integration, "callid": "c", "direction": "in", "state": "ringing",
        "is_trial": false, "phone": "+79101234567", "phone_formatted": "+7 910 123-45-67", "diversion": null, "line": null, "group": null,
        "contact": {"id": contact["id"], "name": "Иван", "company": "Ромашка"}, "matches": [], "user": null,
        "started_at": at(60), "answered_at": null, "ended_at": null, "duration_s": null, "wait_s": null,
        "recording": no_recording(), "note": "", "note_rev": 0, "note_by": null, "outcome": "", "promise": null, "rating": null,
        "returns_to": null, "transferred_from": null, "transferred_to": null,
        "legs": [leg("anna", &office.anna.appears, "ringing", [Some(60), None, None])], "deliveries": [],
        "rev": 1, "for_me": true, "responsible": office.boris.appears, "company": "Ромашка", "tags": ["опт"],
        "vip": true, "alert": "Ждёт счёт", "last": {"at": at(-100), "user": office.boris.appears, "duration_s": 100, "note": "", "outcome": ""},
        "calls_count": 2, "missed_open": 0,
    });
    assert_eq!(anna.card().await, card);
    boris.sees_no_card().await;
}

#[tokio::test]
async fn a_card_follows_its_call_and_its_rev_grows() {
    let office = Office::opens().await;
    let mut anna = office.anna.watches("").await;
    let course = on("c", "anna");
    office.pbx.rings(course).await;
    let mut rev = anna.card_in("ringing").await["rev"].as_i64().unwrap();
    office.pbx.picks_up(course).await;
    for state in ["talking", "answered"] {
        let card = anna.card_in(state).await;
        assert!(card["rev"].as_i64().unwrap() > rev, "{card}");
        rev = card["rev"].as_i64().unwrap();
        office.pbx.reports("in", "Success", "5", course, &[]).await;
    }
}

#[tokio::test]
async fn a_group_sees_who_answered() {
    let office = Office::opens().await;
    let (mut anna, mut boris) = (office.anna.watches("").await, office.boris.watches("").await);
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.rings(on("c", "boris")).await;
    office.pbx.picks_up(on("c", "boris")).await;
    for stream in [&mut anna, &mut boris] {
        let card = stream.card_in("talking").await;
        assert_eq!((&card["for_me"], &card["user"]), (&json!(true), &office.boris.appears));
    }
}

#[tokio::test]
async fn a_line_that_nobody_has_rings_at_the_default_user() {
    let office = Office::opens().await;
    office.sets(json!({"default_user": office.boris.id()})).await;
    let (mut anna, mut boris) = (office.anna.watches("").await, office.boris.watches("").await);
    office.pbx.rings(on("c", "daria")).await;
    assert_eq!(boris.card().await["for_me"], true);
    anna.sees_no_card().await;
}

#[tokio::test]
async fn an_outgoing_calls_card_is_its_callers() {
    let office = Office::opens().await;
    let (mut anna, mut boris) = (office.anna.watches("").await, office.boris.watches("").await);
    office.pbx.calls_out(on("c", "anna")).await;
    assert_eq!(anna.card().await["direction"], "out");
    boris.sees_no_card().await;
}

#[tokio::test]
async fn a_reconnect_gets_everything_that_stands() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    let mut first = office.anna.watches("").await;
    assert_eq!(first.next("snapshot").await["cards"][0]["callid"], "c");
    drop(first);
    office.pbx.rings(on("d", "anna")).await;
    office.pbx.picks_up(on("c", "anna")).await;
    let snapshot = office.anna.watches("").await.next("snapshot").await;
    let cards: Vec<_> =
        snapshot["cards"].as_array().unwrap().iter().map(|card| (&card["callid"], &card["state"])).collect();
    assert!(cards.contains(&(&json!("c"), &json!("talking"))), "{cards:?}");
    assert!(cards.contains(&(&json!("d"), &json!("ringing"))), "{cards:?}");
    assert_eq!(office.boris.watches("").await.next("snapshot").await["cards"], json!([]));
}

#[tokio::test]
async fn a_snapshot_forgets_calls_that_ended_a_while_ago() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.reports("in", "Success", "5", on("c", "anna"), &[]).await;
    assert_eq!(office.anna.watches("").await.next("snapshot").await["cards"][0]["state"], "answered");
    office.waits(3600).await;
    assert_eq!(office.anna.watches("").await.next("snapshot").await["cards"], json!([]));
}

#[tokio::test]
async fn a_dismissed_card_goes_from_all_my_screens_and_stays_away() {
    let office = Office::opens().await;
    let (mut here, mut there) = (office.anna.watches("").await, office.anna.watches("").await);
    let mut boris = office.boris.watches("").await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.rings(on("c", "boris")).await;
    let id = here.card().await["id"].clone();
    let path = format!("/api/calls/{}/dismiss", id.as_str().unwrap());
    assert_eq!(office.anna.post(&path, json!({})).await.status, 204);
    for stream in [&mut here, &mut there] {
        while stream.card().await["for_me"] == true {}
    }
    office.pbx.picks_up(on("c", "boris")).await;
    assert_eq!(boris.card_in("talking").await["for_me"], true);
    here.sees_no_card().await;
    assert_eq!(office.anna.watches("").await.next("snapshot").await["cards"], json!([]));
    assert_eq!(office.anna.post(&path, json!({})).await.status, 204, "twice is once");
    assert_eq!(office.anna.post("/api/calls/none/dismiss", json!({})).await.status, 404);
}

#[tokio::test]
async fn the_boards_number_and_changed_contacts_are_told_to_all() {
    let office = Office::opens().await;
    let mut boris = office.boris.watches("").await;
    office.pbx.reports("in", "missed", "0", on("c", "pbx"), &[]).await;
    assert_eq!(boris.next("missed").await, json!({"open": 1}));
    let contact = office.anna.keeps_contact("Ольга", "+79201112233").await;
    while boris.next("contact").await != json!({"id": contact["id"]}) {}
    office.clock.advance(1000);
    office.pbx.reports("out", "Success", "5", on("d", "anna"), &[]).await;
    assert_eq!(boris.next("missed").await, json!({"open": 0}));
}

#[tokio::test]
async fn managers_and_admins_may_watch_everybody() {
    let office = Office::opens().await;
    let mut admin = office.admin.watches("?watch=all").await;
    office.pbx.rings(on("c", "anna")).await;
    assert_eq!(admin.card().await["for_me"], false);
    assert_eq!(office.anna.get("/api/live?watch=all").await.status, 403);
    assert_eq!(office.get("/api/live").await.status, 401);
}

#[tokio::test]
async fn a_note_shows_at_once_on_the_card() {
    let office = Office::opens().await;
    let mut anna = office.anna.watches("").await;
    office.pbx.rings(on("c", "anna")).await;
    let id = anna.card().await["id"].clone();
    let note = json!({"note": "<b>Ждёт</b> счёт", "outcome": "019aa000-0000-7000-8000-000000000001"});
    let kept = office.anna.patch(&format!("/api/calls/{}", id.as_str().unwrap()), note).await;
    assert_eq!(kept.status, 200, "{}", kept.text);
    let card = anna.card().await;
    assert_eq!(
        (&card["note"], &card["outcome"]),
        (&json!("<b>Ждёт</b> счёт"), &json!("019aa000-0000-7000-8000-000000000001"))
    );
}

#[tokio::test]
async fn a_stopping_server_says_goodbye() {
    let mut office = Office::opens().await;
    let mut anna = office.anna.watches("").await;
    anna.next("snapshot").await;
    office.crm.stops();
    anna.next("bye").await;
    anna.ends().await;
}

/// R10: nobody takes all the streams.
#[tokio::test]
async fn r10_one_person_has_128_streams_at_most() {
    let office = Office::opens().await;
    let mut streams = Vec::new();
    for _ in 0..128 {
        streams.push(office.anna.watches("").await);
    }
    let refused = office.anna.get("/api/live").await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (429, Some("too_many")));
    office.boris.watches("").await.next("snapshot").await;
    drop(streams);
}
