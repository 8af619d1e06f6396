//! Pushes that come as often as they come, whether the server keeps up or not: a push's time counts from when it was due.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::load::{CALL_PLACE, CLIENT_PLACE, FORM, Slice, event_form, history_form, read_answer};
use crate::ringcard::{CONTACTS, number};

const CONNECTIONS: u64 = 64;
static NEXT_CALL: AtomicU64 = AtomicU64::new(1 << 40);

/// Somebody whose PBX speaks to us: his host name and his token.
#[derive(Clone)]
pub struct Tenant {
    pub host: String,
    pub token: String,
}

/// Calls of all these tenants, so many pushes a second.
///
/// # Panics
/// When any answer is not 200.
pub fn run(address: SocketAddr, tenants: &[Tenant], per_second: u64, duration: Duration) -> Slice {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let began = Instant::now();
    let between = Duration::from_nanos(1_000_000_000 * CONNECTIONS / per_second);
    let mut took_us: Vec<u64> = runtime.block_on(async {
        let connection = |n: u64| {
            let first = began + between * n as u32 / CONNECTIONS as u32;
            tokio::spawn(keep_sending(address, tenants.to_vec(), n, first, between, began + duration))
        };
        let tasks: Vec<_> = (0..CONNECTIONS).map(connection).collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    });
    let per_second = took_us.len() as f64 / began.elapsed().as_secs_f64();
    took_us.sort_unstable();
    Slice { per_second, median_us: took_us[took_us.len() / 2], p99_us: took_us[took_us.len() * 99 / 100] }
}

async fn keep_sending(
    address: SocketAddr,
    tenants: Vec<Tenant>,
    connection: u64,
    mut due: Instant,
    between: Duration,
    until: Instant,
) -> Vec<u64> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut took_us, mut answer) = (Vec::new(), Vec::new());
    let mut random = connection + 1;
    loop {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let tenant = &tenants[(random >> 33) as usize % tenants.len()];
        let (call, client) = (NEXT_CALL.fetch_add(1, Ordering::Relaxed), number((random >> 40) as u32 % CONTACTS));
        let kinds = ["INCOMING", "ACCEPTED", "COMPLETED"].map(|kind| event_form(&tenant.token, kind));
        for form in kinds.into_iter().chain([history_form(&tenant.token)]) {
            if due >= until {
                return took_us;
            }
            tokio::time::sleep_until(due.into()).await;
            let body = form.replace(CALL_PLACE, &format!("{call:016}")).replace(CLIENT_PLACE, &client);
            let head = format!("POST /pbx HTTP/1.1\r\nHost: {}\r\nContent-Type: {FORM}\r\n", tenant.host);
            let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(request.as_bytes()).await.unwrap();
            read_answer(&mut stream, &mut answer).await;
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
            took_us.push(due.elapsed().as_micros() as u64);
            due += between;
        }
    }
}
