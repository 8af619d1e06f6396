//! Section 4.3 of the document (P13): leads of missed strangers, contacts of called ones, calls of unknown PBX users.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office, at, with};
use crate::support::pbx::{CLIENT, on};

/// The one contact there is, without its id.
async fn only_contact(office: &Office) -> Value {
    let contacts = office.contacts().await;
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    let mut contact = contacts[0].clone();
    contact.as_object_mut().unwrap().remove("id");
    contact
}

fn lead(responsible: &Value, made_at: &str) -> Value {
    json!({
        "name": "", "company": "", "phones": [{"number": CLIENT_NUMBER, "label": ""}], "email": "", "note": "",
        "tags": [], "kind": "lead", "responsible": responsible, "vip": false, "alert": "",
        "created_at": made_at, "updated_at": made_at, "last_talk": null, "missed_open": 1,
    })
}

async fn misses(office: &Office, callid: &str) {
    office.pbx.rings(on(callid, "anna")).await;
    office.pbx.stops_ringing(on(callid, "anna")).await;
    office.waits(5).await;
}

#[tokio::test]
async fn p13_a_missed_stranger_becomes_a_lead_of_the_default_user() {
    let office = Office::opens().await;
    misses(&office, "c").await;
    assert_eq!(only_contact(&office).await, lead(&office.admin.appears, &at(5)));
    assert_eq!(office.call("c").await["contact"]["id"], office.contacts().await[0]["id"]);
}

#[tokio::test]
async fn p13_the_lead_goes_to_the_senior_manager() {
    let office = Office::opens().await;
    office.sets(json!({"senior_manager": office.boris.id(), "default_user": office.anna.id()})).await;
    misses(&office, "c").await;
    assert_eq!(only_contact(&office).await, lead(&office.boris.appears, &at(5)));
}

#[tokio::test]
async fn p13_without_a_senior_manager_to_the_default_user() {
    let office = Office::opens().await;
    office.sets(json!({"default_user": office.anna.id()})).await;
    misses(&office, "c").await;
    assert_eq!(only_contact(&office).await, lead(&office.anna.appears, &at(5)));
}

#[tokio::test]
async fn p13_a_known_client_makes_no_lead() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Иван", CLIENT).await;
    misses(&office, "c").await;
    assert_eq!(only_contact(&office).await["name"], "Иван");
    assert_eq!(office.board().await.len(), 1);
}

#[tokio::test]
async fn p13_a_withheld_number_makes_no_lead() {
    let office = Office::opens().await;
    office.pbx.reports("in", "missed", "0", on("c", "pbx").of("anonymous"), &[]).await;
    assert_eq!(office.contacts().await.len(), 0);
    assert_eq!(office.board().await.len(), 0);
}

#[tokio::test]
async fn p13_the_switch_turns_leads_off() {
    let office = Office::opens().await;
    office.sets(json!({"lead_on_missed": false})).await;
    misses(&office, "c").await;
    assert_eq!(office.contacts().await.len(), 0);
    assert_eq!(office.board().await.len(), 1, "the board does not depend on it");
}

#[tokio::test]
async fn p13_two_missed_calls_of_one_stranger_at_once_make_one_lead_and_one_row() {
    let office = Office::opens().await;
    let callids: Vec<_> = (0..12).map(|number| number.to_string()).collect();
    join_all(callids.iter().map(|callid| office.pbx.reports("in", "missed", "0", on(callid, "pbx"), &[]))).await;
    let lead = with(lead(&office.admin.appears, &at(0)), json!({"missed_open": 12}));
    assert_eq!(only_contact(&office).await, lead);
    let board = office.board().await;
    assert_eq!((board.len(), &board[0]["count"]), (1, &json!(12)));
}

#[tokio::test]
async fn p13_a_late_answer_takes_the_miss_and_the_lead_back() {
    let office = Office::opens().await;
    misses(&office, "c").await;
    assert_eq!((office.contacts().await.len(), office.board().await.len()), (1, 1));
    office.pbx.picks_up(on("c", "boris")).await;
    assert_eq!(office.call("c").await["state"], "talking");
    assert_eq!((office.contacts().await.len(), office.board().await.len()), (0, 0));
    assert_eq!(office.call("c").await["contact"], json!(null));
}

#[tokio::test]
async fn p13_a_lead_that_somebody_touched_stays() {
    let office = Office::opens().await;
    misses(&office, "c").await;
    let path = format!("/api/contacts/{}", office.contacts().await[0]["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&path, json!({"name": "Пётр"})).await.status, 200);
    office.pbx.picks_up(on("c", "boris")).await;
    assert_eq!(only_contact(&office).await["name"], "Пётр");
    assert_eq!(office.board().await.len(), 0);
}

#[tokio::test]
async fn p13_a_lead_of_another_miss_stays() {
    let office = Office::opens().await;
    misses(&office, "c").await;
    misses(&office, "d").await;
    office.pbx.reports("in", "Success", "4", on("c", "boris"), &[]).await;
    assert_eq!(office.contacts().await.len(), 1, "d was missed all the same");
    assert_eq!(office.call("d").await["state"], "missed");
}

#[tokio::test]
async fn p13_a_called_stranger_becomes_the_callers_contact() {
    let office = Office::opens().await;
    office.pbx.calls_out(on("c", "anna")).await;
    let contact = with(lead(&office.anna.appears, &at(0)), json!({"kind": "client", "missed_open": 0}));
    assert_eq!(only_contact(&office).await, contact);
    office.pbx.reports("out", "Busy", "0", on("c", "anna"), &[]).await;
    office.pbx.calls_out(on("d", "anna")).await;
    assert_eq!(office.contacts().await.len(), 1);
}

#[tokio::test]
async fn p13_the_switch_turns_contacts_of_called_strangers_off() {
    let office = Office::opens().await;
    office.sets(json!({"contact_on_outgoing": false})).await;
    office.pbx.calls_out(on("c", "anna")).await;
    office.pbx.reports("out", "Success", "10", on("c", "anna"), &[]).await;
    assert_eq!(office.contacts().await.len(), 0);
}

#[tokio::test]
async fn p13_calls_of_unknown_pbx_users_are_kept_under_the_default_user() {
    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "10", on("c", "daria"), &[]).await;
    assert_eq!(office.call("c").await["user"], office.admin.appears);
    office.sets(json!({"default_user": office.boris.id()})).await;
    office.pbx.reports("in", "Success", "10", on("d", "daria"), &[]).await;
    assert_eq!(office.call("d").await["user"], office.boris.appears);
    assert_eq!(office.call("c").await["user"], office.admin.appears, "what was kept stays as it was");
    office.sets(json!({"keep_unknown_users": false})).await;
    office.pbx.reports("in", "Success", "10", on("e", "daria"), &[]).await;
    assert_eq!(office.call("e").await["user"], json!(null));
}
