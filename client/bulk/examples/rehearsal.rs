//! A rehearsal of a long list on a mock server whose time flies: `cargo run --release -p crustdata-bulk --example rehearsal --
//! 1000000`. Linux only, since memory and CPU time are read from /proc.
//!
//! The run is a process of its own, so that its memory and CPU time are not the mock's. Where it would wait, it asks the
//! process with the mock to let that time go by there.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crustdata_batch::{ApiKey, Client, ContactField, ProfileUrls};
use crustdata_bulk::table::{FileSink, OutputFormat};
use crustdata_bulk::{Ask, Bulk, ListSpec, Outcome, Row, Source, Sqlite};
use crustdata_mock::{JobTiming, MOCK_KEY, Mock};

type Anything = Box<dyn Error>;

/// Clock ticks of /proc in a second, on all Linux systems that there are.
const TICKS: f64 = 100.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Anything> {
    let arguments: Vec<String> = std::env::args().collect();
    let rows: u64 = arguments
        .get(1)
        .map_or(Ok(1_000_000), |rows| rows.parse())?;
    match &arguments[2.min(arguments.len())..] {
        [url, folder] => run(rows, url, folder).await,
        _ => rehearse(rows).await,
    }
}

/// The process with the mock.
async fn rehearse(rows: u64) -> Result<(), Anything> {
    let mut mock = Mock::builder();
    mock.credits = rows as f64 * 10.0;
    let mock = mock.start().await?;
    let folder =
        std::env::temp_dir().join(format!("crustdata-bulk-rehearsal-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut child = Command::new(std::env::current_exe()?)
        .arg(rows.to_string())
        .arg(mock.base_url().as_str())
        .arg(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let start = Instant::now();
    let mut time = Duration::ZERO;
    let mut answers = child.stdin.take().ok_or("no standard input")?;
    let requests = child.stdout.take().ok_or("no standard output")?;
    for line in BufReader::new(requests).lines() {
        let line = line?;
        match line
            .strip_prefix("pass ")
            .and_then(|text| text.parse().ok())
        {
            Some(millis) => {
                let by = Duration::from_millis(millis);
                mock.advance(by);
                time += by;
                writeln!(answers)?;
            }
            None => println!("{line}"),
        }
    }
    child.wait()?;
    let stats = mock.stats();
    let jobs = rows.div_ceil(ProfileUrls::MAX as u64);
    let timing = JobTiming::default();
    let job = (timing.pending + timing.processing).as_secs_f64();
    // Five at a time, each as long as a job takes.
    let allowed = jobs.div_ceil(Client::MAX_ACTIVE_JOBS as u64) as f64 * job;
    let minutes = time.as_secs_f64() / 60.0;
    println!(
        "jobs accepted            {} for {jobs} at least",
        stats.accepted
    );
    println!(
        "time at the server       {:.1} h, {:.0} rows a minute",
        minutes / 60.0,
        rows as f64 / minutes
    );
    println!(
        "of what five jobs allow  {:.1} %",
        100.0 * allowed / time.as_secs_f64()
    );
    // Of the balance, one before each submission has a pace of its own.
    let paced = stats.requests - stats.submissions;
    println!(
        "requests a minute        {:.1}, without those for the balance",
        paced as f64 / minutes
    );
    println!(
        "time here                {:.0} s",
        start.elapsed().as_secs_f64()
    );
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// The process that is measured.
async fn run(rows: u64, url: &str, folder: &str) -> Result<(), Anything> {
    let client = Client::builder()
        .api_key(ApiKey::new(MOCK_KEY)?)
        .base_url(url)
        .build()?;
    let spec = ListSpec {
        ask: Ask::new(
            [
                ContactField::BusinessEmail,
                ContactField::PersonalContactInfo,
            ],
            false,
        ),
        output: None,
        max_age: None,
    };
    let mut bulk = Bulk::new(client)
        .journal(Sqlite::open(format!("{folder}/journal"))?)
        .pass_time(|by| {
            println!("pass {}", by.as_millis());
            // A rehearsal that nobody answers ends with it.
            let _ = std::io::stdin().read_line(&mut String::new());
        });
    let mut sink = FileSink::new(format!("{folder}/out.csv"), OutputFormat::Csv);
    let start = cpu()?;
    let (list, _) = bulk.import(&spec, &mut People { next: 0, rows })?;
    let imported = cpu()?;
    let report = bulk.finish(&list, &mut sink).await?;
    let spent = cpu()? - start;
    let micros = 1e6 / rows as f64;
    println!(
        "rows                     {}, {} answered",
        rows,
        report.tally.of(Outcome::Empty)
    );
    println!(
        "CPU time a row           {:.0} µs in all, {:.0} of them to read it in",
        spent * micros,
        (imported - start) * micros
    );
    println!("peak memory              {} MB", memory()? / 1024);
    let size = fs::metadata(format!("{folder}/journal"))?.len();
    println!("journal                  {} MB", size >> 20);
    Ok(())
}

/// CPU time of this process so far, in seconds.
fn cpu() -> Result<f64, Anything> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().ok_or("no fields")?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>);
    Ok(ticks.sum::<Result<u64, _>>()? as f64 / TICKS)
}

/// The most memory that this process had so far, in kB.
fn memory() -> Result<u64, Anything> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let text = line.ok_or("no peak")?.trim().trim_end_matches(" kB");
    Ok(text.parse()?)
}

/// People who don't exist.
struct People {
    next: u64,
    rows: u64,
}

impl Source for People {
    fn name(&self) -> String {
        "rehearsal".to_owned()
    }

    fn header(&self) -> Vec<String> {
        ["name", "company", "profile"].map(str::to_owned).into()
    }

    fn next(&mut self) -> Result<Option<Row>, crustdata_bulk::Error> {
        if self.next == self.rows {
            return Ok(None);
        }
        self.next += 1;
        let url = format!(
            "https://www.linkedin.com/in/rehearsal-person-{:07}/",
            self.next
        );
        let name = format!("Person {}", self.next);
        let content = vec![name, "Example Company".to_owned(), url.clone()];
        Ok(Some(Row {
            value: url,
            content: content.into(),
        }))
    }
}
