//! Test vectors for the unit tests of a client in any language: what it must send when it is given something, and what
//! it must understand from bytes that come back. As data, of a form that a JSON Schema describes; what they mean is in
//! `case`, the cases are in `requests` and `responses`, those in turn from `submissions` and `reads`.

mod building;
mod case;
mod reads;
mod requests;
mod responses;
mod submissions;

pub use case::{
    Answer, Body, Given, Outcome, RecordOf, RequestCase, Requests, ResponseCase, Responses, Sent,
    Understood,
};

/// Names the form of the files. A new number means that readers must change; keys and cases may be added without one.
pub const SCHEMA: &str = "crustdata-conformance/vectors/1";

/// Either file: what the schema describes.
#[derive(Debug, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
#[cfg_attr(
    feature = "schema",
    schemars(title = "Test vectors for clients of the Batch API")
)]
pub enum File {
    /// `requests.json`
    Requests(Requests),
    /// `responses.json`
    Responses(Responses),
}

/// The files, by their names.
pub fn files() -> [(&'static str, File); 2] {
    [
        ("requests.json", File::Requests(requests())),
        ("responses.json", File::Responses(responses())),
    ]
}

/// What a client must send.
pub fn requests() -> Requests {
    Requests {
        schema: SCHEMA,
        requests: requests::cases(),
    }
}

/// What a client must understand.
pub fn responses() -> Responses {
    Responses {
        schema: SCHEMA,
        responses: responses::cases(),
    }
}

/// JSON Schema of both files.
pub const JSON_SCHEMA: &str = include_str!("../../schema/vectors.schema.json");

/// The same, derived from the types: what [`JSON_SCHEMA`] must be.
#[cfg(feature = "schema")]
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(File)
}
