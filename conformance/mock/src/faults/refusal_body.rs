//! Faults in the bodies of refusals: a table of bodies, each with the refusals that have it.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::edits::{Clauses, set, text, when};
use crate::hooks::{Fault, Hook, fault};
use crate::response::{Payload, Response};
use crate::rules::{Reason, Refusal};

const BODY: Clauses = &["reject.error-body"];
/// What hides the metadata hides the supported fields in it.
const BODY_AND_FIELDS: Clauses = &["reject.error-body", "reject.available-fields"];

/// Some refusals, as the subject of a sentence, and whether those for a reason are among them.
type Which = (&'static str, fn(Reason) -> bool);

const EVERY_400: Which = ("Every 400", is_bad_request);
const EVERY_401: Which = ("Every 401", is_unauthorized);
const BUT_FIELDS: Which = ("Every 400 that is not about fields", is_not_about_fields);
const UNKNOWN_KEY: Which = ("The 401 for an unknown key", |it| it == Reason::UnknownKey);
const CHUNK_SIZE: Which = ("The 400 for a chunk size", |it| it == Reason::ChunkSize);
const MALFORMED: Which = ("The 400 for a malformed body", |it| {
    it == Reason::MalformedBody
});
const VERSION: Which = ("The 400 for a missing version", |it| {
    it == Reason::MissingVersion
});
const TOO_MANY: Which = ("The 400 for too many identifiers", |it| {
    it == Reason::TooManyIdentifiers
});
const EMPTY: Which = ("The 400 for empty fields", |it| it == Reason::EmptyFields);
const MISSING: Which = ("The 400 for missing identifiers", |it| {
    it == Reason::MissingIdentifiers
});

/// A body that no refusal may have.
struct Body {
    /// What is wrong with it, as the end of a sentence.
    what: &'static str,
    edit: Arc<dyn Hook<Response, Refusal>>,
    faults: Vec<Fault>,
}

fn body(what: &'static str, edit: impl Hook<Response, Refusal>) -> Body {
    Body {
        what,
        edit: Arc::new(edit),
        faults: Vec::new(),
    }
}

impl Body {
    /// These refusals have it under the fault of this name.
    fn of(self, name: &'static str, which: Which) -> Self {
        self.breaks(name, BODY, which)
    }

    fn breaks(mut self, name: &'static str, clauses: Clauses, which: Which) -> Self {
        let (edit, (subject, is)) = (self.edit.clone(), which);
        let edit = when(
            move |it: &Refusal| is(it.reason),
            move |it: &mut _, of| edit(it, of),
        );
        let about = format!("{subject} {}.", self.what);
        let fault = fault(name, clauses).about(about).refused(edit);
        self.faults.push(fault);
        self
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let bodies = vec![
        body("is an HTML page", text("text/html", "<h1>Bad Request</h1>"))
            .of("error-html", EVERY_400)
            .of("error-html-for-malformed-body", MALFORMED)
            .of("error-html-for-missing-version", VERSION),
        body("is plain text", text("text/plain", "Bad Request"))
            .of("error-text", EVERY_400)
            .of("unauthorized-text", EVERY_401),
        body("has an empty body", text("application/json", "")).of("error-empty", EVERY_400),
        body("is flat", json(json!({"message": "Bad request."})))
            .of("error-flat", EVERY_400)
            .of("error-flat-for-chunk-size", CHUNK_SIZE),
        body("is a list", json(json!({"errors": [{"detail": "Bad."}]})))
            .of("error-list", EVERY_400),
        body("has a string as its error", set("error", "Bad request."))
            .of("error-string", EVERY_400),
        body("has no type", set_in_error("type", None))
            .of("error-without-type", EVERY_400)
            .of("error-without-type-for-too-many", TOO_MANY),
        body(
            "has a number as its type",
            set_in_error("type", Some(400.into())),
        )
        .of("error-type-number", EVERY_400),
        body("has no message", set_in_error("message", None))
            .of("error-without-message", EVERY_400),
        body("has no text", set_in_error("message", Some(Value::Null)))
            .of("error-message-null-for-empty-fields", EMPTY),
        body(
            "has several texts",
            set_in_error("message", Some(json!(["Bad."]))),
        )
        .of("error-message-list", EVERY_400),
        body("has no metadata", set_in_error("metadata", None))
            .breaks("error-without-metadata", BODY_AND_FIELDS, EVERY_400)
            .of("error-without-metadata-but-for-fields", BUT_FIELDS),
        body("has metadata that is JSON in a string", stringify_metadata).breaks(
            "error-metadata-string",
            BODY_AND_FIELDS,
            EVERY_400,
        ),
        body("has bad metadata", set_in_error("metadata", Some(0.into())))
            .of("error-metadata-number-for-missing-identifiers", MISSING),
        body("has no message", json(json!({"detail": "Unauthorized"})))
            .of("unauthorized-without-message", EVERY_401),
        body("has no text", json(json!({"message": {"text": "No."}})))
            .of("unauthorized-message-object-for-unknown-key", UNKNOWN_KEY),
    ];
    bodies.into_iter().flat_map(|body| body.faults).collect()
}

fn json(body: Value) -> impl Hook<Response, Refusal> {
    move |response, _| response.body = Payload::Json(body.clone())
}

/// Sets or removes a key of the error.
fn set_in_error(key: &'static str, value: Option<Value>) -> impl Hook<Response, Refusal> {
    move |response, _| match value.clone() {
        Some(value) => response.set_in_error(key, value),
        None => response.remove_in_error(key),
    }
}

fn stringify_metadata(response: &mut Response, _: &Refusal) {
    let metadata = response
        .get("error")
        .map(|error| error["metadata"].to_string());
    response.set_in_error("metadata", metadata);
}

fn is_unauthorized(reason: Reason) -> bool {
    matches!(reason, Reason::MissingKey | Reason::UnknownKey)
}

fn is_bad_request(reason: Reason) -> bool {
    !is_unauthorized(reason) && !matches!(reason, Reason::TooManyJobs { .. } | Reason::Unfounded(_))
}

fn is_not_about_fields(reason: Reason) -> bool {
    let is_about_fields = matches!(
        reason,
        Reason::MissingFields | Reason::EmptyFields | Reason::UnsupportedField
    );
    is_bad_request(reason) && !is_about_fields
}
