//! Loading the OpenAPI document, and finding operations, schemas and examples in it. How a single place is
//! read is in [`place`](super::place).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::Error;
use super::place::Place;
use crate::files::DOCUMENT;

/// The document, read but not yet understood.
pub(super) struct Document {
    text: String,
    value: Value,
}

impl Document {
    /// Reads the document of the workspace at `root`.
    pub(super) fn load(root: &Path) -> Result<Self, Error> {
        let path = root.join(DOCUMENT);
        let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
        let mut value = parse(&text)?;
        clean(&mut value);
        Ok(Self { text, value })
    }

    /// The whole document.
    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// The document as a type of its own, which may ask for what a [`Value`] does not keep: the lines of its parts.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.text)
    }

    /// The place that a JSON pointer such as `/components/schemas/ChunkSize` leads to.
    pub(super) fn at(&self, pointer: &str) -> Place<'_> {
        Place::new(&self.value, pointer)
    }

    /// The place that is named by a JSON pointer, from the root or from what the first word stands for.
    pub(super) fn place(&self, name: &str) -> Result<Place<'_>, Error> {
        let (root, rest) = name.split_once('/').unwrap_or((name, ""));
        let root = match root {
            "" | "#" => self.at(""),
            "identifiers" => self.identifier_list()?,
            "version header" => self.version_header()?,
            operation => self.operation(operation)?.1,
        };
        Ok(match rest {
            "" => root,
            rest => root.below(rest),
        })
    }

    /// A schema by its name.
    pub(super) fn schema(&self, name: &str) -> Place<'_> {
        self.at("/components/schemas").key(name)
    }

    /// The only header parameter of the submission.
    pub(super) fn version_header(&self) -> Result<Place<'_>, Error> {
        let need = "`header::API_VERSION`, the header that names the version of the API";
        let (_, submit) = self.operation("submit_contact_enrich")?;
        let parameters = submit.key("parameters");
        let mut all = parameters.list(need)?.iter();
        match all.position(|parameter| parameter["in"] == "header") {
            Some(index) => Ok(parameters.key(&index.to_string())),
            None => Err(parameters.unfit("lack a header", "a parameter with `in: header`", need)),
        }
    }

    /// The list form of the identifiers of a submission; its bounds hold for both forms.
    pub(super) fn identifier_list(&self) -> Result<Place<'_>, Error> {
        self.schema("ProfileUrls")
            .alternative("array", "the bounds of the list of identifiers")
    }

    /// The key of a submission that holds the identifiers.
    pub(super) fn identifiers_key(&self) -> Result<&str, Error> {
        let need = "`submit::identifiers::KEY`, the key of the identifiers in a submission";
        let schema = "#/components/schemas/ProfileUrls";
        let properties = self.schema("ContactEnrichRequest").key("properties");
        let mut all = properties.object(need)?.iter();
        match all.find(|(_, property)| property["$ref"] == schema) {
            Some((key, _)) => Ok(key),
            None => {
                let expected = format!("a key with `$ref: {schema}`");
                Err(properties.unfit("lack the identifiers", expected, need))
            }
        }
    }

    /// The responses that operations share, each with its status and its description, in the order of statuses.
    pub(super) fn shared_responses(&self) -> Result<Vec<(&str, u16, &str)>, Error> {
        let need = "`status_code`, the statuses that the code knows by name";
        let mut found = BTreeMap::new();
        let paths = self.at("/paths");
        for (path, item) in paths.object(need)? {
            for (method, operation) in item.as_object().into_iter().flatten() {
                for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                    let reference = response["$ref"].as_str().unwrap_or_default();
                    if let (Ok(code), Some((_, name))) =
                        (status.parse(), reference.rsplit_once('/'))
                        && *found.entry(name).or_insert(code) != code
                    {
                        let place = paths.key(path).key(method).key("responses").key(status);
                        let expected = format!("the status that `{name}` has elsewhere");
                        return Err(place.unfit(format!("is `{name}`"), expected, need));
                    }
                }
            }
        }
        let responses = self.at("/components/responses");
        let mut all = Vec::new();
        for (name, code) in found {
            let description = responses.key(name).key("description").text(need)?;
            all.push((name, code, description));
        }
        all.sort_by_key(|(_, code, _)| *code);
        Ok(all)
    }

    /// The value of an example by its name.
    pub(super) fn example(&self, name: &str) -> Place<'_> {
        self.at("/components/examples").key(name).key("value")
    }

    /// The operation with this `operationId`, and its path.
    pub(super) fn operation(&self, id: &str) -> Result<(&str, Place<'_>), Error> {
        let need = "client, mock and suite, which are built on this operation";
        let paths = self.at("/paths");
        for (path, item) in paths.object(need)? {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation["operationId"] == id {
                    return Ok((path, paths.key(path).key(method)));
                }
            }
        }
        let expected = format!("an operation with `operationId: {id}`");
        Err(paths.unfit("lacks an operation", expected, need))
    }
}

/// Makes texts for people such that a comment and a page can hold them.
fn clean(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text) if key == "description" || key == "summary" => {
                        *text = prose(text);
                    }
                    member => clean(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

/// A text without the line ends of other systems, without characters that can't be seen and change how others are shown,
/// and without code that rustdoc would take for Rust and compile: a block without a language, or one by its indentation.
fn prose(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\t'], " ");
    let mut is_code = false;
    let lines = text.lines().map(|line| {
        let rest = line.trim_start();
        match rest.strip_prefix("```") {
            Some(language) => {
                is_code = !is_code;
                let is_unnamed = is_code && language.trim().is_empty();
                if is_unnamed { "```text" } else { line }
            }
            None if !is_code && line.len() - rest.len() >= 4 => rest,
            None => line,
        }
    });
    let mut text = lines.collect::<Vec<_>>().join("\n");
    text.retain(|letter| letter == '\n' || !is_unseen(letter));
    text
}

fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location();
        let line = place.map_or(1, |place| place.line());
        let column = place.map_or(1, |place| place.column());
        let problem = error.without_snippet().to_string();
        // The place opens the message, as compilers write it.
        let problem = problem.replace(&format!(" at line {line}, column {column}"), "");
        Error::Syntax {
            line,
            column,
            problem,
        }
    })
}
