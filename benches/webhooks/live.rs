//! How long after a push the card is at the browser.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::load::{event, read_answer};
use crate::report::median_us;
use crate::ringcard::{PASSWORD, Ringcard, number};

const CALLS: u64 = 300;
const FIRST_CALL: u64 = 9_000_000_000;

/// The row of the report: from the request's first byte to the 200, and to the card.
pub fn measure(ours: &Ringcard) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut to_answer, mut to_card, mut between) = runtime.block_on(ring(ours));
    format!(
        "\nFrom the push to its 200 {} µs, to the card in the browser {} µs, from the 200 to the card {} µs \
         (medians of {CALLS} calls, one at a time).",
        median_us(&mut to_answer),
        median_us(&mut to_card),
        median_us(&mut between)
    )
}

async fn ring(ours: &Ringcard) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
    let cookie = sign_in(ours.address).await;
    let mut cards = listen(ours.address, &cookie).await;
    let mut stream = TcpStream::connect(ours.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut rings, mut ends) = (event(&ours.token, "INCOMING"), event(&ours.token, "COMPLETED"));
    let mut answer = Vec::new();
    let (mut to_answer, mut to_card, mut between) = (Vec::new(), Vec::new(), Vec::new());
    for call in FIRST_CALL..FIRST_CALL + CALLS {
        let client = number(call as u32 % 1_000);
        let began = Instant::now();
        stream.write_all(rings.about(call, &client)).await.unwrap();
        read_answer(&mut stream, &mut answer).await;
        let answered = Instant::now();
        let name = format!("{call:016}");
        let shown = loop {
            let (text, at) = tokio::time::timeout(Duration::from_secs(5), cards.recv()).await.unwrap().unwrap();
            if text.contains(&name) {
                break at;
            }
        };
        to_answer.push((answered - began).as_micros() as u64);
        to_card.push((shown - began).as_micros() as u64);
        between.push(shown.saturating_duration_since(answered).as_micros() as u64);
        stream.write_all(ends.about(call, &client)).await.unwrap();
        read_answer(&mut stream, &mut answer).await;
    }
    (to_answer, to_card, between)
}

async fn sign_in(address: SocketAddr) -> String {
    let body = serde_json::json!({ "login": "andy", "password": PASSWORD }).to_string();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    read_answer(&mut stream, &mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let cookie = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
    cookie.unwrap_or_else(|| panic!("{answer}"))[12..].split(';').next().unwrap().to_owned()
}

/// Opens the live stream; what comes is handed on with its time.
async fn listen(address: SocketAddr, cookie: &str) -> mpsc::UnboundedReceiver<(String, Instant)> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut buffer = vec![0; 65_536];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            let _ = sender.send((String::from_utf8_lossy(&buffer[..length]).into_owned(), Instant::now()));
        }
    });
    // The snapshot: from here on nothing is missed.
    loop {
        let (text, _) = tokio::time::timeout(Duration::from_secs(5), receiver.recv()).await.unwrap().unwrap();
        if text.contains("snapshot") {
            return receiver;
        }
    }
}
