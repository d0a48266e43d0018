//! A results file and the store that it is in: what it holds, how it changes, and what the store says of it.

use std::io::{Read as _, Write as _};

use fastrand::Rng;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::json;

use super::fault::{Ending, Reply, plain, reply};

/// The items that a stream hands out for a file: the record's identifier, or none for a line that is no record.
pub(super) type Items = Vec<Option<String>>;

/// One state of a file.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) bytes: Vec<u8>,
    /// None if it can't be unpacked to its end.
    pub(super) items: Option<Items>,
    etag: Option<String>,
    is_one_archive: bool,
}

/// How a store responds to requests for the rest of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ranges {
    Known,
    Unknown,
    /// Says which bytes it sends, which are not those that were asked for.
    Shifted,
    /// Says that the file is longer or shorter than it is.
    WrongLength,
    /// Says that there are no such bytes.
    Refused,
    /// Sends other bytes than it says.
    Lying,
}

/// A file as a case has it.
#[derive(Debug)]
pub(super) struct File {
    pub(super) versions: Vec<Version>,
    current: usize,
    ranges: Ranges,
    /// Faults that are left, so that most downloads come to an end.
    faults: u32,
    pub(super) result_count: Option<u64>,
    /// Whether what is sent can be told from what was asked for, so that no record of another file may come out.
    pub(super) is_consistent: bool,
}

impl File {
    pub(super) fn new(random: &mut Rng, most: usize) -> Self {
        let count = random.usize(..=most);
        let etags = random.u8(..4);
        let changes = random.u8(..6) == 0;
        let ranges = match random.u8(..12) {
            0..=5 => Ranges::Known,
            6 | 7 => Ranges::Unknown,
            8 => Ranges::Shifted,
            9 => Ranges::WrongLength,
            10 => Ranges::Refused,
            _ => Ranges::Lying,
        };
        let versions: Vec<_> = (0..=u32::from(changes))
            .map(|number| {
                let (bytes, is_one_archive) = contents(random, number, count);
                let etag = match etags {
                    0 | 1 => Some(format!("\"v{number}\"")),
                    2 => Some(format!("W/\"v{number}\"")),
                    _ => None,
                };
                Version {
                    items: items(&bytes),
                    bytes,
                    etag,
                    is_one_archive,
                }
            })
            .collect();
        // Where a file of several archives ends between two of them, only the count tells.
        let is_one = versions.iter().all(|version| version.is_one_archive);
        let lines = versions[0].items.as_ref().map(|items| items.len() as u64);
        let is_damaged = versions.iter().any(|version| version.items.is_none());
        let is_told_apart = etags < 2 || versions.len() == 1;
        Self {
            current: 0,
            ranges,
            faults: random.u32(..6),
            result_count: match random.u8(..8) {
                0 if is_one => None,
                1 => Some(random.u64(..)),
                // Also of a damaged one, which may end there before the damage.
                _ => lines.or((!is_one).then_some(count as u64)),
            },
            is_consistent: ranges != Ranges::Lying && is_told_apart && !is_damaged,
            versions,
        }
    }

    /// What a request for the file gets.
    pub(super) fn reply(
        &mut self,
        random: &mut Rng,
        range: Option<&str>,
        if_range: Option<&str>,
    ) -> Reply {
        if self.current + 1 < self.versions.len() && random.u8(..3) == 0 {
            self.current += 1;
        }
        let version = &self.versions[self.current];
        let (length, etag) = (version.bytes.len(), version.etag.as_deref());
        let mut headers = etag
            .map(|etag| format!("etag: {etag}\r\n"))
            .unwrap_or_default();
        let wanted = range
            .and_then(|range| {
                range
                    .strip_prefix("bytes=")?
                    .strip_suffix('-')?
                    .parse::<usize>()
                    .ok()
            })
            .filter(|_| if_range.is_none_or(|name| Some(name) == etag && !name.starts_with("W/")));
        let (status, body) = match (wanted, self.ranges) {
            (Some(start), Ranges::Refused) if start > 0 => {
                headers += &format!("content-range: bytes */{length}\r\n");
                (416, &[][..])
            }
            (Some(start), ranges) if start <= length && ranges != Ranges::Unknown => {
                let sent = match ranges {
                    Ranges::Shifted | Ranges::Lying => random.usize(..=length),
                    _ => start,
                };
                let said = if ranges == Ranges::Lying { start } else { sent };
                let total = match ranges {
                    Ranges::WrongLength => length + random.usize(..3) - 1.min(length),
                    _ => length,
                };
                headers += &format!(
                    "content-range: bytes {said}-{}/{total}\r\n",
                    length.saturating_sub(1)
                );
                (206, &version.bytes[sent..])
            }
            _ => (200, &version.bytes[..]),
        };
        let is_odd = self.current > 0
            || wanted.is_some() && !matches!(self.ranges, Ranges::Known | Ranges::Unknown)
            || version
                .items
                .as_ref()
                .is_none_or(|items| items.contains(&None));
        if self.faults == 0 {
            return plain(status, &headers, body).odd_if(is_odd);
        }
        self.faults -= 1;
        let reply = reply(random, status, &headers, body);
        let reply = match reply.ending {
            // Slow is not stalled: a download may take its time.
            Ending::Drip | Ending::Flood => plain(status, &headers, body),
            _ => reply,
        };
        reply.odd_if(is_odd)
    }
}

/// A file of so many lines, as it is packed, and whether that is as one archive.
fn contents(random: &mut Rng, version: u32, count: usize) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let members = random.u8(..3) == 0;
    for number in 0..count {
        let name = format!("v{version}-{number}");
        let line = match random.u8(..40) {
            0 => "{\"original_identifier\": 7}".to_owned(),
            1 => "[".repeat(500),
            2 => "\u{0}".to_owned(),
            3 => String::new(),
            4 => json!({"professional_network_url": name, "business_email": null}).to_string(),
            5 => format!("{{\"original_identifier\": {name:?}, \"data\": {{\"business_email\": 1e999}}}}"),
            6 => " ".repeat(LINE_LIMIT + 1) + "{}",
            _ => json!({"original_identifier": name, "internal_id": random.u64(..), "data": {"business_email": [{"email": format!("{:x}@example.com", random.u128(..)), "status": "catch_all"}]}}).to_string(),
        };
        encoder.write_all(line.as_bytes()).unwrap();
        encoder
            .write_all(random.choice(&[b"\n".as_slice(), b"\r\n"]).unwrap())
            .unwrap();
        if members && random.u8(..10) == 0 {
            let full = std::mem::replace(
                &mut encoder,
                GzEncoder::new(Vec::new(), Compression::fast()),
            );
            bytes.extend(full.finish().unwrap());
        }
    }
    bytes.extend(encoder.finish().unwrap());
    match random.u8(..20) {
        0 => {
            let at = random.usize(..bytes.len());
            // The last three flags of a header are reserved: one decoder refuses them, another reads all records whole.
            let is_flags = bytes[..at].ends_with(&[0x1f, 0x8b, 8]);
            bytes[at] ^= 1 << random.u8(..if is_flags { 5 } else { 8 });
        }
        1 => bytes.truncate(random.usize(..bytes.len())),
        // Padding with zeros is no damage.
        2 => {
            let junk = (0..random.usize(..50)).map(|_| random.u8(..));
            bytes.extend(junk.chain([1]));
        }
        3 => bytes = b"<Error>no gzip</Error>".to_vec(),
        _ => {}
    }
    (bytes, !members)
}

/// The limit for lines that cases set.
pub(super) const LINE_LIMIT: usize = 4_000;

/// What a decoder that has the whole file in memory makes of it.
fn items(bytes: &[u8]) -> Option<Items> {
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut text).ok()?;
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.trim_ascii().is_empty());
    let item = |line: &[u8]| {
        let record: serde_json::Value = serde_json::from_slice(line).ok()?;
        let name = record
            .get("original_identifier")
            .or(record.get("professional_network_url"))?;
        Some(name.as_str()?.to_owned())
    };
    Some(
        lines
            .map(|line| item(line).filter(|_| line.len() <= LINE_LIMIT))
            .collect(),
    )
}
