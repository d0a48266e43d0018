//! Fingerprints: numbers that stand for texts, where those would take too much memory. Two different texts have the
//! same one by a chance of one in 2^64.

use std::hash::{DefaultHasher, Hasher};

/// What stands for a text.
pub fn fingerprint(text: impl AsRef<[u8]>) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_ref());
    hasher.finish()
}

/// What stands for several texts, whatever their order. That of two lists together is the sum of both.
pub fn fingerprint_of_all(texts: impl Iterator<Item = impl AsRef<[u8]>>) -> u64 {
    texts.fold(0, |sum, text| sum.wrapping_add(fingerprint(text)))
}
