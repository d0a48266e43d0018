//! JSON pointers, as RFC 6901 writes them.

/// A key as it stands in a pointer.
pub(crate) fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
