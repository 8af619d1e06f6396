//! What may go wrong around the program: it is killed, told to end or copied in the middle of its work (R1, R8, R9), and strangers hold on to it (R10, R20).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

mod at_start;
mod backup;
mod canaries;
mod cluster;
mod damage;
mod deploy;
mod disk;
mod disk_log;
mod failover;
#[path = "../api/fake_peer.rs"]
#[allow(dead_code, reason = "not every fault needs all that a peer can do")]
mod fake_peer;
mod fuzz;
mod imports;
mod invented;
mod kill;
mod log;
mod metrics;
mod mutated;
mod outbox;
mod parsers;
#[path = "../store/place.rs"]
#[allow(dead_code, reason = "the store's own tests use the rest")]
mod place;
mod power;
mod program;
#[path = "../store/proxy.rs"]
#[allow(dead_code, reason = "the store's own tests use the rest")]
mod proxy;
mod recordings;
mod refusals;
mod sighup;
mod sigterm;
mod strangers;
mod streams;
mod tls;
mod traffic;
