//! Calling out through whatever system a person has a line on: choosing, forms of numbers, the history, the limit.

use std::time::Duration;

use ringcard::app::App;
use ringcard::app::calls::row::read_facts;
use ringcard::app::dialling::dial::{self, DialRequest};
use ringcard::domain::call::Call;
use ringcard::domain::user::User;
use ringcard::error::{Error, Result};
use ringcard::store::Store;
use ringcard::store::tables::calls;
use serde_json::{Value, json};

use crate::fake_peer::{Asked, FakePeer, Reply};
use crate::support::Answer;
use crate::support::office::{CLIENT_NUMBER, Office, at, no_recording, with};
use crate::support::pbx::on;
use crate::{sipsim, uis};

const SIPSIM_LINE: &str = "+375 29 111-11-11";
const UIS_LINE: &str = "8 916 457-25-21";

/// An office with all that can dial; Anna has a line on each, the Cloud PBX first.
struct AllSystems {
    office: Office,
    sipsim: FakePeer,
    uis: FakePeer,
}

impl AllSystems {
    async fn open() -> Self {
        Self::open_with(sipsim::documented, |office, asked| office.answers(asked)).await
    }

    async fn open_with(
        sipsim: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
        uis: impl Fn(&uis::DocumentedUis, &Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let office = Office::opens().await;
        office.anna.keeps_contact("Иван", CLIENT_NUMBER).await;
        let documented = uis::DocumentedUis::new(&office.clock);
        let (sipsim, uis) = (FakePeer::answering(sipsim), FakePeer::answering(move |asked| uis(&documented, asked)));
        let all = Self { office, sipsim, uis };
        let admin = &all.office.admin;
        admin.makes("/api/integrations", all.sipsim_settings()).await;
        admin.makes("/api/integrations", all.uis_settings()).await;
        let line = |integration: &str, account: &str| json!({"integration": integration, "account": account});
        let lines = json!([line("main", "anna"), line("mobile", SIPSIM_LINE), line("uis", UIS_LINE)]);
        let answer = admin.patch(&format!("/api/users/{}", all.office.anna.id()), json!({"lines": lines})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        all
    }

    fn sipsim_settings(&self) -> Value {
        let (crm_token, token) = (sipsim::CRM_TOKEN, sipsim::TOKEN);
        let settings = json!({"url": self.sipsim.url("/click2call"), "crm_name": "RINGCARD", "crm_token": crm_token, "token": token});
        json!({"name": "mobile", "kind": "sipsim", "settings": settings})
    }

    fn uis_settings(&self) -> Value {
        let phones = json!([{"numb": "+7 916 457-25-21"}, {"numb": "89164572522", "timeout": 29}]);
        let groups = json!([
            {"name": "sales", "queue_timeout": 30, "numc": [{"lines_limit": 2, "phones": phones}]},
            {"name": "Склад", "queue_timeout": 10, "numc": [{"phones": [{"numb": "74951234567"}]}]},
        ]);
        let settings = json!({
            "url": self.uis.url("/v1"), "login": uis::LOGIN, "password": uis::PASSWORD, "numb": "+7 499 372-06-92",
            "groups": groups,
        });
        json!({"name": "uis", "kind": "uis", "settings": settings})
    }

    async fn anna_calls(&self, request: Value) -> Answer {
        self.office.anna.post("/api/calls", request).await
    }

    /// Anna calls the client; must be accepted.
    async fn anna_is_accepted(&self, integration: &str) -> Value {
        let answer = self.anna_calls(json!({"phone": CLIENT_NUMBER, "integration": integration})).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json()["call"].clone()
    }

    async fn id_of(&self, name: &str) -> String {
        let all = self.office.admin.reads("/api/integrations").await;
        let found = all["items"].as_array().unwrap().iter().find(|one| one["name"] == name);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }
}

fn body(asked: &Asked) -> Value {
    serde_json::from_str(&asked.body).unwrap()
}

#[tokio::test]
async fn the_first_line_is_the_default_and_each_system_gets_the_number_in_its_form() {
    let all = AllSystems::open().await;
    for (request, step) in [
        (json!({"phone": "8 910 123-45-67"}), 4_000),
        (json!({"phone": "8 910 123-45-67", "integration": "mobile"}), 4_000),
        (json!({"phone": "8 910 123-45-67", "integration": all.id_of("uis").await}), 4_000),
    ] {
        assert_eq!(all.anna_calls(request).await.status, 202);
        all.office.clock.advance(step);
    }
    let form = all.office.peer.asked()[0].form();
    assert_eq!(form[1], ("phone".to_owned(), "79101234567".to_owned()));
    let asked = body(&all.sipsim.asked()[0]);
    assert_eq!((&asked["caller"], &asked["receiver"]), (&json!("+375291111111"), &json!("+79101234567")));
    let params = body(&all.uis.asked()[1])["params"].clone();
    let sent = (&params["numa"], &params["numb"], &params["numc"]);
    assert_eq!(sent, (&json!("79101234567"), &json!("74993720692"), &json!("79164572521")));
    let states: Vec<_> = all.office.calls().await.iter().map(|call| call["state"].clone()).collect();
    assert_eq!(states, ["requested", "requested", "requested"]);
}

#[tokio::test]
async fn a_call_through_sipsim_is_requested_with_our_own_id_and_takes_a_persons_outcome() {
    let all = AllSystems::open().await;
    let mut stream = all.office.anna.watches("").await;
    let call = all.anna_is_accepted("mobile").await;
    let id = call["id"].as_str().unwrap();
    let asked = body(&all.sipsim.asked()[0]);
    assert_eq!((&asked["pbx_id"], &asked["crm_username"]), (&call["id"], &json!("Анна")));
    let whole = json!({
        "id": id, "integration": all.id_of("mobile").await, "callid": null, "direction": "out", "state": "requested",
        "is_trial": false, "phone": CLIENT_NUMBER, "phone_formatted": "+7 910 123-45-67", "diversion": null, "line": null, "group": null, "contact": call["contact"],
        "matches": [], "user": all.office.anna.appears, "started_at": at(0), "answered_at": null, "ended_at": null,
        "duration_s": null, "wait_s": null, "recording": no_recording(), "note": "", "note_rev": 0, "note_by": null, "outcome": "",
        "promise": null, "rating": null, "returns_to": null, "transferred_from": null, "transferred_to": null, "legs": [], "deliveries": [],
    });
    assert_eq!(call, whole);
    assert_eq!(stream.card().await["id"], call["id"]);

    let answer = all
        .office
        .anna
        .patch(&format!("/api/calls/{id}"), json!({"outcome": "019aa000-0000-7000-8000-000000000001"}))
        .await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, with(whole.clone(), json!({"outcome": "019aa000-0000-7000-8000-000000000001"})))
    );
    // What another system hears of this client and this person is no report of this call.
    all.office.pbx.rings(on("c1", "anna")).await;
    all.office.pbx.picks_up(on("c1", "anna")).await;
    all.office.waits(600).await;
    assert_eq!(all.office.anna.reads(&format!("/api/calls/{id}")).await["state"], "requested");
    assert_eq!(all.office.call("c1").await["direction"], "in");
    assert_eq!(all.office.calls().await.len(), 2);
    let cards = all.office.anna.watches("").await.next("snapshot").await["cards"].clone();
    assert!(cards.as_array().unwrap().iter().all(|card| card["id"] != id), "its card has gone: {cards}");
}

#[tokio::test]
async fn u07_a_group_is_chosen_by_its_name() {
    let all = AllSystems::open().await;
    let request = |group: &str| json!({"phone": CLIENT_NUMBER, "integration": "uis", "group": group});
    let answer = all.anna_calls(request("none")).await;
    let error = json!([{
        "field": "group", "code": "unknown_group", "params": {"known": ["sales", "Склад"]},
        "message": "there is no such group; there are: sales, Склад",
    }]);
    assert_eq!((answer.status, &answer.json()["errors"]), (422, &error));
    for integration in ["main", "mobile"] {
        let request = json!({"phone": CLIENT_NUMBER, "integration": integration, "group": "sales"});
        let answer = all.anna_calls(request).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("group")), "{integration}");
    }
    assert_eq!((all.uis.asked().len(), all.office.calls().await.len()), (0, 0), "nothing was asked or written down");

    let answer = all.anna_calls(request("sales")).await;
    assert_eq!((answer.status, &answer.json()["call"]["group"]), (202, &json!("sales")));
    let params = body(&all.uis.asked()[1])["params"].clone();
    let phones = json!([
        {"channels_count": 1, "numb": "79164572521", "timeout": 60},
        {"channels_count": 1, "numb": "79164572522", "timeout": 29},
    ]);
    let list = json!({
        "dialing_increment": 1, "incremental_dialing_timeout": 1, "lines_limit": 2, "lines_start": 1, "phones": phones,
    });
    let sent = (&params["is_queue"], &params["queue_timeout"], &params["numc"]);
    assert_eq!(sent, (&json!(true), &json!(30), &json!([list])));
}

#[tokio::test]
async fn who_has_no_line_is_told_so() {
    let all = AllSystems::open().await;
    let refused = |answer: Answer| {
        let problem = answer.json();
        (answer.status, problem["code"].as_str().unwrap().to_owned(), problem["detail"].as_str().unwrap().to_owned())
    };
    let no_line = |detail: &str| (409, "no_line".to_owned(), detail.to_owned());
    let boris = &all.office.boris;
    let answer = boris.post("/api/calls", json!({"phone": CLIENT_NUMBER, "integration": "uis"})).await;
    assert_eq!(refused(answer), no_line("you have no line on this system: an admin enters it under Users"));
    let answer = all.office.admin.clicks(CLIENT_NUMBER).await;
    assert_eq!(refused(answer), no_line("you have no line to call from: an admin enters it under Users"));
    let answer = boris.post("/api/calls", json!({"phone": CLIENT_NUMBER, "integration": "none"})).await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("integration")));

    let lines = json!([{"integration": "mobile", "account": "boris"}]);
    all.office.admin.patch(&format!("/api/users/{}", boris.id()), json!({"lines": lines})).await;
    let answer = boris.clicks(CLIENT_NUMBER).await;
    let sentence = "your line on this system is no phone number: an admin corrects it under Users, with + and the \
                    country code";
    assert_eq!(refused(answer), (409, "line_no_number".to_owned(), sentence.to_owned()));
    let answer = all.anna_calls(json!({"phone": "101", "integration": "mobile"})).await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("phone")));
    assert_eq!((all.sipsim.asked().len(), all.office.calls().await.len()), (0, 0));
}

#[tokio::test]
async fn a_line_on_mango_is_none_to_call_from() {
    let all = AllSystems::open().await;
    let settings = json!({"url": all.uis.url("/v1"), "token": "key"});
    all.office.admin.makes("/api/integrations", json!({"name": "mango", "kind": "mango", "settings": settings})).await;
    let line = |integration: &str, account: &str| json!({"integration": integration, "account": account});
    let lines = json!([line("mango", "74951234567"), line("uis", UIS_LINE)]);
    all.office.admin.patch(&format!("/api/users/{}", all.office.anna.id()), json!({"lines": lines})).await;
    assert_eq!(all.anna_calls(json!({"phone": CLIENT_NUMBER})).await.status, 202);
    assert_eq!(all.uis.asked().len(), 2, "the first line that can call");
    all.office.clock.advance(4_000);
    let answer = all.anna_calls(json!({"phone": CLIENT_NUMBER, "integration": "mango"})).await;
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("not_available")));
}

#[tokio::test]
async fn a_refusal_is_the_answer_and_stands_in_the_history() {
    let all = AllSystems::open_with(
        |_| Reply::ok(r#"{"status_code":400,"success":false,"message":"Invalid device token of uninstalled app"}"#),
        |_, _| Reply::ok(r#"{"error":{"code":-32001,"message":"IP address error"}}"#),
    )
    .await;
    let refusals = [
        (
            "mobile",
            "the SipSim app is not installed on the phone of your line: install it there, open it once, and call again",
            json!({"code": "sipsim.no_app", "params": {}}),
        ),
        (
            "uis",
            "UIS refused the request (-32001, IP address error): this server's address is not on the list of allowed \
             ones; add it in the UIS cabinet",
            json!({"code": "uis.address", "params": {"number": -32001, "said": "-32001, IP address error"}}),
        ),
    ];
    for (integration, detail, why) in refusals {
        let answer = all.anna_calls(json!({"phone": CLIENT_NUMBER, "integration": integration})).await;
        let problem = json!({
            "type": "about:blank", "title": "Bad Gateway", "status": 502, "code": "peer_refused", "detail": detail,
            "why": why, "errors": [],
        });
        assert_eq!((answer.status, answer.json()), (502, problem));
        let call = &all.office.calls().await[0];
        assert_eq!(call["state"], "failed");
        let id = call["id"].as_str().unwrap().to_owned();
        let row = all.office.app.store.show(move |tx| calls::find(tx, &id)).await.unwrap().unwrap();
        let kept = read_facts(&row).unwrap().click.unwrap().refused.unwrap();
        assert_eq!((json!(kept.why), kept.detail.as_str()), (why, detail), "what was said is kept with its code");
        all.office.clock.advance(4_000);
    }
}

/// As another node, or the same after a restart, would: on the same store, with nothing in memory.
async fn calls_on(app: &App, user: &User, number: usize) -> Result<Call> {
    let phone = format!("+7910{number:07}");
    dial::dial(app, user, DialRequest { phone, integration: Some("mobile".to_owned()), group: None }).await
}

fn another_node(office: &Office) -> App {
    let store = Store::open(&office.location()).unwrap();
    App::new(store, office.clock.clone(), (*office.app.config).clone())
}

async fn anna(all: &AllSystems) -> User {
    all.office.app.directory().await.unwrap().user(all.office.anna.id()).unwrap().clone()
}

fn wait_s(answer: Result<Call>) -> u64 {
    match answer {
        Err(Error::TooMany { retry_after_s, .. }) => retry_after_s,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn s09_the_101st_request_of_a_minute_is_never_sent_whatever_node_it_comes_from() {
    let all = AllSystems::open().await;
    let (nodes, anna) = ([all.office.app.clone(), another_node(&all.office)], anna(&all).await);
    let clicks = (0..130).map(|number| calls_on(&nodes[number % 2], &anna, number));
    let answers = futures_util::future::join_all(clicks).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 100);
    assert_eq!(all.sipsim.asked().len(), 100);
    let listed = all.office.admin.reads("/api/calls?limit=200").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 100, "what was refused at once is no call");

    let answer = all.anna_calls(json!({"phone": CLIENT_NUMBER, "integration": "mobile"})).await;
    let detail = "SipSim takes 100 calls a minute and blocks its token for ten minutes after more; call again in 60 s";
    let problem = json!({
        "type": "about:blank", "title": "Too Many Requests", "status": 429, "code": "too_many", "detail": detail,
        "errors": [],
    });
    assert_eq!((answer.status, answer.json()), (429, problem));

    // A restart forgets nothing, and a minute is sixty whole seconds.
    let restarted = another_node(&all.office);
    all.office.clock.advance(59_999);
    assert_eq!(wait_s(calls_on(&restarted, &anna, 200).await), 1);
    all.office.clock.advance(1);
    calls_on(&restarted, &anna, 200).await.unwrap();
    assert_eq!(all.sipsim.asked().len(), 101);
}

#[tokio::test]
async fn s09_the_minute_slides() {
    let all = AllSystems::open().await;
    let (app, anna) = (&all.office.app, anna(&all).await);
    for number in 0..60 {
        calls_on(app, &anna, number).await.unwrap();
    }
    all.office.clock.advance(30_000);
    for number in 100..140 {
        calls_on(app, &anna, number).await.unwrap();
    }
    assert_eq!(wait_s(calls_on(app, &anna, 200).await), 30);
    all.office.clock.advance(30_000);
    for number in 200..260 {
        calls_on(app, &anna, number).await.unwrap();
    }
    assert_eq!(wait_s(calls_on(app, &anna, 300).await), 30);
    assert_eq!(all.sipsim.asked().len(), 160);
}

#[tokio::test]
async fn s09_a_request_counts_until_a_minute_after_its_answer() {
    // Time goes by at SipSim: nobody knows when within it the request was counted there.
    let all = AllSystems::open_with(
        |asked| {
            std::thread::sleep(Duration::from_millis(5));
            sipsim::documented(asked)
        },
        |office, asked| office.answers(asked),
    )
    .await;
    let (app, anna) = (&all.office.app, anna(&all).await);
    for number in 0..100 {
        let click = calls_on(app, &anna, number);
        let (answer, ()) = tokio::join!(click, async {
            while all.sipsim.asked().len() <= number {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            all.office.clock.advance(100);
        });
        answer.unwrap();
    }
    assert_eq!(wait_s(calls_on(app, &anna, 200).await), 51);
    all.office.clock.advance(50_000);
    assert_eq!(wait_s(calls_on(app, &anna, 200).await), 1, "the first was asked a minute ago, and answered later");
    all.office.clock.advance(100);
    calls_on(app, &anna, 200).await.unwrap();
}

#[tokio::test]
async fn s09_the_limit_is_the_tokens_and_a_request_that_never_left_does_not_count() {
    let all = AllSystems::open().await;
    let (app, anna) = (&all.office.app, anna(&all).await);
    let mut same_token = all.sipsim_settings();
    same_token["name"] = json!("second");
    all.office.admin.makes("/api/integrations", same_token).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let path = format!("/api/integrations/{}", all.id_of("mobile").await);
    let dead = json!({"settings": {"url": format!("http://{nobody}/")}});
    assert_eq!(all.office.admin.patch(&path, dead).await.status, 200);
    for number in 0..110 {
        let answer = calls_on(app, &anna, number).await;
        assert!(matches!(answer, Err(Error::PeerUnreachable(_))), "{answer:?}");
    }
    let alive = json!({"settings": {"url": all.sipsim.url("/click2call")}});
    assert_eq!(all.office.admin.patch(&path, alive).await.status, 200);
    all.office.clock.advance(4_000);
    for number in 0..100 {
        calls_on(app, &anna, number).await.unwrap();
    }
    let lines = json!([{"integration": "second", "account": SIPSIM_LINE}]);
    all.office.admin.patch(&format!("/api/users/{}", all.office.anna.id()), json!({"lines": lines})).await;
    let answer = all.anna_calls(json!({"phone": CLIENT_NUMBER})).await;
    assert_eq!(answer.status, 429, "another integration with the same token: {}", answer.text);
}

#[tokio::test]
async fn the_same_click_within_three_seconds_is_one_call_and_one_request() {
    let all = AllSystems::open().await;
    let first = all.anna_is_accepted("mobile").await;
    all.office.clock.advance(2_999);
    assert_eq!(all.anna_is_accepted("mobile").await["id"], first["id"]);
    assert_eq!(all.sipsim.asked().len(), 1);
    all.office.clock.advance(2);
    assert_ne!(all.anna_is_accepted("mobile").await["id"], first["id"]);
    assert_eq!(all.sipsim.asked().len(), 2);
}

#[tokio::test]
async fn u02_all_who_click_share_one_session_until_its_password_changes() {
    let all = AllSystems::open().await;
    let lines = json!([{"integration": "uis", "account": "79164572522"}]);
    all.office.admin.patch(&format!("/api/users/{}", all.office.boris.id()), json!({"lines": lines})).await;
    let clicks = (0..8).map(|number| {
        let person = if number % 2 == 0 { &all.office.anna } else { &all.office.boris };
        person.post("/api/calls", json!({"phone": format!("+7910{number:07}"), "integration": "uis"}))
    });
    for answer in futures_util::future::join_all(clicks).await {
        assert_eq!(answer.status, 202, "{}", answer.text);
    }
    let logins = || all.uis.asked().iter().filter(|asked| asked.body.contains("authenticate")).count();
    assert_eq!((logins(), all.uis.asked().len()), (1, 9));
    let path = format!("/api/integrations/{}", all.id_of("uis").await);
    all.office.admin.patch(&path, json!({"settings": {"password": "wrong"}})).await;
    let answer = all.anna_calls(json!({"phone": CLIENT_NUMBER, "integration": "uis"})).await;
    assert_eq!((answer.status, logins()), (502, 2), "the old key is not used with a new password");
}

#[tokio::test]
async fn a_click_is_seen_through_when_its_browser_goes_away() {
    let office = Office::opens_with(|_| {
        std::thread::sleep(Duration::from_millis(1_000));
        Reply::ok(r#"{"CallID":"named"}"#)
    })
    .await;
    let asked = async {
        while office.peer.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        answer = office.anna.clicks(CLIENT_NUMBER) => panic!("it did not wait for the PBX: {answer:?}"),
        () = asked => {}
    }
    let named = async {
        while office.calls().await[0]["callid"] != "named" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), named).await.expect("the answer was written down");
}
