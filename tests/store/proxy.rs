//! A way to PostgreSQL that a test can stop: what is sent then arrives nowhere, and neither end hears of it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ringcard::store::location::StoreLocation;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::place::Place;

/// Forwards from a port of its own; what is open stays open when it is dropped.
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_frozen: AtomicBool,
    is_deaf: AtomicBool,
    /// How much later everything arrives, each way.
    delay_us: AtomicU64,
    /// How often a client has asked and waited, but for those that listen.
    trips: AtomicU64,
}

/// What is known of one connection.
#[derive(Default)]
struct Known {
    listens: AtomicBool,
    /// Something was asked since the last answer.
    is_asked: AtomicBool,
}

/// The statement by which a connection is known that listens.
const LISTEN: &[u8] = b"LISTEN ringcard";

impl Proxy {
    /// Before the server of this place.
    pub fn before(place: &Place) -> Self {
        Self::before_server(url(place))
    }

    /// Before the server at this address.
    pub fn before_server(address: &str) -> Self {
        let server: Config = address.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (client, Some(server)) = (End::Tcp(client), End::reach(&server)) else { continue };
                let known = Arc::new(Known::default());
                forward(client.again(), server.again(), Arc::clone(&shared), Arc::clone(&known), true);
                forward(server, client, Arc::clone(&shared), known, false);
            }
        });
        Self { address, state }
    }

    /// The place, reached by way of these proxies, in their order.
    pub fn location(place: &Place, proxies: &[&Self]) -> StoreLocation {
        let server: Config = url(place).parse().unwrap();
        let hosts: Vec<_> = proxies.iter().map(|proxy| proxy.address.to_string()).collect();
        let (user, database) = (server.get_user().unwrap(), server.get_dbname().unwrap());
        StoreLocation::Postgres(format!("postgres://{user}@{}/{database}", hosts.join(",")))
    }

    /// Nothing goes on, whoever connects; all stays open.
    pub fn freezes(&self) {
        self.state.is_frozen.store(true, Ordering::SeqCst);
    }

    pub fn thaws(&self) {
        self.state.is_frozen.store(false, Ordering::SeqCst);
    }

    /// Whatever is sent arrives so much later.
    #[allow(dead_code, reason = "for who tests the store alone")]
    pub fn delays(&self, each_way: Duration) {
        self.state.delay_us.store(u64::try_from(each_way.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// How often somebody has waited for the server since this was asked last.
    #[allow(dead_code, reason = "for who tests the store alone")]
    pub fn take_trips(&self) -> u64 {
        self.state.trips.swap(0, Ordering::SeqCst)
    }

    /// Nothing goes on of connections that listen.
    #[allow(dead_code, reason = "for who tests the whole program")]
    pub fn goes_deaf(&self) {
        self.state.is_deaf.store(true, Ordering::SeqCst);
    }

    #[allow(dead_code, reason = "for who tests the whole program")]
    pub fn hears_again(&self) {
        self.state.is_deaf.store(false, Ordering::SeqCst);
    }
}

fn url(place: &Place) -> &str {
    let StoreLocation::Postgres(url) = &place.location else { panic!("not on a server") };
    url
}

/// One side of a connection.
enum End {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl End {
    fn reach(server: &Config) -> Option<Self> {
        let port = server.get_ports().first().copied().unwrap_or(5432);
        Some(match &server.get_hosts()[0] {
            Host::Unix(directory) => Self::Unix(UnixStream::connect(directory.join(format!(".s.PGSQL.{port}"))).ok()?),
            Host::Tcp(name) => Self::Tcp(TcpStream::connect((name.as_str(), port)).ok()?),
        })
    }

    fn again(&self) -> Self {
        match self {
            Self::Tcp(stream) => {
                // Small parts go at once: the way is as slow as it is told to be.
                stream.set_nodelay(true).unwrap();
                Self::Tcp(stream.try_clone().unwrap())
            }
            Self::Unix(stream) => Self::Unix(stream.try_clone().unwrap()),
        }
    }

    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(bytes),
            Self::Unix(stream) => stream.read(bytes),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes),
            Self::Unix(stream) => stream.write_all(bytes),
        }
    }

    /// For whoever holds it.
    fn close(&self) {
        // Perhaps the other end did.
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

fn forward(mut from: End, mut to: End, state: Arc<State>, known: Arc<Known>, is_client: bool) {
    let (stopping, listening) = (Arc::clone(&state), Arc::clone(&known));
    let is_stopped = move || {
        let is_deaf = stopping.is_deaf.load(Ordering::SeqCst) && listening.listens.load(Ordering::SeqCst);
        is_deaf || stopping.is_frozen.load(Ordering::SeqCst)
    };
    std::thread::spawn(move || {
        let mut bytes = [0; 16_384];
        while let Ok(count) = from.read(&mut bytes) {
            if bytes[..count].windows(LISTEN.len()).any(|window| window == LISTEN) {
                known.listens.store(true, Ordering::SeqCst);
            }
            let is_first = known.is_asked.swap(is_client, Ordering::SeqCst) != is_client;
            if is_client && is_first && !known.listens.load(Ordering::SeqCst) {
                state.trips.fetch_add(1, Ordering::SeqCst);
            }
            while is_stopped() {
                std::thread::sleep(Duration::from_millis(5));
            }
            match state.delay_us.load(Ordering::SeqCst) {
                0 => {}
                delay_us => std::thread::sleep(Duration::from_micros(delay_us)),
            }
            if count == 0 || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        // Who has gone is gone on the other side too.
        from.close();
        to.close();
    });
}
