//! The form of the test vectors.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// `requests.json`
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requests {
    /// Always `crustdata-conformance/vectors/1`.
    pub schema: &'static str,
    /// What a client must send.
    pub requests: Vec<RequestCase>,
}

/// `responses.json`
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Responses {
    /// Always `crustdata-conformance/vectors/1`.
    pub schema: &'static str,
    /// What a client must understand.
    pub responses: Vec<ResponseCase>,
}

/// What a client is given, and what it must send.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestCase {
    /// Name of the case; permanent.
    pub name: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// The clause that it follows from.
    pub clause: &'static str,
    /// What the client is given.
    pub given: Given,
    /// What it must send, in this order; nothing where what it is given can't be submitted.
    pub sends: Vec<Sent>,
}

/// What a client is given to submit, or to ask for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// A submission.
    Submit {
        /// The identifiers. Where there are more than a job takes, it takes several.
        identifiers: Vec<String>,
        /// The fields.
        fields: Vec<String>,
        /// The chunk size, where one is asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        chunk_size: Option<u32>,
        /// The webhook, where there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        webhook_url: Option<String>,
    },
    /// The id of a job whose status is asked for.
    Job(String),
    /// A link to results, which is not of the API.
    Download(String),
}

/// A request.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sent {
    /// HTTP method.
    pub method: &'static str,
    /// Path below the base URL; or the whole address, where it is outside the API.
    pub path: String,
    /// Headers that must be there, with these values; `<key>` stands for the key.
    pub headers: BTreeMap<&'static str, String>,
    /// Headers that must not be there.
    pub without: Vec<&'static str>,
    /// The body as JSON; the order of keys does not matter, and a list of strings may be one string with commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// What comes back, and what a client must understand from it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResponseCase {
    /// Name of the case; permanent.
    pub name: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// The clause that it follows from.
    pub clause: &'static str,
    /// What came back.
    pub response: Answer,
    /// What it means.
    pub means: Understood,
}

/// A response.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: BTreeMap<&'static str, String>,
    /// Body.
    pub body: Body,
}

/// The bytes of a body.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// As text.
    Text(String),
    /// In Base64, with padding.
    Base64(String),
}

/// What a response means; its name is the operation that it answers.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Understood {
    /// A submission was answered.
    Submit(Outcome),
    /// A job's status was asked for.
    Job {
        /// Whether it is over.
        over: bool,
        /// Whether it has results to read: it is over, and did not fail.
        completed: bool,
    },
    /// A page of the list was asked for.
    List {
        /// The ids of the jobs on it.
        ids: Vec<String>,
    },
    /// A results file was fetched.
    Results {
        /// Whether it can be read to its end. If not, the client must say so, whatever it read before.
        readable: bool,
        /// Each record: whose it is, and the first business e-mail, where there is one.
        records: Vec<RecordOf>,
    },
}

/// A record in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordOf {
    /// The identifier that it belongs to.
    pub identifier: String,
    /// Its first business e-mail.
    pub business_email: Option<String>,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A job was made, with this id.
    Accepted(String),
    /// No job was made, and trying again does not help.
    Refused,
    /// No job was made; there is room after so many seconds.
    Throttled(u64),
    /// Nobody can tell whether a job was made: the client looks, and does not submit again.
    Unknown,
}
