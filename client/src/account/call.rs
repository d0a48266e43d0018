//! A free call about the account: like a generated one, for responses of which too much is open to generate types.

use bytes::Bytes;
use progenitor_client::{ClientHooks as _, Error as Unexpected, OperationInfo};
use reqwest::header::ACCEPT;
use serde::de::DeserializeOwned;

use crate::error::{Error, Operation};
use crate::generated::api;
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
            let api = self.api_at(self.shared.timeout, pace);
            let sent = self.send(&api, path, query).await;
            let response = api.inner.into_exchange().response;
            let error = match (sent, &response) {
                (Ok(()), Some(response)) if response.is_success() => {
                    match serde_json::from_slice(response.body()) {
                        Ok(value) => return Ok(value),
                        Err(error) => Unexpected::InvalidResponsePayload(Bytes::new(), error),
                    }
                }
                // What it was, the response says.
                (Ok(()), _) => Unexpected::InvalidRequest(String::new()),
                (Err(error), _) => error,
            };
            Err(self.error(operation, error, response))
        })
        .await
    }

    async fn send(
        &self,
        api: &api::Client,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<(), Unexpected> {
        let info = OperationInfo { operation_id: "" };
        let request = self.shared.http.get(format!("{}{path}", self.base_url()));
        let request = request
            .header(ACCEPT, media_type::JSON)
            .header(header::API_VERSION, API_VERSION)
            .query(query);
        let mut request = request.build()?;
        api.pre(&mut request, &info).await?;
        api.exec(request, &info).await?;
        Ok(())
    }
}
