//! Request bodies within their limits of size and time, whatever the handler does with them.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::error::Error;

/// From the request's head to the body's last byte; of one that may be large, as much longer as a slow line needs.
const LONGEST: Duration = Duration::from_secs(10);
const SLOWEST_BYTES_A_SECOND: u64 = 512 * 1024;

/// A request's body: where it comes from, how much of it was read, and what was wrong with it.
pub struct Incoming {
    inner: RefCell<Payload>,
    /// How many bytes of it may still come.
    left: Cell<usize>,
    deadline: Cell<Instant>,
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

/// Puts limits around the request's body: of time at once, of size when its route is known ([`bound`]); until then
/// nothing of it is read.
pub fn limit(request: &mut ServiceRequest) -> Rc<Incoming> {
    let inner = request.parts_mut().1.take();
    let is_there = !matches!(inner, Payload::None);
    let incoming = Rc::new(Incoming {
        inner: RefCell::new(inner),
        left: Cell::new(0),
        deadline: Cell::new(Instant::now() + LONGEST),
        is_unread: Cell::new(is_there),
        fault: Cell::new(None),
    });
    if is_there {
        let body = Limited { incoming: Rc::clone(&incoming), alarm: None };
        request.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
    request.extensions_mut().insert(Rc::clone(&incoming));
    incoming
}

/// Wraps each route: its body may have `most` bytes.
///
/// # Errors
/// None of its own: an announced length that is greater is answered at once.
pub async fn bound(
    most: usize,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > most as u64) {
        return Ok(request.error_response(Error::TooLarge));
    }
    if let Some(incoming) = request.extensions().get::<Rc<Incoming>>() {
        incoming.left.set(most);
        incoming.deadline.set(incoming.deadline.get() + Duration::from_secs(most as u64 / SLOWEST_BYTES_A_SECOND));
    }
    next.call(request).await
}

struct Limited {
    incoming: Rc<Incoming>,
    /// Set once the body has to be waited for: most are here with the head.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Stream for Limited {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut *self.incoming.inner.borrow_mut()).poll_next(context);
        match next {
            Poll::Ready(Some(Ok(bytes))) => {
                let Some(left) = self.incoming.left.get().checked_sub(bytes.len()) else {
                    self.incoming.fault.set(Some(Fault::TooLarge));
                    return Poll::Ready(Some(Err(PayloadError::Overflow)));
                };
                self.incoming.left.set(left);
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Pending => {
                let deadline = self.incoming.deadline.get();
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
