//! The identifiers of a job.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{InvalidRequest, Problem, wire};
use crate::generated::contract::submit::identifiers;

/// Profile URLs of one job: as many as the contract allows, none blank, none with a comma.
///
/// They are sent as given, in the order given. Duplicates are kept: how the API counts them is not documented.
///
/// ```
/// use crustdata_batch::ProfileUrls;
///
/// let urls = ProfileUrls::new(["https://www.linkedin.com/in/dvdhsu/"])?;
/// assert_eq!(urls.as_slice().len(), 1);
///
/// let too_many = vec!["https://www.linkedin.com/in/dvdhsu/"; ProfileUrls::MAX + 1];
/// assert!(ProfileUrls::new(too_many).is_err());
/// # Ok::<(), crustdata_batch::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ProfileUrls(Vec<String>);

impl ProfileUrls {
    /// Fewest identifiers in one job.
    pub const MIN: usize = identifiers::MIN;
    /// Most identifiers in one job.
    pub const MAX: usize = identifiers::MAX;

    /// Checks and keeps the identifiers.
    ///
    /// # Errors
    ///
    /// When there are fewer than [`MIN`](Self::MIN) or more than [`MAX`](Self::MAX), when one is blank, or
    /// when one has a comma (the API reads a string as a comma-separated list, so it could be taken, and
    /// billed, as two). All such problems are reported together.
    pub fn new<I>(urls: I) -> Result<Self, InvalidRequest>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
        let mut problems = problems_of(&urls);
        if urls.len() > Self::MAX {
            problems.insert(0, Problem::TooManyIdentifiers { count: urls.len() });
        }
        InvalidRequest::unless(problems, Self(urls))
    }

    /// Checks the identifiers, however many there are, and splits them into jobs of this size.
    pub(super) fn chunks(urls: Vec<String>, size: usize) -> Result<Vec<Self>, InvalidRequest> {
        let mut problems = problems_of(&urls);
        if !(Self::MIN..=Self::MAX).contains(&size) {
            problems.insert(0, Problem::JobSize { value: size });
        }
        InvalidRequest::unless(problems, ())?;
        let mut chunks = Vec::with_capacity(urls.len().div_ceil(size));
        let mut urls = urls.into_iter();
        while urls.len() > 0 {
            chunks.push(Self(urls.by_ref().take(size).collect()));
        }
        Ok(chunks)
    }

    /// The identifiers, in the order given.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// What is wrong with the identifiers, except that there may be too many.
fn problems_of(urls: &[String]) -> Vec<Problem> {
    let count = urls.len();
    let few = (count < identifiers::MIN).then_some(Problem::TooFewIdentifiers { count });
    let each = urls.iter().zip(1..).filter_map(|(url, position)| {
        if url.trim().is_empty() {
            Some(Problem::BlankIdentifier { position })
        } else if url.contains(',') {
            Some(Problem::IdentifierWithComma { position })
        } else {
            None
        }
    });
    few.into_iter().chain(each).collect()
}

/// What two spellings of the same profile URL have in common.
pub(crate) fn normal(identifier: &str) -> String {
    let name = identifier.trim().to_lowercase();
    let name = name
        .strip_prefix("https://")
        .or_else(|| name.strip_prefix("http://"))
        .unwrap_or(&name);
    name.strip_prefix("www.")
        .unwrap_or(name)
        .trim_end_matches('/')
        .to_owned()
}

impl TryFrom<Vec<String>> for ProfileUrls {
    type Error = InvalidRequest;

    fn try_from(urls: Vec<String>) -> Result<Self, Self::Error> {
        Self::new(urls)
    }
}

impl<'de> Deserialize<'de> for ProfileUrls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(wire::ListOrString::deserialize(deserializer)?.into_items())
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for ProfileUrls {
    fn schema_name() -> Cow<'static, str> {
        "ProfileUrls".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let list = json_schema!({
            "type": "array",
            "items": { "type": "string", "minLength": 1 },
            "minItems": Self::MIN,
            "maxItems": Self::MAX,
        });
        wire::schema(generator, "Profile URLs of one job.", list)
    }
}
