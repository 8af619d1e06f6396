//! Call API against a strict UIS over real HTTP (U01–U09).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use ringcard::clock::Clock;
use ringcard::domain::phone::Phone;
use ringcard::domain::reason::Reason;
use ringcard::error::{Code, Error};
use ringcard::telephony::Dialer;
use ringcard::telephony::address::Address;
use ringcard::telephony::http::{Client, Limits};
use ringcard::telephony::order::{DialError, DialOrder};
use ringcard::telephony::uis::Uis;
use ringcard::telephony::uis::options::Options;
use ringcard::telephony::uis::session::UisSession;
use serde_json::{Value, json};

use crate::fake_peer::{Asked, FakePeer, Reply};
use crate::support::NOW_MS;

pub const LOGIN: &str = "bbb";
pub const PASSWORD: &str = "password-of-these-tests";
const HOUR_MS: i64 = 3_600_000;

/// The server of the document: its keys live for an hour of `clock`.
#[derive(Clone)]
pub struct DocumentedUis {
    clock: Clock,
    keys: Arc<AtomicUsize>,
    last_key_ms: Arc<AtomicI64>,
}

impl DocumentedUis {
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), keys: Arc::default(), last_key_ms: Arc::default() }
    }

    /// As when it was started anew: no key is known any more.
    fn forgets(&self) {
        self.keys.fetch_add(1, Ordering::SeqCst);
    }

    fn key(&self) -> String {
        format!("key-{}", self.keys.load(Ordering::SeqCst))
    }

    pub fn answers(&self, asked: &Asked) -> Reply {
        let Ok(body) = serde_json::from_str::<Value>(&asked.body) else {
            return error(None, -32700, "Parse error");
        };
        let is_json = asked.header("content-type") == Some("application/json");
        if asked.line != "POST /v1 HTTP/1.1" || !is_json {
            return Reply::status(404, "");
        }
        let id = body["id"].as_i64();
        let names: Vec<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        if names != ["id", "jsonrpc", "method", "params"] || body["jsonrpc"] != "2.0" || id.is_none() {
            return error(id, -32600, "Invalid Request");
        }
        match body["method"].as_str() {
            Some("authenticate") => self.authenticates(id, &body["params"]),
            Some("place_calls") => self.places(id, &body["params"]),
            _ => error(id, -32601, "Method not found"),
        }
    }

    fn authenticates(&self, id: Option<i64>, params: &Value) -> Reply {
        if *params != json!({"login": LOGIN, "password": PASSWORD}) {
            return error(id, -32003, "Permission denied");
        }
        self.forgets();
        self.last_key_ms.store(self.clock.now_ms(), Ordering::SeqCst);
        // The member's name as the document prints it.
        Reply::ok(&json!({"jsonrpc": "2.0", "id": id, "resutl": {"session_key": self.key()}}).to_string())
    }

    fn places(&self, id: Option<i64>, params: &Value) -> Reply {
        if params["session_key"] != json!(self.key()) {
            return error(id, -32002, "Authentication error");
        }
        if self.clock.now_ms() >= self.last_key_ms.load(Ordering::SeqCst) + HOUR_MS {
            return error(id, -32005, "UisSession key has expired");
        }
        let is_number = |value: &Value| {
            value.as_str().is_some_and(|text| text.len() >= 11 && text.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let is_office = if params["is_queue"] == json!(true) {
            params["queue_timeout"].is_i64()
                && params["numc"].as_array().is_some_and(|lists| {
                    lists.iter().all(|list| {
                        list["lines_limit"].is_i64()
                            && list["phones"]
                                .as_array()
                                .is_some_and(|phones| phones.iter().all(|phone| is_number(&phone["numb"])))
                    })
                })
        } else {
            is_number(&params["numc"])
        };
        let is_first = ["numc", "numa", "any"].contains(&params["first_call"].as_str().unwrap_or_default());
        let is_right = is_first && params["switch_at_once"].is_boolean() && is_office;
        if !is_right || !is_number(&params["numa"]) || !is_number(&params["numb"]) {
            return error(id, -32602, "Invalid params");
        }
        Reply::ok(&json!({"jsonrpc": "2.0", "id": id, "resutl": "success"}).to_string())
    }
}

fn error(id: Option<i64>, code: i64, message: &str) -> Reply {
    let error = json!({"code": code, "message": message});
    Reply::ok(&match id {
        Some(id) => json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string(),
        None => json!({"jsonrpc": "2.0", "error": error}).to_string(),
    })
}

fn uis(url: &str, clock: &Clock, options: Value) -> Uis {
    let limits = Limits { connect: Duration::from_millis(500), whole: Duration::from_millis(700) };
    Uis {
        address: Address::parse(url).expect("an address"),
        login: LOGIN.to_owned(),
        password: PASSWORD.into(),
        options: serde_json::from_value::<Options>(options).expect("options"),
        session: UisSession::default(),
        client: Client::new(limits, None).expect("a client"),
        clock: clock.clone(),
    }
}

fn plain(url: &str) -> Uis {
    uis(url, &Clock::fixed(NOW_MS), json!({"numb": "74993720692"}))
}

async fn dial_with(uis: &Uis, group: Option<&str>) -> Result<Option<String>, DialError> {
    let (phone, caller) = (Phone::from_stored("+74959891628"), Phone::from_stored("+79164572521"));
    let order =
        DialOrder { call_id: "c1", phone: &phone, account: "79164572521", caller: &caller, person: "Анна", group };
    Dialer::Uis(uis.clone()).dial(&order).await
}

fn body(asked: &Asked) -> Value {
    serde_json::from_str(&asked.body).expect("JSON")
}

fn methods(peer: &FakePeer) -> Vec<String> {
    peer.asked().iter().map(|asked| body(asked)["method"].as_str().unwrap_or_default().to_owned()).collect()
}

fn refusal(answer: Result<Option<String>, DialError>) -> String {
    reason(answer).detail
}

fn reason(answer: Result<Option<String>, DialError>) -> Reason {
    match answer {
        Err(DialError::NotPlaced(Error::PeerRefused(reason))) => reason,
        other => panic!("no refusal: {other:?}"),
    }
}

/// Signs everybody in, and answers place_calls like this.
fn placing(reply: Reply) -> FakePeer {
    FakePeer::answering(move |asked| match body(asked)["method"].as_str() {
        Some("authenticate") => Reply::ok(r#"{"jsonrpc":"2.0","id":1,"resutl":{"session_key":"key"}}"#),
        _ => reply.clone(),
    })
}

#[tokio::test]
async fn u01_u04_a_call_is_asked_for_as_the_document_says() {
    let clock = Clock::fixed(NOW_MS);
    let documented = DocumentedUis::new(&clock);
    let peer = FakePeer::answering(move |asked| documented.answers(asked));
    let uis = uis(&peer.url("/v1"), &clock, json!({"numb": "74993720692"}));
    assert_eq!(dial_with(&uis, None).await.expect("placed"), None, "UIS names no call");
    assert_eq!(dial_with(&uis, None).await.expect("placed"), None);
    let asked = peer.asked();
    assert_eq!(asked.len(), 3, "one key for both: {asked:?}");
    for one in &asked {
        assert_eq!(one.line, "POST /v1 HTTP/1.1");
        assert_eq!(one.header("content-type"), Some("application/json"));
    }
    let login = format!(
        r#"{{"jsonrpc":"2.0","method":"authenticate","id":1,"params":{{"login":"bbb","password":"{PASSWORD}"}}}}"#
    );
    assert_eq!(asked[0].body, login);
    let call = |id| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"place_calls","id":{id},"params":{{"session_key":"key-1","first_call":"numc","switch_at_once":true,"is_queue":false,"numa":"74959891628","numb":"74993720692","numc":"79164572521"}}}}"#
        )
    };
    assert_eq!((asked[1].body.as_str(), asked[2].body.as_str()), (call(2).as_str(), call(3).as_str()));
}

#[tokio::test]
async fn u04_what_the_settings_say_is_sent() {
    let peer = placing(Reply::ok(r#"{"jsonrpc":"2.0","id":2,"result":"success"}"#));
    let message = json!({"type": "media", "value": "leave_message"});
    let spoken = json!({"type": "text", "value": "Здравствуйте"});
    let options = json!({
        "numb": "74993720692", "first_call": "any", "switch_at_once": false, "media_file": "Bad Kingdom-cut.mp3",
        "use_numb_as_numa": false, "numa_message": message, "numc_message": spoken,
    });
    dial_with(&uis(&peer.url("/v1"), &Clock::fixed(NOW_MS), options), None).await.expect("placed");
    let params = json!({
        "session_key": "key", "first_call": "any", "switch_at_once": false, "media_file": "Bad Kingdom-cut.mp3",
        "is_queue": false, "use_numb_as_numa": false, "numa": "74959891628", "numa_message": message,
        "numb": "74993720692", "numc": "79164572521", "numc_message": spoken,
    });
    assert_eq!(body(&peer.asked()[1])["params"], params);
}

#[tokio::test]
async fn u07_a_group_is_rung_in_place_of_the_person() {
    let clock = Clock::fixed(NOW_MS);
    let documented = DocumentedUis::new(&clock);
    let peer = FakePeer::answering(move |asked| documented.answers(asked));
    let phones = json!([{"numb": "79164572521", "timeout": 29, "channels_count": 2}, {"numb": "79164572522"}]);
    let list = json!({"dialing_increment": 1, "incremental_dialing_timeout": 1, "lines_limit": 2, "phones": phones});
    let groups = json!([{"name": "sales", "queue_timeout": 30, "numc": [list]}]);
    let uis = uis(&peer.url("/v1"), &clock, json!({"numb": "74993720692", "groups": groups}));
    dial_with(&uis, Some("sales")).await.expect("placed");
    let params = json!({
        "session_key": "key-1", "first_call": "numc", "switch_at_once": true, "is_queue": true, "queue_timeout": 30,
        "numa": "74959891628", "numb": "74993720692",
        "numc": [{
            "dialing_increment": 1, "incremental_dialing_timeout": 1, "lines_limit": 2, "lines_start": 1,
            "phones": [
                {"channels_count": 2, "numb": "79164572521", "timeout": 29},
                {"channels_count": 1, "numb": "79164572522", "timeout": 60},
            ],
        }],
    });
    assert_eq!(body(&peer.asked()[1])["params"], params);
}

#[tokio::test]
async fn u02_the_key_is_renewed_before_its_hour_ends() {
    let clock = Clock::fixed(NOW_MS);
    let documented = DocumentedUis::new(&clock);
    let peer = FakePeer::answering(move |asked| documented.answers(asked));
    let uis = uis(&peer.url("/v1"), &clock, json!({"numb": "74993720692"}));
    for minutes in [0, 30, 24, 5, 54, 1] {
        clock.advance(minutes * 60_000);
        dial_with(&uis, None).await.expect("placed");
    }
    let (login, call) = ("authenticate", "place_calls");
    assert_eq!(methods(&peer), [login, call, call, call, login, call, call, login, call]);
}

#[tokio::test]
async fn u02_parallel_clicks_sign_in_once() {
    let clock = Clock::fixed(NOW_MS);
    let documented = DocumentedUis::new(&clock);
    let forgetful = documented.clone();
    let peer = FakePeer::answering(move |asked| {
        if asked.body.contains("authenticate") {
            std::thread::sleep(Duration::from_millis(100));
        }
        documented.answers(asked)
    });
    let uis = uis(&peer.url("/v1"), &clock, json!({"numb": "74993720692"}));
    let click_together = async || {
        let clicks = (0..10).map(|_| dial_with(&uis, None));
        for placed in futures_util::future::join_all(clicks).await {
            placed.expect("placed");
        }
        methods(&peer).iter().filter(|method| *method == "authenticate").count()
    };
    assert_eq!(click_together().await, 1);
    forgetful.forgets();
    assert_eq!(click_together().await, 2, "ten refused keys are one login as well");
    let mut ids: Vec<_> = peer.asked().iter().map(|asked| body(asked)["id"].as_i64().expect("an integer")).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=i64::try_from(peer.asked().len()).expect("few")).collect::<Vec<_>>());
}

#[tokio::test]
async fn u09_a_key_that_is_not_known_is_renewed_and_the_call_repeated_once() {
    let (login, call) = ("authenticate", "place_calls");
    for code in [-32002, -32005] {
        let count = AtomicUsize::new(0);
        let peer = FakePeer::answering(move |asked| match body(asked)["method"].as_str() {
            Some("authenticate") => Reply::ok(r#"{"result":{"session_key":"key"}}"#),
            _ if count.fetch_add(1, Ordering::SeqCst) == 0 => error(None, code, "Authentication error"),
            _ => Reply::ok(r#"{"result":"success"}"#),
        });
        dial_with(&plain(&peer.url("/v1")), None).await.expect("placed the second time");
        assert_eq!(methods(&peer), [login, call, login, call]);

        let peer = placing(error(None, code, "Authentication error"));
        let uis = plain(&peer.url("/v1"));
        let sentence = refusal(dial_with(&uis, None).await);
        assert!(sentence.contains("and a new one does not help"), "{sentence}");
        assert_eq!(methods(&peer), [login, call, login, call], "once, not for ever");
        refusal(dial_with(&uis, None).await);
        assert_eq!(methods(&peer).len(), 8, "the next click signs in anew");
    }
}

#[tokio::test]
async fn u03_answers_as_the_document_prints_them_are_read() {
    let printed = |placed: &'static str| {
        FakePeer::answering(move |asked| match body(asked)["method"].as_str() {
            Some("authenticate") => Reply::ok(
                "{\n    jsonrpc: \"2.0\",\n    id: 1,\n    resutl: {\n      session_key: \
                 \"ecdfc4d6a9c765bb182257cdc72ca8b1bb25b13a\"\n    }\n}",
            ),
            _ => Reply::ok(placed),
        })
    };
    let peer = printed("{\n    jsonrpc: \"2.0\",\n    id: 55,\n    resutl: \"success\"\n}");
    dial_with(&plain(&peer.url("/v1")), None).await.expect("placed");
    assert_eq!(body(&peer.asked()[1])["params"]["session_key"], "ecdfc4d6a9c765bb182257cdc72ca8b1bb25b13a");
    let peer = printed(
        "{\n    jsonrpc: \"2.0\"\n    id: 55,\n    error: {\n    code: -32002,\n    message: \"Authentication \
         error\",\n    details: \"Invalid session key\"\n    }\n}",
    );
    let sentence = refusal(dial_with(&plain(&peer.url("/v1")), None).await);
    assert!(
        sentence.starts_with("UIS refused the request (-32002, Authentication error, Invalid session key)"),
        "{sentence}"
    );
    assert_eq!(peer.asked().len(), 4, "and it is known as one of the session");
}

#[tokio::test]
async fn u06_fail_is_a_failure() {
    for member in ["result", "resutl"] {
        let peer = placing(Reply::ok(&json!({"jsonrpc": "2.0", "id": 2, member: "fail"}).to_string()));
        let sentence = refusal(dial_with(&plain(&peer.url("/v1")), None).await);
        assert!(sentence.starts_with("UIS took the request and could not place the call"), "{sentence}");
        assert_eq!(peer.asked().len(), 2);
    }
}

#[tokio::test]
async fn u08_every_code_says_what_to_do_and_nothing_is_repeated() {
    let advice = [
        ("uis.address", -32001, "IP address error", "this server's address is not on the list of allowed ones; add it"),
        (
            "uis.not_permitted",
            -32003,
            "Permission denied",
            "check the service number (numb), the login and the password",
        ),
        ("uis.limit", -32004, "Limit is exceeded", "raise it at UIS, or wait"),
        ("uis.incomplete", -32600, "Invalid Request", "the request lacks a member that UIS wants"),
        ("uis.version", -32600, "Api version not supported", "enter the address with the version in force, /v1"),
        ("uis.unknown_method", -32601, "Method not found", "check that the address ends in the version, /v1"),
        ("uis.bad_parameter", -32602, "Invalid params", "a parameter is wrong; check the numbers"),
        ("uis.own_fault", -32603, "Internal error", "ask UIS's support if that does not help"),
        ("uis.not_read", -32700, "Parse error", "it could not read the request"),
        ("uis.other", -1, "Something new", "ask UIS's support what that means"),
    ];
    for (name, code, message, advice) in advice {
        for (member, http) in [("data", 200), ("details", 200), ("details", 400), ("data", 500)] {
            let said = json!({"jsonrpc": "2.0", "error": {"code": code, "message": message, member: "the place"}});
            let peer = placing(Reply::status(http, &said.to_string()));
            let Reason { why, detail } = reason(dial_with(&plain(&peer.url("/v1")), None).await);
            let begins = format!("UIS refused the request ({code}, {message}, the place): ");
            assert!(detail.starts_with(&begins) && detail.contains(advice), "{detail}");
            let params = json!({"number": code, "said": format!("{code}, {message}, the place")});
            assert_eq!(json!(why), json!({"code": name, "params": params}));
            assert_eq!(methods(&peer), ["authenticate", "place_calls"]);
        }
        let peer = FakePeer::always(error(Some(1), code, message));
        let sentence = refusal(dial_with(&plain(&peer.url("/v1")), None).await);
        assert!(sentence.contains(advice), "the same words when signing in: {sentence}");
        assert_eq!(peer.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_answer_of_uis_says_what_to_do() {
    let address = "put in the Call API's address, which ends in /v1";
    let foreign = format!("what answers at this address is not UIS's Call API; {address}");
    let refusals = [
        (Reply::html("<!DOCTYPE html><title>Sign in</title>"), foreign.clone()),
        (Reply::ok(""), foreign.clone()),
        (Reply::ok("{"), foreign.clone()),
        (Reply::ok("[]"), foreign.clone()),
        (Reply::ok(r#"{"jsonrpc":"2.0","id":2}"#), foreign.clone()),
        (Reply::ok(r#"{"result":true}"#), foreign.clone()),
        (Reply::ok(r#"{"error":"no"}"#), foreign),
        (Reply::status(404, "<html>"), format!("UIS refused the request (HTTP 404); {address}")),
        (Reply::status(429, ""), "UIS is asked too often; wait a minute and try again".to_owned()),
        (Reply::status(502, "<html>"), "UIS has a fault of its own (HTTP 502); try again in a moment".to_owned()),
    ];
    for (reply, sentence) in refusals {
        let peer = placing(reply.clone());
        assert_eq!(refusal(dial_with(&plain(&peer.url("/v1")), None).await), sentence, "{reply:?}");
        assert_eq!(peer.asked().len(), 2, "{reply:?}");
        let peer = FakePeer::always(reply.clone());
        assert_eq!(refusal(dial_with(&plain(&peer.url("/v1")), None).await), sentence, "signing in: {reply:?}");
        assert_eq!(peer.asked().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakePeer::always(Reply::ok(r#"{"result":"success"}"#));
    let peer = placing(Reply::Redirect { location: elsewhere.url("/v1") });
    let sentence = refusal(dial_with(&plain(&peer.url("/v1")), None).await);
    assert!(sentence.starts_with("UIS's address leads elsewhere"), "{sentence}");
    assert_eq!(elsewhere.asked(), []);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_call_in_doubt_and_is_not_asked_again() {
    for reply in [Reply::Silence, Reply::HangUp, Reply::HangUpInMidBody] {
        let code = if matches!(reply, Reply::Silence) { Code::PeerTimeout } else { Code::PeerUnreachable };
        let peer = placing(reply.clone());
        let Err(DialError::Unknown(error)) = dial_with(&plain(&peer.url("/v1")), None).await else {
            panic!("{reply:?} is in doubt")
        };
        assert_eq!(error.code(), code, "{reply:?}");
        assert_eq!(methods(&peer), ["authenticate", "place_calls"], "{reply:?}");

        let peer = FakePeer::always(reply.clone());
        let Err(DialError::NotPlaced(error)) = dial_with(&plain(&peer.url("/v1")), None).await else {
            panic!("{reply:?} while signing in places nothing")
        };
        assert_eq!(error.code(), code, "{reply:?}");
        assert_eq!(peer.asked().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_click_is_answered_within_ten_seconds_signing_in_and_all() {
    let slow_to_sign_in = FakePeer::answering(|asked| match body(asked)["method"].as_str() {
        Some("authenticate") => {
            std::thread::sleep(Duration::from_millis(3_500));
            Reply::ok(r#"{"result":{"session_key":"key"}}"#)
        }
        _ => Reply::Silence,
    });
    let mute = FakePeer::always(Reply::Silence);
    let answered = async |peer: &FakePeer| {
        let mut uis = plain(&peer.url("/v1"));
        uis.client = Client::new(Limits::default(), None).expect("a client");
        let clicks = futures_util::future::join_all([dial_with(&uis, None), dial_with(&uis, None)]);
        let answers = tokio::time::timeout(Duration::from_secs(10), clicks).await.expect("within ten seconds");
        answers.into_iter().map(|answer| answer.expect_err("nobody answers")).collect::<Vec<_>>()
    };
    let (in_doubt, unplaced) = tokio::join!(answered(&slow_to_sign_in), answered(&mute));
    assert!(in_doubt.iter().all(|error| matches!(error, DialError::Unknown(Error::PeerTimeout(_)))), "{in_doubt:?}");
    assert!(unplaced.iter().all(|error| matches!(error, DialError::NotPlaced(Error::PeerTimeout(_)))), "{unplaced:?}");
}

#[tokio::test]
async fn a_check_signs_in_and_calls_nobody() {
    let clock = Clock::fixed(NOW_MS);
    let documented = DocumentedUis::new(&clock);
    let peer = FakePeer::answering(move |asked| documented.answers(asked));
    let mut uis = uis(&peer.url("/v1"), &clock, json!({"numb": "74993720692"}));
    let said = Dialer::Uis(uis.clone()).check().await.expect("signed in");
    assert!(said.to_string().starts_with("UIS answers and accepts the login and the password"), "{said}");
    dial_with(&uis, None).await.expect("placed with the key of the check");
    assert_eq!(methods(&peer), ["authenticate", "place_calls"]);
    uis.password = "another".into();
    let refused = Dialer::Uis(uis).check().await.expect_err("refused");
    assert!(refused.to_string().contains("check the service number (numb), the login and the password"), "{refused}");
}
