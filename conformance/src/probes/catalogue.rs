//! The probes of the catalogue: each clause's own cases, the cheapest first, and after those that a correct server
//! refuses what `families` make of them, ranked by what each can still reveal. A server that is not the suite's own
//! gets them in this order, as far as the budget goes.

use std::collections::HashSet;

use bytes::Bytes;
use serde_json::{Value, json};

use super::draft::{Group, contents, draft};
use super::families::{self, COMBINED, Family};
use super::made;
use super::profile_urls::mix;
use super::submission::{Authorization, Body, Contents, Probe, Spelling, Submission};
use super::words::{OTHER_IDENTIFIERS, OTHER_VERSIONS};
use crate::contract::expectation::Expectation;
use crate::exchange::Request;
use crate::generated::contract::submit::{chunk_size, fields, identifiers};

/// Makes the catalogue's probes; each is about profiles of its own, which follow from the seed.
pub struct Catalogue {
    seed: u64,
    made: u64,
    webhook_base: String,
    profile_urls: Vec<String>,
    without: Option<&'static Family>,
}

impl Catalogue {
    /// A catalogue for a run with this seed, whose probes name webhooks below this URL.
    pub fn new(seed: u64, webhook_base: String) -> Self {
        Self {
            seed: mix(seed),
            made: 0,
            webhook_base,
            profile_urls: Vec::new(),
            without: None,
        }
    }

    /// Leaves out a family.
    pub fn without(mut self, family: Option<&'static Family>) -> Self {
        self.without = family;
        self
    }

    /// Names these profiles, where there are some, in the baseline submissions whose results can be large
    /// or small.
    pub fn with_profile_urls(mut self, profile_urls: Vec<String>) -> Self {
        self.profile_urls = profile_urls;
        self
    }

    /// The submissions that a correct server refuses, in the order of what they can still reveal, and no request twice:
    /// the first ones break each rule once. They are made as they are asked for.
    pub fn refusals(&self) -> impl Iterator<Item = (Probe, Request)> + use<> {
        made::refusals(!self.seed, self.without, refusals)
    }

    /// The fewest submissions that show every acceptance clause satisfied by a correct server. The first shows
    /// all that one job can; see [`Catalogue::isolated`] for when it is refused.
    pub fn baseline(&mut self) -> Vec<Probe> {
        let mut probes = Vec::new();
        let profile_urls = self.profile_urls.clone();
        let webhook_url = self.webhook_url("First?token=a%2Fb");
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
                c.spellings = Spelling::DECIDED;
            });
        }
        probes
    }

    /// Submissions with several features at a time, most of them valid, and about the user's profiles beside others: what
    /// only many jobs show.
    pub fn combined(&mut self) -> Vec<Probe> {
        let left_out = families::is(&COMBINED, self.without);
        let edits = (!left_out).then(families::acceptances);
        let edits = edits.into_iter().flatten();
        edits
            .enumerate()
            .map(|(n, edit)| {
                let webhook_url = self.webhook_url(&format!("Job{n}"));
                let salt = self.salt();
                let profile_urls = self.profile_urls.clone();
                probe("features together", salt, |submission, salt| {
                    let mut contents = Contents::plain(salt);
                    edit(&mut contents, webhook_url);
                    // None where a server may refuse the others, and one generated beside them, where there is room.
                    if !Spelling::OPEN.contains(&contents.spellings) {
                        let room = contents.count.saturating_sub(1).max(1);
                        let named = profile_urls.into_iter().take(room);
                        contents.profile_urls = named.collect();
                    }
                    submission.body = Body::Object(contents);
                })
            })
            .collect()
    }

    /// Each feature by itself, and each set of fields: what tells which of several features a server
    /// refuses.
    pub fn isolated(&mut self) -> Vec<Probe> {
        let mut probes = Vec::new();
        let webhook_url = self.webhook_url("Alone");
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

    fn webhook_url(&self, name: &str) -> String {
        format!("{}/{name}", self.webhook_base.trim_end_matches('/'))
    }

    fn salt(&mut self) -> u64 {
        let salt = mix(self.seed ^ self.made);
        self.made += 1;
        salt
    }

    fn contents(&mut self, probes: &mut Vec<Probe>, name: &str, edit: impl FnOnce(&mut Contents)) {
        let salt = self.salt();
        probes.push(probe(name, salt, |submission, salt| {
            let mut contents = Contents::plain(salt);
            edit(&mut contents);
            submission.body = Body::Object(contents);
        }));
    }
}

fn probe(name: &str, salt: u64, edit: impl FnOnce(&mut Submission, u64)) -> Probe {
    let mut submission = Submission::plain(salt);
    edit(&mut submission, salt);
    Probe {
        name: name.to_owned(),
        submission,
    }
}

fn refusals(
    seed: u64,
    without: Option<&'static Family>,
) -> impl Iterator<Item = (Probe, Request)> + Send + use<> {
    let mut groups = each_rule();
    groups.extend(families::groups(without));
    let mut seen = HashSet::new();
    let drafts = families::interleaved(groups).zip(0u64..);
    drafts.filter_map(move |(draft, n)| {
        let probe = probe(&draft.name, mix(seed ^ n), draft.edit);
        let request = probe.request();
        let is_refused = matches!(request.expectation(), Expectation::Refuse(_));
        let sent = || (format!("{:?}", request.headers), request.body.clone());
        (is_refused && seen.insert(sent())).then_some((probe, request))
    })
}

/// Each rule broken by itself, a group for each.
fn each_rule() -> Vec<Group> {
    let authorization = |name: &'static str, authorization| {
        vec![draft(name, move |submission, _| {
            submission.authorization = authorization;
        })]
    };
    let versions = OTHER_VERSIONS.map(|version| {
        draft("another version", move |submission, _| {
            submission.version = Some(version.into());
        })
    });
    let malformed = MALFORMED.iter().map(|&body| {
        let name = format!("malformed body {}", String::from_utf8_lossy(body));
        draft(name, move |submission, _| {
            submission.body = Body::Raw(Bytes::from_static(body));
        })
    });
    let other_identifiers = OTHER_IDENTIFIERS
        .iter()
        .map(|&key| contents(key, move |c| c.identifiers_key = Some(key)));
    let too_many = [
        (false, identifiers::MAX + 1),
        (true, identifiers::MAX + 1),
        (false, 2 * identifiers::MAX),
    ]
    .map(|(urls_string, count)| {
        contents("too many identifiers", move |c| {
            (c.count, c.urls_string) = (count, urls_string);
        })
    });
    let empty_fields = [false, true].map(|fields_string| {
        contents("empty fields", move |c| {
            (c.fields, c.fields_string) = (Some(Vec::new()), fields_string);
        })
    });
    let fields = unsupported_fields().into_iter().enumerate();
    let unsupported = fields.flat_map(|(n, fields)| {
        [false, true]
            .into_iter()
            // The near misses are worth a request each, not two.
            .filter(move |fields_string| n < 2 || *fields_string == (n % 2 == 0))
            .map(move |fields_string| {
                let fields = fields.clone();
                contents("an unsupported field", move |c| {
                    (c.fields, c.fields_string) = (Some(fields), fields_string);
                })
            })
    });
    let chunk_sizes = chunk_sizes_out_of_range().into_iter().map(|chunk_size| {
        contents("a chunk size out of range", |c| {
            c.chunk_size = Some(chunk_size)
        })
    });
    vec![
        authorization("no Authorization", Authorization::Absent),
        authorization("an unknown key", Authorization::UnknownKey),
        vec![draft("no version", |submission, _| {
            submission.version = None;
        })],
        versions.into(),
        malformed.collect(),
        vec![contents("no identifiers", |c| c.identifiers_key = None)],
        other_identifiers.collect(),
        too_many.into(),
        vec![contents("no fields", |c| c.fields = None)],
        empty_fields.into(),
        unsupported.collect(),
        chunk_sizes.collect(),
    ]
}

/// Bodies that are not a JSON object.
pub const MALFORMED: &[&[u8]] = &[
    b"[]",
    b"{",
    b"",
    b"\"professional_network_profile_urls\"",
    b"null",
    b"fields=business_email",
];

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
