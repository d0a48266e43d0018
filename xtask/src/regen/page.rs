//! `docs/api.md`: the API in one page, for people. What each clause asks for is on pages that the suite renders.

use serde_json::{Map, Value};

use super::document::Document;
use super::error::Error;

/// What needs the places that are read here.
const NEED: &str = "`docs/api.md`, the page on the API";

/// The parts of the API by their tags, as they are headed.
const PARTS: [(&str, &str); 2] = [("batch", "Jobs"), ("account", "The account")];

/// Alternatives of alternatives that are shown: a schema may be one of its own.
const DEEPEST: usize = 3;

/// What else a path may have is no operation.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Schemas whose keys are shown by themselves, since no body is one of them.
const BESIDE: [&str; 3] = ["ContactRecord", "ContactData", "PersonalContactInfo"];

/// Renders the page.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let about = document.at("/info/description").text(NEED)?;
    let server = document.at("/servers/0/url").text(NEED)?;
    let mut text = format!(
        "# The API in one page\n\nRendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.\n\n\
         {about}\n\nBase URL: `{server}`. Each call carries `Authorization: Bearer <key>`. What is written here is what the provider's pages \
         say; the [clauses](clauses.md) say how it is checked.\n"
    );
    let operations = operations(document)?;
    for (tag, title) in PARTS {
        text += &format!("\n## {title}\n");
        for (call, operation) in &operations {
            if operation["tags"][0] == tag {
                text += &section(document, call, operation);
            }
        }
        if tag == "batch" {
            for name in BESIDE {
                let schema = document.schema(name).value(NEED)?;
                text += &format!(
                    "\n### `{name}`\n\n{}\n\n{}",
                    said(schema),
                    keys(document, schema)
                );
            }
        }
    }
    text += &figures(document)?;
    Ok(text)
}

/// Every call with its operation, in the order of the document.
fn operations(document: &Document) -> Result<Vec<(String, &Value)>, Error> {
    let mut all = Vec::new();
    let paths = document.at("/paths");
    for (path, item) in paths.object(NEED)? {
        let operations = item.as_object().into_iter().flatten();
        for (method, operation) in operations.filter(|(key, _)| METHODS.contains(&key.as_str())) {
            if !PARTS.iter().any(|(tag, _)| operation["tags"][0] == *tag) {
                let tags = paths.key(path).key(method).key("tags");
                let expected = format!("one of {:?}", PARTS.map(|(tag, _)| tag));
                return Err(tags.unfit(format!("is {}", operation["tags"]), expected, NEED));
            }
            all.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    Ok(all)
}

fn section(document: &Document, call: &str, operation: &Value) -> String {
    let title = operation["summary"]
        .as_str()
        .or(operation["operationId"].as_str());
    let title = title.unwrap_or_default();
    let mut text = format!("\n### {title}: `{call}`\n\n{}\n", said(operation));
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let rows: String = parameters
        .map(|parameter| {
            let parameter = followed(document, parameter);
            let place = parameter["in"].as_str().unwrap_or_default();
            let needed = if parameter["required"] == true {
                ", required"
            } else {
                ""
            };
            let (name, schema) = (&parameter["name"], &parameter["schema"]);
            let name = name.as_str().unwrap_or_default();
            row(
                name,
                &format!("{place}{needed}"),
                &kind(document, schema),
                said(parameter),
            )
        })
        .collect();
    if !rows.is_empty() {
        text += &format!("\n| parameter | | |\n| --- | --- | --- |\n{rows}");
    }
    let body = &operation["requestBody"]["content"]["application/json"];
    if !body.is_null() {
        text += &format!("\nThe body:\n\n{}", keys(document, &body["schema"]));
        text += &example(document, body);
    }
    text += "\n| answer | |\n| --- | --- |\n";
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let about = cell(said(followed(document, response)));
        text += &format!("| {status} | {about} |\n");
    }
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let body = &followed(document, response)["content"]["application/json"];
        if status.starts_with('2') && !body.is_null() {
            text += &format!("\nWhat comes back:\n\n{}", keys(document, &body["schema"]));
            text += &example(document, body);
        }
    }
    text
}

/// The keys of an object, a row each; nothing where it is no object.
fn keys(document: &Document, schema: &Value) -> String {
    let schema = followed(document, schema);
    let Some(properties) = schema["properties"].as_object() else {
        return String::new();
    };
    let required = schema["required"].as_array();
    let is_required = |key: &str| required.is_some_and(|all| all.iter().any(|one| one == key));
    let mut text = "| key | | |\n| --- | --- | --- |\n".to_owned();
    for (key, property) in properties {
        let always = if is_required(key) { "required" } else { "" };
        let about = said(followed(document, property));
        text += &row(key, always, &kind(document, property), about);
    }
    text
}

fn row(name: &str, when: &str, kind: &str, about: &str) -> String {
    let parts = [kind, when].into_iter().filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let (name, kind, about) = (cell(name), cell(&parts.join("; ")), cell(about));
    format!("| `{name}` | {kind} | {about} |\n")
}

/// A text as it can stand in a table: in one line, and without its borders.
fn cell(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('|', "\\|")
}

/// The first example of a body.
fn example(document: &Document, body: &Value) -> String {
    let first = body["examples"]
        .as_object()
        .and_then(|all| all.values().next());
    let value = first.map(|example| &followed(document, example)["value"]);
    match value.map(serde_json::to_string_pretty) {
        Some(Ok(json)) => format!("\n```json\n{json}\n```\n"),
        _ => String::new(),
    }
}

/// What may stand there, in a few words.
fn kind(document: &Document, schema: &Value) -> String {
    kind_within(document, schema, DEEPEST)
}

/// The same, so many alternatives deep.
fn kind_within(document: &Document, schema: &Value, depth: usize) -> String {
    let schema = followed(document, schema);
    let or_null = if schema["nullable"] == true {
        ", or null"
    } else {
        ""
    };
    for (key, joint) in [("oneOf", ", or "), ("anyOf", ", or "), ("allOf", ", and ")] {
        let Some(forms) = schema[key].as_array() else {
            continue;
        };
        let Some(depth) = depth.checked_sub(1) else {
            return String::new();
        };
        let mut kinds: Vec<String> = Vec::new();
        for kind in forms.iter().map(|form| kind_within(document, form, depth)) {
            if !kind.is_empty() && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        return kinds.join(joint) + or_null;
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(|value| format!("`{value}`"))
            .collect();
        return values.join(", ");
    }
    let bounds = |low: &str, high: &str, of: &Value| match (of[low].as_i64(), of[high].as_i64()) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) if low > 0 => format!("{low} or more"),
        (None, Some(high)) => format!("at most {high}"),
        _ => String::new(),
    };
    let text = match schema["type"].as_str() {
        Some("array") => {
            let range = bounds("minItems", "maxItems", schema);
            let range = if range.is_empty() {
                range
            } else {
                format!(" of {range}")
            };
            let item = followed(document, &schema["items"]);
            match item["type"].as_str() {
                Some("string") if item["enum"].is_array() => {
                    format!("list{range}: {}", kind(document, item))
                }
                Some(one) => format!("list{range}: {one}s"),
                None => format!("list{range}"),
            }
        }
        Some("integer" | "number") => {
            let own = bounds("minimum", "maximum", schema);
            let clamped = bounds("minimum", "maximum", &schema["x-clamp"]);
            match (own.as_str(), clamped.as_str()) {
                ("", "") => "number".to_owned(),
                ("", clamped) => format!("moved into {clamped}"),
                (own, _) => own.to_owned(),
            }
        }
        Some("string") => match schema["format"].as_str() {
            Some("presigned-url" | "uri") => "URL".to_owned(),
            Some("uuid") => "UUID".to_owned(),
            Some("date-time") => "time".to_owned(),
            _ => "string".to_owned(),
        },
        Some(other) => other.to_owned(),
        None => String::new(),
    };
    match &schema["default"] {
        Value::Number(default) => format!("{text}{or_null}; {default} without it"),
        _ => format!("{text}{or_null}"),
    }
}

/// Limits and prices.
fn figures(document: &Document) -> Result<String, Error> {
    let mut text = "\n## Limits\n\n| | |\n| --- | --- |\n".to_owned();
    for (name, value) in document.at("/x-limits").object(NEED)? {
        text += &format!("| {} | {value} |\n", name.replace('-', " "));
    }
    text += "\n## Prices\n\nCredits for each person of whom a kind is delivered: figures of the synchronous sister endpoint.\n\n| | credits |\n| --- | --- |\n";
    let prices: &Map<String, Value> = document.at("/x-prices").object(NEED)?;
    for (name, price) in prices {
        text += &format!("| `{name}` | {} |\n", price["credits"]);
    }
    Ok(text)
}

/// What a reference leads to, or the value itself. A document whose references lead nowhere was refused before.
fn followed<'a>(document: &'a Document, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str();
    let target = reference.map(|reference| document.at(reference.trim_start_matches('#')));
    target
        .and_then(|target| target.value(NEED).ok())
        .unwrap_or(value)
}

/// The description of something.
fn said(value: &Value) -> &str {
    value["description"].as_str().unwrap_or_default()
}
