//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.
//!
//! The enums of responses, open to values that the document does not know.

use crate::open_enum::open_enum;

open_enum! {
    /// A job's status when it is accepted.
    pub enum AcceptedStatus {
        /// `pending`
        Pending = "pending",
    }
}

open_enum! {
    /// What a job does.
    pub enum Action {
        /// `enrich`
        Enrich = "enrich",
        /// `enrich_live`
        EnrichLive = "enrich_live",
        /// `contact_enrich`
        ContactEnrich = "contact_enrich",
        /// `search`
        Search = "search",
        /// `search_live`
        SearchLive = "search_live",
    }
}

open_enum! {
    /// What the provider knows of an address's delivery.
    pub enum EmailStatus {
        /// `deliverable`
        Deliverable = "deliverable",
        /// `catch_all`
        CatchAll = "catch_all",
        /// `invalid`
        Invalid = "invalid",
        /// `unknown`
        Unknown = "unknown",
    }
}

open_enum! {
    /// Whether the account may call an endpoint. The guide says `not_enabled` where the reference says `disabled`.
    pub enum EndpointStatus {
        /// `enabled`
        Enabled = "enabled",
        /// `not_enabled`
        NotEnabled = "not_enabled",
        /// `disabled`
        Disabled = "disabled",
    }
}

open_enum! {
    /// What a job is about.
    pub enum Entity {
        /// `company`
        Company = "company",
        /// `person`
        Person = "person",
    }
}

open_enum! {
    /// Where a job stands. `completed` and `failed` are final.
    pub enum JobStatus {
        /// `pending`
        Pending = "pending",
        /// `processing`
        Processing = "processing",
        /// `completed`
        Completed = "completed",
        /// `failed`
        Failed = "failed",
    }
}
