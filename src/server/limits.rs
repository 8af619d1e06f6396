//! How many connections this process may hold.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files other than connections: the store, the log, outgoing calls.
const RESERVED: u64 = 128;
const GREATEST: u64 = 16_384;

/// The most connections all workers together may hold open, with the limit on open files raised as far as it goes:
/// past it they wait in the kernel's queue, and nothing fails for want of a file descriptor.
pub fn connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(GREATEST).min(GREATEST + RESERVED);
    let mut granted = limit.current.unwrap_or(wanted);
    if granted < wanted && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit }).is_ok() {
        granted = wanted;
    }
    usize::try_from(granted.saturating_sub(RESERVED).clamp(RESERVED, GREATEST)).unwrap_or(usize::MAX)
}
