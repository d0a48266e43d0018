//! Asks single requests outside a run, at no pace and with no judgement: the key goes in and stays out as in a run.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::transport::{Transport, TransportError};
use crate::exchange::{Exchange, Request};
use crate::redaction::Redaction;

/// Asks a server.
pub(crate) struct Asker {
    transport: Transport,
    redaction: Redaction,
}

impl Asker {
    /// Asks the server at `base_url` with this key; `timeout` bounds each exchange.
    ///
    /// # Errors
    ///
    /// When nothing can be sent: see [`TransportError`].
    pub(crate) fn new(
        base_url: Url,
        key: &SecretString,
        timeout: Duration,
    ) -> Result<Self, TransportError> {
        Ok(Self {
            transport: Transport::new(base_url, key, timeout, false)?,
            redaction: Redaction::of(key),
        })
    }

    /// Sends a request, and waits for what comes of it.
    pub(crate) async fn ask(&self, request: Request) -> Exchange {
        self.redaction
            .exchange(self.transport.exchange(request).await)
    }
}
