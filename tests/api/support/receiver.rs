//! A receiver of webhooks on loopback: keeps what it gets, and answers as a test wants.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::aws_lc_rs::hmac;
use ::aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Taken {
    /// A header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    fn signed(&self) -> String {
        format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body)
    }

    fn signatures(&self, version: &str) -> Vec<Vec<u8>> {
        let all = self.header("webhook-signature").split(' ').filter_map(|one| one.split_once(','));
        all.filter(|(known, _)| *known == version).map(|(_, text)| STANDARD.decode(text).unwrap()).collect()
    }

    /// True where a signature is by the secret, as the specification computes it.
    pub(crate) fn is_by_secret(&self, secret: &str) -> bool {
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        assert!((24..=64).contains(&bytes.len()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        self.signatures("v1").iter().any(|one| hmac::verify(&key, self.signed().as_bytes(), one).is_ok())
    }

    /// True where a signature is by the key.
    pub(crate) fn is_by_key(&self, public_key: &str) -> bool {
        let bytes = STANDARD.decode(public_key.strip_prefix("whpk_").unwrap()).unwrap();
        let key = UnparsedPublicKey::new(&ED25519, bytes);
        self.signatures("v1a").iter().any(|one| key.verify(self.signed().as_bytes(), one).is_ok())
    }

    /// How many signatures by secrets there are.
    pub(crate) fn count_of_secrets(&self) -> usize {
        self.signatures("v1").len()
    }
}

/// How the receiver answers one request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// With a status.
    Status(u16),
    /// With these bytes, then silence.
    Bytes(String),
    /// With these bytes, then others without end.
    Flood(String),
    /// Not at all.
    Silence,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    replies: VecDeque<Reply>,
    connections: usize,
}

/// A receiver; answers 204 unless told otherwise.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub(crate) async fn new() -> Self {
        Self::at("127.0.0.1:0").await
    }

    pub(crate) async fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let receiver = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let state = Arc::clone(&receiver.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                state.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        });
        receiver
    }

    /// One that proves itself by a certificate.
    pub(crate) async fn proved(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> Self {
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let state = Arc::clone(&receiver.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    tokio::spawn(serve(stream, Arc::clone(&state)));
                }
            }
        });
        receiver
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/events?portal=1", self.address)
    }

    /// Answers the next requests so.
    pub(crate) fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state.lock().unwrap().replies.extend(replies);
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    /// What came, once it is so much.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Taken> {
        for _ in 0..1_500 {
            let taken = self.taken();
            if taken.len() >= count {
                return taken;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} requests, not {count}: {:?}", self.taken().len(), self.taken());
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, state: Arc<Mutex<State>>) {
    let Some(taken) = read(&mut stream).await else { return };
    let reply = {
        let mut state = state.lock().unwrap();
        state.taken.push(taken);
        state.replies.pop_front().unwrap_or(Reply::Status(204))
    };
    let text = match &reply {
        Reply::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"),
        Reply::Bytes(text) | Reply::Flood(text) => text.clone(),
        Reply::Silence => String::new(),
    };
    stream.write_all(text.as_bytes()).await.ok();
    if matches!(reply, Reply::Flood(_)) {
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    }
    if matches!(reply, Reply::Silence) {
        tokio::time::sleep(Duration::from_mins(2)).await;
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Taken> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let taken = Taken { head: head.to_owned(), body: body.to_owned() };
        if taken.header("content-length").parse::<usize>().unwrap_or_default() <= body.len() {
            return Some(taken);
        }
    }
}
