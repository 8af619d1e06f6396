//! Request bodies within their limits of size and time, whatever the handler does with them.

use std::cell::{Cell, RefCell};
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

/// A request's body: where it comes from, how much of it was read, and what was wrong with it.
pub struct Incoming {
    inner: RefCell<Payload>,
    is_unread: Cell<bool>,
    fault: Cell<Option<Fault>>,
}

#[derive(Clone, Copy)]
enum Fault {
    TooLarge,
    TooSlow,
}

impl Incoming {
    pub fn error(&self) -> Option<Error> {
        self.fault.get().map(|fault| match fault {
            Fault::TooLarge => Error::TooLarge,
            Fault::TooSlow => Error::TooSlow,
        })
    }

    /// Whether something of it was not read, and may never come.
    pub fn is_unread(&self) -> bool {
        self.is_unread.get()
    }
}

/// Puts limits around the request's body. It has an error at once when its announced length is too great.
pub fn limit(request: &mut ServiceRequest) -> Rc<Incoming> {
    // As the router reads it: `/%70bx` is the same place.
    let most = if request.match_info().as_str() == "/pbx" { pbx::BODY_LIMIT } else { JSON_LIMIT };
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let fault = announced.filter(|length: &u64| *length > most as u64).map(|_| Fault::TooLarge);
    let inner = request.parts_mut().1.take();
    let is_there = !matches!(inner, Payload::None);
    let incoming =
        Rc::new(Incoming { inner: RefCell::new(inner), is_unread: Cell::new(is_there), fault: Cell::new(fault) });
    if is_there {
        let body =
            Limited { incoming: Rc::clone(&incoming), left: most, deadline: Instant::now() + LONGEST, alarm: None };
        request.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
    incoming
}

struct Limited {
    incoming: Rc<Incoming>,
    left: usize,
    deadline: Instant,
    /// Set once the body has to be waited for: most are here with the head.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Stream for Limited {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut *self.incoming.inner.borrow_mut()).poll_next(context);
        match next {
            Poll::Ready(Some(Ok(bytes))) => {
                let Some(left) = self.left.checked_sub(bytes.len()) else {
                    self.incoming.fault.set(Some(Fault::TooLarge));
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
                self.incoming.fault.set(Some(Fault::TooSlow));
                Poll::Ready(Some(Err(PayloadError::Incomplete(None))))
            }
            done => {
                self.incoming.is_unread.set(false);
                done
            }
        }
    }
}
