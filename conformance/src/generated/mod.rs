//! What `cargo xtask regen` renders from the document. Nothing here is edited by hand.

pub mod contract;
