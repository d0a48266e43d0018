//! Which connections a URL is asked for over: through a proxy or not. What is on this machine never goes through one: a
//! proxy would see the key of a mock or of a tunnel, and could not reach it.

use secrecy::SecretString;
use url::{Host, Url};

/// Whether there is a proxy, and which one.
#[derive(Clone, Debug, Default)]
pub(crate) enum ProxySetting {
    /// What the environment says.
    #[default]
    Environment,
    /// None at all.
    Direct,
    /// This one. It may have a password in it.
    Url(SecretString),
}

/// The HTTP clients that requests go through.
#[derive(Clone, Debug)]
pub(crate) struct HttpClients {
    pub(crate) proxied: reqwest::Client,
    pub(crate) direct: reqwest::Client,
}

impl HttpClients {
    pub(crate) fn for_url(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) {
            &self.direct
        } else {
            &self.proxied
        }
    }
}

/// Whether a URL is about this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}
