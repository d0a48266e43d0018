//! The API key: checked once, shown to nobody. Reading it from the environment is in `builder`.

use std::fmt;

use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// An account's API key.
///
/// It is wiped from memory when the last clone of its client is dropped, and neither `Debug` nor any error
/// of this crate shows it.
///
/// ```
/// use crustdata_batch::ApiKey;
///
/// let key = ApiKey::new("k-123")?;
/// assert_eq!(format!("{key:?}"), "ApiKey([redacted])");
/// assert!(ApiKey::new("Bearer k-123").is_err());
/// # Ok::<(), crustdata_batch::InvalidApiKey>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

/// What stands in a text where the key would have been.
const REDACTED: &str = "[redacted]";

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
        match text.chars().position(|c| !c.is_ascii_graphic()) {
            Some(index) => Err(InvalidApiKey::Character {
                position: index + 1,
            }),
            None => Ok(Self(key)),
        }
    }

    /// The `Authorization` header. Marked as sensitive: its `Debug` is blank, and HTTP/2 doesn't index it.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0.expose_secret()))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// `text` without the key: for whatever a server sent, since it may echo the request.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), REDACTED)
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
