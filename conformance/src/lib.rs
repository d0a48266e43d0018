//! Checks any server of Crustdata's Batch API, live or mocked, against its contract, clause by clause.
//!
//! [`probes`] make requests, and the [`runner`] sends them within its limits. What comes back are [`exchange`]s, as what
//! [`traffic`], a [`proxy`] and the clients of [`scenarios`] bring. An [`assessment`] takes them in as they happen: the
//! [`evidence`] is what they show, the [`checks`] judge it by the [`contract`], [`results`] sum that up, and [`report`]s show
//! it. The mock ([`crustdata_mock`]) is a server of the API for all who have no key. Unofficial.

pub mod assessment;
mod causes;
pub mod checks;
pub mod cli;
pub mod columns;
pub mod contract;
pub mod curl;
pub mod doctor;
pub mod embedded;
pub mod evidence;
pub mod exchange;
pub mod generated;
mod gzip;
pub mod known;
mod lock;
mod mask;
pub mod probes;
pub mod proxy;
mod readable;
pub mod recording;
mod redaction;
pub mod report;
pub mod results;
mod rewrite;
pub mod runner;
pub mod scenarios;
pub mod self_test;
mod suggest;
mod tls;
pub mod traffic;
pub mod vectors;
