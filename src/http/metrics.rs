//! Counts and times of requests for Prometheus, by the pattern of the route: never by path, client or address.

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::error::{Error, Result};

/// Upper ends of the buckets in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

/// The counters of a process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    durations: Family<Route, Histogram>,
}

impl Metrics {
    /// Starts counting from zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("sinergi");
        let requests = Family::default();
        let durations = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let told = "Time from the head of a request to the head of its answer";
        registry.register_with_unit("http_request_duration", told, Unit::Seconds, durations.clone());
        Self { registry, requests, durations }
    }

    /// Counts one request.
    pub(super) fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (known(method), route.to_owned());
        self.durations.get_or_create(&Route { method, route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Outcome { method, route, status }).inc();
    }

    /// Everything in the text form of Prometheus.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn text(&self) -> Result<String> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry).map_err(Error::internal)?;
        Ok(out)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// A method that is a client's own word is not kept: there is no end of them.
fn known(method: &str) -> &'static str {
    let known = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"];
    known.into_iter().find(|known| *known == method).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_by_the_pattern_of_its_route() {
        let metrics = Metrics::new();
        metrics.count("GET", "/v1/beneficiaries/{id}", 200, Duration::from_millis(3));
        metrics.count("BREW", "unknown", 405, Duration::from_millis(3));
        let text = metrics.text().unwrap();
        let line = r#"sinergi_http_requests_total{method="GET",route="/v1/beneficiaries/{id}",status="200"} 1"#;
        assert!(text.contains(line), "{text}");
        assert!(text.contains(r#"method="other""#) && !text.contains("BREW"));
        assert!(text.contains("sinergi_http_request_duration_seconds_bucket"));
    }
}
