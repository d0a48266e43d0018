//! The form of SARIF 2.1.0, as far as the report uses it. Names are those of the standard; what they are filled with is
//! decided above.

use serde::Serialize;

/// The name of the folder that locations are below: the root of the repository.
pub(super) const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

impl Log {
    pub(super) fn of(run: Run) -> Self {
        Self {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }
}

#[derive(Serialize)]
pub(super) struct Run {
    pub(super) tool: Tool,
    pub(super) invocations: [Invocation; 1],
    pub(super) results: Vec<Found>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

impl Tool {
    /// The suite, with these rules.
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        Self {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules,
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) short_description: Message,
    pub(super) full_description: Message,
    pub(super) help: Message,
    pub(super) default_configuration: Configuration,
    pub(super) properties: RuleProperties,
}

#[derive(Serialize)]
pub(super) struct Configuration {
    pub(super) level: Severity,
}

#[derive(Serialize)]
pub(super) struct RuleProperties {
    pub(super) tags: [String; 2],
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Severity {
    Error,
    Warning,
    Note,
}

#[derive(Serialize)]
pub(super) struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

impl Message {
    pub(super) fn new(text: &str) -> Self {
        // Braces hold a place for an argument unless they are doubled, and what looks like a link is one.
        let text = text.replace('{', "{{").replace('}', "}}");
        Self {
            text: text.replace("](", "] ("),
            markdown: None,
        }
    }

    /// A text of our own in Markdown, which reads well without being rendered.
    pub(super) fn with_markdown(text: &str) -> Self {
        let mut message = Self::new(text);
        message.markdown = Some(message.text.clone());
        message
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: bool,
    pub(super) exit_code: u8,
    pub(super) exit_code_description: String,
    pub(super) start_time_utc: String,
    pub(super) tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification {
    pub(super) descriptor: Descriptor,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) associated_rule: Option<Reference>,
    pub(super) level: Severity,
    pub(super) message: Message,
}

#[derive(Serialize)]
pub(super) struct Descriptor {
    pub(super) id: &'static str,
}

#[derive(Serialize)]
pub(super) struct Reference {
    pub(super) id: &'static str,
    pub(super) index: usize,
}

/// What the standard calls a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    pub(super) rule_id: &'static str,
    pub(super) rule_index: usize,
    pub(super) level: Severity,
    pub(super) message: Message,
    pub(super) locations: [Location; 1],
    /// There also where it is empty, which says that the result stands: without it, that would be open.
    pub(super) suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) properties: Option<FoundProperties>,
}

#[derive(Serialize)]
pub(super) struct FoundProperties {
    pub(super) exchange: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) serve: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) curl: Option<String>,
}

#[derive(Clone, Serialize)]
pub(super) struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

impl Suppression {
    /// By a list beside the code.
    pub(super) fn external(justification: String) -> Self {
        Self {
            kind: "external",
            status: "accepted",
            justification,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    pub(super) region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
    pub(super) uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: u64,
}
