//! A cheap client: keep-alive connections on one thread, requests written beforehand, only ids and numbers put in.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::ringcard::{CONTACTS, number};

const WARM_UP: Duration = Duration::from_millis(200);
/// Different in every request, over the whole run.
static NEXT_CALL: AtomicU64 = AtomicU64::new(0);
/// Where the PBX has its recordings. It takes its time over each, as one does: what is measured is the push.
static RECORDS: LazyLock<TcpListener> = LazyLock::new(|| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());

#[derive(Clone, Copy, Debug)]
pub enum Workload {
    /// INCOMING, ACCEPTED, COMPLETED, history: one call after the other on each connection.
    Calls,
    /// history alone, a new call each time.
    History,
    /// Who is calling, over all contacts.
    Contact,
}

pub struct Slice {
    pub per_second: f64,
    pub median_us: u64,
    pub p99_us: u64,
}

/// Asks for `duration` over so many connections, after a short warm-up that does not count.
///
/// # Panics
/// When any answer is not 200: a server that refuses is not fast.
pub fn run(address: SocketAddr, token: &str, workload: Workload, connections: usize, duration: Duration) -> Slice {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let began = Instant::now();
    let (from, until) = (began + WARM_UP, began + WARM_UP + duration);
    let mut took_us: Vec<u64> = runtime.block_on(async {
        let connect = |n| tokio::spawn(keep_asking(address, requests(token, workload), n, from, until));
        let tasks: Vec<_> = (0..connections).map(connect).collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    });
    took_us.sort_unstable();
    Slice {
        per_second: took_us.len() as f64 / duration.as_secs_f64(),
        median_us: took_us[took_us.len() / 2],
        p99_us: took_us[took_us.len() * 99 / 100],
    }
}

async fn keep_asking(
    address: SocketAddr,
    mut requests: Vec<Request>,
    connection: usize,
    from: Instant,
    until: Instant,
) -> Vec<u64> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut took_us = Vec::new();
    let mut answer = Vec::with_capacity(4096);
    let mut random = connection as u64 + 1;
    loop {
        let call = NEXT_CALL.fetch_add(1, Ordering::Relaxed);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let client = number((random >> 33) as u32 % CONTACTS);
        for request in &mut requests {
            let began = Instant::now();
            if began >= until {
                return took_us;
            }
            stream.write_all(request.about(call, &client)).await.unwrap();
            read_answer(&mut stream, &mut answer).await;
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
            if began >= from {
                took_us.push(began.elapsed().as_micros() as u64);
            }
        }
    }
}

/// Reads one whole answer; every one of ours says its length.
pub async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    loop {
        assert!(stream.read_buf(answer).await.unwrap() > 0, "the connection was closed");
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]);
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
        });
        if answer.len() >= head + 4 + length.unwrap_or(0) {
            return;
        }
    }
}

/// A request whose call and client are put in where they stand.
pub struct Request {
    bytes: Vec<u8>,
    call_at: usize,
    client_at: usize,
}

pub const CALL_PLACE: &str = "CALLCALLCALLCALL";
pub const CLIENT_PLACE: &str = "CLIENTCLIEN";
pub const FORM: &str = "application/x-www-form-urlencoded";

impl Request {
    pub fn post(body: &str) -> Self {
        let text = format!(
            "POST /pbx HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let place = |place| text.find(place).unwrap();
        Self { call_at: place(CALL_PLACE), client_at: place(CLIENT_PLACE), bytes: text.into_bytes() }
    }

    pub fn about(&mut self, call: u64, client: &str) -> &[u8] {
        let call = format!("{call:016}");
        self.bytes[self.call_at..self.call_at + call.len()].copy_from_slice(call.as_bytes());
        self.bytes[self.client_at..self.client_at + client.len()].copy_from_slice(client.as_bytes());
        &self.bytes
    }
}

pub fn event(token: &str, kind: &str) -> Request {
    Request::post(&event_form(token, kind))
}

pub fn event_form(token: &str, kind: &str) -> String {
    format!(
        "cmd=event&type={kind}&phone={CLIENT_PLACE}&diversion=74951234567&user=andy&callid=BENCH-{CALL_PLACE}\
         &crm_token={token}"
    )
}

pub fn history_form(token: &str) -> String {
    let port = RECORDS.local_addr().unwrap().port();
    format!(
        "cmd=history&type=in&user=andy&phone={CLIENT_PLACE}&diversion=74951234567&duration=124&callid=BENCH-{CALL_PLACE}\
         &link=http%3A%2F%2F127.0.0.1%3A{port}%2Frec%2F{CALL_PLACE}.mp3&crm_token={token}&status=Success"
    )
}

fn requests(token: &str, workload: Workload) -> Vec<Request> {
    match workload {
        Workload::Calls => {
            vec![
                event(token, "INCOMING"),
                event(token, "ACCEPTED"),
                event(token, "COMPLETED"),
                Request::post(&history_form(token)),
            ]
        }
        Workload::History => vec![Request::post(&history_form(token))],
        Workload::Contact => vec![Request::post(&format!(
            "cmd=contact&phone={CLIENT_PLACE}&callid=BENCH-{CALL_PLACE}&crm_token={token}"
        ))],
    }
}
