//! The client through its public face, over HTTP on this machine. The servers are made by hand, to misbehave.
#![allow(clippy::unwrap_used, clippy::panic)]

/// The account's credits and endpoints, and what responses say of their requests.
mod account;
/// A server with jobs and events of usage.
mod account_of_events;
/// A limit of active jobs that submissions wait for.
mod active_jobs;
/// How results files are packed.
mod archives;
/// Submissions that are tried again, where it is certain that they were not accepted.
mod attempts;
/// The bounds of the document: these tests hold whatever they are.
mod bounds;
/// Results files that change, or may have changed, while they are read.
mod changes;
/// What the clocks prove of a submission's outcome.
mod clocks;
/// Setting up a client.
mod config;
/// A results file over connections that break, links that expire, and stores that redirect.
mod download;
/// Responses that are no success, and their texts.
mod errors;
/// What is proved about a submission's outcome, and what is not.
mod evidence;
/// A server that misbehaves at random, and what holds all the same.
mod hostile;
/// Job status and list, with everything in them that may be odd.
mod jobs;
/// Records beside the identifiers that were submitted.
mod join;
/// Jobs that are others', or that a failure names, in the search for a submission's job.
mod known_jobs;
/// Where a results file is, and how the store there may respond.
mod links;
/// Which request of the account's usage is the submission's.
mod own_request;
/// The pace that the server's headers set.
mod pace;
/// The list as a stream.
mod pages;
/// What stands in the way of a submission, asked for nothing.
mod preflight;
/// What is asked through a proxy, and what is not.
#[cfg(any(feature = "platform-verifier", feature = "webpki-roots"))]
mod proxies;
/// The public items of the crate, so that a change of them is seen.
mod public_api;
/// Results of jobs that are not, or not known to be, completed.
mod readiness;
/// Finding the job of a submission whose outcome is unknown.
mod reconcile;
/// What the account's usage proves of a submission's outcome.
mod record;
/// Which of those events are read, and since when they are the whole record.
mod record_times;
/// What a server of these tests sends.
mod reply;
/// Building requests, and reading both of their wire forms.
mod requests;
/// Results files as streams of records, and what may be wrong in them.
mod results;
/// The document's schemas against the types, both ways.
mod schemas;
/// The key goes to the API alone, and into no text.
mod secrets;
/// A server that responds as a test tells it to.
mod server;
/// Spans, with the feature `tracing`.
#[cfg(feature = "tracing")]
mod spans;
/// Submissions: an accepted job is never lost, an unknown outcome never hidden.
mod submit;
/// What the feature `testing` makes.
#[cfg(feature = "testing")]
mod testing;
/// TLS with what the operating system trusts.
#[cfg(all(
    target_os = "linux",
    feature = "platform-verifier",
    not(feature = "webpki-roots")
))]
mod tls;
/// Connections that break, hang or flood.
mod transport;
/// The account's usage, event by event.
mod usage;
/// A program that depends on this crate, and on reqwest for purposes of its own.
#[cfg(any(feature = "platform-verifier", feature = "webpki-roots"))]
mod users_reqwest;
/// Waiting for the end of a job.
mod wait;
/// Waiting while polls fail.
mod wait_failures;
/// Webhook calls as hints.
mod webhook;
/// What the client sends.
mod wire;
/// The most that a server can make the client work.
mod work;
