//! How many connections this process may hold, and what each costs the kernel.

use std::net::TcpListener;
use std::time::Duration;

use rustix::io::Result;
use rustix::net::sockopt::{set_socket_send_buffer_size, set_tcp_user_timeout};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files other than connections: the store, the log, outgoing calls.
const RESERVED: u64 = 128;
const GREATEST: u64 = 16_384;
/// What the kernel keeps of answers that were not taken; it doubles the figure, and would go up to 4 MiB by itself.
const UNTAKEN_BYTES: usize = 128 * 1024;

/// So long a client may take nothing of what waits for it, in the kernel or here.
pub const STALL_LIMIT: Duration = Duration::from_secs(15);

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

/// Bounds what a connection of this listener may leave in the kernel, also after we have closed it.
///
/// # Errors
/// When the kernel does not know such bounds.
pub fn bound(listener: &TcpListener) -> Result<()> {
    set_socket_send_buffer_size(listener, UNTAKEN_BYTES)?;
    set_tcp_user_timeout(listener, u32::try_from(STALL_LIMIT.as_millis()).unwrap_or(u32::MAX))
}
