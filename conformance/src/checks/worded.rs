//! What a check says in words, with the document's values in it.

use crate::generated::wordings::WORDINGS;

/// A text with the document's values in the place of their names, as `{list::limit::MAX}` is one.
pub(super) fn worded(text: &str) -> String {
    WORDINGS
        .iter()
        .fold(text.to_owned(), |text, (name, wording)| {
            text.replace(&format!("{{{name}}}"), wording)
        })
}
