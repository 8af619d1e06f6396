//! Click2Call against a strict SipSim over real HTTP (S01–S09).

use std::time::Duration;

use ringcard::domain::phone::Phone;
use ringcard::domain::reason::Reason;
use ringcard::error::{Code, Error};
use ringcard::telephony::Dialer;
use ringcard::telephony::address::Address;
use ringcard::telephony::http::{Client, Limits};
use ringcard::telephony::order::{DialError, DialOrder};
use ringcard::telephony::sipsim::SipSim;
use serde_json::{Value, json};

use crate::fake_peer::{Asked, FakePeer, Reply, deaf_to_tls};

pub const CRM_TOKEN: &str = "developer-token-of-these-tests";
pub const TOKEN: &str = "client-token-of-these-tests";
const CALL_ID: &str = "019503a0-0000-7000-8000-000000000001";

fn sipsim(url: &str) -> SipSim {
    let limits = Limits { connect: Duration::from_millis(500), whole: Duration::from_millis(700) };
    SipSim {
        address: Address::parse(url).expect("an address"),
        crm_name: "RINGCARD".to_owned(),
        crm_token: CRM_TOKEN.into(),
        token: TOKEN.into(),
        id_field: "pbx_id".to_owned(),
        crm_user_email: None,
        client: Client::new(limits, None).expect("a client"),
    }
}

async fn dial_with(sipsim: SipSim) -> Result<Option<String>, DialError> {
    let (phone, caller) = (Phone::from_stored("+79101234567"), Phone::from_stored("+375291111111"));
    let order = DialOrder {
        call_id: CALL_ID,
        phone: &phone,
        account: "+375 29 111-11-11",
        caller: &caller,
        person: "Евгений Алёхин",
        group: None,
    };
    Dialer::SipSim(sipsim).dial(&order).await
}

async fn dial(peer: &FakePeer) -> Result<Option<String>, DialError> {
    dial_with(sipsim(&peer.url("/click2call"))).await
}

fn refused(status_code: u16, message: &str) -> Reply {
    let body = json!({"status_code": status_code, "success": false, "message": message});
    Reply::ok(&body.to_string())
}

/// The server of the document: it wants every required member, its own tokens and numbers with a plus.
pub fn documented(asked: &Asked) -> Reply {
    let length = asked.header("content-length").and_then(|length| length.parse().ok());
    let is_json = asked.header("content-type") == Some("application/json");
    if asked.line != "GET /click2call HTTP/1.1" || !is_json || length != Some(asked.body.len()) {
        return Reply::status(404, "");
    }
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let missing = |names: &[&str]| {
        let names = names.iter().filter(|name| text(name).is_empty());
        names.map(|name| format!("{name} is required param")).collect::<Vec<_>>()
    };
    let mut faults = missing(&["crm_token", "crm_name", "token"]);
    if faults.is_empty() && (text("crm_token") != CRM_TOKEN || text("token") != TOKEN) {
        faults.push("crm_token is required param, token is required param".to_owned());
    }
    if faults.is_empty() {
        faults = missing(&["caller", "receiver", "pbx_id", "crm_username"]);
        let is_number = |name: &str| {
            let digits = text(name).strip_prefix('+').unwrap_or_default();
            (11..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        for name in ["caller", "receiver"].into_iter().filter(|name| !is_number(name)) {
            faults.push(format!("invalid {name} number"));
        }
    }
    if !faults.is_empty() {
        faults.push("something went wrong".to_owned());
        return refused(500, &faults.join(", "));
    }
    Reply::ok(r#"{"status_code":200,"success":true,"message":"Request accepted"}"#)
}

#[tokio::test]
async fn s01_s02_a_call_is_asked_for_as_the_document_says() {
    let peer = FakePeer::answering(documented);
    assert_eq!(dial(&peer).await.expect("accepted"), None, "SipSim names no call");
    let asked = peer.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].line, "GET /click2call HTTP/1.1");
    assert_eq!(asked[0].header("content-type"), Some("application/json"));
    assert_eq!(asked[0].header("content-length"), Some(asked[0].body.len().to_string().as_str()));
    let body = format!(
        r#"{{"crm_name":"RINGCARD","crm_token":"{CRM_TOKEN}","token":"{TOKEN}","caller":"+375291111111","receiver":"+79101234567","pbx_id":"{CALL_ID}","crm_username":"Евгений Алёхин"}}"#
    );
    assert_eq!(asked[0].body, body);
}

#[tokio::test]
async fn s03_the_ids_name_and_the_email_are_settings() {
    let peer = FakePeer::always(Reply::ok(r#"{"status_code":200,"success":true,"message":"Request accepted"}"#));
    let mut sipsim = sipsim(&peer.url("/x?y=z"));
    sipsim.id_field = "PBX_ID".to_owned();
    sipsim.crm_user_email = Some("user228@gmail.com".to_owned());
    dial_with(sipsim).await.expect("accepted");
    let asked = peer.asked();
    assert_eq!(asked[0].line, "GET /x?y=z HTTP/1.1");
    let body: Value = serde_json::from_str(&asked[0].body).expect("JSON");
    assert_eq!((&body["PBX_ID"], &body["crm_user_email"]), (&json!(CALL_ID), &json!("user228@gmail.com")));
    assert_eq!(body.get("pbx_id"), None);
}

#[tokio::test]
async fn s05_success_decides_whatever_the_http_status() {
    for status in [200, 201, 400, 500] {
        let peer = FakePeer::always(Reply::status(status, r#"{"success":true}"#));
        assert_eq!(dial(&peer).await.expect("accepted"), None, "{status}");
    }
    let peer = FakePeer::always(Reply::status(200, r#"{"status_code":200,"success":false,"message":null}"#));
    assert!(refusal(dial(&peer).await).contains("without saying why"));
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

#[tokio::test]
async fn s06_s07_every_refusal_of_the_document_says_what_to_do() {
    let service = "enter it as SipSim's technical service gave it";
    let users = "an admin enters it under Users";
    let authentication = format!(
        "SipSim refused the call: the developer's token (crm_token) is missing or not accepted: {service}; the CRM's \
         name (crm_name) is missing or not accepted: {service}; the client's token (token) is missing or not accepted: \
         make a new one in the SipSim cabinet, Integrations, Click2Call API"
    );
    let parameters = format!(
        "SipSim refused the call: the number of your line (caller) is missing or not accepted: {users}, with + and the \
         country code; the number to call (receiver) is missing or not accepted: write it with + and the country code; \
         the call's id (pbx_id) is missing or not accepted: an admin sets id_field to the name that SipSim wants for it; \
         your name (crm_username) is missing or not accepted: {users}; your line is no SipSim number (caller): an admin \
         corrects it under Users, with + and the country code; this number cannot be called (receiver): write it with + \
         and the country code"
    );
    let refusals = [
        (
            500,
            "crm_token is required param, crm_name is required param, token is required param, something went wrong",
            authentication,
        ),
        (
            500,
            "caller is required param, receiver is required param, pbx_id is required param, crm_username is required \
             param, invalid caller number, invalid receiver number, something went wrong",
            parameters,
        ),
        (
            400,
            "Invalid device token of uninstalled app",
            "the SipSim app is not installed on the phone of your line: install it there, open it once, and call again"
                .to_owned(),
        ),
        (
            500,
            "something went wrong",
            "SipSim refused the call without saying why; try again in a moment, and ask SipSim's technical service if \
             that does not help"
                .to_owned(),
        ),
        (500, "no such tariff", "SipSim refused the call: it says “no such tariff”".to_owned()),
        (500, "x is required param", "SipSim refused the call: x is missing".to_owned()),
    ];
    for (status_code, message, sentence) in refusals {
        for http in [200, status_code] {
            let body = json!({"status_code": status_code, "success": false, "message": message});
            let peer = FakePeer::always(Reply::status(http, &body.to_string()));
            assert_eq!(refusal(dial(&peer).await), sentence);
            assert_eq!(peer.asked().len(), 1, "a dial is never repeated");
        }
    }
}

#[tokio::test]
async fn s06_every_part_of_a_refusal_has_a_code() {
    let message =
        "token is required param, invalid caller number, x is required param, no tariff, something went wrong";
    let peer = FakePeer::always(refused(500, message));
    let parts = json!([
        {"code": "token"}, {"code": "bad_caller"}, {"code": "missing", "params": {"name": "x"}},
        {"code": "said", "params": {"said": "no tariff"}},
    ]);
    assert_eq!(json!(reason(dial(&peer).await).why), json!({"code": "sipsim.parts", "params": {"parts": parts}}));
}

#[tokio::test]
async fn a_strict_sipsim_names_the_wrong_token() {
    let peer = FakePeer::answering(documented);
    let mut sipsim = sipsim(&peer.url("/click2call"));
    sipsim.token = "another".into();
    let sentence = refusal(dial_with(sipsim).await);
    assert!(sentence.contains("the client's token (token) is missing or not accepted"), "{sentence}");
}

#[tokio::test]
async fn what_is_no_answer_of_sipsims_says_what_to_do() {
    let address = "put in the address exactly as SipSim's technical service gave it";
    let foreign = format!("what answers at this address is not SipSim; {address}");
    let refusals = [
        (Reply::html("<!DOCTYPE html><title>Sign in</title>"), foreign.clone()),
        (Reply::ok(""), foreign.clone()),
        (Reply::ok("{"), foreign.clone()),
        (Reply::ok("[]"), foreign.clone()),
        (Reply::ok(r#"{"success":"yes"}"#), foreign.clone()),
        (Reply::ok(r#"{"status_code":200}"#), foreign),
        (Reply::status(404, "<html>"), format!("SipSim refused the request (HTTP 404); {address}")),
        (
            Reply::status(429, ""),
            "SipSim was asked too often and blocks the token for 10 minutes; call by hand until then".to_owned(),
        ),
        (Reply::status(502, "<html>"), "SipSim has a fault of its own (HTTP 502); try again in a moment".to_owned()),
    ];
    for (reply, sentence) in refusals {
        let peer = FakePeer::always(reply.clone());
        assert_eq!(refusal(dial(&peer).await), sentence, "{reply:?}");
        assert_eq!(peer.asked().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakePeer::answering(documented);
    let peer = FakePeer::always(Reply::Redirect { location: elsewhere.url("/click2call") });
    let sentence = refusal(dial(&peer).await);
    assert!(sentence.starts_with("SipSim's address leads elsewhere"), "{sentence}");
    assert_eq!(elsewhere.asked(), []);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_call_in_doubt_and_is_not_asked_again() {
    for reply in [Reply::Silence, Reply::HangUp, Reply::HangUpInMidBody] {
        let peer = FakePeer::always(reply.clone());
        let Err(DialError::Unknown(error)) = dial(&peer).await else { panic!("{reply:?} is in doubt") };
        let code = if matches!(reply, Reply::Silence) { Code::PeerTimeout } else { Code::PeerUnreachable };
        assert_eq!(error.code(), code, "{reply:?}");
        assert_eq!(peer.asked().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_check_reaches_the_address_and_asks_nothing() {
    let peer = FakePeer::answering(documented);
    let said = Dialer::SipSim(sipsim(&peer.url("/click2call"))).check().await.expect("reachable");
    assert!(said.to_string().contains("cannot be told without placing a call"), "{said}");
    assert_eq!(peer.asked(), []);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let refusals = [
        (format!("http://{nobody}/"), "SipSim cannot be reached: nothing answers at that address and port"),
        (
            format!("https://{}/", deaf_to_tls()),
            "SipSim cannot be reached: its certificate is not trusted, or what answers there does not speak HTTPS; check \
             the address",
        ),
        (
            "http://no-such-host.invalid/".to_owned(),
            "SipSim cannot be reached: its host name is not known; check the address",
        ),
    ];
    for (url, sentence) in refusals {
        let answer = Dialer::SipSim(sipsim(&url)).check().await;
        assert_eq!(answer.expect_err("unreachable").to_string(), sentence);
    }
    assert_eq!(peer.asked(), []);
}
