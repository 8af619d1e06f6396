//! What may go wrong around the program: it is killed, or told to end, in the middle of its work (R1, R9).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

mod kill;
mod program;
mod sigterm;
