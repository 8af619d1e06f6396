//! What is old goes, when the owner says so; nothing else does, and nobody waits for it.

use std::time::{Duration, Instant};

use ringcard::app::upkeep::retention::{self, Swept};
use ringcard::clock::{Clock, first_id_of};
use ringcard::store::tables::webhooks::{self, WebhookRow};
use ringcard::store::tables::{dial_slots, dismissals};
use serde_json::{Value, json};

use crate::support::NOW_MS;
use crate::support::office::Office;
use crate::support::pbx::on;

const DAY_S: i64 = 24 * 3_600;
/// As many as a busy PBX sends in a week.
const OLD_PUSHES: i64 = 100_000;

async fn sweeps(office: &Office) -> Swept {
    retention::sweep(&office.app).await.unwrap()
}

/// The names that the PBX gave its calls, as the history shows them.
async fn callids(office: &Office) -> Vec<String> {
    let mut names: Vec<_> =
        office.calls().await.iter().map(|call| call["callid"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn pushes(office: &Office) -> usize {
    office.admin.reads("/api/webhooks?limit=200").await["items"].as_array().unwrap().len()
}

#[actix_web::test]
async fn by_default_the_journal_is_kept_30_days_and_calls_for_ever() {
    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "30", on("first", "anna"), &[]).await;
    office.waits(30 * DAY_S).await;
    assert_eq!(sweeps(&office).await.webhooks, 0);
    office.pbx.reports("in", "Success", "30", on("second", "anna"), &[]).await;
    office.waits(1).await;
    assert_eq!(sweeps(&office).await, Swept { webhooks: 1, ..Swept::default() });
    let anna = office.signs_in_again("anna").await;
    assert_eq!(anna.reads("/api/calls").await["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn old_calls_go_and_the_board_stays_true() {
    let mut office = Office::opens().await;
    office.sets(json!({"retention": {"calls_d": 1, "webhooks_d": null}})).await;
    let (second, third) = ("79102222222", "79103333333");
    // Made good by a talk that ends after it; missed for good; missed, and called again today.
    office.pbx.reports("in", "missed", "0", on("good", "anna"), &[]).await;
    office.pbx.reports("in", "missed", "0", on("open", "anna").of(second), &[]).await;
    office.pbx.reports("in", "missed", "0", on("early", "anna").of(third), &[]).await;
    office.waits(60).await;
    office.pbx.reports("out", "Success", "30", on("talk", "anna"), &[]).await;
    office.waits(DAY_S / 2).await;
    office.pbx.reports("in", "missed", "0", on("late", "anna").of(third), &[]).await;
    office.admin = office.signs_in_again("admin").await;
    assert_eq!(sweeps(&office).await.calls, 0);
    assert_eq!(callids(&office).await, ["early", "good", "late", "open", "talk"]);
    office.waits(DAY_S / 2 + 60).await;
    office.admin = office.signs_in_again("admin").await;

    sweeps(&office).await;
    assert_eq!(callids(&office).await, ["late"]);
    let board: Vec<Value> = office.board().await.iter().map(|row| json!([row["number"], row["count"]])).collect();
    assert_eq!(board, [json!(["+79103333333", 1])]);
    assert_eq!(office.admin.reads("/api/missed?state=closed").await["items"], json!([]));
    assert_eq!(pushes(&office).await, 5, "the journal is for ever here");
    assert_eq!(sweeps(&office).await.calls, 0, "a second time there is nothing to do");
}

/// Who is owed a call stays, and so does whom somebody wrote down or who called again; the calls stay of all.
#[actix_web::test]
async fn leads_that_nobody_touched_go_when_nothing_is_heard_of_them() {
    let mut office = Office::opens().await;
    office.sets(json!({"retention": {"leads_d": 10}})).await;
    let misses = async |office: &Office, callid: &str, number: &str| {
        office.pbx.reports("in", "missed", "0", on(callid, "anna").of(number), &[]).await;
    };
    let closes = async |office: &Office, number: &str| {
        let row = office.board().await.into_iter().find(|row| row["number"] == format!("+{number}")).unwrap();
        let path = format!("/api/missed/{}", row["id"].as_str().unwrap());
        assert_eq!(office.anna.patch(&path, json!({"state": "closed", "reason": "Реклама"})).await.status, 200);
    };
    let (silent, owed, known, again) = ("79101111111", "79102222222", "79103333333", "79104444444");
    for (callid, number) in [("a", silent), ("b", owed), ("c", known), ("d", again)] {
        misses(&office, callid, number).await;
    }
    for number in [silent, known, again] {
        closes(&office, number).await;
    }
    let lead = office.anna.reads(&format!("/api/contacts?q={known}")).await["items"][0].clone();
    let path = format!("/api/contacts/{}", lead["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&path, json!({"name": "Знакомый"})).await.status, 200);
    office.waits(9 * DAY_S).await;
    office.admin = office.signs_in_again("admin").await;
    office.anna = office.signs_in_again("anna").await;
    misses(&office, "e", again).await;
    closes(&office, again).await;
    assert_eq!(sweeps(&office).await.leads, 0);
    office.waits(DAY_S + 60).await;
    assert_eq!(sweeps(&office).await.leads, 1);
    office.admin = office.signs_in_again("admin").await;
    let mut left: Vec<_> = office.admin.reads("/api/contacts").await["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["phones"][0]["number"].as_str().unwrap().to_owned())
        .collect();
    left.sort();
    assert_eq!(left, [owed, known, again].map(|number| format!("+{number}")));
    assert_eq!(callids(&office).await, ["a", "b", "c", "d", "e"]);
}

#[actix_web::test]
async fn what_is_of_no_use_goes_by_itself() {
    let office = Office::opens().await;
    office.pbx.rings(on("a", "anna")).await;
    office.pbx.stops_ringing(on("a", "anna")).await;
    let id = office.call("a").await["id"].as_str().unwrap().to_owned();
    assert_eq!(office.anna.post(&format!("/api/calls/{id}/dismiss"), json!({})).await.status, 204);
    let (now_ms, of_call) = (office.clock.now_ms(), id.clone());
    office
        .app
        .store
        .write(move |tx| {
            dial_slots::lock(tx, "token", now_ms)?;
            dial_slots::insert(tx, &of_call, "token", now_ms + 60_000)
        })
        .await
        .unwrap();
    assert_eq!(sweeps(&office).await, Swept::default());
    office.waits(60).await;
    assert_eq!(sweeps(&office).await, Swept { dial_slots: 1, ..Swept::default() });
    office.waits(DAY_S + 1).await;
    let all = Swept { dismissals: 1, dial_tokens: 1, sessions: 3, ..Swept::default() };
    assert_eq!(sweeps(&office).await, all);
    assert_eq!(office.app.store.show(move |tx| dismissals::list_users(tx, &id)).await.unwrap(), Vec::<String>::new());
}

/// Pushes go through at once while 100,000 rows are deleted.
#[actix_web::test]
async fn nobody_waits_while_much_is_deleted() {
    let office = Office::opens().await;
    for thousand in 0..OLD_PUSHES / 1_000 {
        let fill = move |tx: &mut ringcard::store::tx::Tx| {
            (0..1_000).try_for_each(|n| {
                let at_ms = NOW_MS - 40 * DAY_S * 1_000 + thousand * 1_000 + n;
                webhooks::insert(tx, &old_push(at_ms))
            })
        };
        office.app.store.write(fill).await.unwrap();
    }
    let app = office.app.clone();
    let sweeping = actix_web::rt::spawn(async move { retention::sweep(&app).await });
    let (mut sent, mut worst) = (0, Duration::ZERO);
    while !sweeping.is_finished() {
        let callid = format!("c{sent}");
        let began = Instant::now();
        office.pbx.rings(on(&callid, "anna")).await;
        worst = worst.max(began.elapsed());
        sent += 1;
    }
    assert_eq!(sweeping.await.unwrap().unwrap().webhooks, OLD_PUSHES.unsigned_abs());
    assert!(sent > 100 && worst < Duration::from_secs(1), "{sent} pushes, the slowest took {worst:?}");
    eprintln!("{sent} pushes while {OLD_PUSHES} rows went; the slowest took {worst:?}");
}

fn old_push(at_ms: i64) -> WebhookRow {
    WebhookRow {
        id: Clock::fixed(at_ms).new_id(),
        integration_id: "i".to_owned(),
        received_ms: at_ms,
        cmd: "event".to_owned(),
        content_type: "application/x-www-form-urlencoded".to_owned(),
        body: "cmd=event&type=INCOMING&phone=79101234567&user=anna&callid=old".to_owned(),
        status: 200,
        detail: String::new(),
        call_id: None,
    }
}

/// An id is not before its own instant, and is before the next.
#[test]
fn ids_stand_in_the_order_of_time() {
    for at_ms in [0, 1, NOW_MS, NOW_MS + 999] {
        let id = Clock::fixed(at_ms).new_id();
        assert!(first_id_of(at_ms) <= id && id < first_id_of(at_ms + 1), "{id}");
    }
}
