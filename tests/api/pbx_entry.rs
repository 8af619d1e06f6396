//! What the PBX sends, line by line of the contract's checklist: P01–P14.

use std::time::Duration;

use serde_json::json;

use crate::support::office::{CLIENT_NUMBER, CRM_TOKEN, Office, at, leg};
use crate::support::pbx::{CLIENT, on};

const FORM: &str = "application/x-www-form-urlencoded";
const INVALID_PARAMETERS: &str = r#"{"error":"Invalid parameters"}"#;
const INVALID_TOKEN: &str = r#"{"error":"Invalid token"}"#;

/// The document's own examples.
const HISTORY: [(&str, &str); 8] = [
    ("cmd", "history"),
    ("type", "in"),
    ("status", "Success"),
    ("phone", CLIENT),
    ("user", "anna"),
    ("duration", "124"),
    ("link", "https://link/file.mp3"),
    ("callid", "B10D0EB124F4E64AF4EA-1511"),
];
const EVENT: [(&str, &str); 5] = [
    ("cmd", "event"),
    ("type", "INCOMING"),
    ("phone", CLIENT),
    ("user", "anna"),
    ("callid", "B10D0EB124F4E64AF4EA-1511"),
];
const CONTACT: [(&str, &str); 3] = [("cmd", "contact"), ("phone", CLIENT), ("callid", "B10D0EB124F4E64AF4EA-1511")];

fn without(members: &[(&'static str, &'static str)], name: &str) -> Vec<(&'static str, &'static str)> {
    members.iter().filter(|(other, _)| *other != name).copied().collect()
}

fn with(
    members: &[(&'static str, &'static str)],
    name: &'static str,
    value: &'static str,
) -> Vec<(&'static str, &'static str)> {
    let mut changed = without(members, name);
    changed.push((name, value));
    changed
}

#[tokio::test]
async fn p01_only_a_post_is_taken_at_the_one_entry() {
    let office = Office::opens().await;
    assert_eq!(office.get("/pbx").await.status, 405);
    assert_eq!(office.pbx.says(&EVENT).await.status, 200);
}

#[tokio::test]
async fn p02_history_event_and_contact_are_all_answered() {
    let office = Office::opens().await;
    for push in [&HISTORY[..], &EVENT, &CONTACT] {
        assert_eq!(office.pbx.says(push).await.status, 200, "{push:?}");
    }
}

#[tokio::test]
async fn p03_the_token_is_checked_before_anything_else() {
    let office = Office::opens().await;
    let wrong = [
        format!("cmd=event&crm_token={CRM_TOKEN}x"),
        "cmd=history&crm_token=".to_owned(),
        "cmd=contact&phone=79101234567&callid=1".to_owned(),
        "cmd=nonsense".to_owned(),
        String::new(),
        format!("cmd=event&CRM_TOKEN={CRM_TOKEN}"),
    ];
    for body in wrong {
        let answer = office.pbx.posts(FORM, body.clone()).await;
        assert_eq!(answer.status, 401, "{body}");
        assert_eq!(answer.text, INVALID_TOKEN, "{body}");
        assert_eq!(answer.content_type, "application/json", "{body}");
    }
    assert_eq!(office.calls().await, [json!(null); 0]);
}

/// R30: it is read from the body only.
#[tokio::test]
async fn p03_a_token_in_the_address_is_none() {
    let office = Office::opens().await;
    let request = office.http.post(format!("{}/pbx?crm_token={CRM_TOKEN}", office.url)).form(&EVENT);
    assert_eq!(request.send().await.unwrap().status(), 401);
}

/// R20: durations are bounded.
#[tokio::test]
async fn p04_missing_and_bad_parameters_are_400() {
    let office = Office::opens().await;
    let mut bad = vec![vec![("cmd", "hello")], vec![("phone", CLIENT)]];
    for (push, required) in [
        (&HISTORY[..], &["cmd", "type", "user", "phone", "duration", "callid", "status"][..]),
        (&EVENT, &["cmd", "type", "phone", "user", "callid"]),
        (&CONTACT, &["cmd", "phone", "callid"]),
    ] {
        for name in required {
            bad.push(without(push, name));
            // A phone that is there and empty is a hidden one.
            if *name != "phone" {
                bad.push(with(push, name, ""));
                bad.push(with(push, name, "\u{200e}"));
            }
        }
    }
    bad.push(with(&HISTORY, "type", "sideways"));
    bad.push(with(&HISTORY, "status", "Perhaps"));
    for duration in ["-1", "abc", "604801", "1e3", "NaN", "12:30"] {
        bad.push(with(&HISTORY, "duration", duration));
    }
    bad.push(with(&EVENT, "type", "RINGING"));
    for push in bad {
        let answer = office.pbx.says(&push).await;
        assert_eq!(answer.status, 400, "{push:?}");
        assert_eq!(answer.text, INVALID_PARAMETERS, "{push:?}");
        assert_eq!(answer.content_type, "application/json", "{push:?}");
    }
    assert_eq!(office.calls().await, [json!(null); 0]);
}

#[tokio::test]
async fn p04a_a_hidden_caller_is_kept_shown_as_such_and_nobodys_client() {
    for hidden in ["", "0", "anonymous", "Anonymous", "UNKNOWN", "\u{200e}"] {
        let office = Office::opens().await;
        let mut anna = office.anna.watches("").await;
        office.pbx.rings(on("earlier", "anna").of(hidden)).await;
        office.pbx.rings(on("c", "anna").of(hidden)).await;
        anna.card().await;
        let card = anna.card().await;
        let shown = (&card["phone"], &card["calls_count"], &card["contact"], &card["last"]);
        assert_eq!(shown, (&json!("anonymous"), &json!(0), &json!(null), &json!(null)), "{hidden:?}");
        office.pbx.reports("in", "missed", "0", on("c", "pbx").of(hidden), &[]).await;
        assert_eq!(office.call("c").await["state"], "missed", "{hidden:?}");
        assert_eq!((office.board().await.len(), office.contacts().await.len()), (0, 0), "{hidden:?}");
        let answer = office.pbx.asks_who(hidden).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "{}"), "{hidden:?}");
        assert_eq!(office.anna.clicks("anonymous").await.status, 422);
    }
}

/// R21: whoever has the right token hears what is wrong with his push, and the journal has it.
#[tokio::test]
async fn a_push_that_is_no_json_is_400_in_the_journal_and_no_wrong_token() {
    let office = Office::opens().await;
    let whole = |callid: &str| {
        format!(
            r#"{{"cmd":"event","type":"INCOMING","user":"anna","phone":"{CLIENT}","callid":{callid},"crm_token":"{CRM_TOKEN}"}}"#
        )
    };
    let mut broken = whole("\"c?\"").into_bytes();
    let mark = broken.iter().position(|byte| *byte == b'?').unwrap();
    broken[mark] = 0xff;
    let twice = whole("\"c\",\"callid\":\"d\"");
    for body in [broken, whole(r#""\ud800""#).into(), whole("1e999").into(), twice.into_bytes()] {
        let said = String::from_utf8_lossy(&body).into_owned();
        let answer = office.pbx.posts("application/json", body).await;
        assert_eq!((answer.status, answer.text.as_str()), (400, INVALID_PARAMETERS), "{said}");
    }
    let journal = office.admin.get("/api/webhooks").await;
    assert_eq!(journal.json()["items"].as_array().unwrap().len(), 4);
    assert!(!journal.text.contains(CRM_TOKEN));
    assert_eq!(office.calls().await, [json!(null); 0]);
}

/// R21: a true replacement character is text like any other; a NUL in the command is answered as the contract says.
#[tokio::test]
async fn the_bytes_decide_what_is_text() {
    let office = Office::opens().await;
    let form = |more: &str| format!("cmd=event&type=INCOMING&phone={CLIENT}&user=anna&crm_token={CRM_TOKEN}&{more}");
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(office.pbx.posts(kind, form("callid=c&groupRealName=%EF%BF%BD")).await.status, 200);
    assert_eq!(office.call("c").await["group"], "\u{fffd}");
    let answer = office.pbx.posts(kind, form("callid=d").replace("cmd=event", "cmd=ev%00ent")).await;
    assert_eq!((answer.status, answer.text.as_str()), (400, INVALID_PARAMETERS));
    // The token under another name is a token still.
    assert_eq!(office.pbx.posts(kind, form(&format!("callid=e&token={CRM_TOKEN}"))).await.status, 200);
    assert!(!office.admin.get("/api/webhooks").await.text.contains(CRM_TOKEN));
}

/// R20: however its address is written.
#[tokio::test]
async fn a_push_has_its_limit_under_every_spelling_of_its_address() {
    let office = Office::opens().await;
    let body = format!("cmd=event&crm_token={CRM_TOKEN}&x={}", "a".repeat(70_000));
    for path in ["/pbx", "/%70bx"] {
        let request = office.http.post(format!("{}{path}", office.url)).body(body.clone());
        assert_eq!(request.send().await.unwrap().status(), 413, "{path}");
    }
}

/// R21.
#[tokio::test]
async fn p04_what_is_no_text_is_400_and_nothing_is_kept() {
    let office = Office::opens().await;
    let good = format!("cmd=event&type=INCOMING&phone={CLIENT}&callid=1&crm_token={CRM_TOKEN}");
    for bad in ["&user=%ff%fe", "&user=an%00na", "&user=anna&user=boris", "&user=anna&phone=1"] {
        let answer = office.pbx.posts(FORM, format!("{good}{bad}")).await;
        assert_eq!((answer.status, answer.text.as_str()), (400, INVALID_PARAMETERS), "{bad}");
    }
    assert_eq!(office.calls().await, [json!(null); 0]);
}

/// R20.
#[tokio::test]
async fn p04_what_is_longer_than_its_limit_is_400_or_413() {
    let office = Office::opens().await;
    let push = |name: &str, length: usize| {
        let long = "7".repeat(length);
        let members = ["callid=1", "user=anna", "phone=79101234567", "link=a"];
        let kept: Vec<_> = members.iter().filter(|one| !one.starts_with(&format!("{name}="))).copied().collect();
        let rest = kept.join("&");
        format!("cmd=history&type=in&status=Success&duration=1&{rest}&{name}={long}&crm_token={CRM_TOKEN}")
    };
    for (name, limit) in [("callid", 256), ("user", 256), ("link", 2048)] {
        assert_eq!(office.pbx.posts(FORM, push(name, limit)).await.status, 200, "{name}");
        assert_eq!(office.pbx.posts(FORM, push(name, limit + 1)).await.status, 400, "{name}");
    }
    assert_eq!(office.pbx.posts(FORM, push("unknown", 65_000)).await.status, 200);
    assert_eq!(office.pbx.posts(FORM, push("unknown", 65_536)).await.status, 413);
}

#[tokio::test]
async fn p05_history_and_event_are_acknowledged_with_an_empty_body() {
    let office = Office::opens().await;
    for push in [&HISTORY[..], &EVENT] {
        let answer = office.pbx.says(push).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    }
}

#[tokio::test]
async fn p06_history_makes_the_whole_call() {
    let office = Office::opens().await;
    office.sets(json!({"numbers": [{"number": "+74951234567", "label": "Авито"}]})).await;
    let contact = office.anna.keeps_contact("Иван Петров", "8 910 123-45-67").await;
    office.pbx.tells(&with(&HISTORY, "diversion", "74951234567")).await;
    let refused = office.recording_is("B10D0EB124F4E64AF4EA-1511", "failed").await;
    office
        .has_call(
            "B10D0EB124F4E64AF4EA-1511",
            json!({
                "state": "answered",
                "diversion": "+74951234567",
                "line": {"number": "+74951234567", "label": "Авито"},
                "contact": {"id": contact["id"], "name": "Иван Петров", "company": ""},
                "user": office.anna.appears,
                "started_at": at(-124),
                "ended_at": at(0),
                "duration_s": 124,
                // Its host is none that an admin has allowed.
                "recording": refused,
            }),
        )
        .await;
}

/// R20.
#[tokio::test]
async fn p06_a_duration_may_have_a_fraction_which_is_cut() {
    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "12.9", on("c", "anna"), &[]).await;
    assert_eq!(office.call("c").await["duration_s"], 12);
}

#[tokio::test]
async fn p07_each_status_has_its_outcome() {
    let office = Office::opens().await;
    let outcomes = [
        ("in", "Success", "answered"),
        ("out", "Success", "answered"),
        ("out", "Busy", "busy"),
        ("out", "NotAvailable", "unavailable"),
        ("out", "NotAllowed", "forbidden"),
    ];
    for (kind, status, state) in outcomes {
        let callid = format!("{kind}-{status}");
        office.pbx.reports(kind, status, "0", on(&callid, "anna"), &[]).await;
        let call = office.call(&callid).await;
        assert_eq!((&call["state"], &call["direction"]), (&json!(state), &json!(kind)), "{callid}");
    }
}

#[tokio::test]
async fn p07_a_missed_call_is_known_from_its_events_alone() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    office.clock.advance(18_000);
    office.pbx.stops_ringing(on("c", "anna")).await;
    assert_eq!(office.call("c").await["state"], "ringing", "somebody else of the group may have answered");
    office.waits(5).await;
    let contact = office.call("c").await["contact"].clone();
    office
        .has_call(
            "c",
            json!({
                "state": "missed",
                "contact": contact,
                "ended_at": at(18),
                "wait_s": 18,
                "legs": [leg("anna", &office.anna.appears, "cancelled", [Some(0), None, Some(18)])],
            }),
        )
        .await;
}

#[tokio::test]
async fn p08_the_start_is_receipt_less_duration_unless_a_ring_was_heard_earlier() {
    let office = Office::opens().await;
    office.pbx.reports("in", "Success", "60", on("unheard", "anna"), &[]).await;
    assert_eq!(office.call("unheard").await["started_at"], at(-60));
    office.pbx.rings(on("heard", "anna")).await;
    office.clock.advance(70_000);
    office.pbx.reports("in", "Success", "60", on("heard", "anna"), &[]).await;
    assert_eq!(office.call("heard").await["started_at"], at(0));
}

#[tokio::test]
async fn p09_a_call_from_ring_to_report() {
    let office = Office::opens().await;
    let course = on("c", "anna");
    let anna = &office.anna.appears;
    office.pbx.rings(course).await;
    office.has_call("c", json!({"legs": [leg("anna", anna, "ringing", [Some(0), None, None])]})).await;
    office.clock.advance(6_000);
    office.pbx.picks_up(course).await;
    let talking = json!({"state": "talking", "user": anna, "answered_at": at(6), "wait_s": 6,
        "legs": [leg("anna", anna, "talking", [Some(0), Some(6), None])]});
    office.has_call("c", talking).await;
    office.clock.advance(60_000);
    office.pbx.hangs_up(course).await;
    let ended = json!({"state": "answered", "user": anna, "answered_at": at(6), "wait_s": 6, "ended_at": at(66),
        "legs": [leg("anna", anna, "answered", [Some(0), Some(6), Some(66)])]});
    office.has_call("c", ended.clone()).await;
    office.clock.advance(2_000);
    office.pbx.reports("in", "Success", "60", course, &[]).await;
    office.has_call("c", crate::support::office::with(ended, json!({"duration_s": 60}))).await;
}

#[tokio::test]
async fn p10_one_callid_is_one_call_with_a_leg_for_each_user() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "boris")).await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.rings(on("other", "anna")).await;
    assert_eq!(office.calls().await.len(), 2);
    office
        .has_call(
            "c",
            json!({"legs": [
                leg("anna", &office.anna.appears, "ringing", [Some(0), None, None]),
                leg("boris", &office.boris.appears, "ringing", [Some(0), None, None]),
            ]}),
        )
        .await;
}

#[tokio::test]
async fn p11_contact_tells_name_company_and_the_responsibles_own_login() {
    let office = Office::opens().await;
    let unknown = office.pbx.asks_who(CLIENT).await;
    assert_eq!((unknown.status, unknown.text.as_str()), (200, "{}"));
    assert_eq!(unknown.content_type, "application/json");

    let contact = json!({"name": "Иван Петров", "company": "ООО «Ромашка»", "responsible": office.anna.id(),
        "phones": [{"number": "+7 910 123-45-67"}]});
    let contact = office.anna.makes("/api/contacts", contact).await;
    let known = office.pbx.asks_who(CLIENT).await;
    assert_eq!(known.json(), json!({"contact_name": "Иван Петров (ООО «Ромашка»)", "responsible": "anna"}));

    // The admin has no line at this PBX.
    let path = format!("/api/contacts/{}", contact["id"].as_str().unwrap());
    let changed = office.anna.patch(&path, json!({"responsible": office.admin.id(), "company": ""})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(office.pbx.asks_who(CLIENT).await.json(), json!({"contact_name": "Иван Петров"}));
}

#[tokio::test]
async fn p11_of_several_contacts_the_one_last_chosen_is_told() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Ольга", CLIENT).await;
    office.clock.advance(1000);
    let second = office.anna.keeps_contact("Сергей", CLIENT).await;
    assert_eq!(office.pbx.asks_who(CLIENT).await.json(), json!({"contact_name": "Ольга"}), "the oldest");
    office.pbx.rings(on("c", "anna")).await;
    let call = office.call("c").await;
    assert_eq!(call["matches"].as_array().unwrap().len(), 2);
    let path = format!("/api/calls/{}", call["id"].as_str().unwrap());
    let chosen = office.anna.patch(&path, json!({"contact": second["id"]})).await;
    assert_eq!(chosen.status, 200, "{}", chosen.text);
    assert_eq!(office.pbx.asks_who(CLIENT).await.json(), json!({"contact_name": "Сергей"}), "the one chosen");
    office.pbx.rings(on("d", "anna")).await;
    assert_eq!(office.call("d").await["contact"]["name"], "Сергей");
}

#[tokio::test]
async fn p12_numbers_come_without_a_plus_and_in_any_spelling() {
    let office = Office::opens().await;
    for (number, spelling) in ["79101234567", "+79101234567", "89101234567", "9101234567"].into_iter().enumerate() {
        let callid = number.to_string();
        office.pbx.rings(on(&callid, "anna").of(spelling)).await;
        assert_eq!(office.call(&callid).await["phone"], CLIENT_NUMBER, "{spelling}");
    }
    for as_it_is in ["101", "anonymous", "sip:anna@example.org"] {
        office.pbx.rings(on(as_it_is, "anna").of(as_it_is)).await;
        assert_eq!(office.calls().await.iter().filter(|call| call["phone"] == as_it_is).count(), 1, "{as_it_is}");
    }
}

#[tokio::test]
async fn p12_what_is_not_json_is_read_as_a_form() {
    let office = Office::opens().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded; charset=utf-8", "multipart/form-data", "nonsense"] {
        let body =
            format!("cmd=event&type=INCOMING&phone={CLIENT}&user=anna&callid={}&crm_token={CRM_TOKEN}", kind.len());
        assert_eq!(office.pbx.posts(kind, body).await.status, 200, "{kind}");
    }
    assert_eq!(office.calls().await.len(), 4);
}

#[tokio::test]
async fn p14_contact_answers_from_what_is_known_at_once() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Иван", CLIENT).await;
    let began = std::time::Instant::now();
    for _ in 0..50 {
        assert_eq!(office.pbx.asks_who(CLIENT).await.json(), json!({"contact_name": "Иван"}));
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "each within its second: {:?}", began.elapsed());
}

/// R7.
#[tokio::test]
async fn p14_on_a_storage_fault_nobody_is_known_and_the_call_goes_on() {
    let office = Office::opens().await;
    if !office.is_embedded() {
        return;
    }
    office.anna.keeps_contact("Иван", CLIENT).await;
    let file = rusqlite::Connection::open(office.app.config.data_dir.join("ringcard.db")).unwrap();
    file.execute_batch("DROP TABLE contact_phone").unwrap();
    let answer = office.pbx.asks_who(CLIENT).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{}"));
    assert_eq!(answer.content_type, "application/json");
}

/// R7.
#[tokio::test]
async fn p14_past_its_second_nobody_is_known_and_the_call_goes_on() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Иван", CLIENT).await;
    let (release, held) = std::sync::mpsc::channel::<()>();
    let store = office.app.store.clone();
    let hold = move |_: &mut ringcard::store::tx::Tx| {
        let _ = held.recv();
        Ok(())
    };
    let holder = tokio::spawn(async move { store.look_up(hold).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = std::time::Instant::now();
    let answer = office.pbx.asks_who(CLIENT).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{}"));
    assert!(began.elapsed() > Duration::from_millis(900), "it was waited for: {:?}", began.elapsed());
    release.send(()).unwrap();
    let _ = holder.await;
    assert_eq!(office.pbx.asks_who(CLIENT).await.json(), json!({"contact_name": "Иван"}));
}

#[tokio::test]
async fn r30_many_wrong_tokens_are_told_to_wait_and_a_right_one_never() {
    let office = Office::opens().await;
    for number in 0..25 {
        let answer = office.pbx.posts(FORM, "cmd=event&crm_token=wrong").await;
        let expected = if number < 20 { 401 } else { 429 };
        assert_eq!((answer.status, answer.text.as_str()), (expected, INVALID_TOKEN), "wrong token number {number}");
        office.pbx.rings(on("c", "anna")).await;
    }
    office.clock.advance(61_000);
    assert_eq!(office.pbx.posts(FORM, "cmd=event").await.status, 401, "a minute later it is counted anew");
    office.clock.advance(-400 * 86_400_000);
    office.clock.advance(61_000);
    for _ in 0..20 {
        assert_eq!(office.pbx.posts(FORM, "cmd=event").await.status, 401, "also when the clock steps back");
    }
}
