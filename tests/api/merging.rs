//! Two contacts become one, and two again: nothing is lost on either way.

use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use reqwest::Method;
use ringcard::app::upkeep::retention;
use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office, at, with};
use crate::support::pbx::on;

const OTHER: &str = "+79207654321";
const THIRD: &str = "+79337654321";

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

impl Office {
    async fn merges(&self, into: &Value, from: &Value, choose: Value) -> Value {
        let asked = json!({"from": from["id"], "choose": choose});
        let answer = self.admin.post(&format!("/api/contacts/{}/merge", id(into)), asked).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    async fn parts(&self, merged: &Value) -> Value {
        let task = id(&merged["task"]);
        let answer = self.admin.post(&format!("/api/tasks/{task}/undo"), json!({})).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        self.ends(task).await
    }

    /// All that people see of clients and calls, but for revisions.
    async fn looks(&self) -> Value {
        let mut contacts = self.contacts().await;
        contacts.sort_by_key(|contact| id(contact).to_owned());
        let mut timelines = Vec::new();
        for contact in &contacts {
            timelines.push(self.admin.reads(&format!("/api/contacts/{}/timeline?limit=200", id(contact))).await);
            timelines.push(self.admin.reads(&format!("/api/calls?contact={}", id(contact))).await);
        }
        let mut others = Vec::new();
        for path in [
            "missed",
            "missed?state=closed",
            "calls",
            "promises",
            "contacts?q=%D0%98%D0%B2%D0%B0%D0%BD",
            "contacts?q=4567",
        ] {
            others.push(self.admin.reads(&format!("/api/{path}")).await);
        }
        let mut seen = json!({"contacts": contacts, "timelines": timelines, "others": others});
        without_revisions(&mut seen);
        seen
    }
}

fn without_revisions(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("rev");
            members.values_mut().for_each(without_revisions);
        }
        Value::Array(items) => items.iter_mut().for_each(without_revisions),
        _ => {}
    }
}

async fn two(office: &Office) -> (Value, Value) {
    let ivan = json!({
        "name": "Иван", "phones": [{"number": CLIENT_NUMBER, "label": "моб"}], "email": "ivan@example.org", "note": "Давний",
        "tags": ["опт", "юг"],
    });
    let ivan = office.anna.makes("/api/contacts", ivan).await;
    office.clock.advance(1_000);
    let other = json!({
        "name": "Иван Петров", "company": "Ромашка", "phones": [{"number": OTHER}, {"number": CLIENT_NUMBER}],
        "note": "Звонить утром", "tags": ["юг", "vip"], "kind": "lead", "responsible": office.boris.id(), "vip": true, "alert": "Не на ты",
    });
    let other = office.anna.makes("/api/contacts", other).await;
    office.clock.advance(1_000);
    (ivan, other)
}

#[actix_web::test]
async fn two_contacts_become_one_and_two_again() {
    let office = Office::opens().await;
    let (ivan, other) = two(&office).await;
    // He was called for the one, a promise and a note stand with the other, and somebody waits on each number.
    office.pbx.reports("in", "Success", "30", on("talk", "anna").of("79207654321"), &[]).await;
    office.waits(60).await;
    let talk = office.call("talk").await;
    let said =
        json!({"contact": other["id"], "note": "Про доставку", "promise": {"due_at": at(9000), "text": "прайс"}});
    assert_eq!(office.admin.patch(&format!("/api/calls/{}", id(&talk)), said).await.status, 200);
    office.pbx.reports("in", "missed", "0", on("miss", "anna"), &[("wait", "20")]).await;
    let changed = json!({"alert": "Не на «ты»"});
    assert_eq!(office.boris.patch(&format!("/api/contacts/{}", id(&other)), changed).await.status, 200);
    office.waits(60).await;
    let before = office.looks().await;

    let merged = office.merges(&ivan, &other, json!({"name": "theirs"})).await;
    let one = office.anna.reads(&format!("/api/contacts/{}", id(&ivan))).await;
    assert_eq!(merged["contact"], one);
    let expected = with(
        ivan.clone(),
        json!({
            "name": "Иван Петров", "company": "Ромашка", "note": "Давний\n\nЗвонить утром", "tags": ["опт", "юг", "vip"],
            "phones": [{"number": CLIENT_NUMBER, "label": "моб"}, {"number": OTHER, "label": ""}], "responsible": office.boris.appears,
            "vip": true, "alert": "Не на «ты»", "updated_at": one["updated_at"], "last_talk": one["last_talk"], "missed_open": 1,
        }),
    );
    assert_eq!(one, expected);
    assert_eq!(one["last_talk"]["call"], talk["id"]);
    assert_eq!((&merged["task"]["kind"], &merged["task"]["state"]), (&json!("merge"), &json!("done")));
    // Whoever has the old address is led on.
    for path in ["", "/timeline"] {
        let [old, new] = [&other, &ivan].map(|one| format!("/api/contacts/{}{path}", id(one)));
        assert_eq!(office.anna.reads(&old).await, office.anna.reads(&new).await);
    }
    let renamed = office.anna.patch(&format!("/api/contacts/{}", id(&other)), json!({"email": "p@example.org"})).await;
    assert_eq!((renamed.status, &renamed.json()["id"]), (200, &ivan["id"]));
    assert_eq!(
        office.anna.patch(&format!("/api/contacts/{}", id(&other)), json!({"email": "ivan@example.org"})).await.status,
        200
    );
    let calls = office.anna.reads(&format!("/api/calls?contact={}", id(&other))).await;
    assert_eq!(calls["items"].as_array().unwrap().len(), 2);
    assert!(calls["items"].as_array().unwrap().iter().all(|call| call["contact"]["id"] == ivan["id"]), "{calls}");
    assert_eq!(office.board().await[0]["numbers"], json!([CLIENT_NUMBER, OTHER]));
    assert_eq!(office.admin.reads("/api/promises").await["items"][0]["contact"]["id"], ivan["id"]);
    let timeline = office.anna.reads(&format!("/api/contacts/{}/timeline", id(&ivan))).await;
    let fields: Vec<_> = timeline["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["change"]["fields"].as_array())
        .flatten()
        .collect();
    let lost = |field: &str, before: Value| {
        assert!(fields.iter().any(|one| one["field"] == field && one["before"] == before), "{field}: {fields:?}")
    };
    lost("merged", json!("Иван Петров"));
    lost("name", json!("Иван"));
    lost("kind", json!("lead"));
    lost("alert", json!("Не на ты"));

    // As it was left: one act more would not be undone.
    office.waits(60).await;
    let task = office.parts(&merged).await;
    assert_eq!((&task["state"], &task["undo_until"]), (&json!("undone"), &Value::Null));
    let mut after = office.looks().await;
    // Two changes of the e-mail were made meanwhile; they stand with him.
    let own = after["timelines"][0]["items"].as_array_mut().unwrap();
    let count = own.len();
    own.retain(|item| item["change"]["fields"][0]["field"] != "email");
    assert_eq!(count - own.len(), 2);
    for (contact, was) in
        after["contacts"].as_array_mut().unwrap().iter_mut().zip(before["contacts"].as_array().unwrap())
    {
        contact["updated_at"] = was["updated_at"].clone();
    }
    for found in after["others"].as_array_mut().unwrap().iter_mut().chain([]) {
        if let Some(items) = found["items"].as_array_mut() {
            items.iter_mut().filter(|item| item["updated_at"].is_string()).for_each(|item| {
                let was = before["contacts"].as_array().unwrap().iter().find(|one| one["id"] == item["id"]).unwrap();
                item["updated_at"] = was["updated_at"].clone();
            });
        }
    }
    assert_eq!(after, before);
    assert_eq!(office.admin.get(&format!("/api/contacts/{}", id(&other))).await.json()["id"], other["id"]);
}

#[actix_web::test]
async fn only_managers_merge_and_only_two() {
    let office = Office::opens().await;
    let (ivan, other) = two(&office).await;
    let path = format!("/api/contacts/{}/merge", id(&ivan));
    let asked = json!({"from": other["id"]});
    assert_eq!(office.anna.post(&path, asked.clone()).await.status, 403);
    assert_eq!(office.anna.get("/api/contacts/duplicates").await.status, 403);
    assert_eq!(office.admin.post("/api/contacts/x/merge", asked.clone()).await.status, 404);
    let nobody = office.admin.post(&path, json!({"from": "x"})).await;
    assert_eq!((nobody.status, &nobody.json()["errors"][0]["field"]), (422, &json!("from")));
    let same = office.admin.post(&path, json!({"from": ivan["id"]})).await;
    assert_eq!((same.status, &same.json()["code"]), (409, &json!("merged_already")));
    let merged = office.merges(&ivan, &other, json!({})).await;
    let again = office.admin.post(&path, asked).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("merged_already")));
    // What became part of another one is taken back in its order.
    let third = office.anna.keeps_contact("Третий", THIRD).await;
    let further = office.merges(&third, &ivan, json!({})).await;
    assert_eq!(office.anna.reads(&format!("/api/contacts/{}", id(&other))).await["id"], third["id"]);
    let early = office.admin.post(&format!("/api/tasks/{}/undo", id(&merged["task"])), json!({})).await;
    assert_eq!((early.status, &early.json()["code"]), (409, &json!("merged_on")));
    assert_eq!(office.parts(&further).await["state"], "undone");
    assert_eq!(office.parts(&merged).await["state"], "undone");
    assert_eq!(office.contacts().await.len(), 3);
    let entries = office.admin.reads("/api/audit?limit=200").await;
    let of =
        |action: &str| entries["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == action).count();
    assert_eq!((of("contacts_merged"), of("merge_undone")), (2, 2));
    assert!(!entries.to_string().contains("Иван"));
}

#[actix_web::test]
async fn what_a_deleted_contact_took_in_comes_back_without_him() {
    let office = Office::opens().await;
    let (ivan, other) = two(&office).await;
    let merged = office.merges(&ivan, &other, json!({})).await;
    assert_eq!(office.admin.delete(&format!("/api/contacts/{}", id(&ivan))).await.status, 204);
    assert_eq!(office.admin.get(&format!("/api/contacts/{}", id(&other))).await.status, 404);
    assert_eq!(office.parts(&merged).await["state"], "undone");
    assert_eq!(office.contacts().await, [other]);
}

#[actix_web::test]
async fn after_thirty_days_one_stays_one_and_the_address_leads_on() {
    let office = Office::opens().await;
    let (ivan, other) = two(&office).await;
    let merged = office.merges(&ivan, &other, json!({})).await;
    office.clock.advance(30 * 24 * 3_600_000 + 1);
    let admin = office.signs_in_again("admin").await;
    let undo = format!("/api/tasks/{}/undo", id(&merged["task"]));
    let late = admin.post(&undo, json!({})).await;
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("undo_over")));
    retention::sweep(&office.app).await.unwrap();
    assert_eq!(admin.post(&undo, json!({})).await.status, 404);
    assert_eq!(admin.reads(&format!("/api/contacts/{}", id(&other))).await["id"], ivan["id"]);
    let kept: String = office
        .app
        .store
        .show(|tx| tx.query_opt("SELECT kept FROM contact_merge", &[])?.unwrap().take(0))
        .await
        .unwrap();
    assert_eq!(kept, "");
}

#[actix_web::test]
async fn who_may_be_one_is_found_in_pairs() {
    let office = Office::opens().await;
    let (ivan, other) = two(&office).await;
    let make = async |body: Value| office.anna.makes("/api/contacts", body).await;
    let mail = make(json!({"name": "Почта", "email": "IVAN@example.org"})).await;
    let named = make(json!({"name": "петров ИВАН", "company": "ромашка"})).await;
    // One word is nobody's own name, without a company.
    make(json!({"name": "Иван", "phones": [{"number": "101"}]})).await;
    make(json!({"name": "Почта"})).await;
    let pair = |by: &str, value: &str, ids: [&Value; 2]| {
        let mut ids = ids.map(id);
        ids.sort_unstable();
        json!([by, value, ids])
    };
    let expected = [
        pair("number", CLIENT_NUMBER, [&ivan, &other]),
        pair("email", "ivan@example.org", [&ivan, &mail]),
        pair("name", "", [&other, &named]),
    ];
    for limit in [1, 50] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = office.admin.reads(&format!("/api/contacts/duplicates?limit={limit}{cursor}")).await;
            for one in page["items"].as_array().unwrap() {
                let ids: Vec<_> = one["contacts"].as_array().unwrap().iter().map(|contact| &contact["id"]).collect();
                found.push(json!([one["by"], one["value"], ids]));
            }
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, expected, "{limit} a page");
    }
}

/// A client as chance makes him: which numbers, which texts.
type Made = (u8, u8, bool);

async fn kept(office: &Office, clients: &[Made]) -> Vec<Value> {
    let numbers = [CLIENT_NUMBER, OTHER, THIRD];
    let mut made = Vec::new();
    for (nth, (of, text, is_lead)) in clients.iter().enumerate() {
        let phones: Vec<_> = numbers
            .iter()
            .enumerate()
            .filter(|(bit, _)| of >> bit & 1 == 1)
            .map(|(_, number)| json!({"number": number}))
            .collect();
        let text = |bit: u8, words: &str| if text >> bit & 1 == 1 { format!("{words} {nth}") } else { String::new() };
        let body = json!({
            "name": format!("Иван {nth}"), "company": text(0, "ООО"), "note": text(1, "Записано"), "alert": text(2, "Знать"),
            "phones": phones, "kind": if *is_lead { "lead" } else { "client" }, "tags": [text(3, "метка")], "vip": of & 1 == 1,
        });
        made.push(office.anna.makes("/api/contacts", body).await);
        office.clock.advance(1_000);
    }
    made
}

async fn calls(office: &Office, made: &[Value], calls: &[(u8, u8)]) {
    let numbers = [CLIENT_NUMBER, OTHER, THIRD];
    for (nth, (number, course)) in calls.iter().enumerate() {
        let number = numbers[usize::from(number % 3)].trim_start_matches('+');
        let callid = format!("c{nth}");
        let (kind, status, duration) =
            [("in", "missed", "0"), ("in", "Success", "20"), ("out", "Success", "20"), ("out", "missed", "0")]
                [usize::from(course % 4)];
        office.pbx.reports(kind, status, duration, on(&callid, "anna").of(number), &[("wait", "15")]).await;
        office.waits(30).await;
        let chosen = &made[usize::from(*course) % made.len()];
        if course / 4 % 3 == 1 {
            let said = json!({"contact": chosen["id"], "note": "Сказано", "promise": {"due_at": at(90_000), "text": "позвонить"}});
            let call = office.call(&callid).await;
            assert_eq!(office.admin.patch(&format!("/api/calls/{}", id(&call)), said).await.status, 200);
        }
        if course / 4 % 3 == 2 {
            let changed = json!({"email": format!("n{nth}@example.org")});
            assert_eq!(office.boris.patch(&format!("/api/contacts/{}", id(chosen)), changed).await.status, 200);
        }
    }
    for row in office.board().await {
        let state = if row["count"].as_i64().unwrap() % 2 == 0 {
            json!({"state": "taken"})
        } else {
            json!({"state": "snoozed", "until": at(900_000)})
        };
        assert_eq!(
            office
                .anna
                .patch(&format!("/api/missed/{}", id(&row)), with(state, json!({"rev": row["rev"]})))
                .await
                .status,
            200
        );
    }
}

async fn happens(office: &Office, clients: &[Made], called: &[(u8, u8)], merges: &[(u8, u8, bool)]) {
    let made = kept(office, clients).await;
    calls(office, &made, called).await;
    let mut seen = vec![office.looks().await];
    let mut done = Vec::new();
    for (into, from, is_theirs) in merges {
        let side = if *is_theirs { "theirs" } else { "mine" };
        let [into, from] = [into, from].map(|nth| &made[usize::from(*nth) % made.len()]);
        let asked = json!({"from": from["id"], "choose": {"name": side, "note": side}});
        let answer = office.admin.post(&format!("/api/contacts/{}/merge", id(into)), asked).await;
        if answer.status == 409 {
            continue;
        }
        assert_eq!(answer.status, 200, "{}", answer.text);
        done.push(answer.json());
        office.clock.advance(1_000);
        seen.push(office.looks().await);
    }
    seen.pop();
    for merged in done.iter().rev() {
        assert_eq!(office.parts(merged).await["state"], "undone");
        assert_eq!(office.looks().await, seen.pop().unwrap());
    }
}

/// Whatever two contacts have, together or each for himself: taken back in its order, all is as it was.
#[test]
fn undo_gives_back_exactly_what_was() {
    let clients = prop::collection::vec((0u8..8, any::<u8>(), any::<bool>()), 2..5);
    let calls = prop::collection::vec((any::<u8>(), any::<u8>()), 0..8);
    let merges = prop::collection::vec((any::<u8>(), any::<u8>(), any::<bool>()), 1..4);
    let mut runner = TestRunner::new(Cases { cases: 12, failure_persistence: None, ..Cases::default() });
    runner
        .run(&(clients, calls, merges), |(clients, calls, merges)| {
            actix_web::rt::System::new().block_on(async {
                let office = Office::opens().await;
                happens(&office, &clients, &calls, &merges).await;
            });
            Ok(())
        })
        .unwrap();
}

#[actix_web::test]
async fn an_operator_cannot_take_it_back() {
    let office = Office::opens().await;
    let (ivan, other) = two(&office).await;
    let merged = office.merges(&ivan, &other, json!({})).await;
    let asked = office.anna.asks(Method::POST, &format!("/api/tasks/{}/undo", id(&merged["task"])));
    assert_eq!(asked.send().await.unwrap().status(), 403);
}
