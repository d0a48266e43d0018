//! Where the API reports the end of a job.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use url::Url;

use super::{InvalidRequest, Problem};

/// Where the API sends a POST when a job finishes: an absolute http or https URL.
///
/// ```
/// use crustdata_batch::WebhookUrl;
///
/// let url = WebhookUrl::new("https://example.com/hook")?;
/// assert_eq!(url.as_str(), "https://example.com/hook");
/// assert!(WebhookUrl::new("mailto:nobody@example.com").is_err());
/// # Ok::<(), crustdata_batch::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// Checks the URL and keeps it in its normal form: `HTTPS://Example.com` becomes `https://example.com/`.
    ///
    /// # Errors
    ///
    /// When it is no URL, a relative one, or one that nothing can be posted to.
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidRequest> {
        let url = Url::parse(url.as_ref()).map_err(|error| Problem::WebhookUrl {
            reason: format!("is no URL ({error})"),
        })?;
        // `localhost:8080/hook` parses: as scheme `localhost`.
        match url.scheme() {
            "http" | "https" => Ok(Self(url.into())),
            scheme => Err(Problem::WebhookUrl {
                reason: format!("has the scheme {scheme:?}"),
            }
            .into()),
        }
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = InvalidRequest;

    fn try_from(url: String) -> Result<Self, Self::Error> {
        Self::new(url)
    }
}

impl<'de> Deserialize<'de> for WebhookUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl JsonSchema for WebhookUrl {
    fn schema_name() -> Cow<'static, str> {
        "WebhookUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An absolute http or https URL.",
            "type": "string",
            "format": "uri",
        })
    }
}
