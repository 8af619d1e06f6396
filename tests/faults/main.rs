//! What may go wrong around the program: it is killed, or told to end, in the middle of its work (R1, R9), and strangers hold on to it (R10, R20).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

mod damage;
mod disk;
#[path = "../api/fake_peer.rs"]
#[allow(dead_code, reason = "not every fault needs all that a peer can do")]
mod fake_peer;
mod kill;
mod log;
mod outbox;
mod program;
mod recordings;
mod refusals;
mod sighup;
mod sigterm;
mod strangers;
mod streams;
