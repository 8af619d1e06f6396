//! The missed board: one row a client number, open until somebody has talked to the client.

use ringcard::app::desk::missed;
use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office, at, with};
use crate::support::pbx::{CLIENT, on};

/// A call of the client that nobody takes.
async fn misses(office: &Office, callid: &str) {
    let report = [("diversion", "74951234567")];
    office.pbx.reports("in", "missed", "0", on(callid, "pbx"), &report).await;
}

fn path(row: &Value) -> String {
    format!("/api/missed/{}", row["id"].as_str().unwrap())
}

async fn closed(office: &Office) -> Vec<Value> {
    office.admin.reads("/api/missed?state=closed").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_client_has_one_row_however_often_he_rang() {
    let office = Office::opens().await;
    office.sets(json!({"numbers": [{"number": "+74951234567", "label": "Авито"}]})).await;
    let contact =
        json!({"name": "Иван", "company": "Ромашка", "phones": [{"number": CLIENT}], "responsible": office.anna.id()});
    let contact = office.anna.makes("/api/contacts", contact).await;
    misses(&office, "a").await;
    office.clock.advance(60_000);
    misses(&office, "b").await;
    let (a, b) = (office.call("a").await, office.call("b").await);
    let board = office.board().await;
    let row = json!({
        "id": board[0]["id"], "rev": 3, "number": CLIENT_NUMBER, "number_formatted": "+7 910 123-45-67",
        "contact": {"id": contact["id"], "name": "Иван", "company": "Ромашка"}, "responsible": office.anna.appears,
        "line": {"number": "+74951234567", "label": "Авито"}, "count": 2, "first_at": at(0), "last_at": at(60),
        "numbers": [CLIENT_NUMBER], "due_at": at(15 * 60), "morning_at": null, "is_vip": false,
        "why": {"kind": "nobody_rung", "after_s": null, "rang": []}, "taken_at": null, "snoozed_until": null,
        "state": "new", "taken_by": null, "reason": "", "calls": [b["id"], a["id"]],
    });
    assert_eq!(board, [row]);
    assert_eq!(closed(&office).await, [json!(null); 0]);
}

/// A call out looked like a talk until its history said that the line was busy: the client still waits.
#[tokio::test]
async fn a_talk_that_was_none_opens_the_row_again() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    office.clock.advance(60_000);
    office.pbx.calls_out(on("back", "anna")).await;
    office.pbx.hangs_up(on("back", "anna")).await;
    assert_eq!(office.board().await.len(), 0);
    office.pbx.reports("out", "Busy", "0", on("back", "anna"), &[]).await;
    let board = office.board().await;
    assert_eq!((board.len(), &board[0]["state"]), (1, &json!("called_back")));
}

/// The history names another number than the events did: the miss is that client's, and nothing stays of the other.
#[tokio::test]
async fn a_call_that_changes_its_number_is_missed_under_the_later_one() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna").of("79205550101")).await;
    office.pbx.hangs_up(on("c", "anna").of("79205550101")).await;
    misses(&office, "c").await;
    let board = office.board().await;
    assert_eq!((board.len(), &board[0]["number"]), (1, &json!(CLIENT_NUMBER)));
}

#[tokio::test]
async fn a_talk_either_way_and_on_any_line_closes_the_row() {
    let office = Office::opens().await;
    for (number, (kind, user)) in [("in", "anna"), ("out", "boris"), ("in", "daria")].into_iter().enumerate() {
        misses(&office, &format!("miss-{number}")).await;
        assert_eq!(office.board().await.len(), 1);
        office.clock.advance(60_000);
        let callid = format!("talk-{number}");
        office.pbx.reports(kind, "Success", "20", on(&callid, user), &[("diversion", "74957654321")]).await;
        assert_eq!(office.board().await.len(), 0, "{kind}");
        let rows = closed(&office).await;
        assert_eq!((rows.len(), &rows[0]["state"]), (1, &json!("closed")));
        office.clock.advance(60_000);
    }
}

#[tokio::test]
async fn a_talk_that_goes_on_closes_nothing_yet() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    office.clock.advance(60_000);
    office.pbx.calls_out(on("talk", "anna")).await;
    office.pbx.picks_up(on("talk", "anna")).await;
    assert_eq!(office.board().await.len(), 1);
    office.pbx.hangs_up(on("talk", "anna")).await;
    assert_eq!(office.board().await.len(), 0);
}

#[tokio::test]
async fn a_talk_that_ended_after_the_miss_closes_it_whichever_was_heard_first() {
    let office = Office::opens().await;
    // The report of the miss is late: it began a minute before the talk ended.
    office.pbx.reports("in", "Success", "20", on("talk", "anna"), &[]).await;
    let start = [("start", "20260301T085900Z")];
    office.pbx.reports("in", "missed", "0", on("miss", "pbx"), &start).await;
    assert_eq!(office.board().await.len(), 0);
    assert_eq!(office.call("miss").await["state"], "missed");
}

#[tokio::test]
async fn a_talk_that_ended_before_the_miss_closes_nothing() {
    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "20", on("talk", "anna"), &[]).await;
    office.clock.advance(60_000);
    misses(&office, "miss").await;
    assert_eq!(office.board().await.len(), 1);
}

#[tokio::test]
async fn a_try_that_reached_nobody_shows_as_called_back() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    office.clock.advance(60_000);
    office.pbx.reports("out", "NotAvailable", "0", on("try", "anna"), &[]).await;
    let board = office.board().await;
    assert_eq!((board.len(), &board[0]["state"]), (1, &json!("called_back")));
}

#[tokio::test]
async fn a_row_is_taken_by_whoever_takes_it() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    let row = office.board().await[0].clone();
    let taken = office.anna.patch(&path(&row), json!({"state": "taken"})).await;
    let expected = with(row, json!({"rev": 3, "state": "taken", "taken_by": office.anna.appears, "taken_at": at(0)}));
    assert_eq!((taken.status, taken.json()), (200, expected.clone()));
    assert_eq!(office.boris.reads(&path(&expected)).await, expected);
    assert_eq!(office.board().await, [expected]);
}

#[tokio::test]
async fn a_row_closed_by_hand_keeps_its_reason_and_opens_again_with_the_next_miss() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    office.clock.advance(60_000);
    let row = office.board().await[0].clone();
    let answer = office.boris.patch(&path(&row), json!({"state": "closed", "reason": "Спам"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!((&answer.json()["state"], &answer.json()["reason"]), (&json!("closed"), &json!("Спам")));
    assert_eq!(office.board().await, [json!(null); 0]);
    assert_eq!(closed(&office).await.len(), 1);
    office.clock.advance(60_000);
    misses(&office, "again").await;
    let board = office.board().await;
    let again = office.call("again").await;
    let opened = json!({"rev": 4, "state": "new", "count": 1, "reason": "", "taken_by": null, "first_at": at(120),
        "last_at": at(120), "due_at": at(17 * 60), "calls": [again["id"]]});
    // The second miss found the lead that the first one made.
    let known = json!({"contact": board[0]["contact"], "responsible": board[0]["responsible"]});
    assert_eq!(board, [with(with(row, opened), known)]);
    assert_eq!(closed(&office).await, [json!(null); 0]);
}

#[tokio::test]
async fn what_is_not_open_cannot_be_taken() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    let row = office.board().await[0].clone();
    office.clock.advance(1000);
    office.pbx.reports("out", "Success", "20", on("talk", "anna"), &[]).await;
    assert_eq!(office.anna.patch(&path(&row), json!({"state": "taken"})).await.status, 409);
    assert_eq!(office.anna.patch("/api/missed/nobody", json!({"state": "taken"})).await.status, 404);
    assert_eq!(office.anna.patch(&path(&row), json!({"state": "open"})).await.status, 422);
    assert_eq!(office.anna.patch(&path(&row), json!({"state": "taken", "by": "me"})).await.status, 422);
}

#[tokio::test]
async fn the_board_is_read_page_by_page_the_latest_miss_first() {
    let office = Office::opens().await;
    for number in 0..5 {
        let phone = format!("7910123456{number}");
        office.pbx.reports("in", "missed", "0", on(&phone, "pbx").of(&phone), &[]).await;
        office.clock.advance(1000);
    }
    let mut numbers = Vec::new();
    let mut path = "/api/missed?limit=2".to_owned();
    loop {
        let page = office.anna.reads(&path).await;
        numbers.extend(page["items"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/missed?limit=2&cursor={next}");
    }
    let expected: Vec<_> = (0..5).rev().map(|number| format!("+7910123456{number}")).collect();
    assert_eq!(numbers, expected);
    assert_eq!(office.anna.get("/api/missed?cursor=nonsense").await.status, 422);
}

#[tokio::test]
async fn taking_and_closing_are_undone() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    let row = office.board().await[0].clone();
    let undo = json!({"state": "new"});
    assert_eq!(office.anna.patch(&path(&row), json!({"state": "taken"})).await.status, 200);
    let untaken = office.anna.patch(&path(&row), undo.clone()).await;
    let as_before = |rev: i64| with(row.clone(), json!({ "rev": rev }));
    assert_eq!((untaken.status, untaken.json()), (200, as_before(4)));
    let close = json!({"state": "closed", "reason": "Спам"});
    assert_eq!(office.anna.patch(&path(&row), close.clone()).await.status, 200);
    assert_eq!(office.board().await.len(), 0);
    let reopened = office.anna.patch(&path(&row), undo.clone()).await;
    assert_eq!((reopened.status, reopened.json()), (200, as_before(6)));
    // What was closed before stays closed.
    assert_eq!(office.anna.patch(&path(&row), close.clone()).await.status, 200);
    office.clock.advance(60_000);
    misses(&office, "later").await;
    assert_eq!(office.anna.patch(&path(&row), close).await.status, 200);
    assert_eq!(office.anna.patch(&path(&row), undo.clone()).await.json()["count"], 1);
    // Whom somebody has talked to since waits no more.
    office.clock.advance(60_000);
    office.pbx.reports("out", "Success", "20", on("talk", "anna"), &[]).await;
    let answer = office.anna.patch(&path(&row), undo).await;
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("not_open")));
}

/// The client rings again while somebody closes his row: that miss was not seen, and is not closed.
#[tokio::test]
async fn a_miss_that_nobody_saw_is_not_closed() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    let seen = office.board().await[0].clone();
    office.clock.advance(60_000);
    office.pbx.rings(on("unseen", "anna")).await;
    office.clock.advance(2_000);
    let close = |rev: &Value| json!({"state": "closed", "rev": rev});
    assert_eq!(office.boris.patch(&path(&seen), close(&seen["rev"])).await.status, 200);
    office.pbx.stops_ringing(on("unseen", "anna")).await;
    office.waits(5).await;
    let board = office.board().await;
    assert_eq!((board.len(), &board[0]["state"], &board[0]["count"]), (1, &json!("new"), &json!(1)));
    // Nor one that came between the look and the click.
    let answer = office.boris.patch(&path(&seen), close(&seen["rev"])).await;
    let problem = answer.json();
    assert_eq!((answer.status, &problem["code"], &problem["row"]), (409, &json!("row_changed"), &board[0]));
}

async fn board_by(office: &Office, sort: &str) -> Vec<String> {
    let page = office.anna.reads(&format!("/api/missed?sort={sort}")).await;
    page["items"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect()
}

/// The test's clock begins on Sunday the 1st of March 2026 at noon in Moscow.
#[tokio::test]
async fn a_call_back_is_due_in_the_working_time_of_the_place_that_was_called() {
    let office = Office::opens().await;
    let hours = |from: &str| json!({"zone": "Europe/Moscow", "days": {"mon": [{"from": from, "to": "18:00"}]}});
    let all_day = json!({"zone": "Europe/Moscow", "days": {"sun": [{"from": "00:00", "to": "24:00"}]}});
    let site = json!({"id": "shop", "name": "Магазин", "working_hours": all_day, "numbers": ["+74957654321"]});
    office.sets(json!({"working_hours": hours("09:00"), "sites": [site], "callback_min": 30})).await;
    misses(&office, "office").await;
    let shop = [("diversion", "74957654321")];
    office.pbx.reports("in", "missed", "0", on("shop", "pbx").of("79205550101"), &shop).await;
    let board = office.board().await;
    let of = |number: &str| board.iter().find(|row| row["number"] == number).unwrap();
    let told = |row: &Value| json!([row["due_at"], row["morning_at"], row["why"]["kind"]]);
    assert_eq!(told(of(CLIENT_NUMBER)), json!(["2026-03-02T06:30:00.000Z", "2026-03-02T06:00:00.000Z", "off_hours"]));
    assert_eq!(told(of("+79205550101")), json!([at(30 * 60), "2026-03-07T21:00:00.000Z", "nobody_rung"]));
    assert_eq!(board_by(&office, "due").await, ["+79205550101", CLIENT_NUMBER]);
    // The setting is heeded at once.
    office.sets(json!({"working_hours": hours("10:00")})).await;
    let board = office.board().await;
    assert!(board.iter().any(|row| row["due_at"] == "2026-03-02T07:30:00.000Z"), "{board:?}");
}

#[tokio::test]
async fn the_row_says_why_the_client_was_missed() {
    let office = Office::opens().await;
    office.pbx.rings(on("short", "anna")).await;
    office.clock.advance(4000);
    office.pbx.stops_ringing(on("short", "anna")).await;
    office.waits(5).await;
    let row = office.board().await[0].clone();
    let early = json!({"kind": "hung_up_early", "after_s": 4, "rang": [office.anna.appears]});
    assert_eq!((&row["why"], &row["due_at"]), (&early, &Value::Null));
    office.pbx.rings(on("long", "anna")).await;
    office.pbx.rings(on("long", "boris")).await;
    office.clock.advance(24_000);
    office.pbx.stops_ringing(on("long", "anna")).await;
    office.pbx.stops_ringing(on("long", "boris")).await;
    office.waits(5).await;
    let row = office.board().await[0].clone();
    let unanswered =
        json!({"kind": "rang_unanswered", "after_s": 24, "rang": [office.anna.appears, office.boris.appears]});
    // The first miss was too short to owe a call: the time runs from the second.
    assert_eq!((&row["why"], &row["due_at"], &row["count"]), (&unanswered, &json!(at(9 + 15 * 60)), &json!(2)));
}

#[tokio::test]
async fn what_is_taken_is_free_again_after_a_quarter_of_an_hour_without_a_call() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    let row = office.board().await[0].clone();
    let take = json!({"state": "taken"});
    assert_eq!(office.anna.patch(&path(&row), take.clone()).await.status, 200);
    office.clock.advance(15 * 60_000 - 1);
    assert_eq!(office.board().await[0]["state"], "taken");
    office.clock.advance(1);
    assert_eq!(office.board().await[0]["state"], "new");
    // Written down, so that the live stream tells of it: the revision that Anna saw is no more.
    missed::lapse(&office.app).await.unwrap();
    assert_eq!(office.board().await, [with(row.clone(), json!({"rev": 4}))]);
    missed::lapse(&office.app).await.unwrap();
    let stale = json!({"state": "taken", "rev": 3});
    assert_eq!(office.boris.patch(&path(&row), stale).await.json()["code"], "row_changed");
    assert_eq!(office.anna.patch(&path(&row), take).await.status, 200);
    office.clock.advance(60_000);
    office.pbx.reports("out", "Busy", "0", on("try", "anna"), &[]).await;
    office.clock.advance(60 * 60_000);
    missed::lapse(&office.app).await.unwrap();
    let called = office.board().await[0].clone();
    assert_eq!((&called["state"], &called["taken_by"]), (&json!("called_back"), &office.anna.appears));
}

#[tokio::test]
async fn what_is_put_off_comes_back_at_its_time_or_when_the_client_rings_again() {
    let office = Office::opens().await;
    misses(&office, "miss").await;
    let row = office.board().await[0].clone();
    let snooze = json!({"state": "snoozed", "until": at(1800)});
    let snoozed = office.anna.patch(&path(&row), snooze.clone()).await;
    let expected = with(row.clone(), json!({"rev": 3, "state": "snoozed", "snoozed_until": at(1800)}));
    assert_eq!((snoozed.status, snoozed.json()), (200, expected.clone()));
    assert_eq!(office.board().await, [expected]);
    assert_eq!(missed::count_open(&office.app).await.unwrap(), 0);
    assert_eq!(
        office.anna.patch(&path(&row), json!({"state": "new"})).await.json(),
        with(row.clone(), json!({"rev": 4}))
    );
    assert_eq!(office.anna.patch(&path(&row), snooze.clone()).await.status, 200);
    office.clock.advance(1_800_000);
    assert_eq!(missed::count_open(&office.app).await.unwrap(), 1);
    missed::lapse(&office.app).await.unwrap();
    assert_eq!(office.board().await, [with(row.clone(), json!({"rev": 6}))]);
    let later = json!({"state": "snoozed", "until": at(9000)});
    assert_eq!(office.anna.patch(&path(&row), later).await.status, 200);
    misses(&office, "again").await;
    let board = office.board().await;
    assert_eq!((&board[0]["state"], &board[0]["count"]), (&json!("new"), &json!(2)));
    assert_eq!(missed::count_open(&office.app).await.unwrap(), 1);
    for wrong in [json!({"state": "snoozed"}), json!({"state": "snoozed", "until": "soon"}), snooze] {
        let answer = office.anna.patch(&path(&row), wrong).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("until")));
    }
}

#[tokio::test]
async fn the_board_is_ordered_by_deadline_by_waiting_and_by_misses() {
    let office = Office::opens().await;
    let (short, twice, once) = ("79205550101", "79205550102", "79205550103");
    office.pbx.rings(on("short", "anna").of(short)).await;
    office.clock.advance(1000);
    office.pbx.stops_ringing(on("short", "anna").of(short)).await;
    office.waits(5).await;
    for (callid, phone) in [("1", twice), ("2", once), ("3", twice)] {
        office.pbx.reports("in", "missed", "0", on(callid, "pbx").of(phone), &[]).await;
        office.clock.advance(1000);
    }
    let plus = |numbers: [&str; 3]| numbers.map(|number| format!("+{number}"));
    assert_eq!(board_by(&office, "due").await, plus([twice, once, short]));
    assert_eq!(board_by(&office, "wait").await, plus([short, twice, once]));
    assert_eq!(board_by(&office, "count").await[0], format!("+{twice}"));
    let first = office.anna.reads("/api/missed?sort=due&limit=2").await;
    let path = format!("/api/missed?sort=due&limit=2&cursor={}", first["next"].as_str().unwrap());
    let rest = office.anna.reads(&path).await;
    assert_eq!(
        (rest["items"].as_array().unwrap().len(), &rest["items"][0]["number"]),
        (1, &json!(format!("+{short}")))
    );
}

/// A contact that nobody may keep waiting has minutes of his own, also when he becomes one while he waits.
#[tokio::test]
async fn a_vip_is_due_sooner_and_stands_first_in_every_order() {
    let office = Office::opens().await;
    office.sets(json!({"callback_min": 20, "vip_callback_min": 4})).await;
    let (early, vip) = ("79205550101", "79205550102");
    for (callid, phone) in [("1", early), ("2", early), ("3", vip)] {
        office.pbx.reports("in", "missed", "0", on(callid, "pbx").of(phone), &[]).await;
        office.clock.advance(60_000);
    }
    let plus = |numbers: [&str; 2]| numbers.map(|number| format!("+{number}"));
    assert_eq!(board_by(&office, "wait").await, plus([early, vip]));
    let row = office.anna.reads("/api/missed?sort=due").await["items"][1].clone();
    assert_eq!((&row["is_vip"], &row["due_at"]), (&json!(false), &json!(at(120 + 20 * 60))));
    let contact = row["contact"]["id"].as_str().unwrap();
    let marked = office.anna.patch(&format!("/api/contacts/{contact}"), json!({"vip": true})).await;
    assert_eq!(marked.status, 200, "{}", marked.text);
    for order in ["due", "wait", "count"] {
        assert_eq!(board_by(&office, order).await, plus([vip, early]), "{order}");
    }
    let row = office.anna.reads("/api/missed?sort=due").await["items"][0].clone();
    assert_eq!((&row["is_vip"], &row["due_at"]), (&json!(true), &json!(at(120 + 4 * 60))));
    let first = office.anna.reads("/api/missed?sort=count&limit=1").await;
    let path = format!("/api/missed?sort=count&limit=1&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(office.anna.reads(&path).await["items"][0]["number"], format!("+{early}"));
}

const SECOND: &str = "79205550101";

/// A client whose two numbers nobody shares.
async fn client_of_two_numbers(office: &Office) -> Value {
    let phones = [CLIENT, SECOND].map(|number| json!({ "number": number }));
    office.anna.makes("/api/contacts", json!({"name": "Иван", "phones": phones})).await
}

/// He rings from both: first the one, a minute later the other.
async fn rings_from_both(office: &Office) -> [Value; 2] {
    misses(office, "one").await;
    office.clock.advance(60_000);
    office.pbx.reports("in", "missed", "0", on("other", "pbx").of(SECOND), &[]).await;
    [office.call("one").await, office.call("other").await]
}

fn plus(number: &str) -> String {
    format!("+{number}")
}

#[tokio::test]
async fn a_client_of_two_numbers_is_one_row_and_a_talk_on_either_serves_him() {
    let office = Office::opens().await;
    client_of_two_numbers(&office).await;
    let [one, other] = rings_from_both(&office).await;
    let board = office.board().await;
    let row = json!({"numbers": [CLIENT_NUMBER, plus(SECOND)], "number": plus(SECOND), "count": 2, "first_at": at(0),
        "last_at": at(60), "due_at": at(15 * 60), "calls": [other["id"], one["id"]], "state": "new"});
    assert_eq!(board, [with(board[0].clone(), row)]);
    assert_eq!(missed::count_open(&office.app).await.unwrap(), 1);
    for order in ["due", "wait", "count"] {
        assert_eq!(board_by(&office, order).await, [plus(SECOND)], "{order}");
    }
    office.clock.advance(60_000);
    office.pbx.reports("out", "Success", "20", on("back", "anna").of(SECOND), &[]).await;
    assert_eq!(office.board().await, [json!(null); 0]);
    assert_eq!(missed::count_open(&office.app).await.unwrap(), 0);
    let rows = closed(&office).await;
    assert_eq!((rows.len(), &rows[0]["id"], &rows[0]["state"]), (1, &board[0]["id"], &json!("closed")));
    // Whoever served him on one number is heard of late: the miss on the other was served too.
    let start = [("start", "20260301T090130Z")];
    office.pbx.reports("in", "missed", "0", on("late", "pbx"), &start).await;
    assert_eq!(office.board().await, [json!(null); 0]);
}

#[tokio::test]
async fn the_card_counts_what_was_missed_on_all_numbers_of_its_client() {
    let office = Office::opens().await;
    client_of_two_numbers(&office).await;
    rings_from_both(&office).await;
    let mut anna = office.anna.watches("").await;
    office.pbx.rings(on("again", "anna").of(SECOND)).await;
    assert_eq!(anna.card_in("ringing").await["missed_open"], 2);
    office.pbx.rings(on("stranger", "anna").of("79205550199")).await;
    assert_eq!(anna.card_in("ringing").await["missed_open"], 0);
}

#[tokio::test]
async fn what_is_done_with_a_client_is_done_with_all_his_numbers_and_undone() {
    let office = Office::opens().await;
    client_of_two_numbers(&office).await;
    rings_from_both(&office).await;
    let row = office.board().await[0].clone();
    let mut seen = row.clone();
    for (change, state) in
        [("taken", "taken"), ("new", "new"), ("snoozed", "snoozed"), ("new", "new"), ("closed", "closed")]
    {
        let change = json!({"state": change, "until": at(1800), "rev": seen["rev"]});
        let answer = office.anna.patch(&path(&row), change.clone()).await;
        assert_eq!((answer.status, &answer.json()["state"]), (200, &json!(state)), "{}", answer.text);
        let stale = office.boris.patch(&path(&row), change).await;
        assert_eq!((stale.status, &stale.json()["row"]), (409, &answer.json()), "{state}");
        seen = answer.json();
        assert_eq!((&seen["id"], &seen["count"]), (&row["id"], &json!(2)), "{state}");
        let open = i64::from(state == "new" || state == "taken");
        assert_eq!(missed::count_open(&office.app).await.unwrap(), open, "{state}");
    }
    assert_eq!((office.board().await.len(), closed(&office).await), (0, vec![seen]));
    let undone = office.anna.patch(&path(&row), json!({"state": "new"})).await.json();
    assert_eq!(undone, with(row.clone(), json!({"rev": undone["rev"]})));
    assert_eq!(office.board().await, [undone]);
    // Whoever calls his other number has called him: what is taken does not lapse.
    assert_eq!(office.anna.patch(&path(&row), json!({"state": "taken"})).await.status, 200);
    office.clock.advance(60_000);
    office.pbx.reports("out", "NotAvailable", "0", on("try", "anna"), &[]).await;
    office.clock.advance(3_600_000);
    missed::lapse(&office.app).await.unwrap();
    let board = office.board().await;
    assert_eq!((&board[0]["state"], &board[0]["taken_by"]), (&json!("called_back"), &office.anna.appears));
}

/// The numbers of a contact are given, shared and taken away while he waits.
#[tokio::test]
async fn whose_numbers_they_are_decides_what_is_one_row() {
    let office = Office::opens().await;
    office.sets(json!({"lead_on_missed": false})).await;
    rings_from_both(&office).await;
    let rows = async || office.board().await.into_iter().map(|row| row["numbers"].clone()).collect::<Vec<_>>();
    let (one, other) = (json!(CLIENT_NUMBER), json!(plus(SECOND)));
    let (together, apart) = (vec![json!([one, other])], vec![json!([other]), json!([one])]);
    assert_eq!(rows().await, apart);
    let ivan = client_of_two_numbers(&office).await;
    assert_eq!(rows().await, together);
    // A number of several contacts is a row of its own.
    let wife = office.anna.makes("/api/contacts", json!({"name": "Анна", "phones": [{"number": SECOND}]})).await;
    assert_eq!(rows().await, apart);
    let path_of = |contact: &Value| format!("/api/contacts/{}", contact["id"].as_str().unwrap());
    assert_eq!(office.admin.delete(&path_of(&wife)).await.status, 204);
    assert_eq!(rows().await, together);
    // Served on the one number while both were his, and not after the other was taken away.
    office.clock.advance(60_000);
    office.pbx.reports("out", "Success", "20", on("back", "anna"), &[]).await;
    assert_eq!(office.board().await.len(), 0);
    let alone = json!({"phones": [{"number": CLIENT}]});
    assert_eq!(office.anna.patch(&path_of(&ivan), alone).await.status, 200);
    assert_eq!(rows().await, [json!([other])]);
    let both = json!({"phones": [{"number": CLIENT}, {"number": SECOND}]});
    assert_eq!(office.anna.patch(&path_of(&ivan), both).await.status, 200);
    assert_eq!(office.board().await.len(), 0);
}

#[tokio::test]
async fn pages_hold_each_client_once() {
    let office = Office::opens().await;
    client_of_two_numbers(&office).await;
    let third = "79205550103";
    for (callid, phone) in [("1", CLIENT), ("2", third), ("3", SECOND), ("4", CLIENT)] {
        office.pbx.reports("in", "missed", "0", on(callid, "pbx").of(phone), &[]).await;
        office.clock.advance(60_000);
    }
    let read = async |query: &str| {
        let (mut numbers, mut path) = (Vec::new(), format!("/api/missed?limit=1&{query}"));
        loop {
            let page = office.anna.reads(&path).await;
            let items = page["items"].as_array().unwrap();
            numbers.extend(items.iter().map(|row| row["number"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return numbers };
            path = format!("/api/missed?limit=1&{query}&cursor={next}");
        }
    };
    let each = [plus(CLIENT), plus(third)];
    for query in ["", "sort=due", "sort=wait", "sort=count"] {
        assert_eq!(read(query).await, each, "{query}");
    }
    for phone in [CLIENT, third] {
        office.pbx.reports("out", "Success", "20", on(phone, "anna").of(phone), &[]).await;
    }
    assert_eq!(read("state=closed").await, each);
    // Who waits again is not among those who were served.
    office.clock.advance(60_000);
    office.pbx.reports("in", "missed", "0", on("again", "pbx").of(SECOND), &[]).await;
    assert_eq!((read("").await, read("state=closed").await), (vec![plus(SECOND)], vec![plus(third)]));
}
