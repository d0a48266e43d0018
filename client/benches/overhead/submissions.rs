//! Submissions of one identifier and of as many as there may be, against the same call by hand.
//!
//! By hand is what a careful user writes: sent at most once and nowhere else, with the key marked as secret, in bounded time
//! and memory; a refusal is shown with its body. Both HTTP clients have the same settings.

use std::hint::black_box;
use std::time::Duration;

use crustdata_batch::{
    AcceptedBatch, ApiKey, Client, ContactEnrichRequest, ContactField, ProfileUrls,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};

use crate::{report, rounds};

const KEY: &str = "benchmark-key";
const BODY_LIMIT: usize = 4 << 20;
const AIM: f64 = 1.05;

pub(crate) fn client(url: &str) -> Client {
    Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(url)
        .requests_per_minute(None)
        .build()
        .unwrap()
}

pub(crate) async fn measure(url: &str) {
    let client = client(url);
    let by_hand = ByHand::new(url);
    for identifiers in [1, ProfileUrls::MAX] {
        let request = ContactEnrichRequest::builder()
            .profile_urls(
                (0..identifiers).map(|n| format!("https://www.linkedin.com/in/nobody-{n:04}/")),
            )
            .fields([
                ContactField::BusinessEmail,
                ContactField::PersonalContactInfo,
            ])
            .build()
            .unwrap();
        let with_client = async || {
            let _ = black_box(client.submit(&request).await.unwrap());
        };
        let with_reqwest = async || {
            black_box(by_hand.submit(&request).await.unwrap());
        };
        // Short rounds: what slows the machine down slows both.
        let rounds = rounds(301, 100, with_client, with_reqwest).await;
        let what = format!("a submission of {identifiers} identifiers");
        report(&what, rounds, AIM);
    }
}

struct ByHand {
    http: reqwest::Client,
    url: String,
    authorization: HeaderValue,
}

impl ByHand {
    fn new(url: &str) -> Self {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {KEY}")).unwrap();
        authorization.set_sensitive(true);
        Self {
            http: reqwest::Client::builder()
                .user_agent("by-hand/0.1.0")
                .connect_timeout(Duration::from_secs(10))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never().max_retries_per_request(0))
                .no_gzip()
                .no_proxy()
                .build()
                .unwrap(),
            url: format!("{url}/batch/person/contact/enrich"),
            authorization,
        }
    }

    async fn submit(
        &self,
        request: &ContactEnrichRequest,
    ) -> Result<AcceptedBatch, Box<dyn std::error::Error>> {
        let mut response = self
            .http
            .post(&self.url)
            .header(AUTHORIZATION, &self.authorization)
            .header("x-api-version", HeaderValue::from_static("2025-11-01"))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .timeout(Duration::from_secs(60))
            .json(request)
            .send()
            .await?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err("the response is too long".into());
            }
            body.extend_from_slice(&chunk);
        }
        let status = response.status();
        if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}
