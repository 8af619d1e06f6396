//! What a report says of its times, and when it may not be believed: the board and Mango go by the call, not by the hour
//! at which a report came.

use serde_json::json;

use crate::support::office::{Office, at, no_recording};
use crate::support::pbx::on;

/// Instants of X03 on the day of the test's clock, which begins at 09:00.
const SEVEN: (&str, &str) = ("start", "20260301T070000Z");

#[tokio::test]
async fn a_talk_of_this_morning_reported_at_noon_leaves_later_misses_on_the_board() {
    let office = Office::opens().await;
    office.pbx.reports("in", "missed", "0", on("miss", "pbx"), &[]).await;
    office.clock.advance(30 * 60_000);
    let known = [SEVEN, ("wait", "10")];
    office.pbx.reports("out", "Success", "60", on("talk", "anna"), &known).await;
    let talk = office.call("talk").await;
    assert_eq!((&talk["started_at"], &talk["ended_at"]), (&json!(at(-7200)), &json!(at(-7130))));
    assert_eq!(office.board().await.len(), 1, "the client rang two hours after that talk");
}

#[tokio::test]
async fn a_miss_does_not_wait_longer_because_its_report_is_late() {
    let office = Office::opens().await;
    office.pbx.rings(on("miss", "anna")).await;
    office.clock.advance(18_000);
    office.pbx.stops_ringing(on("miss", "anna")).await;
    office.clock.advance(60_000);
    office.pbx.reports("in", "missed", "0", on("miss", "anna"), &[]).await;
    let miss = office.call("miss").await;
    assert_eq!((&miss["wait_s"], &miss["ended_at"]), (&json!(18), &json!(at(18))));
}

/// A PBX that writes Moscow time with a Z: the miss would stand three hours ahead, and no call back would make it good.
#[tokio::test]
async fn a_start_hours_ahead_is_not_believed_and_the_journal_says_so() {
    let office = Office::opens().await;
    let moscow = [("start", "20260301T115900Z")];
    office.pbx.reports("in", "missed", "0", on("miss", "pbx"), &moscow).await;
    assert_eq!(office.call("miss").await["started_at"], at(0));
    let journaled = office.admin.reads("/api/webhooks").await["items"][0].clone();
    assert_eq!(journaled["status"], 200);
    assert_eq!(journaled["why"], json!([{"code": "start_ahead", "params": {"minutes": 179}}]));
    assert_eq!(journaled["detail"], "start is not believed: it lies 179 minutes ahead of its receipt");
    let found = office.findings().await[0].clone();
    let named = (&found["code"], &found["about"], &found["works"]);
    assert_eq!(named, (&json!("pushes"), &json!("main"), &json!(false)), "{found}");
    let proof =
        "1 pushes of the last day; of the latest: start is not believed: it lies 179 minutes ahead of its receipt";
    assert_eq!(found["proof"], proof);
    office.clock.advance(60_000);
    office.pbx.reports("out", "Success", "20", on("talk", "anna"), &[]).await;
    assert_eq!(office.board().await.len(), 0);
}

#[tokio::test]
async fn a_start_far_from_the_events_is_not_believed_whichever_came_first() {
    for is_history_first in [true, false] {
        let office = Office::opens().await;
        let report = async || office.pbx.reports("in", "missed", "0", on("miss", "pbx"), &[SEVEN]).await;
        if is_history_first {
            report().await;
            office.clock.advance(1000);
        }
        office.pbx.rings(on("miss", "anna")).await;
        if !is_history_first {
            office.clock.advance(1000);
            report().await;
        }
        assert_eq!(office.call("miss").await["started_at"], at(0), "{is_history_first}");
        let journal = office.admin.reads("/api/webhooks").await["items"].clone();
        let remarks: Vec<_> = journal.as_array().unwrap().iter().map(|row| row["detail"].clone()).collect();
        let said = "start is not believed: it lies 120 minutes before the first event";
        // What came before the events could not be judged by them: the event that shows it says so.
        assert_eq!(remarks, [json!(said), json!("")], "{is_history_first}");
    }
}

/// R21: a PBX that makes up a user for each push makes no call that grows without end.
#[tokio::test]
async fn r21_a_call_has_200_legs_and_the_journal_says_what_is_left_out() {
    let office = Office::opens().await;
    for number in 0..201 {
        office.pbx.rings(on("c", &format!("made-up-{number:04}"))).await;
    }
    let pbx = &office.pbx;
    office.clock.advance(1);
    pbx.rings(on("c", "anna")).await;
    office.clock.advance(1);
    pbx.picks_up(on("c", "anna")).await;
    office.clock.advance(1);
    pbx.rings(on("c", "made-up-0000")).await;
    let call = office.call("c").await;
    let legs: Vec<&str> = call["legs"].as_array().unwrap().iter().map(|leg| leg["account"].as_str().unwrap()).collect();
    assert_eq!((legs.len(), legs.contains(&"anna"), legs.contains(&"made-up-0198")), (200, true, true), "{legs:?}");
    assert_eq!((&call["state"], &call["user"]["login"]), (&json!("talking"), &json!("anna")));
    let journal = office.admin.reads("/api/webhooks?limit=200").await["items"].clone();
    let remarks: Vec<_> = journal.as_array().unwrap().iter().map(|row| row["detail"].clone()).collect();
    let said = "user is left out: a call has 200 at most, the shortest";
    assert_eq!(remarks[..3], [json!(""), json!(""), json!(said)]);
}

#[tokio::test]
async fn a_link_that_no_browser_should_open_is_left_out_and_the_call_kept() {
    let office = Office::opens().await;
    for (callid, link) in [("a", "javascript:alert(1)"), ("b", "file:///etc/passwd"), ("c", "ftp://pbx.example/1.mp3")]
    {
        office.pbx.reports("in", "Success", "20", on(callid, "anna"), &[("link", link)]).await;
        let call = office.call(callid).await;
        assert_eq!(call["recording"], no_recording(), "{link}");
        let journaled = office.admin.reads("/api/webhooks").await["items"][0]["detail"].clone();
        assert_eq!(journaled, "link is not believed: it is no http or https address", "{link}");
    }
    office.pbx.reports("in", "Success", "20", on("d", "anna"), &[("link", "HTTPS://pbx.example/1.mp3")]).await;
    assert_eq!(office.call("d").await["recording"]["state"], "waiting");
}

/// The lead that a miss made goes with the miss, also when it turns out that another number was answered.
#[tokio::test]
async fn a_lead_does_not_stay_under_a_number_that_never_rang() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna").of("79205550101")).await;
    office.pbx.stops_ringing(on("c", "anna").of("79205550101")).await;
    office.waits(5).await;
    assert_eq!(office.contacts().await.len(), 1);
    office.pbx.reports("in", "Success", "20", on("c", "anna"), &[]).await;
    assert_eq!(office.contacts().await, [json!(null); 0]);
    // Missed after all, but under the other number: one lead, of the number that rang.
    office.pbx.rings(on("d", "anna").of("79205550101")).await;
    office.pbx.stops_ringing(on("d", "anna").of("79205550101")).await;
    office.waits(5).await;
    office.pbx.reports("in", "missed", "0", on("d", "pbx"), &[]).await;
    let contacts = office.contacts().await;
    assert_eq!((contacts.len(), &contacts[0]["phones"][0]["number"]), (1, &json!("+79101234567")));
}
