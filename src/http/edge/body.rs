//! Request bodies within their limits of size and time, whatever the handler does with them.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::error::Error;
use crate::http::edge::decode::JSON_LIMIT;
use crate::http::pbx;

/// From the request's head to the body's last byte.
const LONGEST: Duration = Duration::from_secs(10);

/// What was wrong with a body, known once it was read.
pub struct Verdict(Rc<Cell<Option<Fault>>>);

#[derive(Clone, Copy)]
enum Fault {
    TooLarge,
    TooSlow,
}

impl Verdict {
    pub fn error(&self) -> Option<Error> {
        self.0.get().map(|fault| match fault {
            Fault::TooLarge => Error::TooLarge,
            Fault::TooSlow => Error::TooSlow,
        })
    }
}

/// Puts limits around the request's body.
///
/// # Errors
/// `TooLarge` at once, when its length is announced.
pub fn limit(request: &mut ServiceRequest) -> Result<Verdict, Error> {
    let verdict = Rc::new(Cell::new(None));
    // As the router reads it: `/%70bx` is the same place.
    let most = if request.match_info().as_str() == "/pbx" { pbx::BODY_LIMIT } else { JSON_LIMIT };
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > most as u64) {
        return Err(Error::TooLarge);
    }
    let inner = request.parts_mut().1.take();
    if !matches!(inner, Payload::None) {
        let fault = Rc::clone(&verdict);
        let body = Limited { inner, left: most, deadline: Instant::now() + LONGEST, alarm: None, fault };
        request.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
    Ok(Verdict(verdict))
}

struct Limited {
    inner: Payload,
    left: usize,
    deadline: Instant,
    /// Set once the body has to be waited for: most are here with the head.
    alarm: Option<Pin<Box<Sleep>>>,
    fault: Rc<Cell<Option<Fault>>>,
}

impl Stream for Limited {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match Pin::new(&mut self.inner).poll_next(context) {
            Poll::Ready(Some(Ok(bytes))) => {
                let Some(left) = self.left.checked_sub(bytes.len()) else {
                    self.fault.set(Some(Fault::TooLarge));
                    return Poll::Ready(Some(Err(PayloadError::Overflow)));
                };
                self.left = left;
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Pending => {
                let deadline = self.deadline;
                let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                if alarm.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.fault.set(Some(Fault::TooSlow));
                Poll::Ready(Some(Err(PayloadError::Incomplete(None))))
            }
            done => done,
        }
    }
}
