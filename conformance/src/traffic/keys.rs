//! The keys in other people's traffic. None of them gets any further: [`KEY_PLACEHOLDER`] stands for each that works or
//! may work, and a name for each that surely doesn't.
//!
//! Nobody says which key is the right one. That which is accepted most often is; beside it, one that is refused is
//! unknown to the server, and so is one that calls itself wrong. Of any other nothing bad is said: there may be several
//! accounts, and a key that is refused only after it was accepted often was withdrawn.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use secrecy::SecretString;

use super::met::Met;
use crate::contract::fingerprint::fingerprint;
use crate::contract::request::KEY_PLACEHOLDER;
use crate::exchange::Exchange;
use crate::generated::contract::{API_VERSION, header::API_VERSION as API_VERSION_HEADER};
use crate::redaction::Redaction;

/// Stands for a key that the server doesn't know.
const UNKNOWN_KEY: &str = "an-unknown-key";
/// A shorter key is only looked for where keys stand: in a body, it may be a word like any other.
const SHORTEST: usize = 8;
/// The most keys that are told apart.
const MOST_KEYS: usize = 1_000;
/// How often a server that errs accepts a key that it doesn't know.
const FEW: u64 = 3;
/// Headers that let somebody in, whatever they hold.
const SECRETS: [HeaderName; 4] = [
    header::COOKIE,
    header::SET_COOKIE,
    header::PROXY_AUTHORIZATION,
    API_KEY,
];
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Parameters of an address that hold a key where they are sent.
const PARAMETERS: &[&str] = &[
    "api_key",
    "apikey",
    "api-key",
    "key",
    "token",
    "access_token",
];
/// Words of a key that calls itself wrong.
const WRONG: &[&str] = &[
    "wrong",
    "invalid",
    "unknown",
    "bad",
    "fake",
    "not",
    "no",
    "nope",
    "none",
    "other",
    "bogus",
    "incorrect",
    "never",
    "expired",
    "revoked",
];
/// What recorders put in the place of a key.
const HIDDEN: &[&str] = &[
    "redact",
    "***",
    "xxxx",
    "hidden",
    "removed",
    "filtered",
    "masked",
    "sanitized",
    "…",
    "...",
    "<",
];

/// The keys that were met.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    keys: HashMap<u64, Key>,
    /// What stands for each that was met where this API takes none.
    elsewhere: HashSet<u64>,
    /// Takes them out, wherever they stand.
    redaction: Redaction,
    /// Whether any request to the API carried a credential.
    any: bool,
    /// The key that was accepted most often, and how often.
    main: (u64, u64),
}

/// What is known of a key.
#[derive(Debug)]
struct Key {
    /// How often it was accepted.
    accepted: u64,
    refused: bool,
    /// Whether it was accepted after it was refused.
    refused_at_times: bool,
    /// Whether it calls itself wrong.
    wrong: bool,
}

/// A credential: the word before the key, and the key.
struct Credential<'a> {
    scheme: &'a str,
    key: &'a str,
}

impl<'a> Credential<'a> {
    fn of(headers: &'a HeaderMap) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
        let (scheme, key) = match value.split_once(' ') {
            Some(both) => both,
            None if value.eq_ignore_ascii_case("bearer") => (value, ""),
            None => ("", value),
        };
        Some(Self {
            scheme,
            key: key.trim(),
        })
    }

    /// Whether a recorder has put something in the place of the key.
    fn is_hidden(&self) -> bool {
        let text = self.key.to_ascii_lowercase();
        text == KEY_PLACEHOLDER.to_ascii_lowercase()
            || HIDDEN.iter().any(|hidden| text.contains(hidden))
    }
}

impl Keys {
    /// Takes note of the key of a request to the API as soon as the request is read.
    pub(crate) fn note(&mut self, met: &Met) {
        self.note_elsewhere(met);
        let Some(credential) = Credential::of(&met.headers).filter(|one| !one.key.is_empty())
        else {
            return;
        };
        self.any = true;
        let print = fingerprint(credential.key);
        let known = self.keys.len();
        let key = match self.keys.entry(print) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(_) if known >= MOST_KEYS || credential.is_hidden() => return,
            Entry::Vacant(new) => {
                if credential.key.len() >= SHORTEST {
                    self.redaction.add(&SecretString::from(credential.key));
                }
                new.insert(Key {
                    accepted: 0,
                    refused: false,
                    refused_at_times: false,
                    wrong: calls_itself_wrong(credential.key),
                })
            }
        };
        let status = met
            .outcome
            .as_ref()
            .map_or_else(|failure| failure.status, |response| Some(response.status));
        if status.is_some_and(|status| status.is_success()) {
            key.accepted += 1;
            key.refused_at_times |= key.refused;
            if key.accepted > self.main.1 {
                self.main = (print, key.accepted);
            }
        }
        key.refused |= status == Some(StatusCode::UNAUTHORIZED);
    }

    /// Takes note of what a request has in a place where this API takes no key, and others do.
    fn note_elsewhere(&mut self, met: &Met) {
        let header = met
            .headers
            .get(&API_KEY)
            .and_then(|value| value.to_str().ok());
        let query = met.url.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let parameters = pairs
            .filter(|(name, _)| PARAMETERS.contains(&name.to_ascii_lowercase().as_str()))
            .map(|(_, value)| value);
        for key in header.into_iter().chain(parameters) {
            if key.len() >= SHORTEST
                && self.elsewhere.len() < MOST_KEYS
                && self.elsewhere.insert(fingerprint(key))
            {
                self.redaction.add(&SecretString::from(key));
            }
        }
    }

    /// Whether a request carries a key that was met at the API.
    pub(crate) fn carries_one(&self, headers: &HeaderMap) -> bool {
        Credential::of(headers)
            .is_some_and(|credential| self.keys.contains_key(&fingerprint(credential.key)))
    }

    /// Takes every key out of the headers of a request. One that is there in name only, or was left out by the recorder
    /// of all requests, is taken for the right one where the server did.
    pub(crate) fn hide(&self, met: &mut Met, of_the_api: bool) {
        let accepted = met
            .outcome
            .as_ref()
            .is_ok_and(|response| response.status.is_success());
        let is_left_out = of_the_api && !self.any && accepted;
        if is_left_out && met.headers.is_empty() {
            // No request is without any: all of them were left out.
            let version = HeaderValue::from_static(API_VERSION);
            met.headers.insert(API_VERSION_HEADER, version);
        }
        let credential = Credential::of(&met.headers);
        let value = match credential.filter(|one| !(is_left_out && one.key.is_empty())) {
            Some(credential) => {
                let key = self.keys.get_key_value(&fingerprint(credential.key));
                let name = match key {
                    Some((print, key)) if self.is_unknown(*print, key) => UNKNOWN_KEY,
                    _ => KEY_PLACEHOLDER,
                };
                Some(match credential {
                    // No key that is told apart is a hidden one.
                    _ if key.is_none() && credential.is_hidden() => {
                        format!("Bearer {KEY_PLACEHOLDER}")
                    }
                    Credential { key: "", scheme } => scheme.to_owned(),
                    Credential { scheme: "", .. } => name.to_owned(),
                    Credential { scheme, .. } => format!("{scheme} {name}"),
                })
            }
            None if is_left_out => Some(format!("Bearer {KEY_PLACEHOLDER}")),
            None => None,
        };
        match value.and_then(|value| HeaderValue::try_from(value).ok()) {
            Some(value) => {
                met.headers.insert(header::AUTHORIZATION, value);
            }
            None => {
                met.headers.remove(header::AUTHORIZATION);
            }
        }
        hide_others(met);
    }

    /// The exchange without the keys, wherever they stand.
    pub(crate) fn redacted(&self, exchange: Exchange) -> Exchange {
        self.redaction.exchange(exchange)
    }

    fn is_unknown(&self, print: u64, key: &Key) -> bool {
        if key.accepted > 0 && (print == self.main.0 || self.keys.len() == 1) {
            return false;
        }
        key.wrong || key.refused && (key.accepted <= FEW || key.refused_at_times)
    }
}

fn calls_itself_wrong(key: &str) -> bool {
    key.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| WRONG.contains(&word.to_ascii_lowercase().as_str()))
}

/// Takes out of both sides what lets somebody in beside a key.
fn hide_others(met: &mut Met) {
    let response = met.outcome.as_mut().ok();
    let responded = response.map(|response| &mut response.headers);
    for headers in [Some(&mut met.headers), responded].into_iter().flatten() {
        for name in SECRETS {
            if headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static("masked"));
            }
        }
    }
}
