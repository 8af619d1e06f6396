//! A small business at work: an admin, Anna and Boris with a line each, and one Cloud PBX that knows them.

use std::ops::Deref;

use ringcard::app::calls::settle;
use ringcard::app::integrations;
use ringcard::app::people::{sessions, users};
use ringcard::domain::integration::Kind;
use ringcard::domain::time::UtcMs;
use ringcard::domain::user::{Line, Role};
use serde_json::{Value, json};

use crate::fake_peer::{Asked, FakePeer, Reply};
use crate::support::pbx::{CLIENT, Pbx};
use crate::support::person::Person;
use crate::support::{NOW_MS, TestApp};

pub const CRM_TOKEN: &str = "the-crm-token-of-these-tests-0123456789";
pub const PBX_TOKEN: &str = "the-pbx-token-of-these-tests";
/// The client who rings in most tests, in the normal form of his number.
pub const CLIENT_NUMBER: &str = "+79101234567";

pub struct Office {
    pub crm: TestApp,
    pub pbx: Pbx,
    /// What answers makeCall and accounts.
    pub peer: FakePeer,
    pub admin: Person,
    pub anna: Person,
    pub boris: Person,
    /// The integration's id.
    pub integration: String,
}

impl Deref for Office {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.crm
    }
}

impl Office {
    pub async fn opens() -> Self {
        Self::opens_with(|_| Reply::ok("")).await
    }

    /// Its PBX answers makeCall and accounts like this.
    pub async fn opens_with(pbx: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::opens_in(TestApp::start().await, pbx).await
    }

    /// As [`Office::opens_with`], on a node that stands already.
    pub async fn opens_in(crm: TestApp, pbx: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        assert_eq!(CLIENT_NUMBER.strip_prefix('+'), Some(CLIENT));
        let peer = FakePeer::answering(pbx);
        let settings = json!({"url": peer.url("/sys/crm_api.wcgp"), "token": PBX_TOKEN, "crm_token": CRM_TOKEN});
        let settings = settings.as_object().unwrap().clone();
        let integration = integrations::add(&crm.app, Kind::CloudPbx, "main", settings).await.unwrap().id;
        let admin = employee(&crm, "admin", "Дарья", Role::Admin, &[]).await;
        let anna = employee(&crm, "anna", "Анна", Role::Operator, &[&integration]).await;
        let boris = employee(&crm, "boris", "Борис", Role::Operator, &[&integration]).await;
        let pbx = Pbx::new(&crm, CRM_TOKEN);
        Self { crm, pbx, peer, admin, anna, boris, integration }
    }

    /// The one call with this callid.
    pub async fn call(&self, callid: &str) -> Value {
        let found = self.admin.reads(&format!("/api/calls?callid={callid}")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{callid}: {found}");
        found["items"][0].clone()
    }

    /// The call with this callid is, whole, an incoming call of the client of which nothing is known, but for these
    /// members.
    pub async fn has_call(&self, callid: &str, but: Value) {
        let call = self.call(callid).await;
        assert_eq!(call, with(self.blank_call(&call["id"], callid), but), "{callid}");
    }

    fn blank_call(&self, id: &Value, callid: &str) -> Value {
        json!({
            "id": id, "integration": self.integration, "callid": callid, "is_trial": false, "direction": "in", "state": "ringing",
            "phone": CLIENT_NUMBER, "phone_formatted": "+7 910 123-45-67", "diversion": null, "line": null, "group": null, "contact": null, "matches": [],
            "user": null, "started_at": at(0), "answered_at": null, "ended_at": null, "duration_s": null,
            "wait_s": null, "recording": no_recording(), "note": "", "note_rev": 0, "note_by": null, "outcome": "", "promise": null,
            "rating": null, "returns_to": null, "transferred_from": null, "transferred_to": null, "legs": [], "deliveries": [],
        })
    }

    /// All calls, newest first.
    pub async fn calls(&self) -> Vec<Value> {
        self.admin.reads("/api/calls").await["items"].as_array().unwrap().clone()
    }

    /// Who waits on the missed board.
    pub async fn board(&self) -> Vec<Value> {
        self.admin.reads("/api/missed").await["items"].as_array().unwrap().clone()
    }

    pub async fn contacts(&self) -> Vec<Value> {
        self.admin.reads("/api/contacts").await["items"].as_array().unwrap().clone()
    }

    /// Time goes by, and what waits for it is settled.
    pub async fn waits(&self, seconds: i64) {
        self.clock.advance(seconds * 1000);
        settle::settle_due(&self.app).await.unwrap();
    }

    /// Somebody whose session has ended by its age comes back.
    pub async fn signs_in_again(&self, login: &str) -> Person {
        let person =
            [&self.admin, &self.anna, &self.boris].into_iter().find(|one| one.appears["login"] == login).unwrap();
        let token = sessions::begin(&self.app, person.id()).await.unwrap();
        Person::with_session(&self.crm, &token, person.appears.clone())
    }

    pub async fn sets(&self, settings: Value) {
        let answer = self.admin.patch("/api/settings", settings).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

/// Of a call of which the PBX has named none.
pub fn no_recording() -> Value {
    json!({"state": "none", "url": null, "duration_s": null, "size_bytes": null, "next_try_at": null, "why": null,
        "heard_by": []})
}

/// `whole` with these members in place of its own.
pub fn with(mut whole: Value, but: Value) -> Value {
    whole.as_object_mut().unwrap().extend(but.as_object().unwrap().clone());
    whole
}

/// So many seconds after the test's clock began, as answers print it.
pub fn at(second: i64) -> String {
    UtcMs(NOW_MS + second * 1000).to_rfc3339()
}

/// A leg as calls show it; the instants are seconds of the test's clock.
pub fn leg(account: &str, user: &Value, state: &str, instants: [Option<i64>; 3]) -> Value {
    let [ringing, answered, ended] = instants.map(|second| second.map(at));
    json!({
        "account": account, "user": user, "state": state,
        "ringing_at": ringing, "answered_at": answered, "ended_at": ended,
    })
}

/// Signed in already, and without a password: hashing one is slow, and other tests look at it.
async fn employee(crm: &TestApp, login: &str, name: &str, role: Role, integrations: &[&String]) -> Person {
    let row = users::row(crm.clock.new_id(), login, name, role);
    let line = |integration: &&String| Line { integration: (*integration).clone(), account: login.to_owned() };
    let lines: Vec<_> = integrations.iter().map(line).collect();
    let appears = json!({"id": row.id, "login": login, "name": name});
    let id = row.id.clone();
    crm.app.store.write(move |tx| users::insert(tx, &row, "-", &lines, NOW_MS)).await.unwrap();
    Person::with_session(crm, &sessions::begin(&crm.app, &id).await.unwrap(), appears)
}
