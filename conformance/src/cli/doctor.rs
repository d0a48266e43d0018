//! `conformance doctor`

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use url::Url;

use super::error::{CliError, written};
use super::format::Format;
use super::run::{key, not_sent};
use super::sending::base_url;
use crate::doctor::{self, Diagnosis, DoctorError, State};
use crate::readable;
use crate::report;

/// The most characters of one line.
const WIDTH: usize = 240;

/// Say whether a run can go ahead, and what it could judge: key, access, rate limit, balance, free places for jobs, clock
/// and TLS. Reads only, and costs nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes:
  0  nothing is wrong
  1  something is to be put right first; each has its remedy
  2  usage: a bad flag, or no key
  3  the target can't be reached, or is not a server of this API
  4  the suite itself failed")]
pub(super) struct Args {
    /// Base URL of the server. The key comes from CRUSTDATA_API_KEY
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Url,
    /// Form of the report on standard output; JSON has the exit code in it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn doctor(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let diagnosis =
        doctor::examine(&args.base_url, &key()?)
            .await
            .map_err(|error| match error {
                DoctorError::Transport(source) => not_sent(source),
                DoctorError::Embedded(source) => {
                    CliError::suite("the mock can't be started", source)
                }
            })?;
    written(match args.format {
        Format::Text => text(out, &diagnosis),
        Format::Json => report::json(out, &diagnosis),
    })?;
    Ok(diagnosis.exit_code)
}

fn text(out: &mut dyn Write, diagnosis: &Diagnosis) -> io::Result<()> {
    for finding in &diagnosis.findings {
        let style = match finding.state {
            State::Ok => AnsiColor::Green.on_default(),
            State::Unknown => AnsiColor::Yellow.on_default(),
            State::Wrong => AnsiColor::Red.on_default().bold(),
        };
        let (word, says) = (finding.state.as_str(), readable::line(&finding.says, WIDTH));
        writeln!(
            out,
            "{style}{word:<8}{style:#} {:<10}  {says}",
            finding.about
        )?;
        if let Some(remedy) = &finding.remedy {
            writeln!(out, "{:>19}  {}", "", readable::line(remedy, WIDTH))?;
        }
    }
    let dim = Style::new().dimmed();
    if !diagnosis.runs.is_empty() {
        writeln!(
            out,
            "\nwhat a run could judge of a compliant server like this:"
        )?;
    }
    for run in &diagnosis.runs {
        writeln!(
            out,
            "  --max-jobs {}  {} of {} clauses, at worst {} credits",
            run.max_jobs, run.clauses, run.of, run.credits_at_worst
        )?;
    }
    if let Some(last) = diagnosis.runs.last().filter(|last| !last.left.is_empty()) {
        writeln!(out, "  {dim}beyond that: {}{dim:#}", last.left.join(", "))?;
        writeln!(
            out,
            "  {dim}contacts need a --profile-url, webhook deliveries a --webhook-base, the account its paths{dim:#}"
        )?;
    }
    Ok(())
}
