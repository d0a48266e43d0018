//! Why a verb did not get to a verdict.

use crate::causes::with_causes;

/// Why a verb did not get to a verdict.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The suite failed, not the target.
    #[error("{0}")]
    Suite(
        String,
        #[source] Option<Box<dyn std::error::Error + Send + Sync>>,
    ),
}

impl CliError {
    /// A failure of the suite, with its cause.
    pub(super) fn suite(
        what: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Suite(what.to_owned(), Some(source.into()))
    }

    /// What was asked for with `flag` can't be used, with the causes.
    pub(super) fn unusable(flag: &str, error: &dyn std::error::Error) -> Self {
        Self::Usage(format!("{flag}: {}", with_causes(error)))
    }

    /// What was asked for can't be done, with the causes.
    pub(super) fn usage(error: &dyn std::error::Error) -> Self {
        Self::Usage(with_causes(error))
    }

    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Suite(..) => 4,
        }
    }
}

/// A report that can't be written because its reader has gone is no failure; any other is.
pub(super) fn written(result: std::io::Result<()>) -> Result<(), CliError> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::suite("the report can't be written", error))
        }
        _ => Ok(()),
    }
}
