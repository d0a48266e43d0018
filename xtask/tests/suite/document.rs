//! What the document says of values: forms of strings that its own examples have, and no bound where a server clamps.

use std::fs;

use regex::Regex;
use serde_json::Value;

use crate::workspace::{DOCUMENT, project};

fn document() -> Value {
    let text = fs::read_to_string(project().join(DOCUMENT)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// The `pattern` at a place has these matches, and matches none of the others.
#[track_caller]
fn check(place: &str, matches: &[&str], others: &[&str]) {
    let document = document();
    let schema = document.pointer(place).unwrap();
    let pattern = Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
    let example = schema["example"].as_str();
    for text in matches.iter().copied().chain(example) {
        assert!(pattern.is_match(text), "{text:?}");
    }
    for text in others {
        assert!(!pattern.is_match(text), "{text:?}");
    }
}

#[test]
fn strings_have_a_form() {
    check(
        "/components/schemas/ProfileUrls/oneOf/1",
        &["https://www.linkedin.com/in/dvdhsu/"],
        &["", ",", "https://a.example/,"],
    );
    let document = document();
    let fields = &document["components"]["schemas"]["ContactField"]["enum"];
    let fields: Vec<_> = (fields.as_array().unwrap().iter())
        .map(|field| field.as_str().unwrap())
        .collect();
    check(
        "/components/schemas/ContactFields/oneOf/1",
        &[fields[0], &fields.join(",")],
        &[
            "",
            "business_email,",
            "business_email; personal_contact_info",
        ],
    );
    let id = &document["components"]["examples"]["AcceptedBatch"]["value"]["batch_id"];
    check(
        "/components/schemas/BatchId",
        &[id.as_str().unwrap()],
        &["", "7e96a0d7", "7e96a0d70ea6463c8937dfa59365c2e9"],
    );
}

/// A validator would refuse what the server takes for the nearest value.
#[test]
fn a_clamped_value_has_no_bounds() {
    let document = document();
    let limit = &document["components"]["schemas"]["PageLimit"];
    assert!(limit["x-clamp"]["maximum"].is_u64());
    assert_eq!(limit.get("minimum"), None);
    assert_eq!(limit.get("maximum"), None);
}

/// What OpenAPI 3.0.3 does not define is an extension, by its name.
#[test]
fn schemas_have_keys_of_openapi_3_0_or_extensions() {
    const KEYS: [&str; 20] = [
        "$ref",
        "additionalProperties",
        "default",
        "description",
        "enum",
        "example",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "nullable",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "title",
    ];
    let document = document();
    let mut open: Vec<&Value> = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .values()
        .collect();
    let mut seen = 0;
    while let Some(schema) = open.pop() {
        seen += 1;
        for key in schema.as_object().unwrap().keys() {
            let is_known = KEYS.contains(&key.as_str()) || key == "type" || key.starts_with("x-");
            assert!(is_known, "{key}: {schema}");
        }
        open.extend(
            schema["properties"]
                .as_object()
                .into_iter()
                .flat_map(|all| all.values()),
        );
        open.extend(schema["oneOf"].as_array().into_iter().flatten());
        open.extend(schema.get("items"));
    }
    assert!(seen > 40, "only {seen} schemas are read");
}
