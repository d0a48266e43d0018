//! What the account has, and what it may call. All of it is free. What it has used is in `usage`, and what this means for a
//! submission in `preflight`.

mod call;

use serde::Deserialize;

use crate::error::{Error, Operation};
use crate::generated::contract::account;
use crate::generated::enums::EndpointStatus;
use crate::open_object::open_object;
use crate::shared::Pace;
use crate::{Client, Timestamp};

open_object! {
    /// The credits of the account ([`Client::credits`]). Documented, unless it says otherwise.
    pub struct Credits {
        /// The balance that all keys of the account draw from; it may be a fraction.
        credits: number -> Option<f64>,
        /// Credits that are granted again and again: 0 or, in one user's code, null without a grant.
        recurring_credits: number -> Option<f64>,
        /// How often these are granted, such as `monthly`.
        recurring_credits_frequency: text -> Option<&str>,
        /// Whether unused ones are kept.
        credit_rollover: flag -> Option<bool>,
    }
}

impl Credits {
    /// When recurring credits are granted next.
    pub fn recurring_credits_refresh_date(&self) -> Option<Timestamp> {
        let date = self.0.get("recurring_credits_refresh_date")?;
        Timestamp::deserialize(date).ok()
    }
}

open_object! {
    /// One endpoint of the API, as the account may use it ([`Client::endpoint`]). Documented, unless it says otherwise.
    pub struct Endpoint {
        /// Its path.
        path: text -> Option<&str>,
        /// Such as `Person`.
        category: text -> Option<&str>,
        /// Requests a minute that the account may make to it.
        effective_rate_limit_rpm: number -> Option<f64>,
        /// Fields of its responses, with dots.
        fields: object -> EndpointFields,
        /// Credits that it costs; for each request or each result is not documented. In the provider's own code, on no page.
        base_credits: number -> Option<f64>,
        /// Filters with a price of their own. In the provider's own code, on no page.
        premium_filters: objects -> Vec<FieldPrice>,
        /// Fields with a price of their own. In the provider's own code, on no page.
        premium_fields: objects -> Vec<FieldPrice>,
    }
}

impl Endpoint {
    /// Whether the account may call it, where that can be read.
    pub fn status(&self) -> Option<EndpointStatus> {
        EndpointStatus::deserialize(self.0.get("status")?).ok()
    }
}

open_object! {
    /// Fields of an endpoint's responses.
    pub struct EndpointFields {
        /// Those that the account gets.
        enabled: texts -> Vec<&str>,
        /// Those that it does not get.
        disabled: texts -> Vec<&str>,
    }
}

open_object! {
    /// What a field or a filter costs by itself.
    pub struct FieldPrice {
        /// The field or the filter.
        field: text -> Option<&str>,
        /// Credits, most often 0.
        credits: number -> Option<f64>,
    }
}

/// The responses, as far as they must be what they are documented to be.
#[derive(Deserialize)]
struct CreditsBody {
    account: Option<Credits>,
}

#[derive(Deserialize)]
struct EndpointsBody {
    endpoints: Vec<Endpoint>,
}

impl Client {
    /// The account's credits. Free, and paced apart from the calls about jobs.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// # Errors
    ///
    /// Safe to call again after any error. A server without this path responds with 404.
    pub async fn credits(&self) -> Result<Credits, Error> {
        let path = account::credits::PATH;
        let body: CreditsBody = self
            .get(Operation::Credits, Pace::Account, path, &[])
            .await?;
        Ok(body.account.unwrap_or_default())
    }

    /// What the account may do at the endpoint with exactly this path, such as
    /// [`ContactEnrichRequest::PATH`](crate::ContactEnrichRequest::PATH); none, if the server doesn't list it. Whether it
    /// lists the batch endpoints is not documented. Free, and paced apart from the calls about jobs.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// # Errors
    ///
    /// Safe to call again after any error. A server without this path responds with 404.
    pub async fn endpoint(&self, path: &str) -> Result<Option<Endpoint>, Error> {
        let query = [("path", path.to_owned())];
        let list = account::endpoints::PATH;
        let body: EndpointsBody = self
            .get(Operation::Endpoints, Pace::Account, list, &query)
            .await?;
        // Whatever the server makes of the query.
        let mut all = body.endpoints.into_iter();
        Ok(all.find(|endpoint| endpoint.path() == Some(path)))
    }
}
