//! Which requests are to this API: those below the base URL, where one was given; else those to any host that takes
//! submissions, by their paths.

use std::borrow::Cow;

use http::{HeaderMap, Method, header};
use url::Url;

use super::met::Met;
use super::plain_url::plain;
use crate::contract::request::{Destination, Operation};
use crate::evidence::is_uuid;
use crate::generated::contract::{self, account, list, submit, usage};

/// The hosts that are this API's.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    /// What was asked for; the others are not looked at then.
    base: Option<Origin>,
    /// Those that took submissions.
    submitted: Vec<Origin>,
    /// Those of which a job or the list was asked for as one asks this API.
    asked: Vec<Origin>,
}

/// A host, and what stands before the paths of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    host: String,
    prefix: String,
}

impl Origin {
    /// The path and query below it, where the address is.
    fn below<'a>(&self, address: &'a Address<'_>) -> Option<&'a str> {
        let path = address.path.strip_prefix(&*self.prefix)?;
        (*self.host == *address.origin).then_some(path)
    }
}

/// An address, as far as it matters here.
struct Address<'a> {
    origin: Cow<'a, str>,
    /// With the query.
    path: Cow<'a, str>,
}

impl<'a> Address<'a> {
    fn of(url: &'a str) -> Option<Self> {
        if let Some((origin, path)) = plain(url) {
            let (origin, path) = (origin.into(), path.into());
            return Some(Self { origin, path });
        }
        let url = Url::parse(url).ok()?;
        Some(Self {
            origin: url.origin().ascii_serialization().into(),
            path: match url.query() {
                Some(query) => format!("{}?{query}", url.path()).into(),
                None => url.path().to_owned().into(),
            },
        })
    }

    fn path_alone(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

impl Origins {
    /// The API below this URL, or wherever it is.
    pub(crate) fn new(base: Option<&Url>) -> Self {
        Self {
            base: base.map(|url| Origin {
                host: url.origin().ascii_serialization(),
                prefix: url.path().trim_end_matches('/').to_owned(),
            }),
            ..Self::default()
        }
    }

    /// Takes note of the host of a request, where it is this API's, as soon as the request is read; whether it is.
    pub(crate) fn note(&mut self, met: &Met) -> bool {
        let Some(address) = Address::of(&met.url) else {
            return false;
        };
        if self.base.is_none() {
            if met.method == Method::POST
                && let Some(prefix) = address.path_alone().strip_suffix(submit::PATH)
            {
                add(&mut self.submitted, &address.origin, prefix);
            } else if self.submitted.is_empty() && is_asked(&met.method, &address, &met.headers) {
                add(&mut self.asked, &address.origin, "");
            }
        }
        self.find(&met.method, &address).is_some()
    }

    /// The path and query below the API, where the request is one of its operations.
    pub(crate) fn path(&self, method: &Method, url: &str) -> Option<Destination> {
        let address = Address::of(url)?;
        let path = self.find(method, &address)?;
        Some(Destination::Api {
            path_and_query: path.to_owned(),
        })
    }

    /// Whether an address is on another server than the API.
    pub(crate) fn are_left(&self, url: &str) -> bool {
        Address::of(url)
            .is_none_or(|address| self.all().iter().all(|api| *api.host != *address.origin))
    }

    /// Whether an address may be one of the API, wherever that is.
    pub(crate) fn may_hold(&self, url: &str) -> bool {
        const PATHS: [&str; 2] = [list::PATH, "/account/"];
        Address::of(url).is_some_and(|address| match &self.base {
            Some(base) => base.below(&address).is_some(),
            None => PATHS.iter().any(|path| address.path_alone().contains(path)),
        })
    }

    fn find<'a>(&self, method: &Method, address: &'a Address<'_>) -> Option<&'a str> {
        let mut paths = self.all().iter().filter_map(|origin| origin.below(address));
        paths.find(|path| {
            Operation::of_the_api(method, path) != Operation::Other || is_of_account(method, path)
        })
    }

    /// A host that takes submissions settles which is the API: a job that is asked for elsewhere is asked for in the
    /// wrong place.
    fn all(&self) -> &[Origin] {
        match &self.base {
            Some(base) => std::slice::from_ref(base),
            None if self.submitted.is_empty() => &self.asked,
            None => &self.submitted,
        }
    }

    /// The base URLs.
    pub(crate) fn base_urls(&self) -> Vec<String> {
        let url = |origin: &Origin| format!("{}{}/", origin.host, origin.prefix);
        self.all().iter().map(url).collect()
    }
}

fn add(origins: &mut Vec<Origin>, host: &str, prefix: &str) {
    const MOST: usize = 100;
    let is_known = |origin: &Origin| origin.host == host && origin.prefix == prefix;
    if origins.len() < MOST && !origins.iter().any(is_known) {
        let (host, prefix) = (host.to_owned(), prefix.to_owned());
        origins.push(Origin { host, prefix });
    }
}

/// Whether a request asks about the account.
fn is_of_account(method: &Method, path_and_query: &str) -> bool {
    let path = path_and_query.split('?').next().unwrap_or_default();
    let below = path.strip_prefix(usage::PATH);
    *method == Method::GET
        && ([account::credits::PATH, account::endpoints::PATH].contains(&path)
            || below.is_some_and(|event| event.is_empty() || event.starts_with('/')))
}

/// Whether a request asks for a job or the list as one asks this API, which other hosts may have under the same path.
fn is_asked(method: &Method, address: &Address<'_>, headers: &HeaderMap) -> bool {
    let says_so = headers.contains_key(contract::header::API_VERSION)
        || headers.contains_key(header::AUTHORIZATION);
    match Operation::of_the_api(method, address.path_alone()) {
        Operation::Job(id) => says_so || is_uuid(id),
        Operation::List => says_so,
        _ => false,
    }
}
