//! Addresses that are written as a parser of URLs writes them again, which are nearly all: those need no parser.

use std::net::Ipv4Addr;

use memchr::memchr_iter;

/// The origin of such an address, and its path with the query; `None` where it may be written otherwise.
pub(super) fn plain(url: &str) -> Option<(&str, &str)> {
    let scheme = ["https://", "http://"];
    let scheme = scheme
        .iter()
        .find(|scheme| url.starts_with(**scheme))?
        .len();
    let slash = scheme + url.get(scheme..)?.find('/')?;
    let (origin, path) = url.split_at(slash);
    let host = &origin[scheme..];
    (is_plain_host(host)
        && path.bytes().all(is_plain_byte)
        && !memchr_iter(b'/', path.as_bytes()).any(|slash| {
            let segment = &path[slash + 1..];
            segment.starts_with('.') || segment.starts_with("%2")
        }))
    .then_some((origin, path))
}

fn is_plain_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "8080"));
    let labels = || name.split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with("xn--")
            && (label.bytes())
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    // What ends in a number is taken for an address, of which there are many forms.
    let is_name = || {
        let last = labels().next_back().unwrap_or_default();
        last.bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_lowercase())
            && labels().all(is_label)
    };
    let is_port =
        port.len() > 2 && port != "443" && !port.starts_with('0') && port.parse::<u16>().is_ok();
    is_port && (is_name() || name.parse::<Ipv4Addr>().is_ok())
}

fn is_plain_byte(byte: u8) -> bool {
    PLAIN[usize::from(byte)]
}

/// Which bytes no parser of URLs writes otherwise.
static PLAIN: [bool; 256] = {
    let others = b"/?&=-_.~%+:,;@!*$";
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < plain.len() {
        plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut n = 0;
    while n < others.len() {
        plain[others[n] as usize] = true;
        n += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    proptest! {
        /// What is taken for plain is what a parser makes of it.
        #[test]
        fn plain_addresses_are_what_they_seem(url in "https?://[a-z0-9.:-]{1,12}/[a-zA-Z0-9/?&=._~%+:,;@!*$\"<#\\\\ -]{0,12}") {
            if let Some((origin, path)) = plain(&url) {
                let parsed = Url::parse(&url).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(parsed.as_str(), &url);
                prop_assert_eq!(parsed.origin().ascii_serialization(), origin);
                let query = parsed.query().map_or(String::new(), |query| format!("?{query}"));
                prop_assert_eq!(format!("{}{query}", parsed.path()), path);
            }
        }
    }

    #[test]
    fn usual_addresses_are_plain() {
        for (origin, path) in [
            ("https://api.crustdata.com", "/batch/person/contact/enrich"),
            ("http://127.0.0.1:8080", "/batch?limit=3&cursor=x"),
            (
                "https://store.example",
                "/a/results.jsonl.gz?X-Amz-Signature=0%2Fb",
            ),
        ] {
            assert_eq!(plain(&format!("{origin}{path}")), Some((origin, path)));
        }
    }
}
