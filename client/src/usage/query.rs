//! Which events to list. All filters narrow the list together; they are documented by the provider's own code.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::generated::contract::usage::limit;

/// Which events of the account's usage to list; without a setting, those of the last 7 days.
///
/// ```
/// use crustdata_batch::{ContactEnrichRequest, UsageQuery};
///
/// let refused = UsageQuery::new().endpoint(ContactEnrichRequest::PATH).status_class("4xx");
/// # let _ = refused;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a query does nothing until it is given to `Client::usage`"]
pub struct UsageQuery {
    parameters: Vec<(&'static str, String)>,
}

impl UsageQuery {
    /// All events of the last 7 days.
    pub fn new() -> Self {
        Self::default()
    }

    /// Events at this time or later; at most 12 months ago. 7 days before the end, if not set.
    pub fn start(self, start: SystemTime) -> Self {
        self.set("start", time(start))
    }

    /// Events before this time. The coming midnight UTC, if not set.
    pub fn end(self, end: SystemTime) -> Self {
        self.set("end", time(end))
    }

    /// Only this endpoint, by its path; again, for others too, up to 50.
    pub fn endpoint(self, path: impl Into<String>) -> Self {
        self.add("endpoints", path)
    }

    /// Only requests with this key, by [`UsageEvent::api_key_id`](crate::UsageEvent::api_key_id); again, for others too, up
    /// to 50.
    pub fn api_key_id(self, id: impl Into<String>) -> Self {
        self.add("api_key_ids", id)
    }

    /// Only this product, such as `person_search`; again, for others too, up to 50.
    pub fn product(self, product: impl Into<String>) -> Self {
        self.add("products", product)
    }

    /// Only what came through this, such as `mcp`; again, for others too, up to 10.
    pub fn client_surface(self, surface: impl Into<String>) -> Self {
        self.add("client_surface", surface)
    }

    /// Only responses with this HTTP status; again, for others too, up to 20.
    pub fn status(self, status: u16) -> Self {
        self.add("status", status.to_string())
    }

    /// Only responses with a status of this class: `2xx`, `3xx`, `4xx` or `5xx`.
    pub fn status_class(self, class: impl Into<String>) -> Self {
        self.set("status_class", class.into())
    }

    /// Only refusals of this type, such as `invalid_request`.
    pub fn error_type(self, error_type: impl Into<String>) -> Self {
        self.set("error_type", error_type.into())
    }

    /// At most so many events on a page, the nearest of 1 to 500.
    pub fn page_size(self, size: u32) -> Self {
        self.set("limit", size.clamp(limit::MIN, limit::MAX).to_string())
    }

    /// One more value of a list, as a parameter that is repeated.
    fn add(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    fn set(mut self, name: &'static str, value: String) -> Self {
        self.parameters.retain(|(other, _)| *other != name);
        self.add(name, value)
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        self.parameters.clone()
    }
}

/// A time that the library can't hold stands for the nearest that it can.
fn time(time: SystemTime) -> String {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let date = DateTime::<Utc>::from_timestamp(seconds, since.subsec_nanos());
    date.unwrap_or(DateTime::<Utc>::MAX_UTC)
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
