//! Floor 1 · `metrics/http`: requests by route, method and status, and how long they took. A label is a pattern of the route table, a
//! method that has a name here, or a status: no client can make a new one.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::histogram::{Histogram, MICRO, MILLI};

/// From what memory answers to what waits for news.
const TIME_BOUNDS: &[u64] = &[
    500 * MICRO,
    MILLI,
    2500 * MICRO,
    5 * MILLI,
    10 * MILLI,
    25 * MILLI,
    50 * MILLI,
    100 * MILLI,
    250 * MILLI,
    500 * MILLI,
    1000 * MILLI,
    2500 * MILLI,
    10_000 * MILLI,
    30_000 * MILLI,
];
/// Methods that are told by their names.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// The route of what matches none, and the method that has no name here.
const NONE: &str = "none";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// Requests and their times.
#[derive(Debug)]
pub struct Http {
    requests: Family<Asked, Counter>,
    times: Family<Route, Histogram>,
}

impl Http {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let requests = Family::default();
        let times: Family<Route, Histogram> = Family::new_with_constructor(|| Histogram::of_times(TIME_BOUNDS));
        registry.register("papo_http_requests", "Requests that were answered", requests.clone());
        let help = "From a request to the beginning of its answer";
        registry.register("papo_http_request_duration_seconds", help, times.clone());
        Self { requests, times }
    }

    /// A request to this pattern of the route table was answered.
    pub fn answered(&self, route: Option<String>, method: &str, status: u16, time: Duration) {
        let route = route.filter(|route| !route.is_empty()).unwrap_or_else(|| NONE.to_owned());
        let method = METHODS.into_iter().find(|known| *known == method).unwrap_or(NONE);
        let of_route = Route { route };
        self.times.get_or_create(&of_route).count_time(time);
        self.requests.get_or_create(&Asked { route: of_route.route, method, status }).inc();
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    #[test]
    fn what_matches_no_route_and_methods_nobody_has_heard_of_share_one_label() {
        let mut registry = Registry::default();
        let http = Http::new(&mut registry);
        http.answered(Some("/api/me".into()), "GET", 200, Duration::from_millis(2));
        for n in 0..1000 {
            http.answered(None, &format!("M{n}"), 404, Duration::ZERO);
        }
        http.answered(Some(String::new()), "get", 404, Duration::ZERO);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        assert!(text.contains(r#"papo_http_requests_total{route="/api/me",method="GET",status="200"} 1"#), "{text}");
        assert!(text.contains(r#"papo_http_requests_total{route="none",method="none",status="404"} 1001"#), "{text}");
        assert!(text.contains(r#"papo_http_request_duration_seconds_count{route="none"} 1001"#), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("papo_http_requests_total")).count(), 2);
    }
}
