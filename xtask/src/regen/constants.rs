//! The bounds, defaults, enums and paths of the contract, rendered as constants for client, mock and suite.
//!
//! Those crates know the constants by name; the values come from the document alone.

mod writer;

use super::document::Document;
use super::error::Error;
use super::place::Place;
use super::rust::{quoted, slice};
use writer::Writer;

/// Renders `contract.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let mut out = Writer::new("The bounds, defaults, enums and paths of the contract.");
    server(&mut out, document)?;
    paths(&mut out, document)?;
    bounds(&mut out, document)?;
    answers(&mut out, document)?;
    contacts(&mut out, document)?;
    examples(&mut out, document)?;
    Ok(out.finish())
}

fn server(out: &mut Writer, document: &Document) -> Result<(), Error> {
    let url = document.at("/servers/0/url");
    let header = document.version_header()?;
    let version = document.schema("ApiVersion").key("default");

    out.text("BASE_URL", "Base URL of the live API.", &url)?;
    out.text(
        "API_VERSION_HEADER",
        "Header that names the version of the API.",
        &header,
    )?;
    out.text(
        "API_VERSION",
        "Version of the API that the document describes.",
        &version,
    )?;
    out.end_group();
    Ok(())
}

fn paths(out: &mut Writer, document: &Document) -> Result<(), Error> {
    let (submit, _) = document.operation("submit_contact_enrich")?;
    let (job, _) = document.operation("get_batch")?;
    let (list, _) = document.operation("list_batches")?;

    out.string("SUBMIT_PATH", "Path of the submission.", submit);
    out.string("JOB_PATH", "Path of a job's status.", job);
    out.string("LIST_PATH", "Path of the list of jobs.", list);
    out.end_group();
    Ok(())
}

fn bounds(out: &mut Writer, document: &Document) -> Result<(), Error> {
    let key = document.identifiers_key()?;
    let identifiers = document.identifier_list()?;
    let [min, max] = ["minItems", "maxItems"].map(|bound| identifiers.key(bound));
    out.string(
        "IDENTIFIERS_KEY",
        "Key of the identifiers in a submission.",
        key,
    );
    out.usize(
        "IDENTIFIERS_MIN",
        "Fewest identifiers in a submission.",
        &min,
    )?;
    out.usize("IDENTIFIERS_MAX", "Most identifiers in a submission.", &max)?;

    let range = ["minimum", "maximum", "default"];
    let [min, max, default] = range.map(|bound| document.schema("ChunkSize").key(bound));
    out.u32("CHUNK_SIZE_MIN", "Smallest chunk size.", &min)?;
    out.u32("CHUNK_SIZE_MAX", "Largest chunk size.", &max)?;
    out.u32(
        "CHUNK_SIZE_DEFAULT",
        "Chunk size of a submission that names none.",
        &default,
    )?;

    let [min, max, default] = range.map(|bound| document.schema("PageLimit").key(bound));
    out.u32("PAGE_LIMIT_MIN", "Fewest jobs on a page of the list.", &min)?;
    out.u32("PAGE_LIMIT_MAX", "Most jobs on a page of the list.", &max)?;
    out.u32(
        "PAGE_LIMIT_DEFAULT",
        "Jobs on a page when the request names no limit.",
        &default,
    )?;

    let [jobs, days, rate] = ["active-jobs", "download-link-days", "requests-per-minute"]
        .map(|limit| document.at("/x-limits").key(limit));
    out.usize(
        "ACTIVE_JOBS_MAX",
        "Jobs of one account that may be pending or processing at the same time.",
        &jobs,
    )?;
    out.u32(
        "DOWNLOAD_LINK_DAYS",
        "Days for which a download link stays valid.",
        &days,
    )?;
    out.u32(
        "REQUESTS_PER_MINUTE",
        "Requests a minute to assume where nothing else is known.",
        &rate,
    )?;
    out.end_group();
    Ok(())
}

fn answers(out: &mut Writer, document: &Document) -> Result<(), Error> {
    out.keys(
        "ACCEPTED_KEYS",
        "Keys that an accepted answer always has, each with the JSON type of its value.",
        &document.schema("AcceptedBatch"),
    )?;
    out.keys(
        "JOB_KEYS",
        "Keys that a job's status always has, each with the JSON type of its value.",
        &document.schema("BatchJob"),
    )?;

    let properties = document.schema("AcceptedBatch").key("properties");
    out.key(
        "BATCH_ID_KEY",
        "Key of a job's id.",
        &properties.key("batch_id"),
    )?;
    out.key(
        "STATUS_URL_KEY",
        "Key of the relative URL of a job's status.",
        &properties.key("status_url"),
    )?;

    let headers = document.at("/components/responses/TooManyRequests/headers");
    out.key(
        "RATE_LIMIT_LIMIT_HEADER",
        "Header with the number of requests allowed in the window.",
        &headers.key("x-ratelimit-limit"),
    )?;
    out.key(
        "RATE_LIMIT_REMAINING_HEADER",
        "Header with the number of requests left in the window.",
        &headers.key("x-ratelimit-remaining"),
    )?;
    out.key(
        "RATE_LIMIT_RESET_HEADER",
        "Header with the seconds until the window has room again.",
        &headers.key("x-ratelimit-reset"),
    )?;

    let (_, submit) = document.operation("submit_contact_enrich")?;
    let [status, entity, action] =
        ["status", "entity", "action"].map(|key| submit.key("x-answers").key(key));
    out.text(
        "ACCEPTED_STATUS",
        "`status` of every accepted submission.",
        &status,
    )?;
    out.text(
        "ACCEPTED_ENTITY",
        "`entity` of every accepted submission.",
        &entity,
    )?;
    out.text(
        "ACCEPTED_ACTION",
        "`action` of every accepted submission.",
        &action,
    )?;

    let [statuses, entities, actions, email_statuses] =
        ["JobStatus", "Entity", "Action", "EmailStatus"]
            .map(|schema| document.schema(schema).key("enum"));
    out.texts("JOB_STATUSES", "Values of `status` of a job.", &statuses)?;
    out.texts(
        "ENTITIES",
        "Values of `entity` of an accepted submission, over all endpoints.",
        &entities,
    )?;
    out.texts(
        "ACTIONS",
        "Values of `action` of an accepted submission, over all endpoints.",
        &actions,
    )?;
    out.texts(
        "EMAIL_STATUSES",
        "Values of `status` of an e-mail.",
        &email_statuses,
    )?;
    out.end_group();
    Ok(())
}

fn contacts(out: &mut Writer, document: &Document) -> Result<(), Error> {
    let fields = document.schema("ContactField").key("enum");
    out.texts(
        "CONTACT_FIELDS",
        "Values of `fields`, in the document's order.",
        &fields,
    )?;
    out.constant(
        "CONTACT_LEAVES",
        "The fields that no other extends, each with what a record holds under it: `emails` (objects with an\n\
         address and a status) or `strings`.",
        "&[(&str, &str)]",
        &contact_leaves(document, &fields)?,
    );
    Ok(())
}

fn examples(out: &mut Writer, document: &Document) -> Result<(), Error> {
    out.text(
        "WEBHOOK_URL_EXAMPLE",
        "The document's example of a `webhook_url`.",
        &document.schema("WebhookUrl").key("example"),
    )?;
    out.example(
        "SUBMIT_EXAMPLE_REQUEST",
        "The document's example of a submission, as JSON.",
        &document.example("ContactEnrichRequest"),
    )?;
    out.example(
        "SUBMIT_EXAMPLE_RESPONSE",
        "The document's example of the answer to it, as JSON.",
        &document.example("AcceptedBatch"),
    )
}

/// The contact fields that no other field extends with a dot, each with the form of its values. A field that
/// `ContactData` does not describe (yet) is taken to hold strings, so that a new value of the enum is a
/// complete edit of the document.
fn contact_leaves(document: &Document, fields: &Place<'_>) -> Result<String, Error> {
    let fields = fields.texts("`CONTACT_LEAVES`, the contact kinds that a record holds")?;
    let extends = |longer: &str, field: &str| {
        longer
            .strip_prefix(field)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    let is_leaf = |field: &&&str| !fields.iter().any(|other| extends(other, field));
    let leaf = |field: &&str| {
        let record = document.schema("ContactData");
        let values = field
            .split('.')
            .fold(record, |place, part| place.key("properties").key(part));
        let is_email = values.key("items").key("properties").key("email").exists();
        format!(
            "({}, {})",
            quoted(field),
            quoted(if is_email { "emails" } else { "strings" })
        )
    };
    Ok(slice(fields.iter().filter(is_leaf).map(leaf)))
}
