//! What is kept of identifiers, bodies and keys instead of them.

use crate::api_key::ApiKey;
use crate::request::normal;

/// Of what all spellings of an identifier have in common.
pub(super) fn fingerprint(identifier: &str) -> u64 {
    fnv(&normal(identifier))
}

/// Of a key: two bytes, of which nobody finds it.
pub(super) fn of_key(key: &ApiKey) -> u16 {
    fnv(&String::from_utf8_lossy(key.expose())) as u16
}

/// FNV-1a. It is stored, so it stays the same in all versions and on all machines, which the standard library's hashes
/// don't promise.
pub(super) fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    //! Here, since nobody else sees a fingerprint.

    use super::fingerprint;

    /// The published values of FNV-1a for these texts.
    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("https://www.FOOBAR/"), 0x8594_4171_f739_67e8);
    }
}
