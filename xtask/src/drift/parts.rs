//! The parts of an operation by names that two documents can be compared by.

use std::collections::BTreeMap;

use super::node::Node;

const JSON: &str = "application/json";

/// A path in which the names of parameters don't count.
pub(super) fn without_names(path: &str) -> Vec<&str> {
    let parts = path.trim_end_matches('/').split('/');
    parts
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect()
}

/// Parameters by where they stand and their names. The names of those in the path don't count.
pub(super) fn parameters<'a>(lists: &[Node<'a>]) -> BTreeMap<String, Node<'a>> {
    let all = lists.iter().flat_map(Node::items);
    let named = all.map(|parameter| {
        let parameter = parameter.followed();
        let text = |key: &str| parameter.value[key].as_str().unwrap_or_default();
        let name = match text("in") {
            "path" => "in the path".to_owned(),
            "header" => text("name").to_lowercase(),
            _ => text("name").to_owned(),
        };
        (name, parameter)
    });
    named.collect()
}

/// The schema of a JSON body.
pub(super) fn content_schema<'a>(node: &Node<'a>) -> Node<'a> {
    node.key("content").key(JSON).key("schema")
}

/// Headers by their names, in small letters.
pub(super) fn headers<'a>(response: &Node<'a>) -> BTreeMap<String, Node<'a>> {
    let all = response.key("headers").members().into_iter();
    all.map(|(name, header)| (name.to_lowercase(), header.followed()))
        .collect()
}

/// Responses by their statuses; successes by their class, if `has_class`. `default` stands for no status.
pub(super) fn responses<'a>(node: &Node<'a>, has_class: bool) -> BTreeMap<String, Node<'a>> {
    let all = node.members().into_iter();
    let all = all.filter(|(status, _)| *status != "default" && !status.starts_with("x-"));
    let status = |status: &str| match status.to_uppercase() {
        status if has_class && status.starts_with('2') => "2XX".to_owned(),
        status => status,
    };
    all.map(|(name, response)| (status(name), response))
        .collect()
}
