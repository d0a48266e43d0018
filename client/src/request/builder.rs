//! Building a submission from loose parts, with every problem reported at once.

use super::{ChunkSize, ContactFields, InvalidRequest, ProfileUrls, WebhookUrl};
use crate::{ContactEnrichRequest, ContactField};

impl ContactEnrichRequest {
    /// Starts a request. Profile URLs and fields are required.
    ///
    /// ```
    /// use crustdata_batch::{ContactEnrichRequest, ContactField};
    ///
    /// let request = ContactEnrichRequest::builder()
    ///     .profile_urls(["https://www.linkedin.com/in/dvdhsu/"])
    ///     .fields([ContactField::BusinessEmail, ContactField::PersonalContactInfo])
    ///     .build()?;
    /// # let _ = request;
    ///
    /// let nothing = ContactEnrichRequest::builder().build().unwrap_err();
    /// assert_eq!(nothing.problems().len(), 2);
    /// # Ok::<(), crustdata_batch::InvalidRequest>(())
    /// ```
    pub fn builder() -> ContactEnrichRequestBuilder {
        ContactEnrichRequestBuilder::default()
    }
}

/// Collects the parts of a [`ContactEnrichRequest`]; checks them in [`build`](Self::build).
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ContactEnrichRequestBuilder {
    profile_urls: Vec<String>,
    fields: Vec<ContactField>,
    webhook_url: Option<String>,
    chunk_size: Option<u32>,
    verified: Option<bool>,
}

impl ContactEnrichRequestBuilder {
    /// Adds profile URLs; required. See [`ProfileUrls`] for what they must be.
    pub fn profile_urls<I>(mut self, urls: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.profile_urls.extend(urls.into_iter().map(Into::into));
        self
    }

    /// Adds contact kinds to look up; required. Each contact value found is billed.
    pub fn fields(mut self, fields: impl IntoIterator<Item = ContactField>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Where the API sends a POST when the job finishes. See [`WebhookUrl`] for what it must be.
    ///
    /// Take the call as a hint and ask for the job: who sent it, and how often, is not documented.
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }

    /// Identifiers in one unit of the provider's processing, [`ChunkSize::MIN`] to [`ChunkSize::MAX`].
    pub fn chunk_size(mut self, size: u32) -> Self {
        self.chunk_size = Some(size);
        self
    }

    /// Asks for business e-mails that pass a check at the time of the request, and for no others; left out, if not set.
    ///
    /// The provider's published document has this key on the batch endpoint and says nothing of it. What is written
    /// here is documented of its synchronous sister, where it costs half a credit more for each person with an e-mail.
    pub fn verified(mut self, verified: bool) -> Self {
        self.verified = Some(verified);
        self
    }

    /// Checks the parts.
    ///
    /// # Errors
    ///
    /// With all problems of all parts.
    pub fn build(self) -> Result<ContactEnrichRequest, InvalidRequest> {
        let urls = ProfileUrls::new(self.profile_urls);
        let settings = Settings::new(self.fields, self.webhook_url.as_deref(), self.chunk_size);
        let (urls, settings) = InvalidRequest::both(urls, settings)?;
        Ok(settings.request(urls, self.verified))
    }

    /// Checks the parts, and makes as many requests of them as the number of profile URLs asks for: each but the last
    /// with [`ProfileUrls::MAX`], all with the same settings. No URL is copied.
    ///
    /// An account may only have a few jobs at work at the same time, so wait for the first ones before you submit the
    /// last.
    ///
    /// ```
    /// use crustdata_batch::{ContactEnrichRequest, ContactField, ProfileUrls};
    ///
    /// let urls = (0..=ProfileUrls::MAX).map(|n| format!("https://www.linkedin.com/in/nobody-{n}/"));
    /// let requests = ContactEnrichRequest::builder()
    ///     .profile_urls(urls)
    ///     .fields([ContactField::BusinessEmail])
    ///     .chunks()?;
    /// assert_eq!(requests.len(), 2);
    /// # Ok::<(), crustdata_batch::InvalidRequest>(())
    /// ```
    ///
    /// # Errors
    ///
    /// With all problems of all parts. Too many profile URLs are none.
    pub fn chunks(self) -> Result<Vec<ContactEnrichRequest>, InvalidRequest> {
        self.chunks_of(ProfileUrls::MAX)
    }

    /// As [`chunks`](Self::chunks), with `size` profile URLs in each request but the last: [`ProfileUrls::MIN`] to
    /// [`ProfileUrls::MAX`]. Not to be confused with [`chunk_size`](Self::chunk_size), which is the provider's.
    ///
    /// # Errors
    ///
    /// With all problems of all parts, the size among them.
    pub fn chunks_of(self, size: usize) -> Result<Vec<ContactEnrichRequest>, InvalidRequest> {
        let chunks = ProfileUrls::chunks(self.profile_urls, size);
        let settings = Settings::new(self.fields, self.webhook_url.as_deref(), self.chunk_size);
        let (chunks, settings) = InvalidRequest::both(chunks, settings)?;
        Ok(chunks
            .into_iter()
            .map(|urls| settings.clone().request(urls, self.verified))
            .collect())
    }
}

/// All of a request but its profile URLs.
#[derive(Clone)]
struct Settings {
    fields: ContactFields,
    webhook_url: Option<WebhookUrl>,
    chunk_size: Option<ChunkSize>,
}

impl Settings {
    fn new(
        fields: Vec<ContactField>,
        webhook_url: Option<&str>,
        chunk_size: Option<u32>,
    ) -> Result<Self, InvalidRequest> {
        let fields = ContactFields::new(fields);
        let webhook_url = webhook_url.map(WebhookUrl::new).transpose();
        let chunk_size = chunk_size.map(ChunkSize::new).transpose();
        let (fields, (webhook_url, chunk_size)) =
            InvalidRequest::both(fields, InvalidRequest::both(webhook_url, chunk_size))?;
        Ok(Self {
            fields,
            webhook_url,
            chunk_size,
        })
    }

    fn request(self, urls: ProfileUrls, verified: Option<bool>) -> ContactEnrichRequest {
        ContactEnrichRequest {
            professional_network_profile_urls: urls,
            fields: self.fields,
            webhook_url: self.webhook_url,
            chunk_size: self.chunk_size,
            verified,
        }
    }
}
