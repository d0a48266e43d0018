//! Links to results files, written so that they lead through the proxy, and back.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::Value;
use url::Url;

use crate::contract::fingerprint::fingerprint;
use crate::lock::lock;

/// What the paths of such links begin with. The rest is the scheme, the host, and the path of the link.
const PREFIX: &str = "/.conformance-proxy/";

/// The links that were given so far: no others are followed, so that nobody gets anywhere else through the proxy.
#[derive(Debug, Default)]
pub(super) struct Links {
    given: Mutex<HashSet<u64>>,
}

impl Links {
    /// The state of a job with its links rewritten to lead through `base`; `None` where it has none.
    pub(super) fn rewrite(&self, job: &[u8], base: &str) -> Option<Vec<u8>> {
        let state: Value = serde_json::from_slice(job).ok()?;
        let parts = state.get("download_urls").and_then(Value::as_array);
        let links = parts.into_iter().flatten().chain(state.get("download_url"));
        let links: HashSet<&str> = links.filter_map(Value::as_str).collect();
        let mut text = std::str::from_utf8(job).ok()?.to_owned();
        let mut rewritten = false;
        for link in links {
            let Some(through) = through(link, base) else {
                continue;
            };
            let mut given = lock(&self.given);
            given.insert(fingerprint(link));
            // In quotes, as JSON has it: one link may be the beginning of another.
            let (from, to) = (
                Value::from(link).to_string(),
                Value::from(through).to_string(),
            );
            rewritten |= text.contains(&from);
            text = text.replace(&from, &to);
        }
        rewritten.then(|| text.into_bytes())
    }

    /// The link that a request for this path follows, if it was given.
    pub(super) fn find(&self, path_and_query: &str) -> Option<String> {
        let rest = path_and_query.strip_prefix(PREFIX)?;
        let (scheme, rest) = rest.split_once('/')?;
        let link = format!("{scheme}://{rest}");
        let given = lock(&self.given);
        given.contains(&fingerprint(&link)).then_some(link)
    }
}

fn through(link: &str, base: &str) -> Option<String> {
    // Byte for byte, since what is signed is the link as it stands.
    let (scheme, rest) = link.split_once("://")?;
    let is_link = matches!(scheme, "http" | "https") && Url::parse(link).is_ok();
    is_link.then(|| format!("{}{PREFIX}{scheme}/{rest}", base.trim_end_matches('/')))
}
