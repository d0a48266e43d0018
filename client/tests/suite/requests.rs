//! Building requests, and reading both of their wire forms.

use crustdata_batch::{
    ContactEnrichRequest, ContactField, ContactFields, InvalidRequest, Problem, ProfileUrls,
    WebhookUrl,
};
use serde_json::{Value, json};

const URL: &str = "https://www.linkedin.com/in/nobody-0001/";

fn read(body: Value) -> Result<ContactEnrichRequest, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

#[test]
fn both_wire_forms_are_read_and_the_list_is_written() {
    let listed = json!({
        "professional_network_profile_urls": [URL, "nobody-0002"],
        "fields": ["business_email", "personal_contact_info.phone_numbers"],
    });
    let joined = json!({
        "professional_network_profile_urls": format!(" {URL} ,nobody-0002"),
        "fields": "business_email, personal_contact_info.phone_numbers",
    });
    let request = read(listed.clone()).unwrap();
    assert_eq!(read(joined).unwrap(), request);
    assert_eq!(serde_json::to_value(request).unwrap(), listed);
}

#[test]
fn identifiers_are_kept_as_they_are() {
    let given = [" with blanks around ", "twice", "twice", "ünïcödé", "%2C"];
    assert_eq!(ProfileUrls::new(given).unwrap().as_slice(), given);
}

#[test]
fn fields_come_once_and_in_order() {
    use ContactField::{BusinessEmail, PersonalContactInfo};
    let fields =
        ContactFields::new([PersonalContactInfo, BusinessEmail, PersonalContactInfo]).unwrap();
    assert_eq!(fields.as_slice(), [PersonalContactInfo, BusinessEmail]);
}

#[test]
fn identifiers_that_could_be_none_or_two_are_refused() {
    let error = ProfileUrls::new(["a", " \t", "b,c", ""]).unwrap_err();
    assert_eq!(
        error.problems(),
        [
            Problem::BlankIdentifier { position: 2 },
            Problem::IdentifierWithComma { position: 3 },
            Problem::BlankIdentifier { position: 4 },
        ]
    );
}

#[test]
fn an_iterator_of_any_strings_will_do() {
    let urls = ["a", "b"];
    let owned = ProfileUrls::new(urls.iter().map(ToString::to_string)).unwrap();
    assert_eq!(ProfileUrls::new(urls).unwrap(), owned);
    assert_eq!(
        ProfileUrls::try_from(vec!["a".to_owned(), "b".to_owned()]).unwrap(),
        owned
    );
}

#[test]
fn webhook_addresses_that_nothing_can_be_posted_to_are_refused() {
    let build = |url: &str| {
        ContactEnrichRequest::builder()
            .profile_urls([URL])
            .fields([ContactField::BusinessEmail])
            .webhook_url(url)
            .build()
    };
    for url in [
        "",
        "example.com/hook",
        "/hook",
        "localhost:8080/hook",
        "ftp://example.com",
        "mailto:nobody@example.com",
        "http://",
    ] {
        let error = build(url).unwrap_err();
        assert!(
            matches!(error.problems(), [Problem::WebhookUrl { .. }]),
            "{url}: {error}"
        );
    }
    let url = "https://example.com/hook?a=b";
    let request = build(url).unwrap();
    assert_eq!(request.webhook_url.unwrap().as_str(), url);
    WebhookUrl::try_from(url.to_owned()).unwrap();
}

/// However it comes about: in JSON, or by a key that is set later.
#[test]
fn a_request_that_is_read_is_checked_like_one_that_is_built() {
    let with = |url: &str| {
        read(json!({
            "professional_network_profile_urls": [URL],
            "fields": ["business_email"],
            "webhook_url": url,
        }))
    };
    for url in [
        "mailto:nobody@example.com",
        "localhost:8080/hook",
        "/hook",
        "",
    ] {
        let error = with(url).unwrap_err();
        assert!(
            error.contains("absolute http or https URL"),
            "{url}: {error}"
        );
    }
    let request = with("http://example.com").unwrap();
    assert_eq!(
        request.webhook_url,
        Some(WebhookUrl::new("HTTP://Example.com/").unwrap())
    );
}

#[test]
fn what_cannot_be_built_cannot_be_read_either() {
    let valid = json!({ "professional_network_profile_urls": [URL], "fields": ["business_email"] });
    read(valid.clone()).unwrap();
    for (key, value, expected) in [
        ("professional_network_profile_urls", json!([]), "at least"),
        ("professional_network_profile_urls", json!(""), "at least"),
        ("professional_network_profile_urls", json!(" "), "at least"),
        ("professional_network_profile_urls", json!("a,,b"), "blank"),
        ("professional_network_profile_urls", json!(["a,b"]), "comma"),
        (
            "professional_network_profile_urls",
            json!(7),
            "comma-separated string",
        ),
        (
            "professional_network_profile_urls",
            json!([7]),
            "comma-separated string",
        ),
        ("fields", json!([]), "business_email"),
        ("fields", json!(""), "business_email"),
        ("fields", json!(["business_emails"]), "business_emails"),
        (
            "fields",
            json!("business_email,BUSINESS_EMAIL"),
            "BUSINESS_EMAIL",
        ),
        ("fields", json!({}), "comma-separated string"),
        ("chunk_size", json!("100"), "an integer from"),
        ("chunk_size", json!(100.5), "an integer from"),
        ("chunk_size", json!(-100), "an integer from"),
        ("chunk_size", json!(u64::MAX), "an integer from"),
    ] {
        let mut body = valid.clone();
        body[key] = value;
        let error = read(body.clone()).unwrap_err();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

#[test]
fn splitting_reports_the_problems_of_the_whole_list() {
    let mut urls = vec![URL; 2 * ProfileUrls::MAX];
    urls.push(" ");
    let error = ContactEnrichRequest::builder()
        .profile_urls(urls)
        .chunks()
        .unwrap_err();
    let position = 2 * ProfileUrls::MAX + 1;
    assert_eq!(
        error.problems(),
        [Problem::BlankIdentifier { position }, Problem::NoFields]
    );
    assert_eq!(
        ContactEnrichRequest::builder()
            .chunks()
            .unwrap_err()
            .problems()
            .len(),
        2
    );
}

/// No string is copied: each is where it was.
#[test]
fn splitting_moves_the_identifiers() {
    let urls: Vec<_> = (0..=ProfileUrls::MAX)
        .map(|n| format!("{URL}{n}"))
        .collect();
    let places: Vec<_> = urls.iter().map(|url| url.as_ptr()).collect();
    let requests = ContactEnrichRequest::builder()
        .profile_urls(urls)
        .fields([ContactField::BusinessEmail])
        .chunks()
        .unwrap();
    let moved = requests
        .iter()
        .flat_map(|request| request.professional_network_profile_urls.as_slice())
        .map(|url| url.as_ptr());
    assert!(moved.eq(places));
}

/// All problems at once, in words.
#[test]
fn texts() {
    let all = ContactEnrichRequest::builder()
        .webhook_url("example.com")
        .chunk_size(0)
        .build()
        .unwrap_err();
    let many = ProfileUrls::new([""; 25]).unwrap_err();
    let comma = ProfileUrls::new(["a,b"]).unwrap_err();
    let texts = [all, many, comma].map(|error: InvalidRequest| error.to_string());
    insta::assert_snapshot!(texts.join("\n\n"));
}
