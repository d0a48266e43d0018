//! `cargo xtask drift`: what a newer document of the provider's says otherwise, and which clauses that touches.

use serde_json::Value;

use crate::workspace::{DOCUMENT, Outcome, Workspace, project, replace_once};

/// A small document, in the form of ours.
const OURS: &str = r##"
openapi: 3.0.3
paths:
  /jobs:
    post:
      operationId: submit
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Request"}
      responses:
        2XX: {description: Accepted}
        "400": {$ref: "#/components/responses/BadRequest"}
  /jobs/{id}:
    get:
      operationId: read
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: part, in: query, schema: {type: integer, x-clamp: {minimum: 1, maximum: 100}}}
      responses:
        "200":
          description: The job.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Job"}
components:
  schemas:
    Request:
      type: object
      required: [urls]
      properties:
        urls:
          description: The profiles.
          oneOf:
            - {type: array, maxItems: 300, items: {type: string}}
            - {type: string}
        fields: {type: array, items: {type: string, enum: [email, phone]}}
    Job:
      type: object
      required: [id, status]
      properties:
        id: {type: string}
        status: {type: string, enum: [pending, done]}
        error: {type: string, nullable: true}
        parent: {$ref: "#/components/schemas/Job"}
  responses:
    BadRequest: {description: Refused}
x-clauses:
  submit.max: "#/components/schemas/Request/properties/urls/oneOf/0/maxItems"
  reject.too-many: ["#/components/schemas/Request/properties/urls/oneOf/0/maxItems", "submit/responses/400"]
  submit.urls: "#/components/schemas/Request/properties/urls/description"
  job.status: "#/components/schemas/Job/properties/status/enum"
  job.keys: "#/components/schemas/Job/required"
  job.part: "read/parameters/1"
  job.order: an order in time
"##;

/// Runs `drift` on a document.
fn drift(theirs: &str, arguments: &[&str]) -> Outcome {
    let workspace = Workspace::empty();
    workspace.write(DOCUMENT, OURS);
    workspace.write("newer.yaml", theirs);
    let file = workspace.path("newer.yaml");
    workspace.xtask(&[&["drift", file.to_str().unwrap()], arguments].concat())
}

/// The differences after one edit of our document.
#[track_caller]
fn after(from: &str, to: &str) -> String {
    let outcome = drift(&replace_once(OURS, from, to), &[]);
    assert_eq!(
        outcome.code,
        Some(1),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
    outcome.stdout
}

#[test]
fn the_same_document_does_not_differ() {
    let outcome = drift(OURS, &[]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(0), "no difference\n")
    );
    let workspace = Workspace::with_document();
    let ours = project().join(DOCUMENT);
    let outcome = workspace.xtask(&["drift", ours.to_str().unwrap()]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(0), "no difference\n")
    );
}

/// As OpenAPI 3.1 and other hands write it, in JSON.
#[test]
fn another_way_to_say_the_same_does_not_differ() {
    let theirs = r##"{"openapi": "3.1.0", "paths": {
        "/other": {"get": {"responses": {}}},
        "/jobs": {"post": {
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["urls"],
                "properties": {"fields": {"type": "array", "items": {"type": "string", "enum": ["phone", "email"]}},
                "urls": {"anyOf": [{"type": "string"}, {"type": "array", "maxItems": 300.0, "items": {"type": "string"}}]}}}}}},
            "responses": {"202": {"description": ""}, "400": {"description": ""}, "default": {"description": ""}}}},
        "/jobs/{job_id}": {
            "parameters": [{"name": "job_id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
            "get": {"parameters": [{"name": "part", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/J"}}}}}}}},
        "components": {"schemas": {"J": {"allOf": [
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "parent": {"$ref": "#/components/schemas/J"}}},
            {"required": ["status"], "properties": {
                "status": {"enum": ["done", "pending"], "type": "string"},
                "error": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}]}}}}"##;
    let outcome = drift(theirs, &[]);
    assert_eq!(outcome.stdout, "no difference\n", "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(0));
}

#[test]
fn each_difference_names_its_clauses() {
    insta::assert_snapshot!(after("maxItems: 300", "maxItems: 500"));
    insta::assert_snapshot!(after(
        "        fields:",
        "        verified: {type: boolean}\n        fields:"
    ));
    insta::assert_snapshot!(after("enum: [pending, done]", "enum: [pending, failed]"));
    insta::assert_snapshot!(after("required: [id, status]", "required: [id, error]"));
    insta::assert_snapshot!(after("maximum: 100", "maximum: 50"));
    insta::assert_snapshot!(after("\"400\":", "\"422\":"));
    insta::assert_snapshot!(after("name: part", "name: piece"));
    insta::assert_snapshot!(after(
        "error: {type: string, nullable: true}",
        "error: {type: integer}"
    ));
    insta::assert_snapshot!(after("/jobs/{id}:", "/works/{id}:"));
}

#[test]
fn json() {
    let theirs = replace_once(OURS, "maxItems: 300", "maxItems: 500");
    let outcome = drift(&theirs, &["--format", "json"]);
    assert_eq!(outcome.code, Some(1));
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    insta::assert_snapshot!(format!("{report:#}"));
    let outcome = drift(OURS, &["--format", "json"]);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["differences"], Value::Array(Vec::new()));
}

#[test]
fn what_is_no_document_is_refused() {
    for (text, expected) in [
        ("a: [", "newer.yaml: "),
        (
            "swagger: '2.0'\npaths: {}\n",
            "no OpenAPI document of version 3",
        ),
        ("openapi: 3.1.0\n", "no OpenAPI document of version 3"),
    ] {
        let outcome = drift(text, &[]);
        assert_eq!(outcome.code, Some(2), "{text}");
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
    let outcome = Workspace::with_document().xtask(&["drift", "/nowhere.yaml"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("could not read /nowhere.yaml"),
        "{}",
        outcome.stderr
    );
    assert_eq!(Workspace::with_document().xtask(&["drift"]).code, Some(2));
}

#[test]
fn help() {
    let outcome = Workspace::empty().xtask(&["drift", "--help"]);
    assert_eq!(outcome.code, Some(0));
    insta::assert_snapshot!(outcome.stdout);
}
