//! A row that cannot be read stops nothing but itself, and the doctor shows it.

use std::time::{Duration, Instant};

use ringcard::app::calls::settle;
use ringcard::app::outbox::lanes;
use ringcard::params;
use ringcard::store::tx::Tx;
use serde_json::{Value, json};

use crate::fake_peer::{FakePeer, Reply};
use crate::mango::ACCEPTED;
use crate::support::office::{Office, with};
use crate::support::pbx::on;

impl Office {
    /// Somebody, or a newer version, has written this.
    async fn is_damaged(&self, sql: &'static str, id: &str) {
        let id = id.to_owned();
        let touched = self.app.store.write(move |tx: &mut Tx| tx.execute(sql, params![&id])).await.unwrap();
        assert_eq!(touched, 1, "{sql}");
    }

    async fn id_of(&self, callid: &str) -> String {
        self.call(callid).await["id"].as_str().unwrap().to_owned()
    }

    /// What the doctor finds, but for the machine that the tests run on.
    pub async fn findings(&self) -> Vec<Value> {
        let found = self.admin.reads("/api/doctor").await["items"].as_array().unwrap().clone();
        found.into_iter().filter(|item| item["code"] != "disk" && item["code"] != "data_dir").collect()
    }

    /// What of it does not work: what it is, and its proof.
    async fn ails(&self) -> Vec<Value> {
        let found = self.findings().await;
        let ill = found.iter().filter(|item| item["works"] == false);
        ill.map(|item| json!([item["code"], item["about"], item["proof"]])).collect()
    }
}

const FACTS: &str = "UPDATE call SET facts = '[' || facts WHERE id = $1";
const REPAIRED: &str = "UPDATE call SET facts = substr(facts, 2) WHERE id = $1";

#[actix_web::test]
async fn a_call_that_cannot_be_settled_stops_no_other() {
    let office = Office::opens().await;
    for callid in ["a", "b"] {
        office.pbx.rings(on(callid, "anna")).await;
    }
    let a = office.id_of("a").await;
    office.is_damaged(FACTS, &a).await;
    office.waits(200).await;
    assert_eq!(office.call("b").await["state"], "missed");
    let ails = office.ails().await;
    assert_eq!((ails.len(), &ails[0][0], &ails[0][1]), (1, &json!("damaged_row"), &json!(format!("call/{a}"))));
    let proof = ails[0][2].as_str().unwrap();
    assert!(proof.starts_with("its facts cannot be read at character "), "{proof}");
    // It is not looked at again and again, and is settled once it can be read.
    assert_eq!(settle::settle_due(&office.app).await.unwrap(), 0);
    office.is_damaged(REPAIRED, &a).await;
    office.waits(3_600).await;
    assert_eq!(office.call("a").await["state"], "missed");
    assert_eq!(office.board().await[0]["count"], 2);
}

#[actix_web::test]
async fn what_is_damaged_is_shown_as_far_as_it_can_be_read() {
    let office = Office::opens().await;
    for callid in ["a", "b"] {
        office.pbx.rings(on(callid, "anna")).await;
    }
    let id = office.id_of("a").await;
    office.is_damaged(FACTS, &id).await;
    let whole = office.call("a").await;
    assert_eq!(
        (&whole["state"], &whole["legs"], &whole["phone"]),
        (&json!("ringing"), &json!([]), &json!("+79101234567"))
    );
    assert_eq!(office.admin.reads(&format!("/api/calls/{id}")).await, whole);
    let snapshot = office.anna.watches("").await.next("snapshot").await;
    let cards: Vec<_> = snapshot["cards"].as_array().unwrap().iter().map(|card| card["callid"].clone()).collect();
    assert_eq!(cards, ["b"], "nobody knows whose phone the damaged one rings");
    assert_eq!(office.ails().await.len(), 1);
}

#[actix_web::test]
async fn a_push_of_a_damaged_call_is_journaled_and_replayed_after_the_repair() {
    let office = Office::opens().await;
    office.pbx.rings(on("a", "anna")).await;
    let id = office.id_of("a").await;
    office.is_damaged(FACTS, &id).await;
    let talk = [("cmd", "history"), ("type", "in"), ("status", "Success"), ("duration", "5")];
    let of_call = [("user", "anna"), ("phone", "79101234567"), ("callid", "a")];
    assert_eq!(office.pbx.says(&[talk.as_slice(), &of_call].concat()).await.status, 500);
    let journal = office.admin.reads("/api/webhooks").await;
    let refused = journal["items"].as_array().unwrap().iter().find(|push| push["status"] == 500).unwrap();
    assert_eq!(refused["why"], json!([{"code": "call_unreadable", "params": {}}]));
    assert_eq!(refused["detail"], "its call cannot be read");
    office.pbx.rings(on("b", "anna")).await;
    office.is_damaged(REPAIRED, &id).await;
    let replay = format!("/api/webhooks/{}/replay", refused["id"].as_str().unwrap());
    assert_eq!(office.admin.post(&replay, json!({})).await.json()["status"], 200);
    assert_eq!(office.call("a").await["state"], "answered");
}

#[actix_web::test]
async fn a_delivery_of_a_damaged_call_fails_alone() {
    let office = Office::opens().await;
    let mango = FakePeer::always(Reply::ok(ACCEPTED));
    let settings = json!({"url": mango.url("/"), "token": "t", "default_number": "74951234567"});
    let made = json!({"name": "mango", "kind": "mango", "settings": settings});
    let integration = office.admin.makes("/api/integrations", made).await["id"].as_str().unwrap().to_owned();
    office.clock.advance(1_000);
    for callid in ["a", "b"] {
        office.pbx.rings(on(callid, "anna")).await;
        office.pbx.picks_up(on(callid, "anna")).await;
        office.pbx.hangs_up(on(callid, "anna")).await;
    }
    let id = office.id_of("a").await;
    office.is_damaged(FACTS, &id).await;
    // A minute is left for their histories. The server's own lane may be faster.
    office.clock.advance(61_000);
    lanes::deliver(&office.app, &integration).await.unwrap();
    let began = Instant::now();
    let outbox = loop {
        let outbox = office.admin.reads("/api/outbox").await;
        if outbox["items"].as_array().unwrap().iter().all(|item| item["state"] != "pending") {
            break outbox;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "the lane stands still: {outbox}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let mut states: Vec<Value> = outbox["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!([item["call"] == *id, item["state"], item["error"]]))
        .collect();
    states.sort_by_key(Value::to_string);
    let failed = json!([true, "failed", "the call cannot be read: its row is damaged"]);
    assert_eq!(states[1], failed, "{outbox}");
    assert_eq!(states[0][1], "sent", "{outbox}");
}

#[actix_web::test]
async fn a_delivery_in_a_state_of_a_newer_version_hides_no_other() {
    let office = Office::opens().await;
    let mango = FakePeer::always(Reply::ok(ACCEPTED));
    let settings = json!({"url": mango.url("/"), "token": "t", "default_number": "74951234567"});
    office.admin.makes("/api/integrations", json!({"name": "mango", "kind": "mango", "settings": settings})).await;
    office.clock.advance(1_000);
    for callid in ["a", "b"] {
        office.pbx.rings(on(callid, "anna")).await;
        office.pbx.picks_up(on(callid, "anna")).await;
        office.pbx.hangs_up(on(callid, "anna")).await;
    }
    let a = office.id_of("a").await;
    office.is_damaged("UPDATE delivery SET state = 'postponed', due_ms = NULL WHERE call_id = $1", &a).await;
    let outbox = office.admin.reads("/api/outbox").await;
    let calls: Vec<_> = outbox["items"].as_array().unwrap().iter().map(|item| &item["call"]).collect();
    assert_eq!(calls, [&json!(office.id_of("b").await)]);
    let ails = office.ails().await;
    assert_eq!((ails.len(), &ails[0][2]), (1, &json!("a state that this version does not know")));
}

#[actix_web::test]
async fn people_systems_and_settings_of_a_newer_version_are_passed_over() {
    let office = Office::opens().await;
    let boris = office.boris.id().to_owned();
    office.is_damaged("UPDATE user_account SET role = 'auditor' WHERE id = $1", &boris).await;
    let newer =
        "INSERT INTO integration (id, kind, name, settings, created_ms) VALUES ($1, 'telepathy', 'new', '{}', 1)";
    office.is_damaged(newer, "x").await;
    office.is_damaged("INSERT INTO setting (name, value) VALUES ($1, '{}')", "lead_on_missed").await;
    office.is_damaged("INSERT INTO setting (name, value) VALUES ($1, '1')", "of_next_year").await;
    office
        .app
        .store
        .write(|tx| {
            tx.notify(ringcard::store::tx::Topic::Directory, "");
            Ok(())
        })
        .await
        .unwrap();
    office.pbx.rings(on("a", "anna")).await;
    assert_eq!(office.call("a").await["state"], "ringing");
    assert_eq!(office.admin.reads("/api/settings").await["lead_on_missed"], true);
    assert_eq!(office.admin.reads("/api/integrations").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(office.boris.get("/api/session").await.status, 401);
    let ails = [
        json!(["damaged_row", "integration/x", "a kind that this version does not know"]),
        json!(["damaged_row", "setting/lead_on_missed", "this version cannot read it; its default stands"]),
        json!(["damaged_row", format!("user_account/{boris}"), "a role that this version does not know"]),
    ];
    assert_eq!(office.ails().await, ails);
}

#[actix_web::test]
async fn a_contact_of_a_newer_version_is_shown_and_never_written_over() {
    let office = Office::opens().await;
    let kept = office.anna.makes("/api/contacts", json!({"name": "Иван", "tags": ["vip"], "kind": "lead"})).await;
    let id = kept["id"].as_str().unwrap().to_owned();
    office.is_damaged("UPDATE contact SET kind = 'partner', tags = '{}' WHERE id = $1", &id).await;
    let shown = with(kept, json!({"kind": "client", "tags": []}));
    assert_eq!(office.contacts().await, std::slice::from_ref(&shown));
    let path = format!("/api/contacts/{id}");
    assert_eq!(office.anna.patch(&path, json!({"note": "x"})).await.status, 500);
    assert_eq!(office.anna.reads(&path).await, shown);
    assert_eq!(office.ails().await, [json!(["damaged_row", format!("contact/{id}"), "its tags cannot be read"])]);
}

#[actix_web::test]
async fn the_doctor_is_for_admins_and_says_what_works() {
    let office = Office::opens().await;
    assert_eq!(office.anna.get("/api/doctor").await.status, 403);
    let well = |code: &str, about: &str, why: &str, proof: &str| json!({"code": code, "about": about, "works": true, "why": {"code": why, "params": {}}, "proof": proof, "advice": ""});
    let job = |name: &str| well("job", name, "job_well", "it has not failed since this node started");
    let store = well("store", "", "store_well", "it was read just now, and its last write was kept");
    let backup = json!({
        "code": "backup", "about": "", "works": true, "why": {"code": "backup_off", "params": {}},
        "proof": "none is made by itself",
        "advice": "name a folder on another disk in RINGCARD_BACKUP_DIR; a store in PostgreSQL is kept with pg_dump",
    });
    let address = well("address", "", "address_safe", "it is reached over https, or from this machine alone");
    let jobs = [
        "contact_journal",
        "figures",
        "missed",
        "numbers",
        "outbox",
        "promises",
        "recordings",
        "relay",
        "retention",
        "settle",
        "tasks",
        "token_uses",
        "trials",
    ]
    .map(job);
    let whole = office.admin.reads("/api/doctor").await;
    let disk = whole["items"].as_array().unwrap().iter().find(|item| item["code"] == "disk").unwrap();
    assert!(disk["why"]["params"]["free_mb"].as_u64().unwrap() > 0);
    let pbx = json!({
        "code": "pushes", "about": "main", "works": true, "why": {"code": "push_none", "params": {}},
        "proof": "nothing has come yet",
        "advice": "enter the address and the key in the PBX, then call one of its numbers",
    });
    assert_eq!(office.findings().await, [vec![store, address, backup], jobs.to_vec(), vec![pbx]].concat());
}

#[actix_web::test]
async fn the_doctor_tells_when_a_pbx_was_heard_what_was_refused_and_how_fast_it_was_answered() {
    let office = Office::opens().await;
    office.pbx.rings(on("c1", "anna")).await;
    assert_eq!(office.pbx.says(&[("cmd", "event"), ("type", "INCOMING")]).await.status, 400);
    office.pbx.says(&[("cmd", "contact"), ("phone", "79101234567"), ("callid", "c1")]).await;
    let found = office.findings().await;
    let of = |code: &str| {
        let told = found.iter().filter(|item| item["code"] == code);
        told.map(|item| json!([item["about"], item["works"], item["why"]])).collect::<Vec<_>>()
    };
    let refused = json!({"code": "pushes_refused", "params": {"count": 1, "detail": "callid is missing"}});
    let last = json!({"code": "push_last", "params": {"at": "2026-03-01T09:00:00.000Z"}});
    assert_eq!(of("pushes"), [json!(["main", false, refused]), json!(["main", true, last])]);
    let answers = of("contact_answers");
    assert_eq!((answers.len(), &answers[0][1], &answers[0][2]["params"]["count"]), (1, &json!(true), &json!(1)));
}
