//! One file for each operation of the API, and one for the download store.

pub(crate) mod job;
pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod submit;
