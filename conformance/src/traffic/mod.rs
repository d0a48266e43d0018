//! Other people's traffic: exchanges as recorders and proxies met them, brought into the order of sending, told apart
//! from traffic with other servers, rid of keys, and given to an [`Assessment`](crate::assessment::Assessment).

mod bodies;
mod entries;
mod har;
mod har_writer;
mod keys;
mod links;
mod met;
mod origins;
mod places;
mod plain_url;
mod sources;
mod stream;

pub(crate) use bodies::{Coding, coding, unpacked};
pub use entries::EntriesError;
pub(crate) use met::{Met, Place};
pub use places::Places;
pub use sources::{SourceError, Sources};
pub use stream::{Amounts, Traffic};
