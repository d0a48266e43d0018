//! Headers as they are passed on: all but those that are about a connection, in their order, and asking for no coding of
//! the content that can't be judged.

use http::HeaderMap;
use http::header::{self, HeaderName, HeaderValue};

use crate::traffic::Coding;

/// Headers that are about a connection, not about what is passed on (RFC 9110, section 7.6.1).
const OF_A_CONNECTION: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Takes out what is about the connection.
pub(super) fn clean(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = (headers.get_all(header::CONNECTION).iter())
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let is_out = |name: &HeaderName| named.contains(name) || OF_A_CONNECTION.contains(name);
    if headers.keys().any(is_out) {
        // To remove one would change the order of the others.
        let kept = headers.iter().filter(|(name, _)| !is_out(name));
        *headers = kept
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
    }
}

/// Takes out of what a client accepts the codings in which a response could not be read, such as `br`.
pub(super) fn keep_readable(headers: &mut HeaderMap) {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let accepted = accepted.filter_map(|value| value.to_str().ok());
    let (kept, others): (Vec<&str>, Vec<&str>) = accepted
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .partition(|one| {
            let name = one.split(';').next().unwrap_or_default();
            Coding::of(name) != Some(Coding::Other)
        });
    if others.is_empty() {
        return;
    }
    let kept = match kept.is_empty() {
        true => "identity".to_owned(),
        false => kept.join(", "),
    };
    if let Ok(value) = HeaderValue::try_from(kept) {
        headers.insert(header::ACCEPT_ENCODING, value);
    }
}
