//! externalCall against a strict Mango over real HTTP (M01–M07).

use std::time::Duration;

use ringcard::domain::phone::Phone;
use ringcard::telephony::address::Address;
use ringcard::telephony::http::{Client, Limits};
use ringcard::telephony::mango::{Accepted, Cause, EndedCall, Mango, TokenIn, Undelivered};
use serde_json::Value;

use crate::fake_peer::{Asked, FakePeer, Reply, deaf_to_tls};

pub const TOKEN: &str = "weghjui675432wertyui8675ter";
/// As the document prints it.
pub const ACCEPTED: &str = "{status: 'ok', requestId: 'a1'}";

fn mango(url: &str) -> Mango {
    let limits = Limits { connect: Duration::from_millis(500), whole: Duration::from_millis(700) };
    Mango {
        address: Address::parse(url).expect("an address"),
        token: TOKEN.into(),
        token_in: TokenIn::Header,
        widget_id: None,
        client: Client::new(limits, None).expect("a client"),
    }
}

/// The document's own example.
fn call() -> EndedCall {
    EndedCall {
        callid: "2".to_owned(),
        started_ms: 1_597_824_970_000,
        ended_ms: 1_597_824_980_999,
        to: Phone::from_stored("+74958784556"),
        from: None,
        link: Some("http://adress.net".to_owned()),
    }
}

async fn announce(peer: &FakePeer) -> Result<Accepted, Undelivered> {
    mango(&peer.url("/v1")).announce_call(&call()).await
}

async fn refused(reply: Reply) -> Undelivered {
    announce(&FakePeer::always(reply)).await.expect_err("it was not taken")
}

fn fault() -> Cause {
    Cause::Fault { retry_after: None }
}

fn is_instant(text: &str) -> bool {
    let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq("0000-00-00T00:00:00Z".bytes())
}

fn is_public(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| digits.len() > 6 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The Mango of the document: its token, its two methods, their members, and nothing else.
pub fn documented(asked: &Asked) -> Reply {
    let error = |code: u16, what: &str| {
        Reply::ok(&format!("{{status: 'error', requestId: 'a1', error: {{code: {code}, message: '{what}'}}}}"))
    };
    let (method, rest) = asked.line.split_once(' ').expect("a request line");
    let target = rest.strip_suffix(" HTTP/1.1").expect("HTTP/1.1");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let in_header = asked.header("authorization") == Some(&format!("Bearer {TOKEN}"));
    let in_query = query.split('&').any(|pair| pair == format!("access_token={TOKEN}"));
    if in_header == in_query {
        return error(401, "token");
    }
    let Ok(Value::Object(body)) = serde_json::from_str(&asked.body) else { return error(400, "no JSON") };
    if asked.header("content-type") != Some("application/json") {
        return error(400, "content type");
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let names: Vec<_> = body.keys().map(String::as_str).collect();
    let is_right = match (method, path) {
        ("POST", "/v1/calltracking/externalCall") => {
            names == ["callId", "dateEnd", "dateStart", "phoneFrom", "phoneTo", "recordLink"]
                && text("callId").is_some_and(|id| !id.is_empty())
                && text("dateStart").is_some_and(is_instant)
                && text("dateEnd").is_some_and(is_instant)
                && text("dateStart") <= text("dateEnd")
                && text("phoneTo").is_some_and(is_public)
                && text("phoneFrom").is_some_and(|number| number.is_empty() || is_public(number))
        }
        ("PUT", path) => {
            let callid = path.strip_prefix("/v1/calltracking/externalCall/").unwrap_or_default();
            !callid.is_empty() && !callid.contains('/') && names == ["recordLink"]
        }
        _ => false,
    };
    if is_right { Reply::ok(ACCEPTED) } else { error(400, "parameters") }
}

#[tokio::test]
async fn a_call_is_announced_as_the_document_says() {
    let peer = FakePeer::answering(documented);
    assert_eq!(announce(&peer).await.unwrap(), Accepted { answer: ACCEPTED.to_owned() });
    let asked = &peer.asked()[0];
    assert_eq!(asked.line, "POST /v1/calltracking/externalCall HTTP/1.1");
    assert_eq!(asked.header("authorization"), Some("Bearer weghjui675432wertyui8675ter"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let body = r#"{"callId":"2","dateStart":"2020-08-19T08:16:10Z","dateEnd":"2020-08-19T08:16:20Z","phoneTo":"+74958784556","phoneFrom":"","recordLink":"http://adress.net"}"#;
    assert_eq!(asked.body, body);
}

#[tokio::test]
async fn a_recording_is_announced_as_the_document_says() {
    let peer = FakePeer::answering(documented);
    let mango = mango(&peer.url("/v1/"));
    mango.announce_recording("call2", "http://adress.net").await.unwrap();
    mango.announce_recording("a/b c?d%e#я", "http://adress.net").await.unwrap();
    let asked = peer.asked();
    assert_eq!(asked[0].line, "PUT /v1/calltracking/externalCall/call2 HTTP/1.1");
    assert_eq!(asked[0].body, r#"{"recordLink":"http://adress.net"}"#);
    assert_eq!(asked[1].line, "PUT /v1/calltracking/externalCall/a%2Fb%20c%3Fd%25e%23%D1%8F HTTP/1.1");
}

#[tokio::test]
async fn the_token_may_stand_in_the_query_and_the_widget_beside_it() {
    let peer = FakePeer::answering(documented);
    let in_query = Mango { token_in: TokenIn::Query, widget_id: Some("11078".to_owned()), ..mango(&peer.url("/v1")) };
    in_query.announce_call(&call()).await.unwrap();
    in_query.announce_recording("call2", "http://adress.net").await.unwrap();
    let asked = peer.asked();
    let query = "access_token=weghjui675432wertyui8675ter&widgetId=11078";
    assert_eq!(asked[0].line, format!("POST /v1/calltracking/externalCall?{query} HTTP/1.1"));
    assert_eq!(asked[1].line, format!("PUT /v1/calltracking/externalCall/call2?{query} HTTP/1.1"));
    assert_eq!(asked[0].header("authorization"), None);
    let with_widget = Mango { widget_id: Some("11078".to_owned()), ..mango(&peer.url("/v1")) };
    with_widget.announce_call(&call()).await.unwrap();
    assert_eq!(peer.asked()[2].line, "POST /v1/calltracking/externalCall?widgetId=11078 HTTP/1.1");
}

#[tokio::test]
async fn the_status_decides_however_it_is_written() {
    let accepted = [
        r#"{"status":"ok","requestId":5}"#,
        r#"{"requestId":"5","status":"OK","new":{"status":"x"}}"#,
        "{status: 'ok', requestId: 5}",
        "{'status' : 'ok', 'requestId': [5]}",
        "{requestId:5,status:ok}",
    ];
    for body in accepted {
        for status in [200, 202, 500] {
            let answer = announce(&FakePeer::always(Reply::status(status, body))).await;
            assert_eq!(answer, Ok(Accepted { answer: body.to_owned() }), "{status}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_kept_with_its_code_and_its_words() {
    let refusals = [
        (
            200,
            "{status: 'error', requestId: 7, error: {code: 1001, 'message': 'Widget not found'}}",
            Cause::Refusal,
            "Mango refused it: Widget not found (code 1001)",
        ),
        (
            200,
            r#"{"status":"error","requestId":7,"error":{"code":422,"message":"phoneTo"}}"#,
            Cause::Data,
            "Mango refused it: phoneTo (code 422)",
        ),
        (400, r#"{"status":"error","requestId":7}"#, Cause::Data, "Mango refused it and did not say why"),
        (404, r#"{"status":"error","error":{"code":"9"}}"#, Cause::Refusal, "Mango refused it (code 9)"),
        (500, r#"{"status":"error","error":{"message":"try later"}}"#, fault(), "Mango refused it: try later"),
        (
            200,
            r#"{"status":"error","error":{"code":503,"message":"busy"}}"#,
            fault(),
            "Mango refused it: busy (code 503)",
        ),
    ];
    for (status, body, cause, why) in refusals {
        let undelivered = refused(Reply::status(status, body)).await;
        let found = (undelivered.cause, undelivered.reason.to_string(), undelivered.answer);
        assert_eq!(found, (cause, why.to_owned(), body.to_owned()));
    }
    for reply in [
        Reply::status(401, "{status: 'error'}"),
        Reply::status(403, ""),
        Reply::ok("{status:'error',error:{code:401}}"),
    ] {
        let undelivered = refused(reply).await;
        assert_eq!(undelivered.cause, fault());
        assert_eq!(undelivered.reason.detail, "Mango does not accept the token; copy it again from Mango's cabinet");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_mangos_is_no_success() {
    for body in [
        "<html>status: 'ok'</html>",
        "ok",
        "",
        "[1]",
        "null",
        r#"{"status":true}"#,
        r#"{"statuses":"ok"}"#,
        "{\"status\":",
    ] {
        let undelivered = refused(Reply::ok(body)).await;
        assert_eq!(undelivered.cause, fault(), "{body}");
        assert_eq!(undelivered.answer, body);
        assert_eq!(undelivered.reason.detail, "what answers at this address is not Mango; check the address");
    }
    let html = refused(Reply::html("<h1>Welcome</h1>")).await;
    assert_eq!((html.cause, html.answer.as_str()), (fault(), "<h1>Welcome</h1>"));
    let redirect = refused(Reply::Redirect { location: "http://127.0.0.1:1/".to_owned() }).await;
    assert_eq!(redirect.reason.detail, "Mango's address leads elsewhere; check the address");
    let broken = refused(Reply::status(502, "<h1>Bad gateway</h1>")).await;
    assert_eq!(
        (broken.cause, broken.reason.detail.as_str()),
        (fault(), "Mango has a fault of its own (HTTP 502); try again in a moment")
    );
}

#[tokio::test]
async fn when_to_come_again_is_kept_as_it_was_said() {
    for status in [429, 503] {
        let undelivered = refused(Reply::ComeAgain { status, retry_after: "120".to_owned() }).await;
        assert_eq!(undelivered.cause, Cause::Fault { retry_after: Some("120".to_owned()) });
    }
}

#[tokio::test]
async fn silence_and_cut_lines_are_faults() {
    for (reply, why) in [
        (Reply::HangUp, "cut the line"),
        (Reply::HangUpInMidBody, "cut the line"),
        (Reply::Silence, "did not answer in time"),
    ] {
        let undelivered = refused(reply).await;
        assert_eq!(undelivered.cause, fault());
        assert!(undelivered.reason.detail.contains(why), "{}", undelivered.reason.detail);
    }
    let nobody = mango("http://127.0.0.1:1/v1").announce_call(&call()).await.unwrap_err();
    assert!(nobody.reason.detail.contains("nothing answers at that address and port"), "{}", nobody.reason.detail);
    let no_tls = mango(&format!("https://{}/v1", deaf_to_tls())).announce_call(&call()).await.unwrap_err();
    assert!(no_tls.reason.detail.contains("does not speak HTTPS"), "{}", no_tls.reason.detail);
}
