#![doc = include_str!("../README.md")]

// What lives where: `client` and `builder` are the face, `request` is what goes in, `accepted` and the generated
// types are what comes out, `error` is what goes wrong; `transport` and `response` are the wire in between.
mod accepted;
mod api_key;
mod builder;
mod client;
mod error;
mod generated;
mod open_enum;
mod request;
mod response;
mod timestamp;
mod transport;

pub use api_key::{ApiKey, InvalidApiKey};
pub use builder::{ClientBuilder, ConfigError};
pub use client::Client;

pub use generated::api::types::{ContactEnrichRequest, ContactField};
pub use request::{
    ChunkSize, ContactEnrichRequestBuilder, ContactFields, InvalidRequest, ListQuery, PageLimit,
    Problem, ProfileUrls,
};

pub use accepted::{Accepted, IncompleteResponse};
pub use generated::api::types::{AcceptedBatch, BatchJob, BatchJobPage};
pub use generated::enums::{AcceptedStatus, Action, Entity, JobStatus};
pub use timestamp::Timestamp;
/// Re-exported for the ids of jobs.
pub use uuid::Uuid;

pub use generated::api::types::{ContactData, ContactRecord, Email, PersonalContactInfo};
pub use generated::enums::EmailStatus;

pub use error::{Error, ErrorResponse};
