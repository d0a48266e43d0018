//! A request, and what a success of it says: all that the generated code makes of an operation. How it is sent is in
//! `transport`.

use std::marker::PhantomData;

use reqwest::Request;
use serde::de::DeserializeOwned;
use url::Url;

use crate::generated::contract::API_VERSION;
use crate::response::RawResponse;

/// What requests are made of. The generated code has a method for each operation.
#[derive(Debug)]
pub(crate) struct Requests {
    pub(crate) client: reqwest::Client,
    /// Without a slash at the end.
    pub(crate) base_url: String,
    /// The same.
    base: Url,
}

/// A request that is ready to be sent, but for the key.
pub(crate) struct Call<T> {
    pub(crate) request: Request,
    pub(crate) success: Success<T>,
}

/// What a success is, by the document.
pub(crate) struct Success<T> {
    has_status: fn(u16) -> bool,
    body: PhantomData<fn() -> T>,
}

/// Why a response is not the success that it should be.
#[derive(Debug)]
pub(crate) enum Unexpected {
    Status,
    Body(serde_json::Error),
}

impl Requests {
    pub(crate) fn new(base: Url, client: reqwest::Client) -> Self {
        Self {
            client,
            base_url: base.as_str().trim_end_matches('/').to_owned(),
            base,
        }
    }

    pub(crate) fn api_version() -> &'static str {
        API_VERSION
    }

    /// The URL of a path. Reading a whole URL again, host and all, costs twice as much.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let base = self.base.path().trim_end_matches('/');
        url.set_path(&[base, path].concat());
        url
    }
}

impl<T> Call<T> {
    pub(crate) fn new(request: Request, has_status: fn(u16) -> bool) -> Self {
        let body = PhantomData;
        Self {
            request,
            success: Success { has_status, body },
        }
    }
}

impl<T: DeserializeOwned> Success<T> {
    pub(crate) fn decode(&self, response: &RawResponse) -> Result<T, Unexpected> {
        if !(self.has_status)(response.status().as_u16()) {
            return Err(Unexpected::Status);
        }
        serde_json::from_slice(response.body()).map_err(Unexpected::Body)
    }
}
