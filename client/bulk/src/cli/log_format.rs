//! How a run is told of. What is told is in `console`.

use clap::ValueEnum;

/// How a run is told of.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum LogFormat {
    /// A bar on a terminal, lines elsewhere.
    #[default]
    Text,
    /// An object on each line.
    Json,
}
