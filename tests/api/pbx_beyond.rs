//! What real PBXs of the family do beyond the document: X01–X09.

use ringcard::store::tables::recordings;
use serde_json::json;

use crate::support::office::{CRM_TOKEN, Office, at, leg, with};
use crate::support::pbx::{CLIENT, on};

#[tokio::test]
async fn x01_an_outgoing_call_is_the_callers_and_out() {
    let office = Office::opens().await;
    office.pbx.calls_out(on("c", "anna")).await;
    let contact = office.call("c").await["contact"].clone();
    let legs = json!([leg("anna", &office.anna.appears, "ringing", [Some(0), None, None])]);
    let whole = json!({"direction": "out", "user": office.anna.appears, "contact": contact, "legs": legs});
    office.has_call("c", whole).await;
}

#[tokio::test]
async fn x01_a_transfer_links_the_two_calls_and_shares_client_and_note() {
    let office = Office::opens().await;
    let contact = office.anna.keeps_contact("Иван", CLIENT).await;
    office.pbx.rings(on("first", "anna")).await;
    office.pbx.picks_up(on("first", "anna")).await;
    office.pbx.event("TRANSFERRED", on("first", "anna"), &[("second_callid", "second")]).await;
    let first = office.call("first").await;
    let path = format!("/api/calls/{}", first["id"].as_str().unwrap());
    let note = office.anna.patch(&path, json!({"note": "Ждёт счёт"}));
    assert_eq!(note.await.status, 200);
    // The second leg is shown as a call from the first employee's extension by many PBXs.
    office.pbx.rings(on("second", "boris").of("101")).await;
    let (first, second) = (office.call("first").await, office.call("second").await);
    assert_eq!((&first["transferred_to"], &first["transferred_from"]), (&second["id"], &json!(null)));
    assert_eq!((&second["transferred_from"], &second["transferred_to"]), (&first["id"], &json!(null)));
    assert_eq!(second["contact"], json!({"id": contact["id"], "name": "Иван", "company": ""}));
    assert_eq!(second["phone"], "+79101234567");
    assert_eq!(second["note"], "Ждёт счёт");
}

#[tokio::test]
async fn x01_the_link_may_come_after_the_second_call() {
    let office = Office::opens().await;
    office.pbx.rings(on("second", "boris").of("101")).await;
    office.pbx.event("TRANSFERRED", on("first", "anna"), &[("second_callid", "second")]).await;
    let (first, second) = (office.call("first").await, office.call("second").await);
    assert_eq!(first["transferred_to"], second["id"]);
    assert_eq!(second["transferred_from"], first["id"]);
    assert_eq!(second["phone"], "+79101234567");
}

#[tokio::test]
async fn x01_a_loop_of_transfers_ends() {
    let office = Office::opens().await;
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "d")] {
        office.pbx.event("TRANSFERRED", on(from, "anna"), &[("second_callid", to)]).await;
    }
    assert_eq!(office.calls().await.len(), 4);
}

#[tokio::test]
async fn x02_further_fields_are_used_and_unknown_ones_ignored() {
    let office = Office::opens().await;
    office.sets(json!({"numbers": [{"number": "+74951234567", "label": "Сайт"}]})).await;
    let more = [
        ("direction", "in"),
        ("ext", "101"),
        ("telnum", "74951234567"),
        ("telnum_name", "Основной"),
        ("groupRealName", "Продажи"),
        ("group", "g_6f1c"),
        ("something_new", "1"),
    ];
    office.pbx.event("INCOMING", on("c", "anna"), &more).await;
    let call = office.call("c").await;
    assert_eq!(call["group"], "Продажи");
    assert_eq!(call["line"], json!({"number": "+74951234567", "label": "Сайт"}));
    assert_eq!(call["diversion"], json!(null));
}

#[tokio::test]
async fn x03_history_may_say_when_it_began_and_how_long_the_client_waited() {
    let office = Office::opens().await;
    let more = [("start", "20260301T085500Z"), ("wait", "11"), ("rating", "4"), ("missedStatus", "x")];
    office.pbx.reports("IN", "SUCCESS", "100", on("c", "anna"), &more).await;
    let whole = json!({"state": "answered", "user": office.anna.appears, "started_at": at(-300), "answered_at": at(-289),
        "ended_at": at(-189), "duration_s": 100, "wait_s": 11, "rating": 4});
    office.has_call("c", whole).await;
}

#[tokio::test]
async fn x03_further_statuses_in_any_letter_case() {
    let office = Office::opens().await;
    let outcomes = [
        ("in", "missed", "missed"),
        ("in", "Missed", "missed"),
        ("in", "Cancel", "missed"),
        ("out", "Cancel", "cancelled"),
        ("out", "missed", "cancelled"),
        ("OUT", "notfound", "not_found"),
        ("Out", "BUSY", "busy"),
    ];
    for (number, (kind, status, state)) in outcomes.into_iter().enumerate() {
        let callid = number.to_string();
        office.pbx.reports(kind, status, "0", on(&callid, "anna"), &[]).await;
        assert_eq!(office.call(&callid).await["state"], state, "{kind} {status}");
    }
}

#[tokio::test]
async fn x03_a_later_report_that_only_adds_a_link_is_not_lost() {
    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "60", on("c", "anna"), &[]).await;
    office.pbx.reports("in", "Success", "60", on("c", "anna"), &[("link", "https://pbx.example/r.mp3")]).await;
    assert_ne!(office.call("c").await["recording"]["state"], "none");
}

#[tokio::test]
async fn x04_pbx_and_groups_are_nobody_and_a_tenant_is_left_off() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "pbx")).await;
    office.pbx.rings(on("c", "g_sales")).await;
    office.pbx.rings(on("c", "anna@tenant")).await;
    office.pbx.picks_up(on("c", "anna@tenant")).await;
    let whole = json!({"state": "talking", "user": office.anna.appears, "answered_at": at(0), "wait_s": 0, "legs": [
        leg("anna@tenant", &office.anna.appears, "talking", [Some(0), Some(0), None]),
        leg("g_sales", &json!(null), "ringing", [Some(0), None, None]),
        leg("pbx", &json!(null), "ringing", [Some(0), None, None]),
    ]});
    office.has_call("c", whole).await;
}

#[tokio::test]
async fn x04_a_login_on_a_missed_call_is_no_proof_of_an_answer() {
    let office = Office::opens().await;
    office.pbx.reports("in", "missed", "20", on("c", "anna"), &[]).await;
    let call = office.call("c").await;
    assert_eq!((&call["state"], &call["user"], &call["answered_at"]), (&json!("missed"), &json!(null), &json!(null)));
}

#[tokio::test]
async fn x05_losing_phones_race_the_winner_in_any_order() {
    let office = Office::opens().await;
    for (callid, order) in [("before", ["CANCELLED", "ACCEPTED"]), ("after", ["ACCEPTED", "CANCELLED"])] {
        office.pbx.rings(on(callid, "anna")).await;
        office.pbx.rings(on(callid, "boris")).await;
        for kind in order {
            let user = if kind == "ACCEPTED" { "boris" } else { "anna" };
            office.pbx.event(kind, on(callid, user), &[]).await;
        }
        office.pbx.stops_ringing(on(callid, "anna")).await;
        let whole = json!({"state": "talking", "user": office.boris.appears, "answered_at": at(0), "wait_s": 0, "legs": [
            leg("anna", &office.anna.appears, "cancelled", [Some(0), None, Some(0)]),
            leg("boris", &office.boris.appears, "talking", [Some(0), Some(0), None]),
        ]});
        office.has_call(callid, whole).await;
    }
}

#[tokio::test]
async fn x05_what_was_said_twice_late_or_never_makes_the_same_call() {
    let office = Office::opens().await;
    let course = on("c", "anna");
    office.pbx.reports("in", "Success", "30", course, &[]).await;
    let once = office.call("c").await;
    for _ in 0..2 {
        office.pbx.hangs_up(course).await;
        office.pbx.picks_up(course).await;
        office.pbx.rings(course).await;
        office.pbx.reports("in", "Success", "30", course, &[]).await;
    }
    let legs = json!([leg("anna", &office.anna.appears, "answered", [Some(0), Some(0), Some(0)])]);
    let whole = with(once, json!({"legs": legs, "answered_at": at(0), "wait_s": 30}));
    assert_eq!(office.call("c").await, whole);
}

#[tokio::test]
async fn x06_a_rating_stays_on_its_call() {
    let office = Office::opens().await;
    let rating = [("cmd", "rating"), ("callid", "c"), ("user", "anna"), ("phone", CLIENT)];
    let with_mark = |mark| rating.into_iter().chain([("rating", mark)]).collect::<Vec<_>>();
    office.pbx.reports("in", "Success", "30", on("c", "anna"), &[]).await;
    office.pbx.tells(&with_mark("3")).await;
    assert_eq!(office.call("c").await["rating"], 3);
    office.clock.advance(1000);
    office.pbx.tells(&with_mark("5")).await;
    assert_eq!(office.call("c").await["rating"], 5, "the latest counts");
    for bad in ["0", "6", "x", "4.5", ""] {
        assert_eq!(office.pbx.says(&with_mark(bad)).await.status, 400, "{bad:?}");
    }
}

#[tokio::test]
async fn x07_the_same_fields_may_come_as_json() {
    let office = Office::opens().await;
    let push = json!({"cmd": "history", "type": "in", "status": "Success", "phone": 79_101_234_567_i64, "user": "anna",
        "duration": 124, "callid": "c", "crm_token": CRM_TOKEN, "unknown": {"a": []}, "link": null});
    let answer = office.pbx.posts("application/json; charset=utf-8", push.to_string()).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    let whole = json!({"state": "answered", "user": office.anna.appears, "started_at": at(-124), "ended_at": at(0),
        "duration_s": 124});
    office.has_call("c", whole).await;
    for bad in [json!([]), json!("text"), with(push.clone(), json!({"user": ["anna"]}))] {
        let status = office.pbx.posts("application/json", bad.to_string()).await.status;
        assert!(status == 400 || status == 401, "{bad}: {status}");
    }
    assert_eq!(office.pbx.posts("application/json", "{").await.status, 401, "no token can be read");
}

#[tokio::test]
async fn x08_the_link_is_kept_as_it_came() {
    let office = Office::opens().await;
    let link = "https://pbx.example/r/записи?id=1&x=%2F";
    office.pbx.reports("in", "Success", "30", on("c", "anna"), &[("link", link)]).await;
    let call = office.call("c").await["id"].as_str().unwrap().to_owned();
    let kept = office.app.store.show(move |tx| recordings::find_of_call(tx, &call)).await.unwrap().unwrap();
    assert_eq!(kept.link, link);
}

#[tokio::test]
async fn x09_the_talk_time_of_an_outgoing_call_is_historys() {
    let office = Office::opens().await;
    office.pbx.calls_out(on("c", "anna")).await;
    // Her own phone, not the client's.
    office.pbx.picks_up(on("c", "anna")).await;
    office.clock.advance(40_000);
    office.pbx.hangs_up(on("c", "anna")).await;
    assert_eq!(office.call("c").await["duration_s"], json!(null));
    office.pbx.reports("out", "NotAvailable", "0", on("c", "anna"), &[]).await;
    let call = office.call("c").await;
    assert_eq!(
        (&call["state"], &call["duration_s"], &call["answered_at"]),
        (&json!("unavailable"), &json!(0), &json!(null))
    );
}
