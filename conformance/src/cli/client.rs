//! `conformance client`

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use super::error::{CliError, written};
use super::format::Format;
use super::program::program;
use super::reporting::{Place, columns};
use super::select;
use super::signals::interrupted;
use crate::recording::Recorder;
use crate::report;
use crate::results::{Results, Rules, Verdict};
use crate::scenarios::{self, Command, Driven, Options};

/// Judge a client of any language: run COMMAND once for each scenario, on a mock, with what to do in its environment
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The client reads its environment, does its task, and ends:
  CRUSTDATA_BASE_URL, CRUSTDATA_API_KEY  where to, and with what; `{url}` in COMMAND is the base URL, too
  CONFORMANCE_SCENARIO                   name of the scenario, for logs
  CONFORMANCE_IDENTIFIERS                file with one profile URL a line: submit these, in as many jobs as it takes
  CONFORMANCE_FIELDS                     fields to ask for, with commas between them
  CONFORMANCE_OUTPUT                     file to write the records to, one JSON object a line, as they stood in the files
Exit status 0 says that it worked, any other that it failed.

Exit codes:
  0    no clause is violated, or only ones that are warnings
  1    a clause is violated; with --strict a warning, too
  2    usage: an unknown clause, nothing selected, a report directory that can't be used
  3    the client can't be judged: it can't be started, or fails in the plain scenario while its traffic violates nothing;
       or a clause that --only names could not be judged
  4    the suite itself failed
  130  interrupted: the reports are written, of the scenarios that were over"
)]
pub(super) struct Args {
    /// Only clauses whose id matches; `*` stands for any characters; may be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// All but the clauses whose id matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    /// Only this scenario, beside the plain one and what it comes after; may be repeated. `conformance list --scenarios` names
    /// them
    #[arg(long = "scenario", value_name = "NAME")]
    scenarios: Vec<String>,
    /// Put several clients side by side: a line for each clause, a column for each client
    #[arg(long)]
    matrix: bool,
    /// Another client for --matrix, its command written as for a shell; may be repeated
    #[arg(long = "with", value_name = "NAME=COMMAND", value_parser = named, requires = "matrix")]
    with: Vec<Named>,
    /// Directory for results.json, junit.xml, results.sarif, report.html and exchanges.ndjson; made where there is none
    #[arg(long, value_name = "DIR", conflicts_with = "matrix")]
    report: Option<PathBuf>,
    /// Take warnings for violations
    #[arg(long)]
    strict: bool,
    /// How many scenarios are played at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    at_once: u16,
    /// List the clauses that pass, and how the client ended in each scenario
    #[arg(long)]
    verbose: bool,
    /// Form of the report on standard output; with --matrix, JSON is a list of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The client and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// A client of the matrix.
#[derive(Debug, Clone)]
struct Named {
    name: String,
    command: Vec<OsString>,
}

fn named(text: &str) -> Result<Named, String> {
    let (name, command) = text.split_once('=').ok_or("write it as NAME=COMMAND")?;
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or("the command is not written as for a shell")?;
    Ok(Named {
        name: name.to_owned(),
        command: words.into_iter().map(OsString::from).collect(),
    })
}

pub(super) async fn client(
    args: Args,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let checks = select::client_checks(&args.only, &args.skip)?;
    let scenarios = select::scenarios(&args.scenarios)?;
    let options = Options {
        checks,
        scenarios,
        speed: 1,
        at_once: args.at_once.into(),
    };
    let rules = Rules {
        strict: args.strict,
        by_name: select::by_name(&args.only),
        program: program(),
        ..Rules::default()
    };
    let first = Named {
        name: name(&args.command),
        command: args.command.clone(),
    };
    if args.matrix {
        let clients = [vec![first], args.with.clone()].concat();
        return matrix(&args, &clients, &options, &rules, out, err).await;
    }
    // Found out before anything is run: its report is what it is for.
    let directory = Place::open(args.report.as_deref())?;
    let recording = directory.recording()?;
    let driven = drive(&options, &first, err).await?;
    let recorder = recording.map(|recording| Recorder::new(recording, NOWHERE));
    let mut results =
        Results::of_client(&shown(&first), &options.checks, &driven, &rules, recorder);
    let printed = written(match args.format {
        Format::Text => text(out, &driven, &results, args.verbose),
        Format::Json => report::json(out, &results),
    });
    directory.write(&mut results, err)?;
    printed?;
    Ok(results.exit_code)
}

/// Each scenario had a mock of its own; the recording has one base URL.
const NOWHERE: &str = "http://mock.invalid/";

/// The last word of a command that is no base URL, without its folders.
fn name(command: &[OsString]) -> String {
    let mut words = command.iter().rev();
    let last = words.find(|word| !word.to_string_lossy().contains("{url}"));
    let path = PathBuf::from(last.cloned().unwrap_or_default());
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The command as a shell reads it.
fn shown(client: &Named) -> String {
    let words = client.command.iter().map(|word| word.to_string_lossy());
    let words: Vec<_> = words.collect();
    shlex::try_join(words.iter().map(AsRef::as_ref)).unwrap_or_else(|_| client.name.clone())
}

/// Drives one client.
async fn drive(
    options: &Options,
    client: &Named,
    err: &mut (dyn Write + Send),
) -> Result<Driven, CliError> {
    let command = Command {
        words: client.command.clone(),
    };
    // From here on, before anybody is told that it runs.
    let interrupt = interrupted();
    if options.scenarios.is_empty() {
        let (shown, most) = (shown(client), scenarios::SCENARIOS.len());
        let _ = writeln!(
            err,
            "runs {shown} in {most} scenarios at most, which takes a minute or two"
        );
    }
    match scenarios::drive(&command, options, interrupt, &|_, _| {}).await {
        Err(error) if error.is_of_client() => Ok(Driven {
            unjudged: Some(error.to_string()),
            ..Driven::default()
        }),
        driven => driven.map_err(|error| CliError::suite("the client can't be driven", error)),
    }
}

fn text(out: &mut dyn Write, driven: &Driven, results: &Results, verbose: bool) -> io::Result<()> {
    if verbose {
        for played in &driven.played {
            let violated: Vec<_> = played.violated().collect();
            let violated = if violated.is_empty() {
                String::new()
            } else {
                format!(" [{}]", violated.join(", "))
            };
            writeln!(
                out,
                "{:<24} {}{violated}",
                played.scenario.name, played.ended
            )?;
        }
        writeln!(out)?;
    }
    report::console::write(out, results, verbose, columns())
}

async fn matrix(
    args: &Args,
    clients: &[Named],
    options: &Options,
    rules: &Rules,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let mut columns = Vec::new();
    for client in clients {
        let driven = drive(options, client, err).await?;
        if let Some(why) = &driven.unjudged {
            let _ = writeln!(err, "{}: {why}", client.name);
        }
        let results = Results::of_client(&shown(client), &options.checks, &driven, rules, None);
        columns.push((client.name.clone(), results));
        if driven.interrupted {
            break;
        }
    }
    written(match args.format {
        Format::Text => report::matrix(out, &columns),
        Format::Json => {
            let results: Vec<&Results> = columns.iter().map(|(_, results)| results).collect();
            report::json(out, &results)
        }
    })?;
    let codes = columns.iter().map(|(_, results)| results.exit_code);
    let codes: Vec<u8> = codes.collect();
    Ok(if codes.contains(&Verdict::Interrupted.exit_code()) {
        Verdict::Interrupted.exit_code()
    } else if codes.contains(&Verdict::Violated.exit_code()) {
        Verdict::Violated.exit_code()
    } else {
        codes.into_iter().max().unwrap_or_default()
    })
}
