//! Reading one setting each, and all that is wrong with them.

use std::fmt::{self, Display};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::Secret;
use crate::domain::Network;

/// All that is wrong with the settings, one sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<String>);

impl Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these settings cannot be used; sinergi --help tells them all:")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Each reader answers a value that stands in for a wrong one, so that the next setting can be read.
impl Faults {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, name: &str, what: &str) {
        self.0.push(format!("{name} {what}"));
    }

    pub(super) fn text(&mut self, name: &str, given: &str) -> String {
        if given.is_empty() {
            self.add(name, "is empty");
        }
        given.to_owned()
    }

    pub(super) fn number<N>(&mut self, name: &str, given: &str, range: RangeInclusive<N>) -> N
    where
        N: FromStr + PartialOrd + Display + Copy,
    {
        match given.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let what = format!("is {given:?}, not a whole number from {} to {}", range.start(), range.end());
                self.add(name, &what);
                *range.start()
            }
        }
    }

    pub(super) fn choice<T: Copy>(&mut self, name: &str, given: &str, stand_in: T, choices: &[(&str, T)]) -> T {
        if let Some((_, chosen)) = choices.iter().find(|(word, _)| *word == given) {
            return *chosen;
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        self.add(name, &format!("is {given:?}, not one of {}", words.join(", ")));
        stand_in
    }

    pub(super) fn address(&mut self, name: &str, given: &str) -> SocketAddr {
        given.parse().unwrap_or_else(|_| {
            self.add(name, &format!("is {given:?}, not an IP address and a port such as 127.0.0.1:8080"));
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
        })
    }

    /// Networks with commas between them; an empty text is none.
    pub(super) fn networks(&mut self, name: &str, given: &str) -> Vec<Network> {
        let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty());
        let read: Result<Vec<Network>, _> = parts.map(str::parse).collect();
        read.unwrap_or_else(|_| {
            self.add(name, &format!("is {given:?}, not networks such as 10.20.0.0/16,fd00::/8"));
            Vec::new()
        })
    }

    /// By default a service is called by its address, or by loopback where it listens on all.
    pub(super) fn public_url(&mut self, name: &str, given: Option<&str>, address: SocketAddr) -> String {
        let Some(given) = given else {
            let host = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
            return format!("http://{}", SocketAddr::from((host, address.port())));
        };
        let rest = given.strip_prefix("https://").or_else(|| given.strip_prefix("http://"));
        if !rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['?', '#', ' ', '@'])) {
            self.add(name, &format!("is {given:?}, not an address such as https://sinergi.example"));
        }
        given.trim_end_matches('/').to_owned()
    }

    /// Never tells the address: it holds a password.
    pub(super) fn database_url(&mut self, name: &str, given: &str) -> Secret {
        let is_url = given.starts_with("postgresql://") || given.starts_with("postgres://");
        if !is_url || given.parse::<tokio_postgres::Config>().is_err() {
            self.add(name, "is not an address such as postgresql://USER:PASSWORD@HOST:5432/DATABASE");
        }
        Secret::new(given)
    }
}
