//! `conformance self-test` with `--budgets`, `--seeds` or `--without-family`: what is found from outside, within budgets.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crustdata_mock::Fault;

use super::error::{CliError, written};
use crate::probes::families::{FAMILIES, Family};
use crate::report;
use crate::runner::Spending;
use crate::self_test::{self, Curve, Outcome, Setup};

/// What is found from outside, within budgets.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Detection {
    /// Say how many faults are found within each budget of jobs and minutes, on mocks that are reached as any other server
    /// is, at the document's pace, by a clock that needs no waiting. With values, such as 8x15,80x60: within these budgets
    /// only, here or with one of the next two
    #[arg(
        long,
        value_name = "JOBSxMINUTES",
        value_delimiter = ',',
        num_args = 0..,
        require_equals = true,
        conflicts_with_all = ["clients", "cases", "external"]
    )]
    budgets: Option<Vec<Spending>>,
    /// Say whether every benign variant, and the compliant mock, is clean within each budget, with each of so many seeds
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(1..),
        conflicts_with_all = ["clients", "cases", "external", "without_family"]
    )]
    seeds: Option<u64>,
    /// Say how many of the faults that a family of probes was written for the others find, without that family: `all` for
    /// each family in turn. Without --budgets: with 80 jobs and 60 minutes
    #[arg(
        long,
        value_name = "NAME",
        value_parser = families,
        conflicts_with_all = ["clients", "cases", "external"]
    )]
    without_family: Option<Families>,
    /// Directory for detection.json and detection.html; with --budgets alone
    #[arg(long, value_name = "DIR", requires = "budgets", conflicts_with_all = ["seeds", "without_family"])]
    report: Option<PathBuf>,
}

/// Families of probes that are left out, one at a time.
#[derive(Debug, Clone)]
struct Families(Vec<&'static Family>);

fn families(name: &str) -> Result<Families, String> {
    if name == "all" {
        return Ok(Families(FAMILIES.to_vec()));
    }
    let names = || FAMILIES.iter().map(|family| family.name);
    let found = FAMILIES.iter().find(|family| family.name == name);
    found.map(|family| Families(vec![family])).ok_or_else(|| {
        let names: Vec<&str> = names().collect();
        format!(
            "there is no such family; there are {}, and all",
            names.join(", ")
        )
    })
}

impl Detection {
    /// Whether any of this was asked for.
    pub(super) fn is_asked_for(&self) -> bool {
        self.budgets.is_some() || self.seeds.is_some() || self.without_family.is_some()
    }

    /// Carries out what was asked for, on these faults and variants, or on all of them.
    pub(super) fn run(
        &self,
        only: &[&'static Fault],
        seed: u64,
        out: &mut dyn Write,
    ) -> Result<u8, CliError> {
        if let Some(seeds) = self.seeds {
            return self.seeds(seeds, only, out);
        }
        match &self.without_family {
            Some(Families(families)) => self.without(families, only, seed, out),
            None => self.curve(only, seed, out),
        }
    }

    /// The budgets that were named, or else these.
    fn budgets_or(&self, otherwise: &[Spending]) -> Vec<Spending> {
        let named = self.budgets.as_ref().filter(|named| !named.is_empty());
        named.cloned().unwrap_or_else(|| otherwise.to_vec())
    }

    fn curve(
        &self,
        only: &[&'static Fault],
        seed: u64,
        out: &mut dyn Write,
    ) -> Result<u8, CliError> {
        let reports = self.report.as_deref();
        if let Some(directory) = reports {
            fs::create_dir_all(directory)
                .map_err(|error| CliError::unusable("--report", &error))?;
        }
        let setups: Vec<Setup> = (self.budgets_or(&Spending::GRID).into_iter())
            .flat_map(|budget| {
                let setup = move |fault| Setup {
                    server: Some(fault),
                    budget,
                    seed,
                    without: None,
                };
                faults(only).into_iter().map(setup)
            })
            .collect();
        let mut curve = Curve::default();
        self_test::detect(&setups, |outcome| curve.add(&outcome))?;
        written(report::detection::text(out, &curve))?;
        for point in curve
            .budgets
            .iter()
            .filter(|point| !point.missed.is_empty())
        {
            let (jobs, minutes) = (point.max_jobs, point.max_minutes);
            let missed = point.missed.join(", ");
            written(writeln!(out, "{jobs}x{minutes} misses: {missed}"))?;
        }
        if let Some(directory) = reports {
            write(directory, "detection.json", |file| {
                report::json(file, &curve)
            })?;
            write(directory, "detection.html", |file| {
                report::detection::html(file, &curve)
            })?;
        }
        Ok(0)
    }

    fn seeds(
        &self,
        seeds: u64,
        only: &[&'static Fault],
        out: &mut dyn Write,
    ) -> Result<u8, CliError> {
        let budgets = self.budgets_or(&Spending::GRID);
        let servers: Vec<Option<&'static Fault>> = if only.is_empty() {
            let variants = crustdata_mock::variants().map(Some);
            std::iter::once(None).chain(variants).collect()
        } else {
            only.iter().copied().map(Some).collect()
        };
        let mut setups = Vec::new();
        // Those of one seed together, since they send the same.
        for seed in 1..=seeds {
            for server in servers.iter().copied() {
                setups.extend(budgets.iter().map(|budget| Setup {
                    server,
                    budget: *budget,
                    seed,
                    without: None,
                }));
            }
        }
        let (mut clean, mut requests, mut printed) = (0, 0, Ok(()));
        self_test::detect(&setups, |outcome| {
            requests += outcome.requests;
            if outcome.is_clean() {
                clean += 1;
            } else if printed.is_ok() {
                printed = alarm(out, &outcome);
            }
        })?;
        written(printed)?;
        written(writeln!(
            out,
            "{clean} of {} runs on {} servers are clean: {} budgets, {seeds} seeds, {requests} requests",
            setups.len(),
            servers.len(),
            budgets.len()
        ))?;
        Ok(u8::from(clean < setups.len()))
    }

    fn without(
        &self,
        families: &[&'static Family],
        only: &[&'static Fault],
        seed: u64,
        out: &mut dyn Write,
    ) -> Result<u8, CliError> {
        let most = Spending::GRID.last().copied();
        let budgets = self.budgets_or(most.as_slice());
        let (mut found, mut all) = (0, 0);
        for family in families {
            let its = faults(only).into_iter();
            let its = its.filter(|fault| family.faults.contains(&fault.family));
            let its: Vec<&Fault> = its.collect();
            let setup = |(server, budget)| Setup {
                server: Some(server),
                budget,
                seed,
                without: Some(*family),
            };
            let of_each = its
                .iter()
                .flat_map(|fault| budgets.iter().map(|budget| (*fault, *budget)));
            let setups: Vec<Setup> = of_each.map(setup).collect();
            let mut missed = Vec::new();
            self_test::detect(&setups, |outcome| {
                if !outcome.is_found() {
                    missed.extend(outcome.setup.server.map(|fault| fault.name));
                }
            })?;
            let by_others = setups.len() - missed.len();
            found += by_others;
            all += setups.len();
            written(writeln!(
                out,
                "without {:<12} {by_others:>4} of {:>4} found by the others{}{}",
                family.name,
                setups.len(),
                if missed.is_empty() { "" } else { "; not: " },
                missed.join(", ")
            ))?;
        }
        let percent = 100.0 * found as f64 / all.max(1) as f64;
        written(writeln!(
            out,
            "{found} of {all} found without the family that they are for: {percent:.1} %"
        ))?;
        Ok(0)
    }
}

/// These faults, or else all of them.
fn faults(only: &[&'static Fault]) -> Vec<&'static Fault> {
    if only.is_empty() {
        return crustdata_mock::faults().collect();
    }
    only.to_vec()
}

/// A server without faults in which something was found, or a run on it that did not come to its end.
fn alarm(out: &mut dyn Write, outcome: &Outcome) -> io::Result<()> {
    let Setup {
        server,
        budget,
        seed,
        ..
    } = outcome.setup;
    let name = server.map_or("(compliant)", |server| server.name);
    write!(
        out,
        "WRONG  {name}, {budget}, seed {seed}: {}",
        outcome.red.join(", ")
    )?;
    if let Some(why) = &outcome.stopped {
        write!(out, " (stopped: {why})")?;
    }
    writeln!(out)?;
    out.flush()
}

fn write(
    directory: &Path,
    name: &str,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let write = || {
        let mut file = BufWriter::new(File::create(directory.join(name))?);
        render(&mut file)?;
        file.flush()
    };
    write().map_err(|error| CliError::suite("the reports can't be written", error))
}
