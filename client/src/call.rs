//! A request, and what a success of it says: all that the generated code makes of an operation. How it is sent is in
//! `transport`.

use std::marker::PhantomData;

use reqwest::Request;
use serde::de::DeserializeOwned;

use crate::response::RawResponse;

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
