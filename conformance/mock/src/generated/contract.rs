//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.
//!
//! The bounds, defaults, enums and paths of the contract.

/// Base URL of the live API.
pub const BASE_URL: &str = "https://api.crustdata.com";
/// Header that names the version of the API.
pub const API_VERSION_HEADER: &str = "x-api-version";
/// Version of the API that the document describes.
pub const API_VERSION: &str = "2025-11-01";

/// Path of the submission.
pub const SUBMIT_PATH: &str = "/batch/person/contact/enrich";
/// Path of a job's status.
pub const JOB_PATH: &str = "/batch/{batch_id}";
/// Path of the list of jobs.
pub const LIST_PATH: &str = "/batch";

/// Key of the identifiers in a submission.
pub const IDENTIFIERS_KEY: &str = "professional_network_profile_urls";
/// Fewest identifiers in a submission.
pub const IDENTIFIERS_MIN: usize = 1;
/// Most identifiers in a submission.
pub const IDENTIFIERS_MAX: usize = 300;
/// Smallest chunk size.
pub const CHUNK_SIZE_MIN: u32 = 10;
/// Largest chunk size.
pub const CHUNK_SIZE_MAX: u32 = 1000;
/// Chunk size of a submission that names none.
pub const CHUNK_SIZE_DEFAULT: u32 = 100;
/// Fewest jobs on a page of the list.
pub const PAGE_LIMIT_MIN: u32 = 1;
/// Most jobs on a page of the list.
pub const PAGE_LIMIT_MAX: u32 = 100;
/// Jobs on a page when the request names no limit.
pub const PAGE_LIMIT_DEFAULT: u32 = 20;
/// Jobs of one account that may be pending or processing at the same time.
pub const ACTIVE_JOBS_MAX: usize = 5;
/// Days for which a download link stays valid.
pub const DOWNLOAD_LINK_DAYS: u32 = 5;
/// Requests a minute to assume where nothing else is known.
pub const REQUESTS_PER_MINUTE: u32 = 15;

/// Keys that an accepted answer always has, each with the JSON type of its value.
pub const ACCEPTED_KEYS: &[(&str, &str)] = &[
    ("batch_id", "string"),
    ("status", "string"),
    ("entity", "string"),
    ("action", "string"),
    ("identifier_count", "integer"),
    ("entities_requested", "integer"),
    ("status_url", "string"),
];
/// Keys that a job's status always has, each with the JSON type of its value.
pub const JOB_KEYS: &[(&str, &str)] = &[
    ("batch_id", "string"),
    ("status", "string"),
    ("entity", "string"),
    ("action", "string"),
];
/// Key of a job's id.
pub const BATCH_ID_KEY: &str = "batch_id";
/// Key of the relative URL of a job's status.
pub const STATUS_URL_KEY: &str = "status_url";
/// Header with the number of requests allowed in the window.
pub const RATE_LIMIT_LIMIT_HEADER: &str = "x-ratelimit-limit";
/// Header with the number of requests left in the window.
pub const RATE_LIMIT_REMAINING_HEADER: &str = "x-ratelimit-remaining";
/// Header with the seconds until the window has room again.
pub const RATE_LIMIT_RESET_HEADER: &str = "x-ratelimit-reset";
/// `status` of every accepted submission.
pub const ACCEPTED_STATUS: &str = "pending";
/// `entity` of every accepted submission.
pub const ACCEPTED_ENTITY: &str = "person";
/// `action` of every accepted submission.
pub const ACCEPTED_ACTION: &str = "contact_enrich";
/// Values of `status` of a job.
pub const JOB_STATUSES: &[&str] = &["pending", "processing", "completed", "failed"];
/// Values of `entity` of an accepted submission, over all endpoints.
pub const ENTITIES: &[&str] = &["company", "person"];
/// Values of `action` of an accepted submission, over all endpoints.
pub const ACTIONS: &[&str] = &["enrich", "enrich_live", "contact_enrich", "search", "search_live"];
/// Values of `status` of an e-mail.
pub const EMAIL_STATUSES: &[&str] = &["deliverable", "catch_all", "invalid", "unknown"];

/// Values of `fields`, in the document's order.
pub const CONTACT_FIELDS: &[&str] = &[
    "business_email",
    "personal_contact_info",
    "personal_contact_info.personal_emails",
    "personal_contact_info.phone_numbers",
];
/// The fields that no other extends, each with what a record holds under it: `emails` (objects with an
/// address and a status) or `strings`.
pub const CONTACT_LEAVES: &[(&str, &str)] = &[
    ("business_email", "emails"),
    ("personal_contact_info.personal_emails", "emails"),
    ("personal_contact_info.phone_numbers", "strings"),
];
/// The document's example of a `webhook_url`.
pub const WEBHOOK_URL_EXAMPLE: &str = "https://example.com/webhooks/crustdata-batch";
/// The document's example of a submission, as JSON.
pub const SUBMIT_EXAMPLE_REQUEST: &str = r#"{"professional_network_profile_urls":["https://www.linkedin.com/in/dvdhsu/"],"fields":["business_email","personal_contact_info"]}"#;
/// The document's example of the answer to it, as JSON.
pub const SUBMIT_EXAMPLE_RESPONSE: &str = r#"{"batch_id":"7e96a0d7-0ea6-463c-8937-dfa59365c2e9","status":"pending","entity":"person","action":"contact_enrich","identifier_count":1,"entities_requested":1,"status_url":"/batch/7e96a0d7-0ea6-463c-8937-dfa59365c2e9"}"#;
