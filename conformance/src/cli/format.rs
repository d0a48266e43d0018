//! The forms of what a verb says on standard output, where people and programs are all who read it.

/// A form of the output.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs: JSON
    Json,
}
