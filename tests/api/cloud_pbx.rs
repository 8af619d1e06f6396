//! makeCall and accounts against a strict Cloud PBX over real HTTP (Q01–Q05).

use std::time::Duration;

use ringcard::domain::phone::Phone;
use ringcard::error::{Code, Error};
use ringcard::telephony::Dialer;
use ringcard::telephony::address::Address;
use ringcard::telephony::cloud_pbx::CloudPbx;
use ringcard::telephony::http::{Client, Limits};
use ringcard::telephony::order::{Account, DialError, DialOrder};

use crate::fake_peer::{Asked, FakePeer, Reply, deaf_to_tls};

const TOKEN: &str = "5f317b9f-e86c-41f7-a6fc-c76eb0da0000";

fn dialer(url: &str) -> Dialer {
    let limits = Limits { connect: Duration::from_millis(500), whole: Duration::from_millis(700) };
    let client = Client::new(limits, None).expect("a client");
    Dialer::CloudPbx(CloudPbx { address: Address::parse(url).expect("an address"), token: TOKEN.into(), client })
}

async fn dial(peer: &FakePeer) -> Result<Option<String>, DialError> {
    dial_at(&peer.url("/sys/crm_api.wcgp")).await
}

async fn dial_at(url: &str) -> Result<Option<String>, DialError> {
    let (phone, caller) = (Phone::from_stored("+79101234567"), Phone::from_stored("andy"));
    let order =
        DialOrder {
            call_id: "c1", phone: &phone, account: "andy", caller: &caller, person: "Андрей", group: None
        };
    dialer(url).dial(&order).await
}

/// The PBX of the document: it knows its token, its commands and its people, and nothing else.
fn documented(asked: &Asked) -> Reply {
    let is_form = asked.header("content-type") == Some("application/x-www-form-urlencoded");
    if asked.line != "POST /sys/crm_api.wcgp HTTP/1.1" || !is_form {
        return Reply::status(400, "{ error: \"Invalid parameters\" }");
    }
    let form = asked.form();
    let member = |name: &str| form.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    if member("token") != Some(TOKEN) {
        return Reply::status(401, "{ error: \"Invalid token\" }");
    }
    let is_number = |text: &str| (3..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match member("cmd") {
        Some("makeCall")
            if form.len() == 4 && member("phone").is_some_and(is_number) && member("user") == Some("andy") =>
        {
            Reply::ok("")
        }
        Some("accounts") if form.len() == 2 => Reply::ok(
            r#"[{"name":"daria","realName":"Иванова Дария"},{"name":"andy","realName":"Петров Андрей","ext":"101"}]"#,
        ),
        _ => Reply::status(400, "{ error: \"Invalid parameters\" }"),
    }
}

#[tokio::test]
async fn a_call_is_asked_for_as_the_document_says() {
    let peer = FakePeer::answering(documented);
    assert_eq!(dial(&peer).await.expect("accepted"), None);
    let asked = peer.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].line, "POST /sys/crm_api.wcgp HTTP/1.1");
    assert_eq!(asked[0].body, format!("cmd=makeCall&phone=79101234567&user=andy&token={TOKEN}"));
    assert_eq!(asked[0].header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn every_form_of_success_is_success_and_an_id_is_kept() {
    let forms = [
        ("", None),
        ("null", None),
        ("{}", None),
        ("[]", None),
        ("true", None),
        ("OK", None),
        ("{\"error\":null}", None),
        ("B10D0EB124F4E64AF4EA-1511", Some("B10D0EB124F4E64AF4EA-1511")),
        ("\"B10D-1511\"", Some("B10D-1511")),
        ("\r\n B10D-1511 \r\n", Some("B10D-1511")),
        ("{\"CallID\":\"B10D-1511\"}", Some("B10D-1511")),
        ("{\"callid\": \"B10D-1511\", \"more\": 1}", Some("B10D-1511")),
        ("{\"call_id\": 4711}", Some("4711")),
        ("4711", Some("4711")),
    ];
    for (body, id) in forms {
        let answer = dial(&FakePeer::always(Reply::ok(body))).await;
        assert_eq!(answer.expect(body).as_deref(), id, "{body}");
    }
    let empty_page = FakePeer::always(Reply::html(""));
    assert_eq!(dial(&empty_page).await.expect("the type of an empty body does not matter"), None);
}

fn refusal(answer: Result<Option<String>, DialError>) -> String {
    match answer {
        Err(DialError::NotPlaced(Error::PeerRefused(reason))) => reason.detail,
        other => panic!("no refusal: {other:?}"),
    }
}

#[tokio::test]
async fn every_refusal_says_what_to_do() {
    let key = "the PBX does not accept the key; copy it again from the PBX cabinet into the integration's token";
    let no_pbx = "what answers at this address is not a Cloud PBX; copy the address again from the PBX cabinet, with \
                  https:// and /sys/crm_api.wcgp";
    let line = "check that the line stands in the PBX and that the number can be dialled";
    let refusals = [
        (Reply::status(401, "{ error: \"Invalid token\" }"), key.to_owned()),
        (Reply::status(401, ""), key.to_owned()),
        (Reply::status(403, "<html>no</html>"), key.to_owned()),
        (Reply::status(400, "{\"error\":\"Invalid token\"}"), key.to_owned()),
        (Reply::ok("{ error: \"Invalid token\" }"), key.to_owned()),
        (
            Reply::status(400, "{ error: \"Invalid parameters\" }"),
            format!("the PBX refused the request (Invalid parameters); {line}"),
        ),
        (
            Reply::status(400, "{error: Invalid parameters}"),
            format!("the PBX refused the request (Invalid parameters); {line}"),
        ),
        (Reply::status(400, "?"), format!("the PBX refused the request; {line}")),
        (Reply::ok("{'error': 'User not found'}"), format!("the PBX refused the request (User not found); {line}")),
        (Reply::html("<!DOCTYPE html><title>Sign in</title>"), no_pbx.to_owned()),
        (Reply::ok("{\"CallID\":\"<script>\"}"), no_pbx.to_owned()),
        (Reply::ok("Thank you for calling us"), no_pbx.to_owned()),
        (
            Reply::status(404, "<html>"),
            "there is no PBX interface at this address (HTTP 404); copy the address again from the PBX cabinet: it \
             ends in /sys/crm_api.wcgp"
                .to_owned(),
        ),
        (Reply::status(429, ""), "the PBX is asked too often; wait a minute and try again".to_owned()),
        (Reply::status(502, "x"), "the PBX has a fault of its own (HTTP 502); try again in a moment".to_owned()),
    ];
    for (reply, sentence) in refusals {
        let peer = FakePeer::always(reply.clone());
        assert_eq!(refusal(dial(&peer).await), sentence, "{reply:?}");
        assert_eq!(peer.asked().len(), 1, "a dial is never repeated: {reply:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakePeer::answering(documented);
    let peer = FakePeer::always(Reply::Redirect { location: elsewhere.url("/sys/crm_api.wcgp") });
    let sentence = refusal(dial(&peer).await);
    assert!(sentence.starts_with("the PBX's address leads elsewhere"), "{sentence}");
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
async fn a_dead_pbx_is_named_as_such_and_no_call_was_placed() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let answer = dial_at(&format!("http://{nobody}/")).await;
    let Err(DialError::NotPlaced(Error::PeerUnreachable(sentence))) = answer else { panic!("{answer:?}") };
    assert_eq!(sentence.detail, "the PBX cannot be reached: nothing answers at that address and port");
}

#[tokio::test]
async fn plain_http_where_https_is_asked_for_is_named_as_such() {
    let address = deaf_to_tls();
    let answer = dialer(&format!("https://{address}/")).accounts().await;
    let Err(Error::PeerUnreachable(sentence)) = answer else { panic!("{answer:?}") };
    assert!(sentence.detail.contains("does not speak HTTPS"), "{sentence}");
}

#[tokio::test]
async fn too_much_is_not_read() {
    let peer = FakePeer::always(Reply::ok(&"x".repeat(2 * 1024 * 1024)));
    let Err(DialError::Unknown(error)) = dial(&peer).await else { panic!("no answer is that long") };
    assert_eq!(error.code(), Code::PeerRefused);
}

#[tokio::test]
async fn accounts_are_read_and_what_is_more_is_ignored() {
    let peer = FakePeer::answering(documented);
    let accounts = dialer(&peer.url("/sys/crm_api.wcgp")).accounts().await.expect("accepted");
    let named = |account: &str, name: &str| Account { account: account.to_owned(), name: name.to_owned() };
    assert_eq!(accounts, [named("daria", "Иванова Дария"), named("andy", "Петров Андрей")]);
    assert_eq!(peer.asked()[0].body, format!("cmd=accounts&token={TOKEN}"));
    let check = dialer(&peer.url("/sys/crm_api.wcgp")).check().await.expect("accepted");
    assert_eq!(check.to_string(), "the PBX answers and accepts the key; it names 2 employees");
}

#[tokio::test]
async fn accounts_of_another_shape_are_no_cloud_pbx() {
    for body in ["", "null", "{}", "[1]", "[{\"realName\":\"x\"}]", "<html></html>"] {
        let answer = dialer(&FakePeer::always(Reply::ok(body)).url("/")).accounts().await;
        let Err(Error::PeerRefused(sentence)) = answer else { panic!("{body}: {answer:?}") };
        assert!(sentence.detail.starts_with("what answers at this address is not a Cloud PBX"), "{sentence}");
    }
    let hostile = "[{\"name\":\"andy\",\"realName\":\"\\u202e<b>\\u0000x\"},{\"name\":\" \"}]";
    let accounts = dialer(&FakePeer::always(Reply::ok(hostile)).url("/")).accounts().await.expect("accepted");
    assert_eq!(accounts, [Account { account: "andy".to_owned(), name: "<b>x".to_owned() }]);
}

#[tokio::test]
async fn accounts_are_asked_for_again_when_the_line_breaks() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let peer = FakePeer::answering(move |asked| {
        let is_first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        if is_first { Reply::HangUpInMidBody } else { documented(asked) }
    });
    assert_eq!(dialer(&peer.url("/sys/crm_api.wcgp")).accounts().await.expect("the second time").len(), 2);
}
