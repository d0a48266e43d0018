//! The bounds, defaults, enums and paths of the contract, rendered as constants for client, mock and suite.
//!
//! The constants' names are known to those crates; their values come from the document alone.

use std::fmt::Write as _;

use super::document::{Document, Place};
use super::error::Error;

/// Renders `contract.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let (submit_path, submit) = document.operation("submit_contact_enrich")?;
    let (job_path, _) = document.operation("get_batch")?;
    let (list_path, _) = document.operation("list_batches")?;
    let request = document.schema("ContactEnrichRequest");
    let identifiers = document
        .schema("ProfileUrls")
        .alternative("array", "the list form of the identifiers")?;
    let chunk_size = document.schema("ChunkSize");
    let page_limit = document.schema("PageLimit");
    let limits = document.at("/x-limits");
    let answers = submit.key("x-answers");
    let accepted = document.schema("AcceptedBatch");
    let job = document.schema("BatchJob");
    let values = |schema: &str| document.schema(schema).key("enum");
    let version = document.schema("ApiVersion").key("default");
    let webhook_url = request.key("properties").key("webhook_url").key("example");

    let mut out = Constants::new();
    out.text(
        "BASE_URL",
        "Base URL of the live API.",
        &document.at("/servers/0/url"),
    )?;
    out.constant(
        "API_VERSION_HEADER",
        "Header that names the version of the API.",
        "&str",
        header(&submit)?,
    );
    out.text(
        "API_VERSION",
        "Version of the API that the document describes.",
        &version,
    )?;
    out.group();
    out.constant(
        "SUBMIT_PATH",
        "Path of the submission.",
        "&str",
        quoted(submit_path),
    );
    out.constant(
        "JOB_PATH",
        "Path of a job's status.",
        "&str",
        quoted(job_path),
    );
    out.constant(
        "LIST_PATH",
        "Path of the list of jobs.",
        "&str",
        quoted(list_path),
    );
    out.group();
    out.constant(
        "IDENTIFIERS_KEY",
        "Key of the identifiers in a submission.",
        "&str",
        identifiers_key(&request)?,
    );
    out.number(
        "IDENTIFIERS_MIN",
        "Fewest identifiers in a submission.",
        "usize",
        &identifiers.key("minItems"),
    )?;
    out.number(
        "IDENTIFIERS_MAX",
        "Most identifiers in a submission.",
        "usize",
        &identifiers.key("maxItems"),
    )?;
    out.number(
        "CHUNK_SIZE_MIN",
        "Smallest chunk size.",
        "u32",
        &chunk_size.key("minimum"),
    )?;
    out.number(
        "CHUNK_SIZE_MAX",
        "Largest chunk size.",
        "u32",
        &chunk_size.key("maximum"),
    )?;
    out.number(
        "CHUNK_SIZE_DEFAULT",
        "Chunk size of a submission that names none.",
        "u32",
        &chunk_size.key("default"),
    )?;
    out.number(
        "PAGE_LIMIT_MIN",
        "Fewest jobs on a page of the list.",
        "u32",
        &page_limit.key("minimum"),
    )?;
    out.number(
        "PAGE_LIMIT_MAX",
        "Most jobs on a page of the list.",
        "u32",
        &page_limit.key("maximum"),
    )?;
    out.number(
        "PAGE_LIMIT_DEFAULT",
        "Jobs on a page when the request names no limit.",
        "u32",
        &page_limit.key("default"),
    )?;
    out.number(
        "ACTIVE_JOBS_MAX",
        "Jobs of one account that may be pending or processing at the same time.",
        "usize",
        &limits.key("active-jobs"),
    )?;
    out.number(
        "DOWNLOAD_LINK_DAYS",
        "Days for which a download link stays valid.",
        "u32",
        &limits.key("download-link-days"),
    )?;
    out.number(
        "REQUESTS_PER_MINUTE",
        "Requests a minute to assume where nothing else is known.",
        "u32",
        &limits.key("requests-per-minute"),
    )?;
    out.group();
    out.keys(
        "ACCEPTED_KEYS",
        "Keys that an accepted answer always has, each with the JSON type of its value.",
        &accepted,
    )?;
    out.keys(
        "JOB_KEYS",
        "Keys that a job's status always has, each with the JSON type of its value.",
        &job,
    )?;
    out.text(
        "ACCEPTED_STATUS",
        "`status` of every accepted submission.",
        &answers.key("status"),
    )?;
    out.text(
        "ACCEPTED_ENTITY",
        "`entity` of every accepted submission.",
        &answers.key("entity"),
    )?;
    out.text(
        "ACCEPTED_ACTION",
        "`action` of every accepted submission.",
        &answers.key("action"),
    )?;
    out.texts(
        "JOB_STATUSES",
        "Values of `status` of a job.",
        &values("JobStatus"),
    )?;
    out.texts(
        "ENTITIES",
        "Values of `entity` of an accepted submission, over all endpoints.",
        &values("Entity"),
    )?;
    out.texts(
        "ACTIONS",
        "Values of `action` of an accepted submission, over all endpoints.",
        &values("Action"),
    )?;
    out.texts(
        "EMAIL_STATUSES",
        "Values of `status` of an e-mail.",
        &values("EmailStatus"),
    )?;
    out.group();
    out.texts(
        "CONTACT_FIELDS",
        "Values of `fields`, in the document's order.",
        &values("ContactField"),
    )?;
    out.constant(
        "CONTACT_LEAVES",
        "The fields that no other extends, each with what a record holds under it: `emails` (objects with an\n\
         address and a status) or `strings`.",
        "&[(&str, &str)]",
        leaves(document, &values("ContactField"))?,
    );
    out.text(
        "WEBHOOK_URL_EXAMPLE",
        "The document's example of a `webhook_url`.",
        &webhook_url,
    )?;
    out.example(
        "SUBMIT_EXAMPLE_REQUEST",
        "The document's example of a submission, as JSON.",
        document,
        "ContactEnrichRequest",
    )?;
    out.example(
        "SUBMIT_EXAMPLE_RESPONSE",
        "The document's example of the answer to it, as JSON.",
        document,
        "AcceptedBatch",
    )?;
    Ok(out.rendered)
}

/// The name of the only header parameter of the submission.
fn header(submit: &Place<'_>) -> Result<String, Error> {
    let need = "`API_VERSION_HEADER`: the header that names the version of the API";
    let parameters = submit.key("parameters");
    let header = parameters
        .list(need)?
        .iter()
        .find(|parameter| parameter["in"] == "header");
    match header.and_then(|header| header["name"].as_str()) {
        Some(name) => Ok(quoted(name)),
        None => Err(parameters.unfit("no parameter has `in: header` and a name", need)),
    }
}

/// The key of a submission whose schema is `ProfileUrls`.
fn identifiers_key(request: &Place<'_>) -> Result<String, Error> {
    let need = "`IDENTIFIERS_KEY`: the key of the identifiers in a submission";
    let properties = request.key("properties");
    let key = properties
        .object(need)?
        .iter()
        .find(|(_, schema)| schema["$ref"] == "#/components/schemas/ProfileUrls");
    match key {
        Some((key, _)) => Ok(quoted(key)),
        None => Err(properties.unfit(
            "no property refers to `#/components/schemas/ProfileUrls`",
            need,
        )),
    }
}

/// The contact fields that no other field extends with a dot, each with the form of its values. A field that
/// `ContactData` does not describe (yet) is taken to hold strings, so that a new value of the enum is a
/// complete edit of the document.
fn leaves(document: &Document, fields: &Place<'_>) -> Result<String, Error> {
    let need = "`CONTACT_LEAVES`: the contact kinds that a record holds";
    let fields = fields.texts(need)?;
    let is_leaf = |field: &&&str| {
        !fields.iter().any(|other| {
            other
                .strip_prefix(**field)
                .is_some_and(|rest| rest.starts_with('.'))
        })
    };
    let leaves = fields.iter().filter(is_leaf).map(|field| {
        let schema = field
            .split('.')
            .fold(document.schema("ContactData"), |schema, part| {
                schema.key("properties").key(part)
            });
        let form = if schema.key("items").key("properties").key("email").exists() {
            "emails"
        } else {
            "strings"
        };
        format!("({}, {})", quoted(field), quoted(form))
    });
    Ok(slice(leaves))
}

/// The constants rendered so far.
struct Constants {
    rendered: String,
}

impl Constants {
    fn new() -> Self {
        Self {
            rendered: "//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.\n\
                       //!\n\
                       //! The bounds, defaults, enums and paths of the contract.\n\n"
                .to_owned(),
        }
    }

    /// Sets what follows apart from what came before.
    fn group(&mut self) {
        self.rendered.push('\n');
    }

    fn constant(&mut self, name: &str, doc: &str, kind: &str, value: impl std::fmt::Display) {
        for line in doc.lines() {
            let _ = writeln!(self.rendered, "/// {line}");
        }
        let _ = writeln!(self.rendered, "pub const {name}: {kind} = {value};");
    }

    fn text(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        let text = place.text(&need(name, doc))?;
        self.constant(name, doc, "&str", quoted(text));
        Ok(())
    }

    fn number(
        &mut self,
        name: &str,
        doc: &str,
        kind: &str,
        place: &Place<'_>,
    ) -> Result<(), Error> {
        let number = place.number(&need(name, doc))?;
        self.constant(name, doc, kind, number);
        Ok(())
    }

    fn texts(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        let texts = place.texts(&need(name, doc))?;
        self.constant(name, doc, "&[&str]", slice(texts.into_iter().map(quoted)));
        Ok(())
    }

    /// The required keys of an object schema.
    fn keys(&mut self, name: &str, doc: &str, schema: &Place<'_>) -> Result<(), Error> {
        let need = need(name, doc);
        let mut keys = Vec::new();
        for key in schema.key("required").texts(&need)? {
            let kind = schema.key("properties").key(key).key("type").text(&need)?;
            keys.push(format!("({}, {})", quoted(key), quoted(kind)));
        }
        self.constant(name, doc, "&[(&str, &str)]", slice(keys));
        Ok(())
    }

    fn example(
        &mut self,
        name: &str,
        doc: &str,
        document: &Document,
        example: &str,
    ) -> Result<(), Error> {
        let json = document.example(example, &need(name, doc))?;
        self.constant(name, doc, "&str", raw(&json));
        Ok(())
    }
}

/// What an error says about a constant that can't be rendered.
fn need(name: &str, doc: &str) -> String {
    format!("`{name}`: {doc}")
}

/// A string literal.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// A raw string literal, with as many hashes as the text asks for.
fn raw(text: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A slice literal, on one line where it fits.
fn slice(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let line = items.join(", ");
    if line.len() <= 70 {
        format!("&[{line}]")
    } else {
        format!("&[\n    {},\n]", items.join(",\n    "))
    }
}
