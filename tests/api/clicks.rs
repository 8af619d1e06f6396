//! Calling out through the Cloud PBX (Q01–Q05): the click and what the PBX reports of it are one call.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake_peer::{Asked, Reply};
use crate::support::office::{CLIENT_NUMBER, Office, PBX_TOKEN, at, leg, no_recording};
use crate::support::pbx::{CLIENT, on};

/// The client is known, so that no automation adds to what is looked at.
async fn office_with_client(pbx: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> (Office, Value) {
    let office = Office::opens_with(pbx).await;
    let contact = office.anna.keeps_contact("Иван", CLIENT).await;
    (office, json!({"id": contact["id"], "name": "Иван", "company": ""}))
}

/// Anna's click, accepted.
async fn anna_clicks(office: &Office) -> Value {
    let answer = office.anna.clicks(CLIENT_NUMBER).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()["call"].clone()
}

fn form(asked: &Asked) -> Vec<(String, String)> {
    let mut form = asked.form();
    form.sort();
    form
}

#[tokio::test]
async fn q01_q03_make_call_is_a_form_with_digits_only_and_the_token_in_the_body() {
    let (office, contact) = office_with_client(|_| Reply::ok("")).await;
    let call = anna_clicks(&office).await;
    let asked = office.peer.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].line, "POST /sys/crm_api.wcgp HTTP/1.1");
    assert_eq!(asked[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    let wanted = [("cmd", "makeCall"), ("phone", CLIENT), ("token", PBX_TOKEN), ("user", "anna")];
    assert_eq!(form(&asked[0]), wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let whole = json!({
        "id": call["id"], "integration": office.integration, "callid": null, "direction": "out", "state": "requested",
        "is_trial": false, "phone": CLIENT_NUMBER, "phone_formatted": "+7 910 123-45-67", "diversion": null, "line": null, "group": null, "contact": contact, "matches": [],
        "user": office.anna.appears, "started_at": at(0), "answered_at": null, "ended_at": null, "duration_s": null,
        "wait_s": null, "recording": no_recording(), "note": "", "note_rev": 0, "note_by": null, "outcome": "", "promise": null,
        "rating": null, "returns_to": null, "transferred_from": null, "transferred_to": null, "legs": [], "deliveries": [],
    });
    assert_eq!(call, whole);
    assert_eq!(office.calls().await, [whole]);
}

#[tokio::test]
async fn q02_accounts_are_the_pbxs_employees_matched_to_ours() {
    let rows = r#"[{"name":"anna","realName":"Петрова Анна","ext":"101"},{"name":"daria","realName":"Иванова Дария"}]"#;
    let (office, _) = office_with_client(move |_| Reply::ok(rows)).await;
    let accounts = office.admin.reads(&format!("/api/integrations/{}/accounts", office.integration)).await;
    let wanted = json!({"items": [
        {"account": "anna", "name": "Петрова Анна", "user": office.anna.appears},
        {"account": "daria", "name": "Иванова Дария", "user": null},
    ]});
    assert_eq!(accounts, wanted);
    let wanted = [("cmd", "accounts"), ("token", PBX_TOKEN)];
    assert_eq!(form(&office.peer.asked()[0]), wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn q04_a_refusal_is_a_sentence_and_the_call_has_failed() {
    let refusals = [
        (400, r#"{ error: "Invalid parameters" }"#),
        (401, r#"{ error: "Invalid token" }"#),
        (401, r#"{"error":"Invalid token"}"#),
        (403, "<html>"),
        (500, ""),
    ];
    for (status, body) in refusals {
        let (office, _) = office_with_client(move |_| Reply::status(status, body)).await;
        let answer = office.anna.clicks(CLIENT_NUMBER).await;
        assert_eq!((answer.status, &answer.json()["code"]), (502, &json!("peer_refused")), "{status} {}", answer.text);
        assert!(answer.json()["detail"].as_str().unwrap().len() > 20, "{status}: {}", answer.text);
        assert!(!answer.text.contains(PBX_TOKEN));
        let calls = office.calls().await;
        assert_eq!((calls.len(), &calls[0]["state"]), (1, &json!("failed")), "{status}: kept");
    }
}

#[tokio::test]
async fn q05_every_kind_of_200_is_a_success_and_its_call_id_is_kept() {
    let bodies = [
        ("", Value::Null),
        ("null", Value::Null),
        (r#"{"CallID":"id-from-pbx"}"#, json!("id-from-pbx")),
        ("id-from-pbx", json!("id-from-pbx")),
        (r#""id-from-pbx""#, json!("id-from-pbx")),
    ];
    for (body, callid) in bodies {
        let (office, _) = office_with_client(move |_| Reply::ok(body)).await;
        assert_eq!(anna_clicks(&office).await["callid"], callid, "{body:?}");
    }
}

/// What the PBX reports after a click: the manager's phone first, then the client.
async fn pbx_plays(office: &Office, callid: &str) {
    office.pbx.calls_out(on(callid, "anna")).await;
    office.pbx.picks_up(on(callid, "anna")).await;
    office.pbx.hangs_up(on(callid, "anna")).await;
    office.pbx.reports("out", "Success", "7", on(callid, "anna"), &[]).await;
}

#[tokio::test]
async fn a_named_click_is_the_call_that_the_pbx_reports() {
    let (office, contact) = office_with_client(|_| Reply::ok(r#"{"CallID":"c"}"#)).await;
    let click = anna_clicks(&office).await;
    pbx_plays(&office, "c").await;
    let whole = json!({"id": click["id"], "direction": "out", "state": "answered", "contact": contact,
        "user": office.anna.appears, "started_at": at(-7), "answered_at": at(0), "ended_at": at(0), "duration_s": 7,
        "wait_s": 7, "legs": [leg("anna", &office.anna.appears, "answered", [Some(0), Some(0), Some(0)])]});
    office.has_call("c", whole).await;
    assert_eq!(office.calls().await.len(), 1);
}

#[tokio::test]
async fn a_click_without_a_name_claims_the_call_that_follows() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let click = anna_clicks(&office).await;
    let note = json!({"note": "перезвонить по счёту"});
    let path = format!("/api/calls/{}", click["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&path, note).await.status, 200);
    office.clock.advance(3_000);
    pbx_plays(&office, "c").await;
    let call = office.call("c").await;
    assert_eq!((&call["id"], &call["note"]), (&click["id"], &json!("перезвонить по счёту")));
    assert_eq!(office.calls().await.len(), 1);
    pbx_plays(&office, "d").await;
    assert_eq!(office.calls().await.len(), 2, "one click claims one call");
}

/// Browsers drop a card of a smaller `rev`: notes written while the click waited must not hide the call that follows.
#[tokio::test]
async fn a_call_is_newer_than_the_click_that_it_was() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let mut stream = office.anna.watches("").await;
    let click = anna_clicks(&office).await;
    let path = format!("/api/calls/{}", click["id"].as_str().unwrap());
    for (note_rev, note) in ["п", "перезвонить", "перезвонить по счёту"].into_iter().enumerate()
    {
        assert_eq!(office.anna.patch(&path, json!({ "note": note, "note_rev": note_rev })).await.status, 200);
    }
    let mut card = stream.card_in("requested").await;
    while card["note"] != "перезвонить по счёту" {
        card = stream.card_in("requested").await;
    }
    office.pbx.calls_out(on("c", "anna")).await;
    let ringing = stream.card_in("ringing").await;
    assert_eq!(ringing["id"], click["id"]);
    assert!(ringing["rev"].as_i64() > card["rev"].as_i64(), "{ringing} after {card}");
}

#[tokio::test]
async fn a_click_claims_nobody_elses_call_nor_another_number_nor_one_much_later() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    anna_clicks(&office).await;
    office.pbx.calls_out(on("boris", "boris")).await;
    office.pbx.calls_out(on("other", "anna").of("79207654321")).await;
    office.clock.advance(121_000);
    office.pbx.calls_out(on("later", "anna")).await;
    assert_eq!(office.calls().await.len(), 4);
}

/// A PBX whose answer waits until the test lets it go.
fn held(body: &'static str) -> (impl Fn(&Asked) -> Reply + Send + Sync, mpsc::Sender<()>) {
    let (release, held) = mpsc::channel();
    let held = Arc::new(Mutex::new(held));
    let answer = move |_: &Asked| {
        let _ = held.lock().unwrap().recv_timeout(Duration::from_secs(9));
        Reply::ok(body)
    };
    (answer, release)
}

#[tokio::test]
async fn events_that_overtake_the_answer_are_the_same_call() {
    for body in [r#"{"CallID":"c"}"#, ""] {
        let (answer, release) = held(body);
        let (office, _) = office_with_client(answer).await;
        let (click, ()) = tokio::join!(anna_clicks(&office), async {
            while office.peer.asked().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            office.pbx.calls_out(on("c", "anna")).await;
            office.pbx.picks_up(on("c", "anna")).await;
            release.send(()).unwrap();
        });
        assert_eq!(click["state"], "talking", "{body:?}");
        pbx_plays(&office, "c").await;
        let call = office.call("c").await;
        assert_eq!((&call["id"], &call["state"]), (&click["id"], &json!("answered")), "{body:?}");
        assert_eq!(office.calls().await.len(), 1, "{body:?}");
    }
}

#[tokio::test]
async fn the_former_id_of_a_call_that_a_click_folded_into_still_finds_it() {
    let (answer, release) = held("");
    let (office, _) = office_with_client(answer).await;
    let (click, former) = tokio::join!(anna_clicks(&office), async {
        while office.peer.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        office.pbx.calls_out(on("c", "anna")).await;
        let former = office.call("c").await["id"].clone();
        release.send(()).unwrap();
        former
    });
    assert_ne!(click["id"], former);
    assert_eq!(office.anna.reads(&format!("/api/calls/{}", former.as_str().unwrap())).await["id"], click["id"]);
}

/// Whoever gave a click up put its card away: it must not hide the card of a talk.
#[tokio::test]
async fn of_several_clicks_the_newest_that_was_not_put_away_claims_the_call() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let mut clicks = Vec::new();
    for _ in 0..3 {
        clicks.push(anna_clicks(&office).await["id"].clone());
        office.clock.advance(10_000);
    }
    let dismiss = format!("/api/calls/{}/dismiss", clicks[2].as_str().unwrap());
    assert_eq!(office.anna.post(&dismiss, json!({})).await.status, 204);
    for callid in ["a", "b", "c"] {
        office.pbx.calls_out(on(callid, "anna")).await;
        office.clock.advance(1_000);
    }
    assert_eq!(office.call("a").await["id"], clicks[1]);
    assert_eq!(office.call("b").await["id"], clicks[0]);
    assert!(!clicks.contains(&office.call("c").await["id"]));
    assert_eq!(office.calls().await.len(), 4);
}

const DIALLED: [(&str, &str); 1] = [("diversion", "74951112233")];

/// The client rings in while he is being called: two calls, two cards.
#[tokio::test]
async fn a_client_who_rings_in_on_one_of_our_numbers_is_nobodys_click() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let click = anna_clicks(&office).await;
    office.clock.advance(2_000);
    office.pbx.event("INCOMING", on("c", "anna"), &DIALLED).await;
    office.pbx.picks_up(on("c", "anna")).await;
    let call = office.call("c").await;
    assert_ne!(call["id"], click["id"]);
    assert_eq!((&call["direction"], &call["state"]), (&json!("in"), &json!("talking")));
    assert_eq!(office.calls().await.len(), 2);
    office.pbx.calls_out(on("d", "anna")).await;
    assert_eq!(office.call("d").await["id"], click["id"]);
}

#[tokio::test]
async fn nor_is_he_who_rings_in_before_the_pbx_answers_the_click() {
    let (answer, release) = held("");
    let (office, _) = office_with_client(answer).await;
    let (click, ()) = tokio::join!(anna_clicks(&office), async {
        while office.peer.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        office.pbx.event("INCOMING", on("c", "anna"), &DIALLED).await;
        release.send(()).unwrap();
    });
    assert_eq!((&click["state"], &click["callid"]), (&json!("requested"), &Value::Null));
    assert_ne!(office.call("c").await["id"], click["id"]);
}

/// On a callback the manager's phone is rung first: INCOMING without a dialled line may be the click's call until the
/// history says that it came in.
#[tokio::test]
async fn a_call_that_the_history_says_came_in_parts_from_the_click_it_was_taken_for() {
    let (office, contact) = office_with_client(|_| Reply::ok("")).await;
    let mut stream = office.anna.watches("").await;
    let click = anna_clicks(&office).await;
    office.pbx.rings(on("c", "anna")).await;
    let ringing = stream.card_in("ringing").await;
    assert_eq!((&ringing["id"], &ringing["direction"]), (&click["id"], &json!("out")));
    let note = json!({"note": "просил счёт"});
    let path = format!("/api/calls/{}", click["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&path, note).await.status, 200);
    office.pbx.reports("in", "Success", "7", on("c", "anna"), &[]).await;
    let call = office.call("c").await;
    assert_ne!(call["id"], click["id"]);
    let by = &office.anna.appears;
    let whole = json!({"id": call["id"], "direction": "in", "state": "answered", "contact": contact, "user": by,
        "started_at": at(-7), "answered_at": null, "ended_at": at(0), "duration_s": 7, "note": "просил счёт",
        "note_rev": 1, "note_by": by,
        "legs": [leg("anna", by, "cancelled", [Some(0), None, Some(0)])]});
    office.has_call("c", whole).await;
    assert_eq!(office.admin.reads(&path).await, click, "the click waits again, as if nothing had been");
    let again = stream.card_in("requested").await;
    assert_eq!(again["id"], click["id"]);
    assert!(again["rev"].as_i64() > ringing["rev"].as_i64(), "{again} after {ringing}");
    office.clock.advance(1_000);
    office.pbx.calls_out(on("d", "anna")).await;
    assert_eq!(office.call("d").await["id"], click["id"], "and the next call out is its own");
}

#[tokio::test]
async fn the_talk_that_a_click_was_taken_for_stays_the_clients_latest() {
    let (office, contact) = office_with_client(|_| Reply::ok("")).await;
    anna_clicks(&office).await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.event("ACCEPTED", on("c", "anna"), &[]).await;
    office.clock.advance(9_000);
    office.pbx.reports("in", "Success", "7", on("c", "anna"), &[]).await;
    let path = format!("/api/contacts/{}", contact["id"].as_str().unwrap());
    assert_eq!(office.anna.reads(&path).await["last_talk"]["call"], office.call("c").await["id"]);
}

#[tokio::test]
async fn a_call_on_one_of_our_numbers_that_the_history_says_went_out_is_the_clicks() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let click = anna_clicks(&office).await;
    office.pbx.event("INCOMING", on("c", "anna"), &DIALLED).await;
    office.pbx.reports("out", "Success", "0", on("c", "anna"), &[]).await;
    assert_eq!(office.call("c").await["id"], click["id"]);
    assert_eq!(office.calls().await.len(), 1);
}

/// The clock of a PBX may be half a minute behind: what was heard while the phone rang goes before its `start`.
#[tokio::test]
async fn a_start_that_lies_before_the_click_does_not_part_them() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let click = anna_clicks(&office).await;
    office.pbx.calls_out(on("c", "anna")).await;
    office.pbx.reports("out", "Success", "7", on("c", "anna"), &[("start", "20260301T085930Z")]).await;
    assert_eq!(office.call("c").await["id"], click["id"]);
}

#[tokio::test]
async fn a_click_that_the_pbx_names_late_takes_its_call_from_the_click_that_had_guessed_it() {
    let answers = Mutex::new(vec![Reply::ok(r#"{"CallID":"c"}"#), Reply::ok("")]);
    let (office, _) = office_with_client(move |_| answers.lock().unwrap().pop().unwrap()).await;
    let guess = anna_clicks(&office).await;
    office.pbx.calls_out(on("c", "anna")).await;
    assert_eq!(office.call("c").await["id"], guess["id"]);
    office.clock.advance(4_000);
    let named = anna_clicks(&office).await;
    assert_eq!(office.call("c").await["id"], named["id"]);
    assert_eq!(office.calls().await.len(), 2);
    office.pbx.calls_out(on("d", "anna")).await;
    assert_eq!(office.call("d").await["id"], guess["id"]);
}

#[tokio::test]
async fn the_same_click_within_three_seconds_is_the_same_call() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let first = anna_clicks(&office).await;
    office.clock.advance(2_900);
    assert_eq!(anna_clicks(&office).await, first);
    assert_eq!(office.peer.asked().len(), 1, "the PBX was asked once");
    let boris = office.boris.clicks(CLIENT_NUMBER).await;
    assert_ne!(boris.json()["call"]["id"], first["id"], "another person is another call");
    office.clock.advance(200);
    assert_ne!(anna_clicks(&office).await["id"], first["id"]);
}

#[tokio::test]
async fn both_halves_of_a_double_click_are_one_call() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let (one, other) = tokio::join!(anna_clicks(&office), anna_clicks(&office));
    assert_eq!(one["id"], other["id"]);
    assert_eq!(office.peer.asked().len(), 1);
}

#[tokio::test]
async fn a_refused_click_may_be_tried_again_at_once() {
    let answers = Arc::new(Mutex::new(vec![Reply::ok(""), Reply::status(400, "")]));
    let (office, _) = office_with_client(move |_| answers.lock().unwrap().pop().unwrap()).await;
    assert_eq!(office.anna.clicks(CLIENT_NUMBER).await.status, 502);
    assert_eq!(office.anna.clicks(CLIENT_NUMBER).await.status, 202);
}

#[tokio::test]
async fn a_dead_pbx_is_a_sentence_within_ten_seconds() {
    let began = Instant::now();
    let (office, _) = office_with_client(|_| Reply::HangUp).await;
    let answer = office.anna.clicks(CLIENT_NUMBER).await;
    assert_eq!((answer.status, &answer.json()["code"]), (502, &json!("peer_unreachable")), "{}", answer.text);
    let (office, _) = office_with_client(|_| Reply::Silence).await;
    let answer = office.anna.clicks(CLIENT_NUMBER).await;
    assert_eq!((answer.status, &answer.json()["code"]), (504, &json!("peer_timeout")), "{}", answer.text);
    assert!(answer.json()["detail"].as_str().unwrap().len() > 20, "{}", answer.text);
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    assert_eq!(office.peer.asked().len(), 1, "a dial is never repeated");
}

#[tokio::test]
async fn a_call_that_came_about_after_a_timeout_is_still_the_clicks() {
    let (office, _) = office_with_client(|_| Reply::HangUp).await;
    assert_eq!(office.anna.clicks(CLIENT_NUMBER).await.status, 502);
    pbx_plays(&office, "c").await;
    assert_eq!(office.calls().await.len(), 1);
    assert_eq!(office.call("c").await["state"], "answered");
}

#[tokio::test]
async fn what_is_no_number_and_who_has_no_line_are_told_so() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    for bad in ["", "anonymous", "12 apples", "+7"] {
        let answer = office.anna.clicks(bad).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("phone")), "{bad:?}");
    }
    let answer = office.admin.clicks(CLIENT_NUMBER).await;
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("no_line")));
    assert_eq!(office.anna.post("/api/calls", json!({"phone": CLIENT, "wrong": 1})).await.status, 422);
    assert_eq!(office.peer.asked().len(), 0);
    assert_eq!(office.calls().await.len(), 0);
}

#[tokio::test]
async fn the_clicks_card_is_the_callers_and_becomes_the_calls() {
    let (office, _) = office_with_client(|_| Reply::ok("")).await;
    let (mut anna, mut boris) = (office.anna.watches("").await, office.boris.watches("").await);
    let click = anna_clicks(&office).await;
    let card = anna.card_in("requested").await;
    assert_eq!((&card["id"], &card["for_me"]), (&click["id"], &json!(true)));
    office.pbx.calls_out(on("c", "anna")).await;
    assert_eq!(anna.card_in("ringing").await["id"], click["id"]);
    let snapshot = office.anna.watches("").await.next("snapshot").await;
    assert_eq!(snapshot["cards"].as_array().unwrap().len(), 1);
    boris.sees_no_card().await;
}

/// The program ended, or the browser went, before the PBX answered: the click must not stay without its call.
#[tokio::test]
async fn a_click_whose_answer_was_lost_is_still_the_call_that_the_pbx_reports() {
    for is_reported_late in [true, false] {
        let (office, _) = office_with_client(|_| Reply::Silence).await;
        let clicking = tokio::time::timeout(Duration::from_millis(500), office.anna.clicks(CLIENT_NUMBER)).await;
        assert!(clicking.is_err(), "the browser went away");
        let click = office.calls().await[0].clone();
        if is_reported_late {
            office.waits(20).await;
        }
        office.pbx.calls_out(on("c", "anna")).await;
        office.waits(20).await;
        let calls = office.calls().await;
        assert_eq!((calls.len(), &calls[0]["id"], &calls[0]["callid"]), (1, &click["id"], &json!("c")));
    }
}
