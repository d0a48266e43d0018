//! The links to results files that jobs gave: what tells a download from any other request.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::met::Met;
use super::plain_url::plain;
use crate::contract::fingerprint::fingerprint;

/// The links that were given so far.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// By the link as a client writes it into its request; with the link itself where it is written otherwise.
    links: HashMap<u64, Option<Box<str>>>,
    /// Those that were given before, which are to be forgotten next.
    older: HashMap<u64, Option<Box<str>>>,
}

/// At least so many of the newest links are remembered, and at most twice as many.
const MOST_LINKS: usize = 50_000;

#[derive(Deserialize)]
struct Job {
    download_url: Option<Value>,
    download_urls: Option<Value>,
}

impl Links {
    /// Takes note of the links in a response of the API.
    pub(crate) fn note(&mut self, met: &Met) {
        let Ok(response) = &met.outcome else { return };
        if memchr::memmem::find(&response.body, b"download_url").is_none() {
            return;
        }
        let Ok(job) = serde_json::from_slice::<Job>(&response.body) else {
            return;
        };
        let parts = job.download_urls.as_ref().and_then(Value::as_array);
        let links = parts.into_iter().flatten().chain(&job.download_url);
        for link in links.filter_map(Value::as_str) {
            let written = written(link);
            let differs = written != link;
            if self.links.len() >= MOST_LINKS {
                self.older = std::mem::take(&mut self.links);
            }
            self.links
                .insert(fingerprint(&*written), differs.then(|| link.into()));
        }
    }

    /// The link that a request to this address follows, as the job gave it.
    pub(crate) fn find<'a>(&'a self, url: &'a str) -> Option<Cow<'a, str>> {
        let written = written(url);
        let print = fingerprint(&*written);
        let given = self.links.get(&print).or_else(|| self.older.get(&print))?;
        Some(given.as_deref().map_or(written, Cow::from))
    }
}

/// An address as a client writes it: without a fragment, and with its escapes.
fn written(url: &str) -> Cow<'_, str> {
    if plain(url).is_some() {
        return url.into();
    }
    match Url::parse(url) {
        Ok(mut url) => {
            url.set_fragment(None);
            String::from(url).into()
        }
        Err(_) => url.into(),
    }
}
