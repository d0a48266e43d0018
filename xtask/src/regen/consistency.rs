//! What must hold in the document beyond each place being there: the names that the code knows, and values
//! that agree with each other. Checked before anything is rendered.

use serde_json::Value;

use super::document::Document;
use super::error::Error;
use super::place::Place;

/// Object schemas of which the code knows keys by name: the required ones, and others.
const KNOWN_KEYS: [(&str, &[&str], &[&str]); 10] = [
    (
        "ContactEnrichRequest",
        &["fields"],
        &["webhook_url", "chunk_size"],
    ),
    (
        "AcceptedBatch",
        &[
            "batch_id",
            "status",
            "entity",
            "action",
            "identifier_count",
            "entities_requested",
            "status_url",
        ],
        &[],
    ),
    (
        "BatchJob",
        &["batch_id", "status", "entity", "action"],
        &[
            "identifier_count",
            "entities_requested",
            "entities_fulfilled",
            "result_count",
            "created_at",
            "completed_at",
            "download_url",
            "download_urls",
            "error_message",
        ],
    ),
    ("BatchJobPage", &["jobs", "next_cursor", "has_more"], &[]),
    ("ContactRecord", &["original_identifier", "data"], &[]),
    ("Email", &["email"], &["status"]),
    ("CreditsBody", &["account"], &[]),
    ("EndpointsBody", &["endpoints"], &[]),
    ("UsageEventPage", &["events", "has_more"], &["next_cursor"]),
    ("ErrorDetail", &["type", "message", "metadata"], &[]),
];

/// Enums of which the code knows values by name.
const KNOWN_VALUES: [(&str, &[&str]); 2] = [
    (
        "JobStatus",
        &["pending", "processing", "completed", "failed"],
    ),
    ("ContactField", &["business_email", "personal_contact_info"]),
];

/// Parameters that the code knows by name, with their operation.
const KNOWN_PARAMETERS: [(&str, &str); 5] = [
    ("get_batch", "batch_id"),
    ("list_batches", "limit"),
    ("list_batches", "status"),
    ("list_batches", "cursor"),
    ("list_endpoints", "path"),
];

const API_VERSION: &str = "`API_VERSION`: Version of the API that the document describes";
const EXAMPLE_REQUEST: &str = "the example of a submission, which must be one that is accepted";

/// Checks the document.
pub(super) fn check(document: &Document) -> Result<(), Error> {
    for (schema, required, optional) in KNOWN_KEYS {
        known_keys(&document.schema(schema), required, optional)?;
    }
    for (schema, known) in KNOWN_VALUES {
        let values = document.schema(schema).key("enum");
        for value in known {
            contains(
                &values,
                value,
                "client, mock and suite, which know this value by name",
            )?;
        }
    }
    for (operation, name) in KNOWN_PARAMETERS {
        known_parameter(document, operation, name)?;
    }
    let versions = document.schema("ApiVersion");
    let version = versions.key("default").text(API_VERSION)?;
    contains(&versions.key("enum"), version, API_VERSION)?;
    success_class(document)?;
    job_path(document)?;
    ordered(&document.identifier_list()?, &["minItems", "maxItems"])?;
    ordered(
        &document.schema("ChunkSize"),
        &["minimum", "default", "maximum"],
    )?;
    ordered(
        &document.schema("PageLimit"),
        &["x-clamp/minimum", "default", "x-clamp/maximum"],
    )?;
    answers(document)?;
    example_request(document)?;
    example_answer(document)
}

fn known_keys(schema: &Place<'_>, required: &[&str], optional: &[&str]) -> Result<(), Error> {
    let need = |key: &str| format!("client, mock and suite, which know the key `{key}` by name");
    for key in required {
        contains(&schema.key("required"), key, &need(key))?;
    }
    for key in required.iter().chain(optional) {
        schema.key("properties").key(key).object(&need(key))?;
    }
    Ok(())
}

fn known_parameter(document: &Document, operation: &str, name: &str) -> Result<(), Error> {
    let need = "client, mock and suite, which know this parameter by name";
    let (_, operation) = document.operation(operation)?;
    let parameters = operation.key("parameters");
    if parameters
        .list(need)?
        .iter()
        .any(|parameter| parameter["name"] == name)
    {
        return Ok(());
    }
    let expected = format!("a parameter with `name: {name}`");
    Err(parameters.unfit("lack a parameter", expected, need))
}

/// Which success status a submission gets is open, so the document must not settle on one: a client made from
/// it would take the others for failures and lose the job.
fn success_class(document: &Document) -> Result<(), Error> {
    let (_, submit) = document.operation("submit_contact_enrich")?;
    let success = submit.key("responses").key("2XX");
    success
        .object("the client, which takes any success status of a submission")
        .map(|_| ())
}

/// The job's id has its place in the path.
fn job_path(document: &Document) -> Result<(), Error> {
    let need = "`job::PATH`, in which the id is filled in";
    let (path, _) = document.operation("get_batch")?;
    if path.contains("{batch_id}") {
        return Ok(());
    }
    let place = document.at("/paths").key(path);
    Err(place.unfit("lacks the job's id", "a path with `{batch_id}`", need))
}

/// The list there holds the value.
fn contains(list: &Place<'_>, value: &str, need: &str) -> Result<(), Error> {
    let values = list.texts(need)?;
    if values.contains(&value) {
        return Ok(());
    }
    Err(list.unfit(
        format!("lacks {value:?}"),
        format!("{value:?} among {values:?}"),
        need,
    ))
}

/// The bounds there do not fall.
fn ordered(schema: &Place<'_>, bounds: &[&str]) -> Result<(), Error> {
    let need = "the bounds of requests, which a value must be able to keep";
    for pair in bounds.windows(2) {
        let low = schema.below(pair[0]).number(need)?;
        let high = schema.below(pair[1]).number(need)?;
        if low > high {
            let expected = format!("at least `{}`, which is {low}", pair[0]);
            return Err(schema
                .below(pair[1])
                .unfit(format!("is {high}"), expected, need));
        }
    }
    Ok(())
}

/// What the submission answers is among the values of the enums.
fn answers(document: &Document) -> Result<(), Error> {
    let need = "the answer to a submission, which the mock gives and the suite expects";
    let (_, submit) = document.operation("submit_contact_enrich")?;
    let enums = [
        ("status", "AcceptedStatus"),
        ("status", "JobStatus"),
        ("entity", "Entity"),
        ("action", "Action"),
    ];
    for (key, schema) in enums {
        let answer = submit.key("x-answers").key(key);
        let value = answer.text(need)?;
        let values = document.schema(schema).key("enum").texts(need)?;
        if !values.contains(&value) {
            let expected = format!("one of the values of `{schema}`, {values:?}");
            return Err(answer.unfit(format!("is {value:?}"), expected, need));
        }
    }
    Ok(())
}

/// The example of a submission keeps the bounds.
fn example_request(document: &Document) -> Result<(), Error> {
    let need = EXAMPLE_REQUEST;
    let example = document.example("ContactEnrichRequest");
    let identifiers = example.key(document.identifiers_key()?);
    let count = identifiers.list(need)?.len();
    within(
        &identifiers,
        count,
        &document.identifier_list()?,
        ["minItems", "maxItems"],
    )?;
    let fields = document.schema("ContactField").key("enum").texts(need)?;
    for field in example.key("fields").texts(need)? {
        if !fields.contains(&field) {
            let place = example.key("fields");
            return Err(place.unfit(
                format!("has {field:?}"),
                format!("some of {fields:?}"),
                need,
            ));
        }
    }
    let chunk_size = example.key("chunk_size");
    if chunk_size.exists() {
        let value = chunk_size.number(need)? as usize;
        within(
            &chunk_size,
            value,
            &document.schema("ChunkSize"),
            ["minimum", "maximum"],
        )?;
    }
    Ok(())
}

fn within(
    place: &Place<'_>,
    value: usize,
    schema: &Place<'_>,
    bounds: [&str; 2],
) -> Result<(), Error> {
    let [min, max] = bounds.map(|bound| schema.key(bound).number(EXAMPLE_REQUEST));
    let (min, max) = (min? as usize, max? as usize);
    if (min..=max).contains(&value) {
        return Ok(());
    }
    let expected = format!("{min} to {max}");
    Err(place.unfit(format!("counts {value}"), expected, EXAMPLE_REQUEST))
}

/// The example of an answer is the one to the example of a submission.
fn example_answer(document: &Document) -> Result<(), Error> {
    let need = "the example of an answer, which must be the one to the example of a submission";
    let key = document.identifiers_key()?;
    let count = document
        .example("ContactEnrichRequest")
        .key(key)
        .list(need)?
        .len();
    let (_, submit) = document.operation("submit_contact_enrich")?;
    let (job_path, _) = document.operation("get_batch")?;
    let example = document.example("AcceptedBatch");
    let id = example.key("batch_id").text(need)?;
    let mut expected = vec![
        ("identifier_count", Value::from(count)),
        ("entities_requested", Value::from(count)),
        (
            "status_url",
            Value::from(job_path.replace("{batch_id}", id)),
        ),
    ];
    for key in ["status", "entity", "action"] {
        expected.push((
            key,
            Value::from(submit.key("x-answers").key(key).text(need)?),
        ));
    }
    for (key, expected) in expected {
        let value = example.key(key).value(need)?;
        if *value != expected {
            return Err(example
                .key(key)
                .unfit(format!("is {value}"), expected, need));
        }
    }
    Ok(())
}
