#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// What lives where: `client` and `builder` are the face, `request` is what goes in, `accepted` and the generated
// types are what comes out, `error` and `config_error` are what goes wrong. Then, in the order of a job's life: `submit`
// (with `active_jobs`), `submission` and `reconcile`, `wait`, `webhook`, `jobs`, `results`; and beside it `account`
// and `usage`, which ask about money, and `preflight`. `events` tells what the client
// does by itself, and `shared` is what its clones have in common. Below them is the wire: `tls`, `http_clients`,
// `call`, `transport`, `pacer`, `response`, `facts`, `redact`, `lenient`, `open_object`, `excerpt`, `unescape`.
mod accepted;
mod account;
mod active_jobs;
mod api_key;
mod builder;
mod call;
mod client;
mod clock;
mod config_error;
mod download_link;
#[cfg_attr(
    not(feature = "results"),
    expect(dead_code, reason = "some failures are those of results files")
)]
mod error;
mod events;
mod excerpt;
mod facts;
mod generated;
mod http_clients;
mod jobs;
mod lenient;
mod open_enum;
mod open_object;
mod pacer;
mod preflight;
mod recent_ids;
mod reconcile;
mod redact;
mod request;
mod response;
#[cfg(feature = "results")]
mod results;
#[cfg(feature = "results")]
mod results_hosts;
mod shared;
mod stream;
mod submission;
mod submit;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod timestamp;
mod tls;
mod trace;
mod transport;
mod unescape;
mod usage;
mod wait;
mod webhook;

pub use api_key::{ApiKey, InvalidApiKey};
pub use builder::ClientBuilder;
pub use client::Client;
pub use config_error::ConfigError;

/// What reading a [`ContactField`] from its name fails with.
pub use generated::api::types::error::ConversionError;
pub use generated::api::types::{ContactEnrichRequest, ContactField};
pub use request::{
    ChunkSize, ContactEnrichRequestBuilder, ContactFields, InvalidRequest, ListQuery, PageLimit,
    Problem, ProfileUrls, WebhookUrl,
};

pub use accepted::{Accepted, IncompleteResponse};
pub use download_link::DownloadLink;
pub use generated::api::types::{AcceptedBatch, BatchJob, BatchJobPage};
pub use generated::enums::{AcceptedStatus, Action, Entity, JobStatus};
pub use reconcile::{Evidence, Reconcile, Reconciliation, SafeToResubmit, UsageEvidence};
pub use submission::Submission;
pub use timestamp::Timestamp;
/// Re-exported for the ids of jobs.
pub use uuid::Uuid;

pub use jobs::Jobs;
pub use wait::{Progress, Wait};
pub use webhook::WebhookHint;

pub use generated::api::types::{ContactData, ContactRecord, Email, PersonalContactInfo};
pub use generated::enums::EmailStatus;
#[cfg(feature = "results")]
pub use results::{JoinedResults, JoinedRow, Results};

pub use account::{Credits, Endpoint, EndpointFields, FieldPrice};
pub use generated::enums::EndpointStatus;
pub use preflight::{Preflight, PreflightPart, PreflightProblem, PreflightSubject};
pub use usage::{CostComponent, UsageEvent, UsageEvents, UsageQuery};

pub use error::{Error, ErrorResponse, OutcomeUnknown, SubmitError};
pub use events::Event;
