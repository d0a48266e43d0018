//! Other people's traffic: exchanges as recorders and proxies met them, brought into the order of sending, told apart
//! from traffic with other servers, rid of keys, and given to an [`Assessment`](crate::assessment::Assessment).

mod entries;
mod har;
mod keys;
mod links;
mod met;
mod origins;
mod sources;
mod stream;

pub use entries::EntriesError;
pub use sources::{SourceError, Sources};
pub use stream::{Amounts, Traffic};
