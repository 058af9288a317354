//! Bodies that were answered before they were read.
//!
//! actix goes on reading a chunked body that nobody wants for as long as the client sends. Here such a body stays
//! held until the answer is out, and actix then closes the connection instead.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::ConnectionType;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::{HttpMessage, HttpResponse};
use futures_util::Stream;
use futures_util::stream::poll_fn;

/// Long enough for an answer to be on its way.
const HELD: Duration = Duration::from_secs(2);

/// The body of a request, shared with whoever reads it.
pub(super) struct Held(Rc<RefCell<Shared>>);

struct Shared {
    payload: Payload,
    is_read: bool,
}

impl Held {
    /// Holds a body without a stated length; others end by themselves.
    pub(super) fn of(request: &mut ServiceRequest) -> Option<Self> {
        request.headers().contains_key(TRANSFER_ENCODING).then(|| {
            let shared = Rc::new(RefCell::new(Shared { payload: request.take_payload(), is_read: false }));
            let reader = Rc::clone(&shared);
            let stream = poll_fn(move |context| {
                let mut shared = reader.borrow_mut();
                let polled = Pin::new(&mut shared.payload).poll_next(context);
                shared.is_read |= matches!(polled, std::task::Poll::Ready(None));
                polled
            });
            request.set_payload(Payload::Stream { payload: Box::pin(stream) });
            Self(shared)
        })
    }

    /// Closes the connection after the answer, where the body was not read to its end.
    pub(super) fn settle<B>(self, response: &mut HttpResponse<B>) {
        if self.0.borrow().is_read {
            return;
        }
        response.head_mut().set_connection_type(ConnectionType::Close);
        actix_web::rt::spawn(async move {
            tokio::time::sleep(HELD).await;
            drop(self);
        });
    }
}
