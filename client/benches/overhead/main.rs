//! What the client costs, as ratios: `cargo bench -p crustdata-batch`.
//!
//! - CPU time of a submission, against the same call written by hand with reqwest (`submissions`).
//! - CPU time of reading results over HTTP, against unpacking and decoding the same bytes from memory into the same
//!   type (`results`).
//! - Peak memory after a file of 1 MB, and after one of 1 GB.
//!
//! The server (`server`) is a process of its own, so that its work isn't counted. What is measured runs in several
//! processes, one after the other, since where code and data lie differs between them. CPU time is this thread's, from
//! `/proc/thread-self/schedstat`, so this runs on Linux only.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

mod results;
mod server;
mod submissions;

use std::process::{Command, Stdio};
use std::{env, fs};

use self::server::Server;

/// Processes that each ratio is the median of.
const PROCESSES: usize = 7;
const SERVE: &str = "serve";
/// What is measured, each with the name that a process is told it by, and how many processes do it.
const PARTS: [(&str, usize); 3] = [("memory", 1), ("submissions", PROCESSES), ("results", 3)];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    runtime.block_on(async {
        match arguments[..] {
            [SERVE] => server::serve().await,
            ["memory", url] => results::memory(url).await,
            ["submissions", url] => submissions::measure(url).await,
            ["results", url] => results::measure(url).await,
            // Whatever cargo hands over.
            _ => run_all(),
        }
    });
}

fn run_all() {
    let cores = std::thread::available_parallelism().unwrap();
    println!("machine: {cores} cores; ratios are medians of processes");
    let server = Server::start();
    for (part, processes) in PARTS {
        let outputs: Vec<String> = (0..processes).map(|_| run(part, &server.url)).collect();
        for (line, text) in outputs[0].lines().enumerate() {
            let mut ratios: Vec<f64> = outputs
                .iter()
                .filter_map(|output| ratio(output.lines().nth(line)?))
                .collect();
            ratios.sort_by(f64::total_cmp);
            match ratios[..] {
                [first, .., last] => {
                    let median = ratios[ratios.len() / 2];
                    println!("{median:.3} ({first:.3} to {last:.3}), one of them: {text}");
                }
                _ => println!("{text}"),
            }
        }
    }
}

/// What a process of its own prints.
fn run(part: &str, url: &str) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    let output = command
        .args([part, url])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{part} fails");
    String::from_utf8(output.stdout).unwrap()
}

/// The ratio that a line begins with, if it does.
fn ratio(line: &str) -> Option<f64> {
    line.split(' ').next()?.parse().ok()
}

/// CPU time of both in µs for each call, round by round in turn, so that a busy machine slows both.
async fn rounds(
    count: usize,
    repetitions: usize,
    a: impl AsyncFn(),
    b: impl AsyncFn(),
) -> Vec<(f64, f64)> {
    let mut rounds = Vec::new();
    // One more to warm up.
    for round in 0..=count {
        let first = time(repetitions, &a, &b, round % 2 == 0).await;
        rounds.push(first);
    }
    rounds.split_off(1)
}

/// One round, in which `a` goes first or second.
async fn time(
    repetitions: usize,
    a: &impl AsyncFn(),
    b: &impl AsyncFn(),
    is_a_first: bool,
) -> (f64, f64) {
    if is_a_first {
        let time = cpu_time_of(repetitions, a).await;
        (time, cpu_time_of(repetitions, b).await)
    } else {
        let time = cpu_time_of(repetitions, b).await;
        (cpu_time_of(repetitions, a).await, time)
    }
}

async fn cpu_time_of(repetitions: usize, call: &impl AsyncFn()) -> f64 {
    let start = cpu_time();
    for _ in 0..repetitions {
        call().await;
    }
    (cpu_time() - start) / repetitions as f64
}

fn report(what: &str, mut rounds: Vec<(f64, f64)>, aim: f64) {
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (client, floor) = rounds[rounds.len() / 2];
    println!(
        "{:.3} {what}: {client:.1} µs against {floor:.1} µs in the median of {} rounds; aim {aim}",
        client / floor,
        rounds.len()
    );
}

/// CPU time of this thread in µs.
fn cpu_time() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e3
}
