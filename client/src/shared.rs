//! What all clones of a client share: its settings, its HTTP clients, and what it has learnt. How it is set up is in
//! `builder`.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::api_key::ApiKey;
use crate::call::Requests;
use crate::clock::Clock;
use crate::events::Events;
#[cfg(feature = "results")]
use crate::http_clients::HttpClients;
use crate::pacer::Pacer;
use crate::recent_ids::RecentIds;
#[cfg(feature = "results")]
use crate::results_hosts::Hosts;

/// Whose limit a request counts for. By the documentation these have limits of their own, so what a response says about one
/// of them is no word on the others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// Jobs.
    Batch,
    /// The account's balance and endpoints.
    Account,
    /// The account's usage.
    Usage,
}

impl Shared {
    pub(crate) fn pacer_of(&self, pace: Pace) -> &Pacer {
        match pace {
            Pace::Batch => &self.pacer,
            Pace::Account => &self.account_pacer,
            Pace::Usage => &self.usage_pacer,
        }
    }
}

/// What all clones of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Makes the requests. Its HTTP client is for the API: results may be elsewhere.
    pub(crate) api: Requests,
    #[cfg(feature = "results")]
    pub(crate) download_http: HttpClients,
    #[cfg(feature = "results")]
    pub(crate) results_hosts: Hosts,
    /// Whether no caller changed the HTTP client, so that a connection that can't be made means that nothing was sent.
    pub(crate) is_http_ours: bool,
    pub(crate) key: ApiKey,
    pub(crate) timeout: Duration,
    pub(crate) submit_timeout: Duration,
    #[cfg(feature = "results")]
    pub(crate) download_idle_timeout: Duration,
    #[cfg(feature = "results")]
    pub(crate) download_attempts: NonZeroU32,
    pub(crate) submit_attempts: NonZeroU32,
    pub(crate) submit_backoff: Duration,
    pub(crate) max_active_jobs: Option<NonZeroU32>,
    /// Held by the submission that may be sent. Others count the jobs when its own is among them.
    pub(crate) submitting: Mutex<()>,
    pub(crate) pacer: Pacer,
    /// Whether no caller set the pace, so that what the account is allowed may replace it.
    pub(crate) is_pace_ours: bool,
    pub(crate) account_pacer: Pacer,
    pub(crate) usage_pacer: Pacer,
    pub(crate) events: Events,
    pub(crate) clock: Clock,
    /// Jobs whose ids `submit` handed out.
    pub(crate) accepted_jobs: RecentIds,
    /// Requests that submitted something, and of which `submit` knows what became of them.
    pub(crate) settled_requests: RecentIds<String>,
    /// Jobs that a search for a submission's job came upon: those of later submissions are others.
    pub(crate) seen_jobs: RecentIds,
}
