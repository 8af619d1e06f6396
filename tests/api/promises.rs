//! Promises: made in a call or beside it, kept by any talk with the client, and rung for at their time.

use ringcard::app::desk::promises;
use ringcard::app::upkeep::retention;
use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office, at, with};
use crate::support::pbx::{CLIENT, on};

const OTHER: &str = "79207654321";

/// A call of Anna's that has ended; its address.
async fn talks(office: &Office, callid: &str, phone: &str) -> String {
    let course = on(callid, "anna").of(phone);
    office.pbx.rings(course).await;
    office.pbx.picks_up(course).await;
    office.clock.advance(5_000);
    office.pbx.hangs_up(course).await;
    format!("/api/calls/{}", office.call(callid).await["id"].as_str().unwrap())
}

async fn listed(office: &Office, query: &str) -> Vec<Value> {
    office.anna.reads(&format!("/api/promises{query}")).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_promise_of_a_call_is_made_moved_and_taken_back() {
    let office = Office::opens().await;
    let path = talks(&office, "c", CLIENT).await;
    let call = office.call("c").await;
    assert_eq!(call["promise"], Value::Null);
    let body = json!({"promise": {"due_at": at(3600), "text": " Прислать\nсчёт "}});
    let answer = office.anna.patch(&path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let promise = answer.json()["promise"].clone();
    let expected = json!({"id": promise["id"], "due_at": at(3600), "text": "Прислать счёт", "done_at": null});
    assert_eq!(promise, expected);
    let whole = json!({
        "id": promise["id"], "call": call["id"], "number": CLIENT_NUMBER, "number_formatted": "+7 910 123-45-67",
        "contact": null, "user": office.anna.appears, "due_at": at(3600), "text": "Прислать счёт", "made_at": at(5),
        "done_at": null, "done_by_call": null,
    });
    assert_eq!(listed(&office, "").await, [whole]);
    let moved = office.anna.patch(&path, json!({"promise": {"due_at": at(7200)}})).await.json();
    assert_eq!(moved["promise"], with(expected, json!({"due_at": at(7200), "text": ""})));
    assert_eq!(office.anna.reads("/api/calls?has=promise").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(office.anna.patch(&path, json!({"promise": null})).await.json()["promise"], Value::Null);
    assert_eq!(listed(&office, "").await, [Value::Null; 0]);
    assert_eq!(office.anna.reads("/api/calls?has=promise").await["items"], json!([]));
    let answer = office.anna.patch(&path, json!({"promise": {"due_at": "tomorrow"}})).await;
    let error = answer.json()["errors"][0].clone();
    assert_eq!((answer.status, &error["field"], &error["code"]), (422, &json!("promise.due_at"), &json!("not_a_time")));
}

#[tokio::test]
async fn any_talk_with_the_client_that_ends_after_it_was_made_keeps_it() {
    let office = Office::opens().await;
    let phones = json!([{"number": CLIENT}, {"number": OTHER}]);
    let contact = office.anna.makes("/api/contacts", json!({"name": "Иван", "phones": phones})).await;
    // While one talks: this talk's own end keeps nothing.
    let course = on("c", "anna");
    office.pbx.rings(course).await;
    office.pbx.picks_up(course).await;
    let path = format!("/api/calls/{}", office.call("c").await["id"].as_str().unwrap());
    office.anna.patch(&path, json!({"promise": {"due_at": at(3600)}})).await;
    office.clock.advance(5_000);
    office.pbx.hangs_up(course).await;
    assert_eq!(office.call("c").await["promise"]["done_at"], Value::Null);
    // Nor does a miss.
    office.pbx.reports("in", "missed", "0", on("miss", "pbx"), &[]).await;
    assert_eq!(listed(&office, "?state=open").await.len(), 1);
    office.clock.advance(60_000);
    talks(&office, "again", OTHER).await;
    let kept = listed(&office, "?state=done").await;
    let again = office.call("again").await;
    assert_eq!((&kept[0]["done_at"], &kept[0]["done_by_call"]), (&again["ended_at"], &again["id"]));
    assert_eq!(kept[0]["contact"], json!({"id": contact["id"], "name": "Иван", "company": ""}));
    assert_eq!(office.call("c").await["promise"]["done_at"], again["ended_at"]);
    assert_eq!(listed(&office, "?state=open").await, [Value::Null; 0]);
    // The contact goes; what was promised to him stays.
    assert_eq!(office.admin.delete(&format!("/api/contacts/{}", contact["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(listed(&office, "").await[0]["contact"], Value::Null);
}

#[tokio::test]
async fn a_promise_beside_a_call_is_made_handed_on_and_done_by_word() {
    let office = Office::opens().await;
    let contact = office.anna.keeps_contact("Иван", CLIENT).await;
    let made = office.anna.makes("/api/promises", json!({"number": "8 910 123-45-67", "due_at": at(10)})).await;
    assert_eq!(
        (&made["contact"]["id"], &made["user"], &made["call"]),
        (&contact["id"], &office.anna.appears, &Value::Null)
    );
    let of_contact = json!({"contact": contact["id"], "due_at": at(20), "text": "x"});
    let other = office.boris.makes("/api/promises", of_contact).await;
    assert_eq!(other["number"], CLIENT_NUMBER);
    let path = format!("/api/promises/{}", made["id"].as_str().unwrap());
    for answer in [
        office.boris.patch(&path, json!({"is_done": true})).await,
        office.boris.delete(&path).await,
        office.boris.post("/api/promises", json!({"number": CLIENT, "due_at": at(1), "user": office.anna.id()})).await,
        office.anna.patch(&path, json!({"user": office.boris.id()})).await,
    ] {
        assert_eq!(
            (answer.status, &answer.json()["why"]["code"]),
            (403, &json!("anothers_promise")),
            "{}",
            answer.text
        );
    }
    office.clock.advance(15_000);
    let count = async |query: &str| listed(&office, query).await.len();
    assert_eq!((count("?state=open").await, count("?state=late").await), (2, 1));
    assert_eq!(count(&format!("?user={}", office.boris.id())).await, 1);
    let done = office.anna.patch(&path, json!({"is_done": true})).await.json();
    assert_eq!(done, with(made.clone(), json!({"done_at": at(15)})));
    assert_eq!((count("?state=late").await, count("?state=done").await), (0, 1));
    assert_eq!(office.anna.patch(&path, json!({"is_done": false})).await.json(), made);
    let handed = office.admin.patch(&path, json!({"user": office.boris.id()})).await;
    assert_eq!((handed.status, &handed.json()["user"]), (200, &office.boris.appears));
    assert_eq!(office.boris.delete(&path).await.status, 204);
    assert_eq!(office.boris.delete(&path).await.status, 404);
    let page = office.anna.reads("/api/promises?limit=1").await;
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&other["id"], &Value::Null));
    for (body, field) in [
        (json!({"due_at": at(1)}), "number"),
        (json!({"number": "anonymous", "due_at": at(1)}), "number"),
        (json!({"contact": "nobody", "due_at": at(1)}), "contact"),
        (json!({"number": CLIENT, "due_at": "x"}), "due_at"),
        (json!({"number": CLIENT, "due_at": at(1), "text": "я".repeat(201)}), "text"),
        (json!({"number": CLIENT, "due_at": at(1), "user": "nobody"}), "user"),
    ] {
        let answer = office.anna.post("/api/promises", body).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!(field)));
    }
}

#[tokio::test]
async fn a_promise_rings_once_at_its_time_for_its_person_and_again_when_it_is_moved() {
    let office = Office::opens().await;
    let (mut anna, mut boris) = (office.anna.watches("").await, office.boris.watches("").await);
    let made = office.anna.makes("/api/promises", json!({"number": CLIENT, "due_at": at(10)})).await;
    assert_eq!(boris.next("promise").await, json!({"id": made["id"]}));
    assert_eq!(promises::ring_due(&office.app).await.unwrap(), 0);
    office.clock.advance(10_000);
    assert_eq!(promises::ring_due(&office.app).await.unwrap(), 1);
    assert_eq!(promises::ring_due(&office.app).await.unwrap(), 0);
    assert_eq!(anna.next("due").await, made);
    let heard = boris.hears_for(std::time::Duration::from_millis(300)).await;
    assert!(heard.iter().all(|(name, _)| name != "due"), "{heard:?}");
    let path = format!("/api/promises/{}", made["id"].as_str().unwrap());
    let moved = office.anna.patch(&path, json!({"due_at": at(900)})).await.json();
    office.clock.advance(890_000);
    assert_eq!(promises::ring_due(&office.app).await.unwrap(), 1);
    assert_eq!(anna.next("due").await, moved);
}

#[tokio::test]
async fn what_was_kept_goes_with_its_call_and_what_is_open_stays() {
    let office = Office::opens().await;
    office.sets(json!({"retention": {"calls_d": 1}})).await;
    let (first, second) = (talks(&office, "a", CLIENT).await, talks(&office, "b", OTHER).await);
    for path in [&first, &second] {
        office.anna.patch(path, json!({"promise": {"due_at": at(60)}})).await;
    }
    let id = office.call("a").await["promise"]["id"].as_str().unwrap().to_owned();
    office.anna.patch(&format!("/api/promises/{id}"), json!({"is_done": true})).await;
    office.clock.advance(2 * 24 * 3_600_000);
    retention::sweep(&office.app).await.unwrap();
    let office_anna = office.signs_in_again("anna").await;
    let left = office_anna.reads("/api/promises").await;
    assert_eq!((left["items"].as_array().unwrap().len(), &left["items"][0]["call"]), (1, &Value::Null));
    assert_eq!(left["items"][0]["number"], "+79207654321");
}
