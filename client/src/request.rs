//! What a caller asks for, in types that can only hold what the contract allows. The request itself
//! (`ContactEnrichRequest`) is generated from the document and made of these.

mod builder;
mod contact_fields;
mod list_query;
mod number;
mod problem;
mod profile_urls;
mod webhook_url;
mod wire;

pub use builder::ContactEnrichRequestBuilder;
pub use contact_fields::ContactFields;
pub use list_query::ListQuery;
pub use number::{ChunkSize, PageLimit};
pub use problem::{InvalidRequest, Problem};
pub use profile_urls::ProfileUrls;
pub(crate) use profile_urls::normal;
pub use webhook_url::WebhookUrl;

use crate::ContactEnrichRequest;
use crate::generated::contract::{prices, submit};

impl ContactEnrichRequest {
    /// The path that it is sent to, by which the account's endpoints and events are asked for.
    pub const PATH: &'static str = submit::PATH;
    /// The most credits that one person costs, whichever contact kinds are asked for: a figure of the synchronous sister
    /// endpoint.
    pub const WORST_CASE: f64 = prices::PERSON;
    /// The same with `verified`.
    pub const WORST_CASE_VERIFIED: f64 = prices::PERSON + prices::VERIFIED;
}
