//! Connections to receivers: the address is looked at when it is known, right before it is connected to.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use crate::domain::Network;
use crate::webhooks::address;
use crate::webhooks::deliveries::Failure;

/// Addresses of a name that are tried.
const TRIED: usize = 3;

/// What finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> + Send + Sync>;

/// Where webhooks may be sent, and how a receiver is found and known.
#[derive(Clone)]
pub struct Reach {
    networks: Vec<Network>,
    lookup: Lookup,
    tls: Option<Arc<ClientConfig>>,
}

impl Reach {
    /// Reaches the public internet and the networks; names and certificates are those of the machine.
    #[must_use]
    pub fn new(networks: Vec<Network>) -> Self {
        Self { networks, lookup: Arc::new(|name| Box::pin(look_up(name))), tls: None }
    }

    /// The same with another way to find the addresses of a name.
    #[must_use]
    pub fn with_lookup(self, lookup: Lookup) -> Self {
        Self { lookup, ..self }
    }

    /// The same with certificates of authorities instead of those of the machine.
    #[must_use]
    pub fn with_authorities(self, authorities: Vec<CertificateDer<'static>>) -> Self {
        Self { tls: config_of(authorities), ..self }
    }

    /// Private networks that may be reached.
    #[must_use]
    pub fn networks(&self) -> &[Network] {
        &self.networks
    }

    /// What proves a receiver; `None` where the machine has no certificates, so that nobody can.
    pub(super) fn tls(&self) -> Option<Arc<ClientConfig>> {
        self.tls.as_ref().or(MACHINE.as_ref()).cloned()
    }

    /// Connects to the host of a URL, if one of its addresses may be reached.
    pub(super) async fn connect(&self, url: &Url) -> Result<TcpStream, Failure> {
        let addresses = match url.host().ok_or(Failure::AddressRefused)? {
            Host::Ipv4(address) => vec![address.into()],
            Host::Ipv6(address) => vec![address.into()],
            Host::Domain(name) => (self.lookup)(name.to_owned()).await.map_err(|_| Failure::NameUnknown)?,
        };
        if addresses.is_empty() {
            return Err(Failure::NameUnknown);
        }
        let port = url.port_or_known_default().ok_or(Failure::AddressRefused)?;
        let may_reach = |address: &IpAddr| address::may_reach(*address, &self.networks);
        let mut failure = Failure::AddressRefused;
        for address in addresses.into_iter().filter(may_reach).take(TRIED) {
            match TcpStream::connect(SocketAddr::new(address, port)).await {
                Ok(stream) => return Ok(stream),
                Err(_) => failure = Failure::Unreachable,
            }
        }
        Err(failure)
    }
}

async fn look_up(name: String) -> io::Result<Vec<IpAddr>> {
    let found = tokio::net::lookup_host((name, 0)).await?;
    Ok(found.map(|address| address.ip()).collect())
}

/// The authorities that the machine trusts, read at the first receiver.
static MACHINE: LazyLock<Option<Arc<ClientConfig>>> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        log::warn!("the machine has no certificates of authorities: no webhook can be sent over https");
    }
    config_of(found.certs)
});

fn config_of(authorities: Vec<CertificateDer<'static>>) -> Option<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(authorities);
    if taken == 0 {
        return None;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?;
    Some(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
