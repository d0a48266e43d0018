//! The complete test that the READMEs of the mock and the client show: the text below, word for word.

use std::error::Error;

use crustdata_batch::{ApiKey, Client, ContactEnrichRequest, ContactField};
use crustdata_mock::{JobTiming, MOCK_KEY, Mock};

/// The code under test: the first business e-mail of a profile.
async fn find_email(client: &Client, profile: &str) -> Result<Option<String>, Box<dyn Error>> {
    let request = ContactEnrichRequest::builder()
        .profile_urls([profile])
        .fields([ContactField::BusinessEmail])
        .build()?;
    let accepted = client.submit(&request).await?;
    let job = client.wait(accepted.batch_id).await?;
    let record = client.results(&job).next().await.ok_or("no record")??;
    let email = record.data.business_email.into_iter().flatten().next();
    Ok(email.map(|email| email.email))
}

#[tokio::test]
async fn an_email_is_found() -> Result<(), Box<dyn Error>> {
    let profile = "https://www.linkedin.com/in/somebody/";
    let mock = Mock::builder()
        .profile(profile)
        .timing(JobTiming::AT_ONCE)
        .start()
        .await?;
    let client = Client::builder()
        .api_key(ApiKey::new(MOCK_KEY)?)
        .base_url(mock.base_url())
        .build()?;

    let email = find_email(&client, profile).await?;
    assert_eq!(email.as_deref(), Some("business-email-0@example.com"));

    let submission = &mock.requests()[0];
    assert_eq!(submission.path, "/batch/person/contact/enrich");
    assert_eq!(submission.json()?["fields"][0], "business_email");
    Ok(())
}
