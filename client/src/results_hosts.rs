//! The hosts that results may be fetched from, where the caller restricts them.

use url::Url;

/// Names of hosts; none: any host.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Option<Vec<String>>);

impl Hosts {
    pub(crate) fn only(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = names.into_iter();
        Self(Some(
            names.map(|name| name.into().to_ascii_lowercase()).collect(),
        ))
    }

    /// The host of a URL that must not be fetched.
    pub(crate) fn forbidden_in<'a>(&self, url: &'a Url) -> Option<&'a str> {
        let names = self.0.as_ref()?;
        let host = url.host_str().unwrap_or_default();
        let is_allowed = names.iter().any(|name| match name.strip_prefix('*') {
            Some(end) => end.starts_with('.') && host.ends_with(end),
            None => host == name,
        });
        (!is_allowed).then_some(host)
    }
}
