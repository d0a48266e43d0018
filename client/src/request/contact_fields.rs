//! The contact kinds that a job looks up.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{InvalidRequest, Problem, wire};
use crate::ContactField;

/// Contact kinds of one job: at least one, each once.
///
/// ```
/// use crustdata_batch::{ContactField, ContactFields};
///
/// let fields = ContactFields::new([ContactField::BusinessEmail])?;
/// assert_eq!(fields.as_slice(), [ContactField::BusinessEmail]);
/// assert!(ContactFields::new([]).is_err());
/// # Ok::<(), crustdata_batch::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ContactFields(Vec<ContactField>);

impl ContactFields {
    /// Keeps the fields in the order given, without repetitions.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn new(fields: impl IntoIterator<Item = ContactField>) -> Result<Self, InvalidRequest> {
        let mut unique = Vec::new();
        for field in fields {
            if !unique.contains(&field) {
                unique.push(field);
            }
        }
        if unique.is_empty() {
            return Err(Problem::NoFields.into());
        }
        Ok(Self(unique))
    }

    /// The fields, in the order given.
    pub fn as_slice(&self) -> &[ContactField] {
        &self.0
    }

    /// Reads the fields by their names, with all unknown names in the error.
    fn from_names(names: &[String]) -> Result<Self, InvalidRequest> {
        let mut fields = Vec::new();
        let mut problems = Vec::new();
        for name in names {
            match name.parse() {
                Ok(field) => fields.push(field),
                Err(_) => problems.push(Problem::UnknownField { name: name.clone() }),
            }
        }
        InvalidRequest::unless(problems, ())?;
        Self::new(fields)
    }
}

impl TryFrom<Vec<ContactField>> for ContactFields {
    type Error = InvalidRequest;

    fn try_from(fields: Vec<ContactField>) -> Result<Self, Self::Error> {
        Self::new(fields)
    }
}

impl<'de> Deserialize<'de> for ContactFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_names(&wire::ListOrString::deserialize(deserializer)?.into_items())
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for ContactFields {
    fn schema_name() -> Cow<'static, str> {
        "ContactFields".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let list = json_schema!({
            "type": "array",
            "items": generator.subschema_for::<ContactField>(),
            "minItems": 1,
        });
        wire::schema(generator, "Contact kinds that one job looks up.", list)
    }
}
