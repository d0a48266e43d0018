//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.
//!
//! The bounds, defaults, enums, names and paths of the contract.

/// Base URL of the live API.
pub const BASE_URL: &str = "https://api.crustdata.com";
/// Version of the API that the document describes.
pub const API_VERSION: &str = "2025-11-01";
/// Names of headers.
pub mod header {
    /// Header that names the version of the API.
    pub const API_VERSION: &str = "x-api-version";
    /// Header with the number of requests allowed in the window.
    pub const RATE_LIMIT_LIMIT: &str = "x-ratelimit-limit";
    /// Header with the number of requests left in the window.
    pub const RATE_LIMIT_REMAINING: &str = "x-ratelimit-remaining";
    /// Header with the seconds until the window has room again.
    pub const RATE_LIMIT_RESET: &str = "x-ratelimit-reset";
    /// Header with the id of the request.
    pub const REQUEST_ID: &str = "x-request-id";
    /// Header with the credits that the request was charged.
    pub const CREDITS_USED: &str = "x-credits-used";
}
/// Media types of bodies.
pub mod media_type {
    /// Media type of requests and responses.
    pub const JSON: &str = "application/json";
    /// Media type of a results file.
    pub const RESULTS: &str = "application/gzip";
}
/// Statuses of the refusals that operations share.
pub mod status_code {
    /// The request breaks a rule; nothing was accepted.
    pub const BAD_REQUEST: u16 = 400;
    /// No API key, or an unknown one.
    pub const UNAUTHORIZED: u16 = 401;
    /// The account's credits are used up. Trying again does not help.
    pub const INSUFFICIENT_CREDITS: u16 = 402;
    /// The account may not have a field that was asked for; `metadata` names it.
    pub const FORBIDDEN: u16 = 403;
    /// There is no such job for this account.
    pub const NOT_FOUND: u16 = 404;
    /// Too many active jobs, or too many requests. The body is not documented; the headers, where sent, say when to try again.
    pub const TOO_MANY_REQUESTS: u16 = 429;
    /// The server failed. Whether a submission was accepted is unknown.
    pub const SERVER_ERROR: u16 = 500;
}
/// Limits that hold across operations.
pub mod limits {
    /// Jobs of one account that may be pending or processing at the same time.
    pub const ACTIVE_JOBS: usize = 5;
    /// Days for which a download link stays valid.
    pub const DOWNLOAD_LINK_DAYS: u32 = 5;
    /// Requests a minute to assume where nothing else is known.
    pub const REQUESTS_PER_MINUTE: u32 = 15;
}
/// The submission of a job.
pub mod submit {
    /// Key that asks for e-mails to be verified. What it does on this endpoint is open.
    pub const VERIFIED_KEY: &str = "verified";
    /// Path of the submission.
    pub const PATH: &str = "/batch/person/contact/enrich";
    /// The identifiers of a submission.
    pub mod identifiers {
        /// Fewest identifiers in a submission.
        pub const MIN: usize = 1;
        /// Most identifiers in a submission.
        pub const MAX: usize = 300;
        /// Key of the identifiers.
        pub const KEY: &str = "professional_network_profile_urls";
    }
    /// The contact kinds that a submission asks for.
    pub mod fields {
        /// Values of `fields`, in the document's order.
        pub const VALUES: &[&str] = &[
            "business_email",
            "personal_contact_info",
            "personal_contact_info.personal_emails",
            "personal_contact_info.phone_numbers",
        ];
        /// The fields that no other extends, each with what a record holds under it: `emails` (objects with an
        /// address and a status) or `strings`.
        pub const LEAVES: &[(&str, &str)] = &[
            ("business_email", "emails"),
            ("personal_contact_info.personal_emails", "emails"),
            ("personal_contact_info.phone_numbers", "strings"),
        ];
    }
    /// The chunk size of a submission.
    pub mod chunk_size {
        /// Smallest chunk size.
        pub const MIN: u32 = 10;
        /// Largest chunk size.
        pub const MAX: u32 = 1000;
        /// Chunk size of a submission that names none.
        pub const DEFAULT: u32 = 100;
    }
    /// Where a submission has the webhook delivery sent.
    pub mod webhook_url {
        /// The document's example of a `webhook_url`.
        pub const EXAMPLE: &str = "https://example.com/webhooks/crustdata-batch";
    }
    /// The response to a submission that is accepted.
    pub mod accepted {
        /// Keys that are always there, each with the JSON type of its value.
        pub const REQUIRED: &[(&str, &str)] = &[
            ("batch_id", "string"),
            ("status", "string"),
            ("entity", "string"),
            ("action", "string"),
            ("identifier_count", "integer"),
            ("entities_requested", "integer"),
            ("status_url", "string"),
        ];
        /// Key of the relative URL of a job's status.
        pub const STATUS_URL_KEY: &str = "status_url";
        /// `status` of every accepted submission.
        pub const STATUS: &str = "pending";
        /// `entity` of every accepted submission.
        pub const ENTITY: &str = "person";
        /// `action` of every accepted submission.
        pub const ACTION: &str = "contact_enrich";
    }
    /// What a job is about.
    pub mod entity {
        /// `company`
        pub const COMPANY: &str = "company";
        /// `person`
        pub const PERSON: &str = "person";
        /// Values of `entity` of an accepted submission, over all endpoints.
        pub const VALUES: &[&str] = &["company", "person"];
    }
    /// What a job does.
    pub mod action {
        /// `enrich`
        pub const ENRICH: &str = "enrich";
        /// `enrich_live`
        pub const ENRICH_LIVE: &str = "enrich_live";
        /// `contact_enrich`
        pub const CONTACT_ENRICH: &str = "contact_enrich";
        /// `search`
        pub const SEARCH: &str = "search";
        /// `search_live`
        pub const SEARCH_LIVE: &str = "search_live";
        /// Values of `action` of an accepted submission, over all endpoints.
        pub const VALUES: &[&str] = &[
            "enrich",
            "enrich_live",
            "contact_enrich",
            "search",
            "search_live",
        ];
    }
    /// The document's example of a submission.
    pub mod example {
        /// The submission, as JSON.
        pub const REQUEST: &str = "{\"professional_network_profile_urls\":[\"https://www.linkedin.com/in/dvdhsu/\"],\"fields\":[\"business_email\",\"personal_contact_info\"]}";
        /// The response to it, as JSON.
        pub const RESPONSE: &str = "{\"batch_id\":\"7e96a0d7-0ea6-463c-8937-dfa59365c2e9\",\"status\":\"pending\",\"entity\":\"person\",\"action\":\"contact_enrich\",\"identifier_count\":1,\"entities_requested\":1,\"status_url\":\"/batch/7e96a0d7-0ea6-463c-8937-dfa59365c2e9\"}";
    }
}
/// The status of a job.
pub mod job {
    /// Key of a job's id.
    pub const ID_KEY: &str = "batch_id";
    /// Keys that are always there, each with the JSON type of its value.
    pub const REQUIRED: &[(&str, &str)] = &[
        ("batch_id", "string"),
        ("status", "string"),
        ("entity", "string"),
        ("action", "string"),
    ];
    /// Path of a job's status.
    pub const PATH: &str = "/batch/{batch_id}";
    /// Where a job stands.
    pub mod status {
        /// `pending`
        pub const PENDING: &str = "pending";
        /// `processing`
        pub const PROCESSING: &str = "processing";
        /// `completed`
        pub const COMPLETED: &str = "completed";
        /// `failed`
        pub const FAILED: &str = "failed";
        /// Values of `status` of a job.
        pub const VALUES: &[&str] = &["pending", "processing", "completed", "failed"];
    }
}
/// The list of jobs.
pub mod list {
    /// Path of the list of jobs.
    pub const PATH: &str = "/batch";
    /// The jobs on a page of the list.
    pub mod limit {
        /// Fewest jobs on a page of the list.
        pub const MIN: u32 = 1;
        /// Most jobs on a page of the list.
        pub const MAX: u32 = 100;
        /// Jobs on a page when the request names no limit.
        pub const DEFAULT: u32 = 20;
    }
}
/// Credits for each person of whom a contact kind is returned: figures of the sister endpoint.
pub mod prices {
    /// For business e-mails.
    pub const BUSINESS_EMAIL: f64 = 1.0;
    /// For personal e-mails.
    pub const PERSONAL_EMAILS: f64 = 2.0;
    /// For phone numbers.
    pub const PHONE_NUMBERS: f64 = 2.0;
    /// For all kinds of one person: the most that one costs without `verified`.
    pub const PERSON: f64 = 5.0;
    /// On top of that with `verified`.
    pub const VERIFIED: f64 = 0.5;
    /// By the field that asks for the kind.
    pub const BY_FIELD: &[(&str, f64)] = &[
        ("business_email", 1f64),
        ("personal_contact_info.personal_emails", 2f64),
        ("personal_contact_info.phone_numbers", 2f64),
    ];
}
/// The balance of the account, and what it may call.
pub mod account {
    /// Requests a minute.
    pub const REQUESTS_PER_MINUTE: u32 = 300;
    /// The balance.
    pub mod credits {
        /// Path of the balance.
        pub const PATH: &str = "/account/credits";
    }
    /// What the account may call.
    pub mod endpoints {
        /// Path of the endpoints.
        pub const PATH: &str = "/account/endpoints";
        /// Whether the account may call an endpoint.
        pub mod status {
            /// `enabled`
            pub const ENABLED: &str = "enabled";
            /// `not_enabled`
            pub const NOT_ENABLED: &str = "not_enabled";
            /// `disabled`
            pub const DISABLED: &str = "disabled";
            /// Values of `status` of an endpoint.
            pub const VALUES: &[&str] = &["enabled", "not_enabled", "disabled"];
        }
    }
}
/// The requests of the account's team, and what they were charged.
pub mod usage {
    /// Requests a minute, over all usage endpoints.
    pub const REQUESTS_PER_MINUTE: u32 = 60;
    /// Seconds after which a request usually is among the events.
    pub const EVENT_DELAY_SECONDS: u32 = 10;
    /// Most characters of a request's id.
    pub const MAX_REQUEST_ID: usize = 256;
    /// Path of the events.
    pub const PATH: &str = "/account/usage/events";
    /// Path of one event.
    pub const EVENT_PATH: &str = "/account/usage/events/{request_id}";
    /// The events on a page of the list.
    pub mod limit {
        /// Fewest events on a page.
        pub const MIN: u32 = 1;
        /// Most events on a page.
        pub const MAX: u32 = 500;
    }
}
/// The results of a job.
pub mod result {
    /// What the provider knows of an address's delivery.
    pub mod email_status {
        /// `deliverable`
        pub const DELIVERABLE: &str = "deliverable";
        /// `catch_all`
        pub const CATCH_ALL: &str = "catch_all";
        /// `invalid`
        pub const INVALID: &str = "invalid";
        /// `unknown`
        pub const UNKNOWN: &str = "unknown";
        /// Values of `status` of an e-mail.
        pub const VALUES: &[&str] = &["deliverable", "catch_all", "invalid", "unknown"];
    }
}
