//! Profile URLs that look like a person's and name nobody. The API bills for contacts that it finds and
//! lists profiles without contacts with empty values, so a probe made of these costs nothing on a correct
//! server, and no person's data is fetched.

use std::fmt::Write as _;

/// Digits of the number at the end of a URL, at least.
const DIGITS: usize = 3;

/// `count` distinct URLs, the same for the same `salt`. They differ in the number at their end only, so
/// that a shell can make them up too.
pub fn profile_urls(salt: u64, count: usize) -> impl Iterator<Item = String> {
    let stem = stem(salt);
    (1..=count).map(move |n| {
        let mut url = String::with_capacity(stem.len() + DIGITS);
        url.push_str(&stem);
        // Writing to a string has no way to fail.
        let _ = write!(url, "{n:0DIGITS$}");
        url
    })
}

/// What the URLs of one `salt` have in common.
fn stem(salt: u64) -> String {
    let random = mix(salt);
    let pick = |names: &[&'static str], bits: u64| names[bits as usize % names.len()];
    let (first, last) = (pick(FIRST, random >> 48), pick(LAST, random >> 56));
    format!(
        "https://www.linkedin.com/in/{first}-{last}-{:010x}-",
        random & 0xff_ffff_ffff
    )
}

/// SplitMix64's output function: neighbouring salts give unlike names.
pub(crate) fn mix(salt: u64) -> u64 {
    let mut z = salt.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const FIRST: &[&str] = &[
    "alba", "bruno", "carla", "dario", "elif", "farid", "greta", "hana", "ivo", "jana", "kofi",
    "lena", "mara", "nils", "olga", "pavel", "rosa", "sami", "tove", "yuki",
];
const LAST: &[&str] = &[
    "adler",
    "bianchi",
    "costa",
    "duarte",
    "eriksen",
    "fontaine",
    "garber",
    "holm",
    "ibsen",
    "jansen",
    "keller",
    "lindqvist",
    "moreau",
    "novak",
    "okafor",
    "petrov",
    "quist",
    "rossi",
    "sato",
    "weber",
];
