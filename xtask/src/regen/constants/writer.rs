//! Writing constants, each with its documentation: values at hand, or read from a place in the document.

use crate::regen::error::Error;
use crate::regen::place::Place;
use crate::regen::rust::{doc, opening, quoted, raw, slice};

/// The source of a file of constants, as far as it is written.
pub(super) struct Writer {
    source: String,
}

impl Writer {
    /// Opens the file.
    pub(super) fn new(subject: &str) -> Self {
        Self {
            source: opening(subject),
        }
    }

    /// The whole file.
    pub(super) fn finish(self) -> String {
        self.source.trim_end().to_owned() + "\n"
    }

    /// Sets what follows apart from what came before.
    pub(super) fn end_group(&mut self) {
        self.source.push('\n');
    }

    /// A constant of any type, its value given as Rust source.
    pub(super) fn constant(&mut self, name: &str, text: &str, kind: &str, value: &str) {
        self.source += &doc(text, "");
        self.source += &format!("pub const {name}: {kind} = {value};\n");
    }

    /// A string that is at hand.
    pub(super) fn string(&mut self, name: &str, doc: &str, value: &str) {
        self.constant(name, doc, "&str", &quoted(value));
    }

    /// The text at a place.
    pub(super) fn text(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        let text = place.text(&need(name, doc))?;
        self.string(name, doc, text);
        Ok(())
    }

    /// The list of texts at a place.
    pub(super) fn texts(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        let texts = place.texts(&need(name, doc))?;
        self.constant(name, doc, "&[&str]", &slice(texts.into_iter().map(quoted)));
        Ok(())
    }

    /// The number at a place.
    pub(super) fn u32(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        self.number(name, doc, "u32", place)
    }

    /// The number at a place, for counts of things in memory.
    pub(super) fn usize(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        self.number(name, doc, "usize", place)
    }

    fn number(
        &mut self,
        name: &str,
        doc: &str,
        kind: &str,
        place: &Place<'_>,
    ) -> Result<(), Error> {
        let number = place.number(&need(name, doc))?;
        self.constant(name, doc, kind, &number.to_string());
        Ok(())
    }

    /// The last key on the way to a place: a name that the code knows, and that must stand in the document.
    pub(super) fn key(&mut self, name: &str, doc: &str, place: &Place<'_>) -> Result<(), Error> {
        place.value(&need(name, doc))?;
        self.string(name, doc, &place.last_key());
        Ok(())
    }

    /// The required keys of an object schema, with their types.
    pub(super) fn keys(&mut self, name: &str, doc: &str, schema: &Place<'_>) -> Result<(), Error> {
        let need = need(name, doc);
        let mut keys = Vec::new();
        for key in schema.key("required").texts(&need)? {
            let kind = schema.key("properties").key(key).key("type").text(&need)?;
            keys.push(format!("({}, {})", quoted(key), quoted(kind)));
        }
        self.constant(name, doc, "&[(&str, &str)]", &slice(keys));
        Ok(())
    }

    /// The example at a place, as JSON.
    pub(super) fn example(
        &mut self,
        name: &str,
        doc: &str,
        place: &Place<'_>,
    ) -> Result<(), Error> {
        let example = place.value(&need(name, doc))?;
        self.constant(name, doc, "&str", &raw(&example.to_string()));
        Ok(())
    }
}

/// What an error says about a constant that can't be rendered.
fn need(name: &str, doc: &str) -> String {
    let doc = doc.trim_end_matches('.');
    format!("`{name}`: {doc}")
}
