//! What `cargo xtask regen` renders from the OpenAPI document. Nothing below is edited by hand.

// The constants are shared with crates that use more of them.
#[allow(dead_code, unreachable_pub)]
#[rustfmt::skip]
pub(crate) mod contract;
