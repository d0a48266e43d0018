//! Breaks what people read at the edge of their terminal, and lets it go on under where it began. Commands are never
//! broken: they are there to be copied.

use std::io::{self, Write};

use textwrap::{Options, WordSplitter};

/// How many columns a text may take. By default there is no edge, and no line is broken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Columns(Option<usize>);

/// With fewer columns than these beside its label, a text is left to the terminal.
const FEWEST: usize = 20;

impl Columns {
    /// So many, or no edge at all.
    pub fn new(columns: Option<usize>) -> Self {
        Self(columns)
    }

    /// Writes a text after its label. Where it takes several lines, they all begin under the first word of the text.
    pub(crate) fn write(self, out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
        let width = label.chars().count();
        let Some(columns) = self.0.filter(|columns| *columns >= width + FEWEST) else {
            return writeln!(out, "{label}{text}");
        };
        let indent = " ".repeat(width);
        let options = Options::new(columns)
            .initial_indent(label)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        writeln!(out, "{}", textwrap::fill(text, options))
    }
}
