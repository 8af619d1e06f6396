//! R10: thousands of live streams are held for little memory, and one that nobody reads delays no other.

use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::program::{Business, Server};
use crate::strangers::{connect, connect_narrowly, says};

const EACH_BYTES: usize = 64 * 1024;
/// One person has 128 at most.
const OF_ONE: usize = 125;
/// The calls that ring while the streams are open.
const CALLS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn r10_500_streams_hear_of_every_call_beside_one_that_nobody_reads() {
    streams_hear(500).await;
}

#[tokio::test]
#[ignore = "needs a minute, and many open files"]
async fn r10_2000_streams_hear_of_every_call_beside_one_that_nobody_reads() {
    streams_hear(2_000).await;
}

async fn opens(stream: &mut TcpStream, cookie: &str) {
    let head = format!("GET /api/live?watch=all HTTP/1.1\r\nhost: ringcard\r\ncookie: {cookie}\r\n\r\n");
    says(stream, &head).await;
}

/// Reads until this stands in the stream.
async fn hears(stream: &mut TcpStream, what: &str) {
    let mut text = String::new();
    let mut bytes = [0; 8192];
    let reading = async {
        while !text.contains(what) {
            let count = stream.read(&mut bytes).await.unwrap();
            assert_ne!(count, 0, "the stream ended: {text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("{what} never comes"));
}

/// What is made once, for the first who comes, is no stream's.
async fn warms_up(business: &Business, server: &Server, cookie: &str) {
    let mut first = connect(server).await;
    opens(&mut first, cookie).await;
    hears(&mut first, "event: snapshot").await;
    for number in 0..CALLS {
        assert!(business.push(&server.url, &format!("before-{number}"), false).await);
    }
    hears(&mut first, &format!("before-{}", CALLS - 1)).await;
}

async fn streams_hear(count: usize) {
    let business = Business::opens();
    let people: Vec<String> = (0..count.div_ceil(OF_ONE)).map(|number| format!("m{number}")).collect();
    people.iter().for_each(|login| business.hires(login, "manager"));
    let server = business.serves().await;
    let mut cookies = Vec::new();
    for login in &people {
        cookies.push(business.signs_in_as(&server, login).await);
    }
    warms_up(&business, &server, &cookies[0]).await;
    let before = server.resident_bytes();
    let mut streams = Vec::new();
    for number in 0..count {
        let mut stream = connect(&server).await;
        opens(&mut stream, &cookies[number / OF_ONE]).await;
        hears(&mut stream, "event: snapshot").await;
        streams.push(stream);
    }
    let mut unread = connect_narrowly(&server).await;
    opens(&mut unread, &cookies[0]).await;
    let mut pushes = Vec::new();
    let begun = Instant::now();
    let last = format!("call-{}", CALLS - 1);
    let listening: Vec<_> = streams
        .into_iter()
        .map(|mut stream| {
            let last = last.clone();
            tokio::spawn(async move {
                hears(&mut stream, &last).await;
                (stream, Instant::now())
            })
        })
        .collect();
    for number in 0..CALLS {
        let sent = Instant::now();
        assert!(business.push(&server.url, &format!("call-{number}"), false).await);
        pushes.push(sent.elapsed());
    }
    let acknowledged = Instant::now();
    let (mut streams, mut slowest) = (Vec::new(), Duration::ZERO);
    for one in listening {
        let (stream, heard) = one.await.unwrap();
        slowest = slowest.max(heard.saturating_duration_since(acknowledged));
        streams.push(stream);
    }
    pushes.sort();
    let each = server.resident_bytes().saturating_sub(before) / count;
    println!(
        "{count} streams: {each} bytes each; {CALLS} calls in {:?}, pushes {:?} at most, the last stream {slowest:?} after them",
        acknowledged - begun,
        pushes[CALLS - 1],
    );
    assert!(each <= EACH_BYTES, "{each} bytes each");
    // A line that takes nothing is closed after 15 s.
    assert!(pushes[CALLS - 1] < Duration::from_secs(10), "{pushes:?}");
}
