//! Where a webhook may be sent: never to what is reached from inside only.
//!
//! Source: IANA IPv4 and IPv6 special-purpose address registries (RFC 6890), read 2026-11-24.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::domain::Network;
use crate::error::Code;

/// Ports of receivers on the public internet.
const PORTS: [u16; 2] = [443, 8443];

/// First address and bits of the IPv4 networks that are not on the public internet.
const SPECIAL_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local; 169.254.169.254 tells a machine of a cloud its secrets.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // A public address that does the same in one cloud.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, reserved and broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The IPv6 addresses that are given out for the internet.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Parts of those that are not reached, or that stand for an IPv4 address: protocol assignments with Teredo,
/// documentation, 6to4, documentation again. NAT64, unique local, link-local and the rest lie outside of them.
const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Ends of names that only an inside resolver knows, metadata services of clouds among them.
const INSIDE_NAMES: [&str; 9] =
    ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "home.arpa"];

/// True for an address that is reached over the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL_V4
            .iter()
            .any(|(first, bits)| (first.to_bits() ^ address.to_bits()).checked_shr(32 - bits).unwrap_or_default() == 0),
        IpAddr::V6(address) => {
            let is_in = |(first, bits): &(Ipv6Addr, u32)| {
                (first.to_bits() ^ address.to_bits()).checked_shr(128 - bits).unwrap_or_default() == 0
            };
            is_in(&GLOBAL_V6) && !SPECIAL_V6.iter().any(is_in)
        }
    }
}

/// True for an address that may be connected to: a public one, or one of a network that the operator named.
pub(super) fn may_reach(address: IpAddr, networks: &[Network]) -> bool {
    is_public(address) || networks.iter().any(|network| network.contains(address))
}

/// Reads the address of a receiver, as the form of it can tell; what its name stands for is looked at when it is
/// connected to.
///
/// # Errors
/// The code of what is wrong with it.
pub(super) fn read(text: &str, networks: &[Network]) -> Result<Url, Code> {
    let url = Url::parse(text).map_err(|_| Code::UrlMalformed)?;
    let host = url.host().ok_or(Code::UrlNotHttps)?;
    // Written by its number, a host of a named network may speak plain http on any port.
    let is_named = match host {
        Host::Ipv4(address) => networks.iter().any(|network| network.contains(address.into())),
        Host::Ipv6(address) => networks.iter().any(|network| network.contains(address.into())),
        Host::Domain(_) => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_named) {
        return Err(Code::UrlNotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Code::UrlHasCredentials);
    }
    // The parser mends what a browser would; here it is as the document has it, or refused.
    let is_plain = text.starts_with("https://") || text.starts_with("http://");
    if !is_plain || text.contains(['\\', '#', ' ']) {
        return Err(Code::UrlMalformed);
    }
    if !is_named && !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return Err(Code::UrlPortRefused);
    }
    let is_reached = match host {
        Host::Ipv4(address) => may_reach(address.into(), networks),
        Host::Ipv6(address) => may_reach(address.into(), networks),
        Host::Domain(name) => is_public_name(name) || !networks.is_empty(),
    };
    if is_reached { Ok(url) } else { Err(Code::UrlHostRefused) }
}

/// A name of one part, or below one of the inside ends, is nobody's on the internet.
fn is_public_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_inside = |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    name.contains('.') && !INSIDE_NAMES.iter().any(is_inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> &'static str {
        read(text, &[]).map_or_else(Code::as_str, |_| "")
    }

    #[test]
    fn an_address_of_the_internet_is_reached() {
        for right in ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.0.1", "223.255.255.255"] {
            assert!(is_public(right.parse().unwrap()), "{right}");
        }
        for right in ["2606:4700::1111", "2400:cb00::1", "2a00:1450::1", "::ffff:8.8.8.8"] {
            assert!(is_public(right.parse().unwrap()), "{right}");
        }
    }

    #[test]
    fn an_address_of_the_inside_is_not() {
        for wrong in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!is_public(wrong.parse().unwrap()), "{wrong}");
        }
        for wrong in [
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(wrong.parse().unwrap()), "{wrong}");
        }
    }

    #[test]
    fn the_form_of_an_address_tells_what_is_wrong() {
        for (text, code) in [
            ("https://portal.example/events?key=1", ""),
            ("https://portal.example:8443/events", ""),
            ("https://1.1.1.1/", ""),
            ("portal.example", "url_malformed"),
            ("https://portal.example/#part", "url_malformed"),
            ("https:portal.example/", "url_malformed"),
            ("HTTPS://portal.example/", "url_malformed"),
            ("https:\\\\portal.example\\events", "url_malformed"),
            ("https://portal.example/a?mail=a@b.example", ""),
            ("http://portal.example/", "url_not_https"),
            ("file:///etc/passwd", "url_not_https"),
            ("gopher://portal.example/", "url_not_https"),
            ("ftp://portal.example/", "url_not_https"),
            ("data:text/plain,x", "url_not_https"),
            ("https://user@portal.example/", "url_has_credentials"),
            ("https://user:word@portal.example/", "url_has_credentials"),
            ("https://portal.example@127.0.0.1/", "url_has_credentials"),
            ("https://portal.example:22/", "url_port_refused"),
            ("https://portal.example:80/", "url_port_refused"),
            ("https://127.0.0.1/", "url_host_refused"),
            ("https://127.1/", "url_host_refused"),
            ("https://0x7f000001/", "url_host_refused"),
            ("https://2130706433/", "url_host_refused"),
            ("https://0177.0.0.1/", "url_host_refused"),
            ("https://[::1]/", "url_host_refused"),
            ("https://[::ffff:127.0.0.1]/", "url_host_refused"),
            ("https://169.254.169.254/latest/meta-data", "url_host_refused"),
            ("https://metadata.google.internal/", "url_host_refused"),
            ("https://metadata/", "url_host_refused"),
            ("https://localhost/", "url_host_refused"),
            ("https://LOCALHOST./", "url_host_refused"),
            ("https://a.localhost/", "url_host_refused"),
            ("https://printer.local/", "url_host_refused"),
        ] {
            assert_eq!(refusal(text), code, "{text}");
        }
    }

    #[test]
    fn a_network_that_the_operator_names_is_reached() {
        let networks = ["10.20.0.0/16".parse().unwrap()];
        assert!(read("http://10.20.1.1:8080/events", &networks).is_ok());
        assert!(read("https://portal.kantor.lan/events", &networks).is_ok());
        assert!(read("http://portal.kantor.lan/events", &networks).is_err());
        assert!(read("https://10.21.1.1/events", &networks).is_err());
        assert!(read("http://user@10.20.1.1/events", &networks).is_err());
    }
}
