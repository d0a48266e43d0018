//! What `cargo xtask regen` renders from the OpenAPI document. Nothing below is edited by hand, and nothing
//! of it is public: the crate's root re-exports the types that belong to its face.

// The code is progenitor's: its style is its own, and it is made for more callers than this crate.
#[allow(clippy::all, clippy::unwrap_used, dead_code, missing_docs, unreachable_pub, unused_imports)]
#[rustfmt::skip]
pub(crate) mod api;
// The constants are shared with crates that use more of them.
#[allow(dead_code, unreachable_pub)]
#[rustfmt::skip]
pub(crate) mod contract;
#[rustfmt::skip]
pub(crate) mod enums;
