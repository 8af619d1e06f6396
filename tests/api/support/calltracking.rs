//! A business whose calls are told to Mango: no server runs and no job, so that a test moves every step by itself.

use ringcard::app::calls::settle;
use ringcard::app::desk::past;
use ringcard::app::outbox::lanes;
use ringcard::app::outbox::plan::{self, OutboxItem};
use ringcard::app::pushes::{self, Push};
use ringcard::app::{App, integrations};
use ringcard::clock::Clock;
use ringcard::domain::integration::Kind;
use ringcard::pbx::fields::Fields;
use serde_json::{Map, Value, json};

use crate::fake_peer::{Asked, FakePeer};
use crate::mango::TOKEN;
use crate::support::{Home, NOW_MS};

/// The client and our number, as the PBX sends them.
pub const CLIENT: &str = "79101234567";
pub const OURS: &str = "74951112233";

pub struct Calltracking {
    pub app: App,
    pub clock: Clock,
    pbx: String,
    _home: Home,
}

impl Calltracking {
    pub async fn opens() -> Self {
        let home = Home::new();
        let clock = Clock::fixed(NOW_MS);
        let app = home.open_app(clock.clone());
        let settings = members(json!({"url": "http://127.0.0.1:1/", "token": "unused"}));
        let pbx = integrations::add(&app, Kind::CloudPbx, "pbx", settings).await.unwrap().id;
        Self { app, clock, pbx, _home: home }
    }

    /// A business with one Mango, which has these settings besides its address and token.
    pub async fn with(peer: &FakePeer, more: Value) -> Self {
        let business = Self::opens().await;
        business.connects("mango", peer, more).await;
        business
    }

    /// Connects a Mango; answers its id.
    pub async fn connects(&self, name: &str, peer: &FakePeer, more: Value) -> String {
        let mut settings = members(json!({"url": peer.url("/v1"), "token": TOKEN}));
        settings.extend(members(more));
        integrations::add(&self.app, Kind::Mango, name, settings).await.unwrap().id
    }

    pub async fn changes(&self, integration: &str, settings: Value) {
        integrations::update(&self.app, integration, None, members(settings)).await.unwrap();
    }

    /// A push comes, with further members.
    pub async fn hears(&self, members: &[(&str, &str)], more: &[(&str, &str)]) {
        let form = serde_urlencoded::to_string([members, more].concat()).unwrap();
        let event = ringcard::pbx::parse(&Fields::decode("", form.as_bytes()), "RU").unwrap();
        let push =
            Push { integration_id: self.pbx.clone(), cmd: String::new(), content_type: String::new(), body: form };
        pushes::keep(&self.app, push, event).await.unwrap();
    }

    pub async fn event(&self, kind: &str, callid: &str, more: &[(&str, &str)]) {
        let members = [("cmd", "event"), ("type", kind), ("user", "anna"), ("phone", CLIENT), ("callid", callid)];
        self.hears(&members, more).await;
    }

    /// The report of a talk of 10 s.
    pub async fn reports(&self, direction: &str, callid: &str, more: &[(&str, &str)]) {
        let members = [
            ("cmd", "history"),
            ("type", direction),
            ("user", "anna"),
            ("phone", CLIENT),
            ("callid", callid),
            ("status", "Success"),
            ("duration", "10"),
        ];
        self.hears(&members, more).await;
    }

    /// A talk of 10 s with the client, who dialled our number, and its report.
    pub async fn talks(&self, callid: &str) {
        self.event("INCOMING", callid, &[("diversion", OURS)]).await;
        self.event("ACCEPTED", callid, &[]).await;
        self.clock.advance(10_000);
        self.event("COMPLETED", callid, &[]).await;
        self.reports("in", callid, &[]).await;
    }

    pub async fn waits(&self, ms: i64) {
        self.clock.advance(ms);
        settle::settle_due(&self.app).await.unwrap();
    }

    pub async fn delivers(&self) {
        lanes::deliver_due(&self.app).await.unwrap();
    }

    /// Time goes by, and what is due then is sent.
    pub async fn delivers_after(&self, ms: i64) {
        self.waits(ms).await;
        self.delivers().await;
    }

    pub async fn outbox(&self) -> Vec<OutboxItem> {
        plan::list(&self.app, None, None, None, 100).await.unwrap().rows
    }

    /// The one delivery that there is.
    pub async fn only(&self) -> OutboxItem {
        let mut items = self.outbox().await;
        assert_eq!(items.len(), 1, "{items:?}");
        items.remove(0)
    }

    /// The states of the call's deliveries.
    pub async fn deliveries(&self, callid: &str) -> Value {
        let query = past::CallQuery { callids: vec![callid.to_owned()], ..Default::default() };
        let found = past::list(&self.app, query, None, 2).await.unwrap().rows;
        assert_eq!(found.len(), 1);
        json!(found[0].deliveries.iter().map(|one| &one.state).collect::<Vec<_>>())
    }
}

pub fn members(object: Value) -> Map<String, Value> {
    let Value::Object(members) = object else { panic!("no object: {object}") };
    members
}

/// Method and path of every request.
pub fn lines(peer: &FakePeer) -> Vec<String> {
    let short = |asked: &Asked| asked.line.trim_end_matches(" HTTP/1.1").replace("/v1/calltracking/", "");
    peer.asked().iter().map(short).collect()
}

/// What was sent with the n-th request.
pub fn body(peer: &FakePeer, nth: usize) -> Value {
    serde_json::from_str(&peer.asked()[nth].body).unwrap()
}
