//! Calls of which nothing more is heard are given up, by the clock; whatever is heard later un-does it.

use serde_json::json;

use crate::support::office::{Office, at, leg};
use crate::support::pbx::on;

#[tokio::test]
async fn a_call_that_rings_in_silence_is_missed_after_three_minutes() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    office.waits(179).await;
    assert_eq!(office.call("c").await["state"], "ringing");
    office.waits(1).await;
    let contact = office.call("c").await["contact"].clone();
    let whole = json!({"state": "missed", "contact": contact, "ended_at": at(180), "wait_s": 180,
        "legs": [leg("anna", &office.anna.appears, "cancelled", [Some(0), None, Some(180)])]});
    office.has_call("c", whole).await;
    assert_eq!(office.board().await.len(), 1);
}

#[tokio::test]
async fn an_outgoing_call_that_rings_in_silence_is_cancelled() {
    let office = Office::opens().await;
    office.pbx.calls_out(on("c", "anna")).await;
    office.waits(180).await;
    assert_eq!(office.call("c").await["state"], "cancelled");
    assert_eq!(office.board().await.len(), 0);
}

#[tokio::test]
async fn a_talk_without_an_end_is_answered_after_four_hours_its_length_unknown() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.picks_up(on("c", "anna")).await;
    office.waits(4 * 3600 - 1).await;
    assert_eq!(office.call("c").await["state"], "talking");
    office.waits(1).await;
    let call = office.call("c").await;
    assert_eq!((&call["state"], &call["duration_s"]), (&json!("answered"), &json!(null)));
}

#[tokio::test]
async fn all_cancelled_settles_five_seconds_after_the_last() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.rings(on("c", "boris")).await;
    office.pbx.stops_ringing(on("c", "anna")).await;
    office.waits(10).await;
    assert_eq!(office.call("c").await["state"], "ringing", "boris's phone still rings");
    office.pbx.stops_ringing(on("c", "boris")).await;
    office.waits(4).await;
    assert_eq!(office.call("c").await["state"], "ringing");
    office.waits(1).await;
    assert_eq!(office.call("c").await["state"], "missed");
}

#[tokio::test]
async fn a_new_leg_an_answer_an_end_and_a_report_undo_it_a_repeated_ring_does_not() {
    let office = Office::opens().await;
    let settle = async |callid: &'static str| {
        office.pbx.rings(on(callid, "anna")).await;
        office.pbx.stops_ringing(on(callid, "anna")).await;
        office.waits(5).await;
        assert_eq!(office.call(callid).await["state"], "missed", "{callid}");
    };
    settle("repeated").await;
    office.pbx.rings(on("repeated", "anna")).await;
    assert_eq!(office.call("repeated").await["state"], "missed");
    settle("new leg").await;
    office.pbx.rings(on("new leg", "boris")).await;
    assert_eq!(office.call("new%20leg").await["state"], "ringing");
    settle("answer").await;
    office.pbx.picks_up(on("answer", "anna")).await;
    assert_eq!(office.call("answer").await["state"], "talking");
    settle("end").await;
    office.pbx.hangs_up(on("end", "anna")).await;
    assert_eq!(office.call("end").await["state"], "answered");
    settle("report").await;
    office.pbx.reports("in", "Success", "3", on("report", "anna"), &[]).await;
    assert_eq!(office.call("report").await["state"], "answered");
}

#[tokio::test]
async fn a_click_that_is_never_heard_of_stays_requested() {
    let office = Office::opens().await;
    assert_eq!(office.anna.clicks("+79101234567").await.status, 202);
    // A session that nobody uses ends after twelve hours.
    office.waits(11 * 3600).await;
    assert_eq!(office.calls().await[0]["state"], "requested");
}
