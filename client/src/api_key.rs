//! The API key: checked once, shown to nobody. Reading it from the environment is in `builder`, taking it out of what
//! servers send in `redact`.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// An account's API key.
///
/// Neither `Debug` nor any error of this crate shows it. It is wiped from memory when the last clone of its client is
/// dropped; the copies in the buffers of connections are not.
///
/// ```
/// use crustdata_batch::ApiKey;
///
/// let key = ApiKey::new("k-123")?;
/// assert_eq!(format!("{key:?}"), "ApiKey([redacted])");
/// assert!(ApiKey::new("Bearer k-123").is_err());
/// # Ok::<(), crustdata_batch::InvalidApiKey>(())
/// ```
// The whole header, since it is the same for each request, and requests can share it.
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

/// What stands before the key in the header.
const SCHEME: &str = "Bearer ";
/// What stands in a text where the key would have been.
pub(crate) const REDACTED: &str = "[redacted]";

/// Bytes that are wiped when the last of the header values that share them is dropped.
struct Wiped(SecretString);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

impl ApiKey {
    /// Takes a key as the provider gave it: without `Bearer`, quotes or surrounding blanks.
    ///
    /// # Errors
    ///
    /// When the key is empty, or has a character that an HTTP header or a bearer token can't carry. The
    /// error tells the character's place, not the key.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidApiKey> {
        // Secret from here on, so that a refused key is wiped too.
        let key = SecretString::from(key.into());
        let text = key.expose_secret();
        if text.is_empty() {
            return Err(InvalidApiKey::Empty);
        }
        let character_at = |index| InvalidApiKey::Character {
            position: index + 1,
        };
        if let Some(index) = text.chars().position(|c| !c.is_ascii_graphic()) {
            return Err(character_at(index));
        }
        let header = Wiped(SecretString::from([SCHEME, text].concat()));
        // Every graphic character of ASCII can stand in a header, so there is nothing left to refuse.
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(header))
            .map_err(|_| character_at(0))?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// The `Authorization` header. Marked as sensitive: its `Debug` is blank, and HTTP/2 doesn't index it.
    pub(crate) fn authorization(&self) -> HeaderValue {
        self.0.clone()
    }

    /// The key alone.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0.as_bytes()[SCHEME.len()..]
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({REDACTED})")
    }
}

/// Why a text can't be an API key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApiKey {
    /// There is no text at all.
    #[error("the API key is empty: give the key of your Crustdata account")]
    Empty,
    /// A blank, a control character (a line end, say) or one outside ASCII.
    #[error(
        "the API key has a character at position {position} that can't be sent in a header (a blank, a line \
         end, or one outside ASCII): give the key alone, without `Bearer`, quotes or a line end"
    )]
    Character {
        /// Place of the first such character, counted from 1.
        position: usize,
    },
}
