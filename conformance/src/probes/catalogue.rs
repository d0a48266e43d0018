//! The probes of the catalogue: each clause's own cases, the cheapest first, and after those that a correct server
//! refuses what `families` make of them, ranked by what each can still reveal. A server that is not the suite's own
//! gets them in this order, as far as the budget goes.

use bytes::Bytes;
use serde_json::{Value, json};

use super::families;
use super::profile_urls::mix;
use super::submission::{Authorization, Body, Contents, Probe, Submission};
use crate::generated::contract::submit::{chunk_size, fields, identifiers};

/// Makes the catalogue's probes; each is about profiles of its own, which follow from the seed.
pub struct Catalogue {
    seed: u64,
    made: u64,
    webhook_url: String,
    profile_urls: Vec<String>,
}

impl Catalogue {
    /// A catalogue for a run with this seed, whose probes name this webhook.
    pub fn new(seed: u64, webhook_url: String) -> Self {
        Self {
            seed: mix(seed),
            made: 0,
            webhook_url,
            profile_urls: Vec::new(),
        }
    }

    /// Names these profiles, where there are some, in the baseline submissions whose results can be large
    /// or small.
    pub fn with_profile_urls(mut self, profile_urls: Vec<String>) -> Self {
        self.profile_urls = profile_urls;
        self
    }

    /// The submissions that a correct server refuses, ranked: the first ones break each rule once.
    pub fn refusals(&mut self) -> Vec<Probe> {
        let mut all = vec![self.each_rule()];
        all.extend(families::all(self));
        families::ranked(all)
    }

    /// The webhook that probes name.
    pub(super) fn webhook_url(&self) -> &str {
        &self.webhook_url
    }

    /// What the profiles of the next probe are made from.
    pub(super) fn salt(&mut self) -> u64 {
        let salt = mix(self.seed ^ self.made);
        self.made += 1;
        salt
    }

    /// Each rule broken by itself.
    fn each_rule(&mut self) -> Vec<Probe> {
        let mut probes = Vec::new();
        for (name, authorization) in [
            ("no Authorization", Authorization::Absent),
            ("an unknown key", Authorization::UnknownKey),
        ] {
            probes.push(self.probe(name, |submission, _| {
                submission.authorization = authorization
            }));
        }
        probes.push(self.probe("no version", |submission, _| submission.version = None));
        for version in OTHER_VERSIONS {
            probes.push(self.probe("another version", |submission, _| {
                submission.version = Some(version.into());
            }));
        }
        for &body in MALFORMED {
            let name = format!("malformed body {}", String::from_utf8_lossy(body));
            probes.push(self.probe(&name, |submission, _| {
                submission.body = Body::Raw(Bytes::from_static(body));
            }));
        }
        self.contents(&mut probes, "no identifiers", |c| c.identifiers_key = None);
        for &key in OTHER_IDENTIFIERS {
            self.contents(&mut probes, key, |c| c.identifiers_key = Some(key));
        }
        let too_many = [
            (false, identifiers::MAX + 1),
            (true, identifiers::MAX + 1),
            (false, 2 * identifiers::MAX),
        ];
        for (urls_string, count) in too_many {
            self.contents(&mut probes, "too many identifiers", |c| {
                (c.count, c.urls_string) = (count, urls_string);
            });
        }
        self.contents(&mut probes, "no fields", |c| c.fields = None);
        for fields_string in [false, true] {
            self.contents(&mut probes, "empty fields", |c| {
                (c.fields, c.fields_string) = (Some(Vec::new()), fields_string);
            });
        }
        for (n, fields) in unsupported_fields().into_iter().enumerate() {
            for fields_string in [false, true] {
                // The near misses are worth a request each, not two.
                if n < 2 || fields_string == (n % 2 == 0) {
                    self.contents(&mut probes, "an unsupported field", |c| {
                        (c.fields, c.fields_string) = (Some(fields.clone()), fields_string);
                    });
                }
            }
        }
        for chunk_size in chunk_sizes_out_of_range() {
            self.contents(&mut probes, "a chunk size out of range", |c| {
                c.chunk_size = Some(chunk_size.clone());
            });
        }
        probes
    }

    /// The fewest submissions that show every acceptance clause satisfied by a correct server. The first shows
    /// all that one job can; see [`Catalogue::isolated`] for when it is refused.
    pub fn baseline(&mut self) -> Vec<Probe> {
        let mut probes = Vec::new();
        let profile_urls = self.profile_urls.clone();
        let webhook_url = self.webhook_url.clone();
        self.contents(&mut probes, "everything at once", |c| {
            (c.urls_string, c.fields_string) = (true, true);
            c.fields = Some(fields::VALUES.to_vec());
            c.chunk_size = Some(json!(chunk_size::MIN));
            c.webhook_url = Some(webhook_url);
            c.profile_urls = profile_urls.clone();
        });
        for (n, field) in fields::VALUES.iter().enumerate() {
            self.contents(&mut probes, &format!("{field} alone"), |c| {
                c.fields = Some(vec![field]);
                c.chunk_size = (n == 1).then(|| json!(chunk_size::MAX));
                c.profile_urls = profile_urls.clone();
            });
        }
        for urls_string in [false, true] {
            self.contents(&mut probes, "as many identifiers as allowed", |c| {
                (c.count, c.urls_string) = (identifiers::MAX, urls_string);
            });
        }
        probes
    }

    /// Each feature by itself, and each set of fields: what tells which of several features a server
    /// refuses.
    pub fn isolated(&mut self) -> Vec<Probe> {
        let mut probes = Vec::new();
        let webhook_url = self.webhook_url.clone();
        self.contents(&mut probes, "plain", |_| {});
        for count in [1, 2] {
            self.contents(&mut probes, "identifiers as a string", |c| {
                (c.count, c.urls_string) = (count, true);
            });
        }
        self.contents(&mut probes, "fields as a string", |c| {
            c.fields_string = true
        });
        self.contents(&mut probes, "a webhook", |c| {
            c.webhook_url = Some(webhook_url)
        });
        for chunk_size in [chunk_size::MIN, chunk_size::MAX] {
            self.contents(&mut probes, "an edge of the chunk size", |c| {
                c.chunk_size = Some(json!(chunk_size));
            });
        }
        self.contents(&mut probes, "as many identifiers as allowed", |c| {
            c.count = identifiers::MAX;
        });
        for set in 1u32..1 << fields::VALUES.len() {
            let fields: Vec<&str> = (fields::VALUES.iter().enumerate())
                .filter(|(n, _)| set & (1 << n) != 0)
                .map(|(_, field)| *field)
                .collect();
            // Not one identifier, as elsewhere, so that a server which refuses that is not blamed for the sets.
            self.contents(&mut probes, "a set of fields", |c| {
                (c.count, c.fields) = (2, Some(fields));
            });
        }
        probes
    }

    fn contents(&mut self, probes: &mut Vec<Probe>, name: &str, edit: impl FnOnce(&mut Contents)) {
        probes.push(self.probe(name, |submission, salt| {
            let mut contents = Contents::plain(salt);
            edit(&mut contents);
            submission.body = Body::Object(contents);
        }));
    }

    pub(super) fn probe(&mut self, name: &str, edit: impl FnOnce(&mut Submission, u64)) -> Probe {
        let salt = self.salt();
        let mut submission = Submission::plain(salt);
        edit(&mut submission, salt);
        Probe {
            name: name.to_owned(),
            submission,
        }
    }
}

/// An earlier and a later version, and a word that is none.
pub const OTHER_VERSIONS: [&str; 3] = ["1999-12-31", "2099-12-31", "latest"];

/// Bodies that are not a JSON object.
pub const MALFORMED: &[&[u8]] = &[
    b"[]",
    b"{",
    b"",
    b"\"professional_network_profile_urls\"",
    b"null",
    b"fields=business_email",
];

/// Identifier types of sister endpoints.
pub const OTHER_IDENTIFIERS: &[&str] = &["business_emails", "names"];

/// Field lists with a value outside the supported set: alone, beside a supported one, and near misses.
pub fn unsupported_fields() -> Vec<Vec<&'static str>> {
    let first = fields::VALUES.first().copied().unwrap_or_default();
    vec![
        vec!["home_address"],
        vec![first, "home_address"],
        vec!["personal_contact_info.addresses"],
        vec!["contact.business_emails"],
        vec!["BUSINESS_EMAIL"],
        vec!["personal_emails"],
    ]
}

/// Whole numbers that no chunk size may be.
pub fn chunk_sizes_out_of_range() -> Vec<Value> {
    vec![
        json!(chunk_size::MIN - 1),
        json!(chunk_size::MAX + 1),
        json!(0),
        json!(-1),
        json!(u64::MAX),
    ]
}
