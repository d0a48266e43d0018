//! Headers as they are passed on: all but those that are about a connection, in their order.

use http::HeaderMap;
use http::header::{self, HeaderName};

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
