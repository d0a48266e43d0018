//! Every target on stable Rust: its corpus, bytes that mean nothing, and its corpus with harm done to it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use fuzz::{TARGETS, Target};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// What is done to an input.
#[derive(Clone, Debug)]
enum Harm {
    CutAt(Index),
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    /// A piece of another one, put in.
    Splice(Index, Index, Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Harm::CutAt),
        (at(), any::<u8>()).prop_map(|(at, byte)| Harm::Replace(at, byte)),
        (at(), prop::collection::vec(any::<u8>(), 1..40))
            .prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
        (at(), at()).prop_map(|(from, to)| Harm::Remove(from, to)),
        (at(), at(), at()).prop_map(|(at, other, from)| Harm::Splice(at, other, from)),
    ]
}

impl Harm {
    fn done_to(&self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let place = |at: &Index, input: &[u8]| at.index(input.len() + 1);
        match self {
            Self::CutAt(at) => input.truncate(place(at, input)),
            Self::Replace(at, byte) if !input.is_empty() => {
                let at = at.index(input.len());
                input[at] = *byte;
            }
            Self::Replace(..) => {}
            Self::Insert(at, bytes) => {
                let at = place(at, input);
                input.splice(at..at, bytes.iter().copied());
            }
            Self::Remove(from, to) => {
                let (from, to) = (place(from, input), place(to, input));
                input.drain(from.min(to)..from.max(to));
            }
            Self::Splice(at, other, from) => {
                let other = &corpus[other.index(corpus.len())];
                let (at, from) = (place(at, input), place(from, other));
                input.splice(at..at, other[from..].iter().copied());
            }
        }
    }
}

fn try_out(name: &str, target: Target) {
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "{name} has no corpus");
    corpus.iter().for_each(|input| target(input));
    let wanted = std::env::var("FUZZ_CASES").map(|cases| cases.parse().unwrap());
    let cases = wanted.unwrap_or(if name == "journal" { 30 } else { 300 });
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    let nonsense = prop::collection::vec(any::<u8>(), 0..300);
    let run = runner.run(&nonsense, |input| {
        target(&input);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{name}: {error}"));
    let harmed = (any::<Index>(), prop::collection::vec(harm(), 1..6));
    let run = runner.run(&harmed, |(which, harms)| {
        let mut input = corpus[which.index(corpus.len())].clone();
        harms
            .iter()
            .for_each(|harm| harm.done_to(&mut input, &corpus));
        target(&input);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{name}: {error}"));
}

#[test]
fn every_target_stands_its_corpus_nonsense_and_harm() {
    for (name, target) in TARGETS {
        try_out(name, target);
    }
}

#[test]
fn every_target_is_one_of_the_fuzzers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("libfuzzer");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        let source = fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(source.contains(&format!("fuzz::{name}(input)")), "{name}");
    }
    let sources = fs::read_dir(folder.join("fuzz_targets")).unwrap();
    assert_eq!(sources.count(), TARGETS.len());
}
