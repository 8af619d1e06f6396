//! R21: whatever is asked, no answer is a fault of ours, nothing panics, and the store stays whole.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::error::Elapsed;

use crate::invented::{Dice, Document, in_address, spoil, times};
use crate::program::{Business, Server, ringcard};

const CONNECTIONS: u64 = 8;
/// It would make a manager of the admin who asks.
const LOCKS_OUT: &str = "\"second_factor_for_admins\"";
/// As the PBX sends them.
const PUSHES: &[(&str, &str)] = &[
    ("application/x-www-form-urlencoded", include_str!("../data/history.form")),
    ("application/x-www-form-urlencoded", include_str!("../data/history-missed.form")),
    ("application/x-www-form-urlencoded", include_str!("../data/event.form")),
    ("application/x-www-form-urlencoded", include_str!("../data/contact.form")),
    ("application/x-www-form-urlencoded", include_str!("../data/rating.form")),
    ("application/x-www-form-urlencoded", include_str!("../data/transferred.form")),
    ("application/json", include_str!("../data/history.json")),
];
const FILES: &[&str] =
    &["Имя;Телефон\nИван;89101234567\n", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nTEL:+79101234567\r\nEND:VCARD\r\n"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r21_2000_mutated_requests_find_no_fault() {
    try_all(times(2_000)).await;
}

/// What was answered, by its hundreds.
#[derive(Default)]
struct Tally([AtomicUsize; 6]);

async fn try_all(requests: u64) {
    let business = Arc::new(Business::opens());
    let log = business.data.path().join("log");
    let mut program = ringcard(business.data.path());
    program.arg("serve").env("RINGCARD_LOG", "error").stderr(File::create(&log).unwrap());
    let mut server = business.starts(&mut program).await;
    let document = business.http.get(format!("{}/api/openapi.json", server.url)).send().await.unwrap();
    let document = Arc::new(Document::of(document.json().await.unwrap()));
    let (tally, began) = (Arc::new(Tally::default()), Instant::now());
    let address: SocketAddr = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    let mut callers = Vec::new();
    for caller in 0..CONNECTIONS {
        // Sessions end on the way: each caller has his own, and a new one now and then.
        let (business, document, tally) = (Arc::clone(&business), Arc::clone(&document), Arc::clone(&tally));
        let cookies = cookies(&business, &server).await;
        callers.push(tokio::spawn(async move {
            for number in (caller..requests).step_by(usize::try_from(CONNECTIONS).unwrap()) {
                let mut dice = Dice::of(number + 1);
                let cookie = dice.one(&cookies).clone();
                let request = invent(&mut dice, &document, &business.crm_token, &cookie);
                let status = send(address, number, &request).await;
                let said = || format!("request {number}: {status:?}\n{}", String::from_utf8_lossy(&request));
                let status = status.as_ref().unwrap_or_else(|_| panic!("{}", said()));
                let hundreds = usize::from(status.unwrap_or_default() / 100).min(5);
                tally.0[hundreds].fetch_add(1, Ordering::Relaxed);
                let is_fault = status.is_some_and(|status| status >= 500 && !(502..=504).contains(&status));
                assert!(!is_fault, "{}", said());
            }
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(business.http.get(format!("{}/readyz", server.url)).send().await.unwrap().status(), 200);
    assert!(business.push(&server.url, "after", true).await);
    assert!(server.ends().await.1);
    let said = fs::read_to_string(&log).unwrap();
    assert!(!said.contains("panicked") && !said.contains("ERROR"), "{said}");
    assert_eq!(business.integrity(), "ok");
    let counts: Vec<usize> = tally.0.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    println!("{requests} requests in {:?}; no answer, 1xx to 5xx: {counts:?}", began.elapsed());
    assert!(counts[2] * 20 > usize::try_from(requests).unwrap(), "few were understood: {counts:?}");
}

/// Some of an admin, and none.
async fn cookies(business: &Business, server: &Server) -> Vec<String> {
    let mut cookies = vec![String::new()];
    for _ in 0..3 {
        cookies.push(business.signs_in(server).await);
    }
    cookies
}

/// A request whole, as it goes over the wire.
fn invent(dice: &mut Dice, document: &Document, crm_token: &str, cookie: &str) -> Vec<u8> {
    let (method, path, content_type, mut body) = match dice.below(10) {
        0..=3 => {
            let (content_type, push) = dice.one(PUSHES);
            let body =
                if *content_type == "application/json" { with_token(push, crm_token) } else { form(push, crm_token) };
            ("POST".to_owned(), "/pbx".to_owned(), *content_type, body.into_bytes())
        }
        4 => {
            let file = dice.one(FILES).as_bytes().to_vec();
            ("POST".to_owned(), "/api/contacts/import?name=a".to_owned(), "text/csv", file)
        }
        _ => of_the_document(dice, document),
    };
    if dice.falls(40) {
        spoil(dice, &mut body);
    }
    // Who signs out asks for little afterwards.
    let cookie = if path == "/api/session" { "" } else { cookie };
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\ncontent-type: {content_type}\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if dice.falls(6) {
        spoil(dice, &mut head);
    }
    head.extend(body);
    head
}

fn form(push: &str, crm_token: &str) -> String {
    let members = push.trim().split('&').filter(|member| !member.starts_with("crm_token="));
    members.chain([format!("crm_token={crm_token}").as_str()]).collect::<Vec<_>>().join("&")
}

fn with_token(push: &str, crm_token: &str) -> String {
    let mut push: Value = serde_json::from_str(push).unwrap();
    push["crm_token"] = Value::from(crm_token);
    push.to_string()
}

fn of_the_document(dice: &mut Dice, document: &Document) -> (String, String, &'static str, Vec<u8>) {
    let (method, path, operation) = dice.one(&document.operations);
    let mut path = path.clone();
    let mut query = Vec::new();
    let none = Vec::new();
    for parameter in operation["parameters"].as_array().unwrap_or(&none) {
        let value = document.invent(dice, &parameter["schema"], 0);
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let text = in_address(dice, &text.chars().take(3_000).collect::<String>());
        let name = parameter["name"].as_str().unwrap();
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &text),
            _ if dice.falls(40) => query.push(format!("{name}={text}")),
            _ => {}
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let content = operation["requestBody"]["content"].as_object().and_then(|all| all.values().next());
    let body = content.map(|content| document.invent(dice, &content["schema"], 0).to_string()).unwrap_or_default();
    (method.clone(), path, "application/json", body.replace(LOCKS_OUT, "\"no_such_setting\"").into_bytes())
}

/// Sends it from an address of its own, and reads the head of the answer: `None` when there is none, an error when it
/// takes too long.
async fn send(address: SocketAddr, number: u64, request: &[u8]) -> Result<Option<u16>, Elapsed> {
    let byte = |number: u64| u8::try_from(number % 250).unwrap() + 1;
    let from = Ipv4Addr::new(127, 1, byte(number / 250), byte(number));
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let mut stream = socket.connect(address).await.expect("it takes no connection");
    let talk = async {
        stream.write_all(request).await.ok()?;
        // Nothing more comes: a request that promised more is over.
        stream.shutdown().await.ok()?;
        let mut answer = vec![0; 64];
        let read = stream.read(&mut answer).await.ok()?;
        let head = String::from_utf8_lossy(&answer[..read]).into_owned();
        head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
    };
    tokio::time::timeout(Duration::from_secs(20), talk).await
}
