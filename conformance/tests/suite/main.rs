//! The suite's tests: everything through the library's public face or the binary, over real HTTP on loopback.

// Tests say what is wrong by panicking.
#![allow(clippy::panic, clippy::unwrap_used)]

/// What is read of the account, and the cost of a run.
mod account;
/// The action for workflows.
mod action;
/// Each check by itself.
mod alone;
/// A proxy with a client and a server.
mod between;
/// The client crate against the mock.
mod client;
/// The model of the contract against the generators.
mod contract;
/// The printed `curl` lines.
mod curl;
/// `doctor`.
mod doctor;
/// What is checked in and rendered: the clauses' page, the schema of the results.
mod documents;
/// Clients that are driven.
mod driven;
/// The reports on clients that are driven.
mod driven_reports;
/// Every exit code.
mod exit_codes;
/// The suite on a server that is not its own.
mod external;
/// The guide for CI, carried out.
mod guide;
/// A plain HTTP client.
mod http;
/// `judge`, as a user calls it.
mod judge;
/// The list of known failures.
mod known_failures;
/// Download links that lead nowhere.
mod links;
/// A campaign against reconciling: submissions whose responses are lost.
mod lost_answers;
/// Completions and manual pages.
mod manual;
/// What is hidden from reports.
mod masks;
/// The mock: its server, and its compliant answers to submissions.
mod mock;
/// The mock's account: balance, endpoints, usage events and ledger.
mod mock_account;
/// A fixed course of jobs that shows every fault of the mock in what comes after a submission.
mod mock_course;
/// The mock's faults and variants.
mod mock_faults;
/// A mock with a client that talks to it.
mod mock_fixture;
/// The mock's jobs: status, list and webhook.
mod mock_jobs;
/// The mock's rate limits, one for each operation.
mod mock_rates;
/// A fixed series of submissions that shows every fault of the mock in how they are answered.
mod mock_series;
/// The mock's set-up, and the requests that it has received.
mod mock_server;
/// Faults of the mock that show in one of its states only.
mod mock_states;
/// The mock's results files.
mod mock_store;
/// What the contract leaves open.
mod open;
/// The pages of the clauses.
mod pages;
/// What budgets buy, as `plan` says.
mod plan;
/// Targets that are no server of this API.
mod preflight;
/// Runs the binary.
mod process;
/// What is shown while a run goes on.
mod progress;
/// Proxies that the environment names.
mod proxies;
/// The proxy between a client and a server: what it says of what passed.
mod proxy;
/// The proxy's seat belt.
mod proxy_belt;
/// The proxy as it is called.
mod proxy_command;
/// What goes wrong beside the traffic of the proxy.
mod proxy_trouble;
/// The proxy on the wire.
mod proxy_wire;
/// Recordings of sessions with servers of all kinds, judged.
mod recorded;
/// The directory that reports are written into.
mod report_directory;
/// What is in each report.
mod report_texts;
/// The reports that are files.
mod reports;
/// The lines that bring a finding back.
mod reproduction;
/// What the contract's model reads from a request.
mod requests;
/// The report for code scanning.
mod sarif;
/// The key, which stays out of recordings and reports.
mod secrets;
/// What the self-test says of the suite by budget, by seed, and without a family of probes.
mod self_test;
/// A session of a client with the mock, recorded as HAR.
mod session;
/// `serve`, and runs that are ended from outside.
mod signals;
/// The pages, their links and their commands.
mod site;
/// What people read.
mod snapshots;
/// Targets that misbehave as a whole.
mod targets;
/// What clients do, to the microsecond.
mod timelines;
/// The pages that show what judging traffic prints, carried out.
mod traffic_guide;
/// Text of a server that would move a cursor, or reorder what people read.
mod unsafe_text;
/// Bad input on the command line.
mod usage;
/// The test vectors.
mod vectors;
/// The complete test that the READMEs show.
mod your_code;
