//! The document's schemas against the types: what the schemas accept the types read, and what the types write the
//! schemas accept. And the types' own JSON Schemas, for review.

use std::sync::LazyLock;

use crustdata_batch::{
    AcceptedBatch, BatchJob, BatchJobPage, ChunkSize, ContactEnrichRequest, ContactField,
    ContactRecord, JobStatus, ProfileUrls,
};
use jsonschema::Validator;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The OpenAPI document.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../openapi/crustdata-batch.yaml"
        ));
        serde_saphyr::from_str(text).unwrap()
    });
    &DOCUMENT
}

/// The document's schema of this name, as JSON Schema.
fn validator(name: &str) -> Validator {
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": without_nullable(&document()["components"]),
    });
    jsonschema::validator_for(&schema).unwrap()
}

/// OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own.
fn without_nullable(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(key, _)| *key != "nullable");
            let schema: Map<_, _> = members
                .map(|(key, value)| (key.clone(), without_nullable(value)))
                .collect();
            if value["nullable"] == true {
                json!({ "anyOf": [schema, { "type": "null" }] })
            } else {
                schema.into()
            }
        }
        Value::Array(items) => items.iter().map(without_nullable).collect(),
        other => other.clone(),
    }
}

/// Values that a schema of the document accepts.
fn values(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        return values(
            document()
                .pointer(reference.trim_start_matches('#'))
                .unwrap(),
        );
    }
    let values = if let Some(allowed) = schema["enum"].as_array() {
        prop::sample::select(allowed.clone()).boxed()
    } else if let Some(forms) = schema["oneOf"].as_array() {
        list_or_string(forms)
    } else {
        match schema["type"].as_str() {
            Some("object") => objects(schema),
            Some("array") => lists(schema).prop_map(Value::from).boxed(),
            Some("string") => strings(schema).prop_map(Value::from).boxed(),
            Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
            Some("integer") => {
                let bound = |key: &str, default| schema[key].as_u64().unwrap_or(default);
                (bound("minimum", 0)..=bound("maximum", u64::MAX))
                    .prop_map(Value::from)
                    .boxed()
            }
            None => anything(),
            Some(other) => panic!("no strategy for the type {other}"),
        }
    };
    if schema["nullable"] == true {
        prop_oneof![3 => values, 1 => Just(Value::Null)].boxed()
    } else {
        values
    }
}

/// A list of strings, or the same as one comma-separated string: the document can't express the latter's items.
fn list_or_string(forms: &[Value]) -> BoxedStrategy<Value> {
    let list = forms.iter().find(|form| form["type"] == "array").unwrap();
    (lists(list), any::<bool>())
        .prop_map(|(items, joined)| {
            if joined {
                let items: Vec<_> = items.iter().map(|item| item.as_str().unwrap()).collect();
                json!(items.join(","))
            } else {
                items.into()
            }
        })
        .boxed()
}

fn lists(schema: &Value) -> BoxedStrategy<Vec<Value>> {
    let bound = |key: &str, default| schema[key].as_u64().map_or(default, |bound| bound as usize);
    let min = bound("minItems", 0);
    prop::collection::vec(values(&schema["items"]), min..=bound("maxItems", min + 5)).boxed()
}

fn strings(schema: &Value) -> BoxedStrategy<String> {
    match schema["format"].as_str() {
        Some("uuid") => any::<u128>().prop_map(|id| uuid::Uuid::from_u128(id).to_string()).boxed(),
        Some("uri") => "https?://[a-z]{1,9}\\.example(:[1-9][0-9]{0,3})?(/[a-z]{0,9})?(\\?[a-z=&]{0,9})?".boxed(),
        Some("date-time") => {
            "20[0-9]{2}-0[1-9]-1[0-9]T1[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]0[0-9]:[03]0)".boxed()
        }
        // Whatever the server writes.
        Some("presigned-url") => any::<String>().boxed(),
        Some(other) => panic!("no strategy for the format {other}"),
        // Identifiers are the document's only strings with a length. Those that could be none or two are refused
        // by the client, though not by the document.
        None if schema["minLength"].is_u64() => "[^,\\s]([^,]{0,20}[^,\\s])?".boxed(),
        None => any::<String>().boxed(),
    }
}

/// Objects with all required keys, some of the others, and now and then one that nobody knows.
fn objects(schema: &Value) -> BoxedStrategy<Value> {
    let required: Vec<_> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let members: Vec<_> = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, schema)| {
            let member = (Just(key.clone()), values(schema));
            if required.iter().any(|name| *name == key) {
                member.prop_map(Some).boxed()
            } else {
                prop::option::of(member).boxed()
            }
        })
        .collect();
    (
        members,
        prop::option::weighted(0.2, ("x_[a-z]{1,5}", anything())),
    )
        .prop_map(|(members, extra)| {
            members
                .into_iter()
                .flatten()
                .chain(extra)
                .collect::<Map<_, _>>()
                .into()
        })
        .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop::collection::vec(inner, 0..3).prop_map(Value::from)
    })
    .boxed()
}

/// Of requests, each of which has up to as many identifiers as there may be.
fn few() -> ProptestConfig {
    ProptestConfig::with_cases(64)
}

/// Whether `T` and the schema of this name agree on every value that the schema accepts.
fn check<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(name: &str) {
    check_with::<T>(name, ProptestConfig::default());
}

fn check_with<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    name: &str,
    config: ProptestConfig,
) {
    let validator = validator(name);
    let strategy = values(&document()["components"]["schemas"][name]);
    proptest!(config, |(value in strategy)| {
        prop_assert!(validator.is_valid(&value), "the strategy is wrong about {value}");
        let read: T = serde_json::from_value(value.clone()).map_err(|error| TestCaseError::fail(format!("{value}: {error}")))?;
        let written = serde_json::to_value(&read).unwrap();
        if let Err(error) = validator.validate(&written) {
            return Err(TestCaseError::fail(format!("{written}: {error}")));
        }
        prop_assert_eq!(serde_json::from_value::<T>(written).unwrap(), read);
    });
}

#[test]
fn requests() {
    check_with::<ContactEnrichRequest>("ContactEnrichRequest", few());
}

#[test]
fn accepted_batches() {
    check::<AcceptedBatch>("AcceptedBatch");
}

#[test]
fn jobs() {
    check::<BatchJob>("BatchJob");
}

#[test]
fn pages() {
    check::<BatchJobPage>("BatchJobPage");
}

#[test]
fn records() {
    check::<ContactRecord>("ContactRecord");
}

/// What is read is written back the same, and a known value is never taken for an unknown one.
#[test]
fn open_enums_take_any_string() {
    let known = document()["components"]["schemas"]["JobStatus"]["enum"]
        .as_array()
        .unwrap();
    proptest!(|(text in prop_oneof![prop::sample::select(known.as_slice()), any::<String>().prop_map(Value::from)])| {
        let status: JobStatus = serde_json::from_value(text.clone()).unwrap();
        prop_assert_eq!(json!(status), text.clone());
        prop_assert_eq!(matches!(status, JobStatus::Other(_)), !known.contains(&text));
    });
}

#[test]
fn built_requests_are_what_the_document_accepts() {
    let validator = validator("ContactEnrichRequest");
    let names = document()["components"]["schemas"]["ContactField"]["enum"]
        .as_array()
        .unwrap()
        .clone();
    let fields: Vec<ContactField> = serde_json::from_value(names.into()).unwrap();
    proptest!(few(), |(
        urls in prop::collection::vec("[^,\\s][^,]{0,20}", ProfileUrls::MIN..=ProfileUrls::MAX),
        fields in prop::sample::subsequence(fields.clone(), 1..=fields.len()),
        webhook_url in prop::option::of("https?://[a-z]{1,9}\\.example/[a-z]{0,9}"),
        chunk_size in prop::option::of(ChunkSize::MIN.get()..=ChunkSize::MAX.get()),
    )| {
        let mut builder = ContactEnrichRequest::builder().profile_urls(urls).fields(fields);
        if let Some(url) = webhook_url {
            builder = builder.webhook_url(url);
        }
        if let Some(size) = chunk_size {
            builder = builder.chunk_size(size);
        }
        let written = serde_json::to_value(builder.build().unwrap()).unwrap();
        prop_assert!(validator.is_valid(&written), "{written}");
    });
}

/// The document's own examples, which the seed page gave.
#[test]
fn examples() {
    let example = |name: &str| document()["components"]["examples"][name]["value"].clone();
    let request = example("ContactEnrichRequest");
    assert_eq!(
        json!(serde_json::from_value::<ContactEnrichRequest>(request.clone()).unwrap()),
        request
    );
    let accepted = example("AcceptedBatch");
    assert_eq!(
        json!(serde_json::from_value::<AcceptedBatch>(accepted.clone()).unwrap()),
        accepted
    );
    serde_json::from_value::<BatchJob>(example("CompletedBatchJob")).unwrap();
    serde_json::from_value::<BatchJobPage>(example("BatchJobPage")).unwrap();
}

#[test]
fn json_schemas() {
    fn snapshot<T: JsonSchema>() {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(T)).unwrap();
        insta::assert_snapshot!(format!("json_schema_{}", T::schema_name()), schema);
    }
    snapshot::<ContactEnrichRequest>();
    snapshot::<AcceptedBatch>();
    snapshot::<BatchJob>();
    snapshot::<BatchJobPage>();
    snapshot::<ContactRecord>();
}
