//! Documents with a value that the code can't use, or that contradicts another.

use super::check;

#[test]
fn a_bound_that_is_no_number() {
    check(
        "maxItems: 300",
        "maxItems: many",
        r#"
            #/components/schemas/ProfileUrls/oneOf/0/maxItems is unfit: "many"
            expected: a whole number from 0 to 4294967295
            needed for: `submit::identifiers::MAX`: Most identifiers in a submission
        "#,
    );
    check(
        "maxItems: 300",
        "maxItems: -1",
        "
            #/components/schemas/ProfileUrls/oneOf/0/maxItems is unfit: -1
            expected: a whole number from 0 to 4294967295
            needed for: `submit::identifiers::MAX`: Most identifiers in a submission
        ",
    );
    check(
        "maxItems: 300",
        "maxItems: 5000000000",
        "
            #/components/schemas/ProfileUrls/oneOf/0/maxItems is unfit: 5000000000
            expected: a whole number from 0 to 4294967295
            needed for: `submit::identifiers::MAX`: Most identifiers in a submission
        ",
    );
}

#[test]
fn a_value_without_a_name_in_rust() {
    check(
        "enum: [company, person]",
        "enum: [company, person, other]",
        r#"
            #/components/schemas/Entity/enum/2 is unfit: "other"
            expected: words of letters and digits joined by `_`, no two of which differ in capitals or `_` alone, and not `other`
            needed for: the client's type `Entity`
        "#,
    );
}

/// What is rendered of these would not compile, or panic at the first call.
#[test]
fn a_name_that_rust_or_a_header_cannot_have() {
    for value in ["2nd", "self", "Person", "values"] {
        check(
            "enum: [company, person]",
            &format!("enum: [company, person, {value}]"),
            &format!(
                "
                #/components/schemas/Entity/enum has {value:?}
                expected: words of letters and digits joined by `_`, no two of which differ in capitals or `_` alone, and not `values`
                needed for: `submit::entity`: Values of `entity` of an accepted submission, over all endpoints
                "
            ),
        );
    }
    check(
        "enum: [deliverable, catch_all,",
        "enum: [deliverable, catch_all, catchAll,",
        r#"
            #/components/schemas/EmailStatus/enum/2 is unfit: "catchAll"
            expected: words of letters and digits joined by `_`, no two of which differ in capitals or `_` alone, and not `other`
            needed for: the client's type `EmailStatus`
        "#,
    );
    check(
        "- name: x-api-version\n          in: header",
        "- name: x api version\n          in: header",
        r#"
            #/paths/~1batch~1person~1contact~1enrich/post/parameters/0/name is "x api version"
            expected: letters, digits and dashes
            needed for: `header::API_VERSION`: Header that names the version of the API
        "#,
    );
    check(
        "default: \"2025-11-01\"",
        "default: \"2025-11-01\\n\"",
        r#"
            #/components/schemas/ApiVersion/default is "2025-11-01\n"
            expected: letters, digits and signs of ASCII
            needed for: `API_VERSION`: Version of the API that the document describes
        "#,
    );
    check(
        "  usage.unknown-id: ",
        "  type.match: \"get_usage_event\"\n  usage.unknown-id: ",
        "
            #/x-clauses/type.match is no clause
            expected: an id like `submit.status-pending`
            needed for: the registry of the checks
        ",
    );
}

#[test]
fn bounds_that_no_value_keeps() {
    check(
        "      minimum: 10\n",
        "      minimum: 2000\n",
        "
            #/components/schemas/ChunkSize/default is 100
            expected: at least `minimum`, which is 2000
            needed for: the bounds of requests, which a value must be able to keep
        ",
    );
    check(
        "default: 20",
        "default: 200",
        "
            #/components/schemas/PageLimit/x-clamp/maximum is 100
            expected: at least `default`, which is 200
            needed for: the bounds of requests, which a value must be able to keep
        ",
    );
    check(
        "maxItems: 300",
        "maxItems: 0",
        "
            #/components/schemas/ProfileUrls/oneOf/0/maxItems is 0
            expected: at least `minItems`, which is 1
            needed for: the bounds of requests, which a value must be able to keep
        ",
    );
}

#[test]
fn an_answer_outside_its_enum() {
    check(
        "        entity: person\n        action: contact_enrich\n      parameters",
        "        entity: robot\n        action: contact_enrich\n      parameters",
        r#"
            #/paths/~1batch~1person~1contact~1enrich/post/x-answers/entity is "robot"
            expected: one of the values of `Entity`, ["company", "person"]
            needed for: the answer to a submission, which the mock gives and the suite expects
        "#,
    );
}

#[test]
fn an_example_that_breaks_the_contract() {
    check(
        "minItems: 1\n          maxItems: 300",
        "minItems: 2\n          maxItems: 300",
        "
            #/components/examples/ContactEnrichRequest/value/professional_network_profile_urls counts 1
            expected: 2 to 300
            needed for: the example of a submission, which must be one that is accepted
        ",
    );
    check(
        "        fields: [business_email, personal_contact_info]",
        "        fields: [business_email, home_address]",
        r#"
            #/components/examples/ContactEnrichRequest/value/fields has "home_address"
            expected: some of ["business_email", "personal_contact_info", "personal_contact_info.personal_emails", "personal_contact_info.phone_numbers"]
            needed for: the example of a submission, which must be one that is accepted
        "#,
    );
    check(
        "        fields: [business_email, personal_contact_info]",
        "        fields: [business_email]\n        chunk_size: 9",
        "
            #/components/examples/ContactEnrichRequest/value/chunk_size counts 9
            expected: 10 to 1000
            needed for: the example of a submission, which must be one that is accepted
        ",
    );
    check(
        "        entities_requested: 1\n        status_url",
        "        entities_requested: 2\n        status_url",
        "
            #/components/examples/AcceptedBatch/value/entities_requested is 2
            expected: 1
            needed for: the example of an answer, which must be the one to the example of a submission
        ",
    );
}
