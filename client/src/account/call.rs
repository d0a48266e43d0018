//! A free call about the account: like a generated one, for responses of which too much is open to generate types.

use reqwest::header::ACCEPT;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::error::{Error, Operation};
use crate::generated::contract::{API_VERSION, header, media_type};
use crate::shared::Pace;
use crate::{Client, trace};

impl Client {
    /// Gets `path`, below the base URL, and decodes the response.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        operation: Operation,
        pace: Pace,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, Error> {
        trace::call(operation, None, || async {
            let api = &self.shared.api;
            let request = api.client.get(api.url(path));
            let request = request
                .header(ACCEPT, media_type::JSON)
                .header(header::API_VERSION, API_VERSION)
                .query(query);
            let call = request
                .build()
                .map(|request| Call::new(request, |status| matches!(status, 200..=299)));
            let (value, _) = self.read(operation, pace, call, |_| None).await?;
            Ok(value)
        })
        .await
    }
}
