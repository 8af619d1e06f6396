//! Whose turn it is on a connection: the client's, who must send a request in time, or ours, who answer it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;
use tokio::time::Instant;

use crate::http::edge::body::Incoming;

/// From the first byte of a request to the end of its head.
pub const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// From the end of one answer to the end of the next request's head.
const QUIET_LIMIT: Duration = Duration::from_secs(10);
/// What a client may still send of a body that was answered before its end; it reads the answer meanwhile.
const LAST_BYTES: usize = 1024 * 1024;

#[derive(Clone, Copy)]
enum State {
    Theirs {
        until: Instant,
    },
    Ours,
    /// Answered before the body's end: the connection is of no more use.
    Leaving {
        left: usize,
    },
}

/// The turn of one connection. Clones share it.
#[derive(Clone)]
pub struct Turn(Rc<Cell<State>>);

impl Default for Turn {
    fn default() -> Self {
        Self(Rc::new(Cell::new(State::Theirs { until: Instant::now() + QUIET_LIMIT })))
    }
}

impl Turn {
    /// Takes the turn for one request, until the answer has left.
    pub fn take(request: &HttpRequest) -> Ours {
        let turn = request.conn_data::<Self>().cloned().unwrap_or_default();
        turn.0.set(State::Ours);
        Ours(turn)
    }

    /// Until when the client must have sent a request, while it is its turn.
    pub fn deadline(&self) -> Option<Instant> {
        match self.0.get() {
            State::Theirs { until } => Some(until),
            State::Ours | State::Leaving { .. } => None,
        }
    }

    /// How much may still be read of the client.
    pub fn allowance(&self) -> usize {
        if let State::Leaving { left } = self.0.get() { left } else { usize::MAX }
    }

    /// So many bytes came in.
    pub fn note_read(&self, count: usize) {
        self.0.set(match self.0.get() {
            State::Theirs { until } => State::Theirs { until: until.min(Instant::now() + HEAD_LIMIT) },
            State::Ours => State::Ours,
            State::Leaving { left } => State::Leaving { left: left.saturating_sub(count) },
        });
    }
}

/// Our turn; given back when dropped.
pub struct Ours(Turn);

impl Ours {
    /// The answer's body, which holds the turn until it has left. What is unread of the request ends the connection:
    /// the server closes it, after a moment, while its body is still held.
    pub fn hold(self, body: BoxBody, incoming: Rc<Incoming>) -> BoxBody {
        if incoming.is_unread() {
            self.0.0.set(State::Leaving { left: LAST_BYTES });
        }
        BoxBody::new(Answer { body, _incoming: incoming, _ours: self })
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        if let State::Ours = self.0.0.get() {
            self.0.0.set(State::Theirs { until: Instant::now() + QUIET_LIMIT });
        }
    }
}

struct Answer {
    body: BoxBody,
    _incoming: Rc<Incoming>,
    _ours: Ours,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
