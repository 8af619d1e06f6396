//! R10, R20: whoever holds connections open without using them loses them, and slows nobody meanwhile.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use crate::program::{Business, Server};

/// The largest file that anybody may have.
const LARGE: &str = "/static/core/i18n/ru-refusals.js";
const GET: &str = "GET /healthz HTTP/1.1\r\nhost: ringcard\r\n\r\n";
/// How long an answer may wait for its reader, and a little.
const STALLED: Duration = Duration::from_secs(18);

pub async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(address(server)).await.unwrap()
}

/// With a small window, so that little fits on the way.
pub async fn connect_narrowly(server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(address(server)).await.unwrap()
}

fn address(server: &Server) -> SocketAddr {
    server.url.strip_prefix("http://").unwrap().parse().unwrap()
}

pub async fn says(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// The status line of the next answer.
async fn hears(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 8192];
    let count = timeout(Duration::from_secs(10), stream.read(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes[..count]).lines().next().unwrap_or_default().to_owned()
}

/// Sends a piece now and then; how long it took the server to close the connection.
async fn drips(stream: &mut TcpStream, piece: &[u8], every: Duration, longest: Duration) -> Duration {
    let began = Instant::now();
    let mut bytes = vec![0; 8192];
    while began.elapsed() < longest {
        if stream.write_all(piece).await.is_err() {
            break;
        }
        if let Ok(Ok(0) | Err(_)) = timeout(every, stream.read(&mut bytes)).await {
            break;
        }
    }
    began.elapsed()
}

/// How much still comes, and whether the server broke off in the middle.
async fn drains(stream: &mut TcpStream) -> (usize, bool) {
    let mut bytes = vec![0; 1 << 16];
    let mut sum = 0;
    loop {
        match timeout(Duration::from_secs(5), stream.read(&mut bytes)).await {
            Ok(Ok(0)) | Err(_) => return (sum, false),
            Ok(Err(_)) => return (sum, true),
            Ok(Ok(count)) => sum += count,
        }
    }
}

#[tokio::test]
async fn r20_answers_that_nobody_takes_end_their_connection() {
    let business = Business::opens();
    let server = business.serves().await;
    let mut stream = connect_narrowly(&server).await;
    let asked = format!("GET {LARGE} HTTP/1.1\r\nhost: ringcard\r\n\r\n").repeat(120);
    says(&mut stream, &asked).await;
    // Whoever takes no answer may ask no more: the requests stay in the kernel, or on his side.
    let more = GET.replace("GET", "HEAD").repeat(10_000);
    let mut taken = 0;
    while taken < 256 << 20
        && let Ok(Ok(count)) = timeout(Duration::from_secs(1), stream.write(more.as_bytes())).await
    {
        taken += count;
    }
    assert!(taken < 32 << 20, "{taken} bytes");
    sleep(STALLED).await;
    let (_, was_broken_off) = drains(&mut stream).await;
    assert!(was_broken_off);
}

#[tokio::test]
async fn r10_a_stream_that_nobody_reads_ends() {
    let business = Business::opens();
    let server = business.serves().await;
    let cookie = business.signs_in(&server).await;
    let mut stream = connect_narrowly(&server).await;
    says(&mut stream, &format!("GET /api/live HTTP/1.1\r\nhost: ringcard\r\ncookie: {cookie}\r\n\r\n")).await;
    for number in 0..1_000 {
        assert!(business.push(&server.url, &number.to_string(), false).await);
    }
    sleep(STALLED).await;
    let (_, was_broken_off) = drains(&mut stream).await;
    assert!(was_broken_off);
}

#[tokio::test]
async fn r20_what_comes_of_a_body_after_its_answer_ends_the_connection() {
    let business = Business::opens();
    let server = business.serves().await;
    let head = "POST /pbx HTTP/1.1\r\nhost: ringcard\r\ntransfer-encoding: chunked\r\n\r\n";
    let too_much = format!("{head}11000\r\n{}\r\n", "a".repeat(0x11000));
    let forbidden = head.replace("POST /pbx", "PUT /api/users");
    for (request, status) in [(too_much.as_str(), "413"), (&forbidden, "405")] {
        let mut stream = connect(&server).await;
        says(&mut stream, request).await;
        assert!(hears(&mut stream).await.contains(status));
        let took = drips(&mut stream, b"1\r\na\r\n", Duration::from_millis(200), Duration::from_secs(20)).await;
        assert!(took < Duration::from_secs(5), "{status}: {took:?}");
        let mut stream = connect(&server).await;
        says(&mut stream, request).await;
        hears(&mut stream).await;
        let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
        let mut taken = 0;
        while stream.write_all(chunk.as_bytes()).await.is_ok() && taken < 256 << 20 {
            taken += chunk.len();
        }
        // What the two kernels hold on the way was never taken by anybody.
        assert!(taken < 32 << 20, "{status}: {taken} bytes");
    }
}

#[tokio::test]
async fn r20_a_head_has_five_seconds_on_a_kept_connection_too() {
    let business = Business::opens();
    let server = business.serves().await;
    for answered in 0..3 {
        let mut stream = connect(&server).await;
        for _ in 0..answered {
            says(&mut stream, GET).await;
            assert_eq!(hears(&mut stream).await, "HTTP/1.1 200 OK");
        }
        says(&mut stream, "GET /healthz HTTP/1.1\r\nx-slow: ").await;
        let took = drips(&mut stream, b"a", Duration::from_millis(250), Duration::from_secs(20)).await;
        assert!(took > Duration::from_secs(4) && took < Duration::from_secs(8), "after {answered}: {took:?}");
    }
}

#[tokio::test]
async fn r20_one_address_holds_a_quarter_of_all_connections_at_most() {
    let business = Business::opens();
    // 128 are kept for other things.
    let server = business.serves_with_files(128 + 400).await;
    let mut streams = Vec::new();
    for _ in 0..120 {
        let mut stream = connect(&server).await;
        says(&mut stream, GET).await;
        let mut bytes = [0; 8192];
        let is_served = matches!(stream.read(&mut bytes).await, Ok(count) if count > 0);
        streams.push((stream, is_served));
    }
    // The client that waited for the server to be ready holds one or none.
    let served = streams.iter().filter(|(_, is_served)| *is_served).count();
    assert!((99..=100).contains(&served), "{served}");
    drop(streams);
    sleep(Duration::from_millis(200)).await;
    let mut stream = connect(&server).await;
    says(&mut stream, GET).await;
    assert_eq!(hears(&mut stream).await, "HTTP/1.1 200 OK");
}

/// R20, R10: 580 connections that do no good, of each kind a part.
#[tokio::test]
async fn r20_good_pushes_go_on_beside_580_idle_hands() {
    let business = Business::opens();
    let server = business.serves().await;
    let large = format!("GET {LARGE} HTTP/1.1\r\nhost: ringcard\r\n\r\n").repeat(120);
    let body = "POST /pbx HTTP/1.1\r\nhost: ringcard\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n";
    let mut strangers = Vec::new();
    for number in 0..580 {
        let mut stream = connect(&server).await;
        match number % 4 {
            0 => says(&mut stream, &large).await,
            1 => says(&mut stream, body).await,
            2 => says(&mut stream, "GET /healthz HTTP/1.1\r\nx-slow: ").await,
            _ => says(&mut stream, &format!("{GET}GET /heal")).await,
        }
        strangers.push(stream);
    }
    let mut times = Vec::new();
    for number in 0..300 {
        let began = Instant::now();
        assert!(business.push(&server.url, &number.to_string(), true).await);
        times.push(began.elapsed());
    }
    times.sort();
    println!("beside 580 connections: p50 {:?}, p99 {:?}, max {:?}", times[150], times[297], times[299]);
    drop(strangers);
}
