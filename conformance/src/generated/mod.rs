//! What `cargo xtask regen` renders from the OpenAPI document. Nothing below is edited by hand.

#[rustfmt::skip]
pub mod contract;
#[rustfmt::skip]
pub(crate) mod lines;
#[rustfmt::skip]
pub(crate) mod wordings;
