//! The bounds of the document. Nothing here names one: these tests hold whatever they are, and fail when the
//! client's are not the document's.

use crustdata_batch::{
    ChunkSize, ContactEnrichRequest, ContactField, InvalidRequest, PageLimit, Problem, ProfileUrls,
};
use serde_json::{Value, json};

use crate::schemas::document;

/// Distinct identifiers.
fn urls(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| format!("https://www.linkedin.com/in/nobody-{n}/"))
        .collect()
}

fn number(pointer: &str) -> u64 {
    let value = document().pointer(pointer).and_then(Value::as_u64);
    value.unwrap_or_else(|| panic!("the document has no number at {pointer}"))
}

/// A request with these identifiers and this chunk size, through the builder.
fn build(count: usize, chunk_size: u32) -> Result<ContactEnrichRequest, InvalidRequest> {
    ContactEnrichRequest::builder()
        .profile_urls(urls(count))
        .fields([ContactField::BusinessEmail])
        .chunk_size(chunk_size)
        .build()
}

/// The numbers next to a range, as far as there are any.
fn outside(min: u32, max: u32) -> impl Iterator<Item = u32> {
    min.checked_sub(1).into_iter().chain(max.checked_add(1))
}

#[track_caller]
fn assert_names(error: &impl ToString, bounds: [u64; 2]) {
    let error = error.to_string();
    assert!(
        bounds
            .iter()
            .any(|bound| error.contains(&bound.to_string())),
        "{bounds:?} not in: {error}"
    );
}

#[test]
fn identifiers() {
    let list = "/components/schemas/ProfileUrls/oneOf/0";
    let [min, max] =
        [format!("{list}/minItems"), format!("{list}/maxItems")].map(|pointer| number(&pointer));
    assert_eq!(
        (ProfileUrls::MIN as u64, ProfileUrls::MAX as u64),
        (min, max)
    );
    let fits = ChunkSize::DEFAULT.get();
    for count in [ProfileUrls::MIN, ProfileUrls::MAX] {
        assert_eq!(
            ProfileUrls::new(urls(count)).unwrap().as_slice().len(),
            count
        );
        build(count, fits).unwrap();
        serde_json::from_value::<ProfileUrls>(json!(urls(count))).unwrap();
        serde_json::from_value::<ProfileUrls>(json!(urls(count).join(","))).unwrap();
    }
    for count in ProfileUrls::MIN
        .checked_sub(1)
        .into_iter()
        .chain([ProfileUrls::MAX + 1])
    {
        assert_names(&ProfileUrls::new(urls(count)).unwrap_err(), [min, max]);
        assert_names(&build(count, fits).unwrap_err(), [min, max]);
        assert_names(
            &serde_json::from_value::<ProfileUrls>(json!(urls(count))).unwrap_err(),
            [min, max],
        );
        let joined = json!(urls(count).join(","));
        assert_names(
            &serde_json::from_value::<ProfileUrls>(joined).unwrap_err(),
            [min, max],
        );
    }
}

#[test]
fn lists_of_any_length_are_split_into_the_fewest_jobs() {
    for count in [
        ProfileUrls::MIN,
        ProfileUrls::MAX,
        ProfileUrls::MAX + 1,
        2 * ProfileUrls::MAX,
        2 * ProfileUrls::MAX + 1,
    ] {
        let requests = ContactEnrichRequest::builder()
            .profile_urls(urls(count))
            .fields([ContactField::BusinessEmail])
            .chunk_size(ChunkSize::MIN.get())
            .chunks()
            .unwrap();
        assert_eq!(requests.len(), count.div_ceil(ProfileUrls::MAX));
        let split = requests
            .iter()
            .flat_map(|request| request.professional_network_profile_urls.as_slice());
        assert!(split.eq(&urls(count)));
        assert!(
            requests
                .iter()
                .all(|request| request.chunk_size == Some(ChunkSize::MIN))
        );
    }
}

#[test]
fn jobs_of_a_size_that_the_caller_names() {
    let chunks_of = |size| {
        ContactEnrichRequest::builder()
            .profile_urls(urls(7))
            .fields([ContactField::BusinessEmail])
            .chunks_of(size)
    };
    let sizes = |size| -> Vec<usize> {
        let requests = chunks_of(size).unwrap();
        requests
            .iter()
            .map(|request| request.professional_network_profile_urls.as_slice().len())
            .collect()
    };
    assert_eq!(sizes(3), [3, 3, 1]);
    assert_eq!(sizes(7), [7]);
    assert_eq!(sizes(ProfileUrls::MIN), [1; 7]);
    assert_eq!(sizes(ProfileUrls::MAX), [7]);
    for value in [ProfileUrls::MIN - 1, ProfileUrls::MAX + 1, usize::MAX] {
        let error = chunks_of(value).unwrap_err();
        assert_eq!(error.problems(), [Problem::JobSize { value }]);
        assert!(error.to_string().contains(&value.to_string()), "{error}");
    }
}

#[test]
fn chunk_sizes() {
    let schema = "/components/schemas/ChunkSize";
    let [min, max] =
        [format!("{schema}/minimum"), format!("{schema}/maximum")].map(|pointer| number(&pointer));
    assert_eq!(
        (ChunkSize::MIN.get().into(), ChunkSize::MAX.get().into()),
        (min, max)
    );
    assert_eq!(
        u64::from(ChunkSize::default().get()),
        number(&format!("{schema}/default"))
    );
    for size in [ChunkSize::MIN, ChunkSize::DEFAULT, ChunkSize::MAX] {
        assert_eq!(ChunkSize::new(size.get()).unwrap(), size);
        build(1, size.get()).unwrap();
        assert_eq!(
            serde_json::from_value::<ChunkSize>(json!(size)).unwrap(),
            size
        );
    }
    for size in outside(ChunkSize::MIN.get(), ChunkSize::MAX.get()) {
        assert_names(&ChunkSize::new(size).unwrap_err(), [min, max]);
        assert_names(&build(1, size).unwrap_err(), [min, max]);
        assert_names(
            &serde_json::from_value::<ChunkSize>(json!(size)).unwrap_err(),
            [min, max],
        );
    }
}

#[test]
fn page_limits() {
    let schema = "/components/schemas/PageLimit";
    let [min, max] = [
        format!("{schema}/x-clamp/minimum"),
        format!("{schema}/x-clamp/maximum"),
    ]
    .map(|pointer| number(&pointer));
    assert_eq!(
        (PageLimit::MIN.get().into(), PageLimit::MAX.get().into()),
        (min, max)
    );
    assert_eq!(
        u64::from(PageLimit::default().get()),
        number(&format!("{schema}/default"))
    );
    for limit in [PageLimit::MIN, PageLimit::MAX] {
        assert_eq!(PageLimit::try_from(limit.get()).unwrap(), limit);
    }
    for limit in outside(PageLimit::MIN.get(), PageLimit::MAX.get()) {
        assert_names(&PageLimit::new(limit).unwrap_err(), [min, max]);
    }
}

#[test]
fn contact_fields() {
    let names = document()
        .pointer("/components/schemas/ContactField/enum")
        .unwrap()
        .as_array()
        .unwrap()
        .clone();
    for name in &names {
        let field: ContactField = serde_json::from_value(name.clone()).unwrap();
        assert_eq!(json!(field), *name);
        assert_eq!(name, &field.to_string());
    }
    let request = json!({ "professional_network_profile_urls": urls(1), "fields": names });
    let read: ContactEnrichRequest = serde_json::from_value(request.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), request);

    let unknown =
        json!({ "professional_network_profile_urls": urls(1), "fields": ["no such field"] });
    let error = serde_json::from_value::<ContactEnrichRequest>(unknown)
        .unwrap_err()
        .to_string();
    for name in names {
        assert!(
            error.contains(name.as_str().unwrap()),
            "{name} not in: {error}"
        );
    }
}
