//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.
//!
//! The operations and types of the API, made by progenitor.

use progenitor_client::encode_path;
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///A job as it is accepted. Carries no results.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct AcceptedBatch {
        ///What a job does.
        pub action: crate::generated::enums::Action,
        ///Id of a job; also the cursor of the list.
        pub batch_id: ::uuid::Uuid,
        ///Entities that the job was asked to produce; equals `identifier_count` on this endpoint.
        pub entities_requested: u64,
        ///What a job is about.
        pub entity: crate::generated::enums::Entity,
        ///Identifiers submitted. How duplicates and blank items count is not documented.
        pub identifier_count: u64,
        ///A job's status when it is accepted.
        pub status: crate::generated::enums::AcceptedStatus,
        ///Relative URL of the job's status, `/batch/{batch_id}`.
        pub status_url: ::std::string::String,
    }
    ///A job's status. Only the first four keys are always there; whether another one without a value is left out, null or zero is not documented.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct BatchJob {
        ///What the job does. Jobs of other endpoints may carry values beyond `Action`.
        pub action: ::std::string::String,
        ///Id of a job; also the cursor of the list.
        pub batch_id: ::uuid::Uuid,
        ///When the job became final.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub completed_at: ::std::option::Option<crate::timestamp::Timestamp>,
        ///When the job was accepted.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<crate::timestamp::Timestamp>,
        ///Link to the merged results file, once the job is completed; presigned, and good for a few days. The file is gzip of JSON lines, each a `ContactRecord`. It takes no `Authorization` header.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub download_url: ::std::option::Option<crate::download_link::DownloadLink>,
        ///Links to the same records in parts. Who reads these and `download_url` counts twice.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub download_urls: ::std::option::Option<
            ::std::vec::Vec<crate::download_link::DownloadLink>,
        >,
        ///Entities produced; at most `entities_requested`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub entities_fulfilled: ::std::option::Option<u64>,
        ///Entities that the job was asked to produce.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub entities_requested: ::std::option::Option<u64>,
        ///What the job is about. Jobs of other endpoints carry values beyond `Entity`.
        pub entity: ::std::string::String,
        ///What went wrong, when something did.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error_message: ::std::option::Option<::std::string::String>,
        ///Identifiers submitted.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub identifier_count: ::std::option::Option<u64>,
        ///Lines in the merged results file.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub result_count: ::std::option::Option<u64>,
        ///Where a job stands. `completed` and `failed` are final.
        pub status: crate::generated::enums::JobStatus,
        #[serde(skip)]
        pub(crate) facts: crate::facts::Facts,
    }
    ///One page of the list.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct BatchJobPage {
        ///Whether another page follows.
        pub has_more: bool,
        ///Jobs, most recent first; without links.
        pub jobs: ::std::vec::Vec<BatchJob>,
        ///Cursor of the next page, or null on the last one.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::uuid::Uuid>,
    }
    ///The contacts found for one identifier.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Default,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct ContactData {
        ///Business e-mails.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub business_email: ::std::option::Option<::std::vec::Vec<Email>>,
        ///The private contacts found.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub personal_contact_info: ::std::option::Option<PersonalContactInfo>,
    }
    ///What to look up, and where to report.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct ContactEnrichRequest {
        ///Identifiers in one unit of the provider's internal processing. A value outside the range is refused with 400.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub chunk_size: ::std::option::Option<crate::request::ChunkSize>,
        ///The contact kinds to look up, as a list or as one comma-separated string.
        pub fields: crate::request::ContactFields,
        ///Person profile URLs, as a list or as one comma-separated string; the bounds hold for both forms. The only kind of identifier that this endpoint takes.
        pub professional_network_profile_urls: crate::request::ProfileUrls,
        ///In the provider's published document, without a word on what it does here. On the sister endpoint, false by default, only business e-mails come back that pass a check at the time of the request, at an extra charge.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub verified: ::std::option::Option<bool>,
        ///Receives a POST when the job finishes.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub webhook_url: ::std::option::Option<crate::request::WebhookUrl>,
    }
    ///A contact kind. A name that others extend with a dot stands for all of them: `personal_contact_info` asks for personal e-mails and phone numbers.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub enum ContactField {
        ///`business_email`
        #[serde(rename = "business_email")]
        BusinessEmail,
        ///`personal_contact_info`
        #[serde(rename = "personal_contact_info")]
        PersonalContactInfo,
        ///`personal_contact_info.personal_emails`
        #[serde(rename = "personal_contact_info.personal_emails")]
        PersonalContactInfoPersonalEmails,
        ///`personal_contact_info.phone_numbers`
        #[serde(rename = "personal_contact_info.phone_numbers")]
        PersonalContactInfoPhoneNumbers,
    }
    impl ::std::fmt::Display for ContactField {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::BusinessEmail => f.write_str("business_email"),
                Self::PersonalContactInfo => f.write_str("personal_contact_info"),
                Self::PersonalContactInfoPersonalEmails => {
                    f.write_str("personal_contact_info.personal_emails")
                }
                Self::PersonalContactInfoPhoneNumbers => {
                    f.write_str("personal_contact_info.phone_numbers")
                }
            }
        }
    }
    impl ::std::str::FromStr for ContactField {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "business_email" => Ok(Self::BusinessEmail),
                "personal_contact_info" => Ok(Self::PersonalContactInfo),
                "personal_contact_info.personal_emails" => {
                    Ok(Self::PersonalContactInfoPersonalEmails)
                }
                "personal_contact_info.phone_numbers" => {
                    Ok(Self::PersonalContactInfoPhoneNumbers)
                }
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ContactField {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ContactField {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///One line of a results file. One record comes for each identifier, found or not.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct ContactRecord {
        ///The contacts found for one identifier.
        pub data: ContactData,
        ///The provider's own id of the profile, of any type, or null.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub internal_id: ::std::option::Option<::serde_json::Value>,
        ///The identifier as it was submitted.
        pub original_identifier: ::std::string::String,
    }
    ///One e-mail address.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct Email {
        ///The address.
        pub email: ::std::string::String,
        ///What the provider knows of an address's delivery.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::generated::enums::EmailStatus>,
    }
    ///The private contacts found.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Default,
        Eq,
        PartialEq,
        schemars::JsonSchema
    )]
    #[non_exhaustive]
    pub struct PersonalContactInfo {
        ///Personal e-mails.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub personal_emails: ::std::option::Option<::std::vec::Vec<Email>>,
        ///Phone numbers.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub phone_numbers: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    impl BatchJob {
        /// The keys that are always there, and no others.
        pub(crate) fn required(
            action: ::std::string::String,
            batch_id: ::uuid::Uuid,
            entity: ::std::string::String,
            status: crate::generated::enums::JobStatus,
        ) -> Self {
            Self {
                action,
                batch_id,
                entity,
                status,
                completed_at: ::std::default::Default::default(),
                created_at: ::std::default::Default::default(),
                download_url: ::std::default::Default::default(),
                download_urls: ::std::default::Default::default(),
                entities_fulfilled: ::std::default::Default::default(),
                entities_requested: ::std::default::Default::default(),
                error_message: ::std::default::Default::default(),
                identifier_count: ::std::default::Default::default(),
                result_count: ::std::default::Default::default(),
                facts: ::std::default::Default::default(),
            }
        }
    }
    impl ContactRecord {
        /// The keys that are always there, and no others.
        pub(crate) fn required(
            data: ContactData,
            original_identifier: ::std::string::String,
        ) -> Self {
            Self {
                data,
                original_identifier,
                internal_id: ::std::default::Default::default(),
            }
        }
    }
}
#[allow(clippy::all)]
impl crate::call::Requests {
    /**Submit a job

Accepts a list of profile URLs and the contact kinds wanted for each of them. Answers at once, without data; the job's status is then read from `status_url`. There is neither an idempotency key nor a cancellation, so a submission whose outcome is unknown must not be repeated blindly.

Sends a `POST` request to `/batch/person/contact/enrich`

*/
    pub fn submit_contact_enrich<'a>(
        &'a self,
        body: &'a types::ContactEnrichRequest,
    ) -> ::reqwest::Result<crate::call::Call<types::AcceptedBatch>> {
        let url = self.url(&format!("/batch/person/contact/enrich"));
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static(
                    crate::generated::contract::header::API_VERSION,
                ),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        let request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        Ok(crate::call::Call::new(request, |status| matches!(status, 200..= 299)))
    }
    /**Read a job's status

Progress of one job and, once it is completed, the links to its results. `x-api-version` is not required here.

Sends a `GET` request to `/batch/{batch_id}`

Arguments:
- `batch_id`: The id that the submission answered.
*/
    pub fn get_batch<'a>(
        &'a self,
        batch_id: &'a ::uuid::Uuid,
    ) -> ::reqwest::Result<crate::call::Call<types::BatchJob>> {
        let url = self.url(&format!("/batch/{}", encode_path(& batch_id.to_string())));
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static(
                    crate::generated::contract::header::API_VERSION,
                ),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        Ok(crate::call::Call::new(request, |status| matches!(status, 200u16)))
    }
    /**List the account's jobs

The account's jobs, most recent first, page by page.

Sends a `GET` request to `/batch`

Arguments:
- `cursor`: The `next_cursor` of the page before.
- `limit`: Most jobs on a page. A value outside the range is clamped into it, not refused.
- `status`: Only jobs in this status. A value outside the enum is refused with 400.
*/
    pub fn list_batches<'a>(
        &'a self,
        cursor: Option<&'a ::uuid::Uuid>,
        limit: Option<&'a crate::request::PageLimit>,
        status: Option<&'a crate::generated::enums::JobStatus>,
    ) -> ::reqwest::Result<crate::call::Call<types::BatchJobPage>> {
        let url = self.url(&format!("/batch"));
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static(
                    crate::generated::contract::header::API_VERSION,
                ),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("cursor", &cursor))
            .query(&progenitor_client::QueryParam::new("limit", &limit))
            .query(&progenitor_client::QueryParam::new("status", &status))
            .headers(header_map)
            .build()?;
        Ok(crate::call::Call::new(request, |status| matches!(status, 200u16)))
    }
}
