//! The flags that decide how results are summed up and shown, and what comes of them: those that all verbs with a
//! verdict have in common.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use console::Term;

use super::error::{CliError, written};
use super::format::Format;
use super::program::program;
use super::select;
use crate::columns::Columns;
use crate::known::KnownFailures;
use crate::report::{self, Directory};
use crate::results::{Results, Rules};

/// How results are summed up and shown.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Reporting {
    /// TOML file of the clauses that are known to be violated, each with a reason and, if you like, a last day. They
    /// still run; one that passes again, or whose day is over, ends in exit code 1
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    /// Directory for results.json, junit.xml, results.sarif, report.html and exchanges.ndjson; made where there is none
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Take warnings for violations
    #[arg(long)]
    strict: bool,
    /// End with exit code 3 when a selected clause could not be judged, whatever the reason
    #[arg(long)]
    require_all: bool,
    /// List the clauses that pass, too
    #[arg(long)]
    verbose: bool,
    /// Form of the report on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Where the reports go that are files, if anywhere.
pub(super) struct Place(Option<Directory>);

impl Reporting {
    /// How to sum up what was judged by the clauses that `only` names.
    pub(super) fn rules(&self, only: &[String]) -> Result<Rules, CliError> {
        let known = self.known_failures.as_deref();
        Ok(Rules {
            strict: self.strict,
            require_all: self.require_all,
            by_name: select::by_name(only),
            known: known.map_or(Ok(KnownFailures::default()), known_failures)?,
            program: program(),
            ..Rules::default()
        })
    }

    /// Makes sure that reports can be written. To be found out before anything is sent: a run may cost money, and its
    /// report is what it is for.
    pub(super) fn directory(&self) -> Result<Place, CliError> {
        Place::open(self.report.as_deref())
    }
}

impl Place {
    /// The directory that `--report` names, if any, in which reports can be written.
    pub(super) fn open(report: Option<&Path>) -> Result<Self, CliError> {
        let directory = report.map(Directory::open).transpose();
        let directory = directory.map_err(|error| CliError::unusable("--report", &error))?;
        Ok(Self(directory))
    }

    /// The file that exchanges are to be recorded in.
    pub(super) fn recording(&self) -> Result<Option<File>, CliError> {
        let recording = self.0.as_ref().map(Directory::recording).transpose();
        recording.map_err(|error| CliError::unusable("--report", &error))
    }

    /// Writes every report, and returns the exit code.
    pub(super) fn report(
        self,
        reporting: &Reporting,
        results: &mut Results,
        out: &mut dyn Write,
        err: &mut (dyn Write + Send),
    ) -> Result<u8, CliError> {
        // The verdict first: it is not lost when a file can't be written.
        let printed = written(match reporting.format {
            Format::Text => report::console::write(out, results, reporting.verbose, columns()),
            Format::Json => report::json(out, results),
        });
        self.write(results, err)?;
        printed?;
        Ok(results.exit_code)
    }

    /// Writes the reports that are files, and the summary of a step of GitHub Actions.
    pub(super) fn write(
        self,
        results: &mut Results,
        err: &mut (dyn Write + Send),
    ) -> Result<(), CliError> {
        if let Some(directory) = self.0 {
            let path = directory.path().to_owned();
            directory
                .write(results)
                .map_err(|error| CliError::suite("the reports can't be written", error))?;
            // Where the reports are is worth a line, and no reason to fail.
            let _ = writeln!(err, "reports in {}", path.display());
        }
        if let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())
        {
            step_summary(Path::new(&path), results)
                .map_err(|error| CliError::suite("$GITHUB_STEP_SUMMARY can't be written", error))?;
        }
        Ok(())
    }
}

/// Those of the terminal, where standard output is one.
pub(super) fn columns() -> Columns {
    let size = Term::stdout().size_checked();
    Columns::new(size.map(|(_, columns)| columns.into()))
}

/// Appends the summary to the page of a GitHub Actions step, in one write.
fn step_summary(path: &Path, results: &Results) -> io::Result<()> {
    let mut summary = Vec::new();
    report::markdown(&mut summary, results)?;
    let mut options = fs::OpenOptions::new();
    options
        .append(true)
        .create(true)
        .open(path)?
        .write_all(&summary)
}

fn known_failures(path: &Path) -> Result<KnownFailures, CliError> {
    let what = format!("--known-failures {}", path.display());
    let text = fs::read_to_string(path).map_err(|error| CliError::unusable(&what, &error))?;
    KnownFailures::parse(&text).map_err(|error| CliError::unusable(&what, &error))
}
