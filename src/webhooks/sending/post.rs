//! One POST to a receiver, bounded in time and size; of the answer only its head is read.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Position, Url};

use super::reach::Reach;
use crate::webhooks::deliveries::Failure;

/// From the look-up of the name to the head of the answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Of that, until there is a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// The longest head of an answer.
const HEAD_BYTES: usize = 16 << 10;
/// The most headers of an answer.
const HEADERS: usize = 100;

/// What is posted.
pub(super) struct Message {
    /// Id of the event.
    pub(super) id: String,
    /// When the attempt is made, in seconds since 1970.
    pub(super) seconds: i64,
    /// Signatures.
    pub(super) signature: String,
    /// The event.
    pub(super) body: Vec<u8>,
}

/// What the receiver answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Seconds after which it wants to be asked again.
    pub(super) retry_after_seconds: Option<i64>,
}

/// Posts a message to a receiver.
pub(super) async fn post(reach: &Reach, url: &Url, message: Message) -> Result<Answer, Failure> {
    timeout(PATIENCE, exchange(reach, url, message)).await.unwrap_or(Err(Failure::TimedOut))
}

async fn exchange(reach: &Reach, url: &Url, message: Message) -> Result<Answer, Failure> {
    let request = request_of(url, message).map_err(|_| Failure::AddressRefused)?;
    let connected = timeout(CONNECT_PATIENCE, reach.connect(url)).await;
    let stream = connected.map_err(|_| Failure::Unreachable)??;
    if url.scheme() != "https" {
        return talk(stream, request).await;
    }
    let tls = reach.tls().ok_or(Failure::TlsFailed)?;
    // A host written by its number has its brackets taken off.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| Failure::TlsFailed)?;
    let stream = TlsConnector::from(tls).connect(name, stream).await.map_err(|_| Failure::TlsFailed)?;
    talk(stream, request).await
}

fn request_of(url: &Url, message: Message) -> hyper::http::Result<Request<Full<Bytes>>> {
    Request::post(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")
        .header(USER_AGENT, concat!("Sinergi/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.seconds)
        .header("webhook-signature", message.signature)
        .body(Full::new(message.body.into()))
}

/// Sends the request and reads the head of the answer; the connection is closed with all that would follow.
async fn talk<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEAD_BYTES).max_headers(HEADERS);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|_| Failure::NotHttp)?;
    // Ends with this function, whatever the receiver still sends.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await.map_err(|_| Failure::NotHttp)?;
    Ok(Answer { status: response.status().as_u16(), retry_after_seconds: retry_after(&response) })
}

fn retry_after<B>(response: &Response<B>) -> Option<i64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}
