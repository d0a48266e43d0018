//! The client through its public face, over HTTP on this machine. The servers are made by hand, to misbehave.
#![allow(clippy::unwrap_used, clippy::panic)]

/// The bounds of the document: these tests hold whatever they are.
mod bounds;
/// Setting up a client.
mod config;
/// Responses that are no success, and their texts.
mod errors;
/// Job status and list, with everything in them that may be odd.
mod jobs;
/// Building requests, and reading both of their wire forms.
mod requests;
/// The document's schemas against the types, both ways.
mod schemas;
/// The key goes to the API alone, and into no text.
mod secrets;
/// A server that answers what a test tells it to.
mod server;
/// Submissions: an accepted job is never lost, an unknown outcome never hidden.
mod submit;
/// Connections that break, hang or flood.
mod transport;
/// What the client sends.
mod wire;
