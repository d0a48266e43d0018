//! How the command ends, and what it says then.

use std::process::ExitCode;

use crustdata_bulk::{Error, Report};
use serde_json::json;

use super::console::say;
use super::log_format::LogFormat;

/// An end that is no failure of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Every row is answered, or the verb did what it is for.
    Whole,
    /// Some rows have failed or have to be decided about.
    Partly,
    /// Somebody stopped it.
    Interrupted,
}

impl From<&Report> for End {
    fn from(report: &Report) -> Self {
        match (report.is_stopped, report.is_whole()) {
            (true, _) => Self::Interrupted,
            (_, true) => Self::Whole,
            (_, false) => Self::Partly,
        }
    }
}

/// Why the command can't do what it was asked for.
#[derive(Debug)]
pub(super) struct Failure {
    text: String,
    code: u8,
}

const USAGE: u8 = 2;
const STOPPED: u8 = 3;

impl Failure {
    /// Something that the arguments have to be changed for.
    pub(super) fn usage(text: impl Into<String>) -> Self {
        let (text, code) = (text.into(), USAGE);
        Self { text, code }
    }

    /// A run would get nowhere.
    pub(super) fn not_ready() -> Self {
        let (text, code) = ("a run would not be accepted now".to_owned(), STOPPED);
        Self { text, code }
    }

    /// Something that keeps it from going on for now.
    pub(super) fn stopped(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            // Many errors tell their source's text already.
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text += &format!(": {cause_text}");
            }
            source = cause.source();
        }
        let code = STOPPED;
        Self { text, code }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::stopped(&error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Input { .. }
            | Error::InputChanged { .. }
            | Error::NoList(_)
            | Error::NoJournal { .. }
            | Error::NotToDecide { .. }
            | Error::Request(_) => USAGE,
            _ => STOPPED,
        };
        Self {
            code,
            ..Self::stopped(&error)
        }
    }
}

/// Says why, and gives the exit code.
pub(super) fn code(outcome: Result<End, Failure>, format: LogFormat) -> ExitCode {
    match outcome {
        Ok(End::Whole) => ExitCode::SUCCESS,
        Ok(End::Partly) => ExitCode::FAILURE,
        Ok(End::Interrupted) => ExitCode::from(130),
        Err(failure) => {
            let Failure { text, code } = &failure;
            match format {
                LogFormat::Text => say(&format!("error: {text}")),
                LogFormat::Json => {
                    let error = json!({"event": "error", "text": text, "exit_code": code});
                    say(&error.to_string());
                }
            }
            ExitCode::from(failure.code)
        }
    }
}
