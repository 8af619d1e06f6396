//! A connection with deadlines: one on which nothing goes on is closed, whoever holds it open.

use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use crate::http::edge::turn::Turn;
use crate::server::limits::STALL_LIMIT;
use crate::server::places::Place;

pub struct Line {
    socket: TcpStream,
    pub turn: Turn,
    /// Rings when the client is late with its request.
    late: Pin<Box<Sleep>>,
    /// There while the client takes nothing: rings when that has lasted too long.
    stalled: Option<Pin<Box<Sleep>>>,
    _place: Option<Place>,
}

impl Line {
    pub fn new(socket: TcpStream, place: Option<Place>) -> Self {
        let turn = Turn::default();
        let late = Box::pin(sleep_until(turn.deadline().unwrap_or_else(Instant::now)));
        Self { socket, turn, late, stalled: None, _place: place }
    }

    /// # Errors
    /// `TimedOut` when the client should have sent a request by now; else the task is woken when it should have.
    fn check_request(&mut self, context: &mut Context<'_>) -> Result<()> {
        let Some(deadline) = self.turn.deadline() else { return Ok(()) };
        if self.late.deadline() != deadline {
            self.late.as_mut().reset(deadline);
        }
        if self.late.as_mut().poll(context).is_ready() { Err(ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    fn stall(&mut self, context: &mut Context<'_>) -> Poll<Result<usize>> {
        let alarm = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALL_LIMIT)));
        ready!(alarm.as_mut().poll(context));
        // What the kernel still holds for it goes too.
        let _ = self.socket.set_zero_linger();
        Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "the client takes nothing")))
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        // Who does not take the last answer asks nothing more; the write wakes this task.
        if self.stalled.is_some() {
            return Poll::Pending;
        }
        // As at the end of the stream.
        if self.turn.allowance() == 0 {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        if Pin::new(&mut self.socket).poll_read(context, buffer)?.is_ready() {
            self.turn.note_read(buffer.filled().len() - before);
            return Poll::Ready(Ok(()));
        }
        self.check_request(context)?;
        Poll::Pending
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let Poll::Ready(written) = Pin::new(&mut self.socket).poll_write(context, bytes) else {
            return self.stall(context);
        };
        if self.stalled.take().is_some() {
            context.waker().wake_by_ref();
        }
        Poll::Ready(written)
    }

    /// Always asked after an answer: from here on the client is waited for.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.check_request(context)?;
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
