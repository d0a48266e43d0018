//! The process ended at each step, and killed at random points; then started again, until it ends by itself. The mock's
//! books are the judge.

use std::time::{Duration, Instant};

use crate::random::{seed, setting};
use crate::support::{Scene, expect, kill, said};
use crustdata_bulk::Step;

/// Random points, unless the environment says how many.
const POINTS: u64 = 12;

#[test]
fn ended_at_each_step_nobody_is_paid_for_twice() {
    for step in Step::ALL {
        // Also where the step is reached for the third time, with jobs at work and files half read.
        for times in [1, 3] {
            let scene = Scene::new(14);
            let mut command = scene.enrich();
            command.env("CRUSTDATA_BULK_ABORT_AT", format!("{step:?}:{times}"));
            let first = command.output().unwrap();
            let is_over = first.status.code() == Some(0);
            // Once in a run, or only where a submission was left from before.
            let is_rare = matches!(
                step,
                Step::Imported | Step::Reconciled | Step::Written | Step::Placed | Step::Finished
            );
            assert!(
                is_over == (is_rare && times == 3 || step == Step::Reconciled),
                "{step:?}:{times}: {}",
                said(&first)
            );
            scene.age();
            expect(&mut scene.enrich(), 0);
            scene.check();
        }
    }
}

#[test]
fn ended_while_it_finds_out_what_became_of_a_submission() {
    for before in [Step::Intended, Step::Responded] {
        let scene = Scene::new(10);
        for step in [before, Step::Reconciled] {
            let mut command = scene.enrich();
            command.env("CRUSTDATA_BULK_ABORT_AT", format!("{step:?}:1"));
            let output = command.output().unwrap();
            assert!(
                output.status.code().is_none(),
                "{before:?}: {}",
                said(&output)
            );
            scene.age();
        }
        expect(&mut scene.enrich(), 0);
        scene.check();
    }
}

#[test]
fn killed_at_random_nobody_is_paid_for_twice() {
    let seed = seed();
    let points = setting("CRUSTDATA_BULK_KILLS").unwrap_or(POINTS);
    println!("CRUSTDATA_BULK_SEED={seed} CRUSTDATA_BULK_KILLS={points}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut longest = {
        let scene = Scene::new(14);
        let start = Instant::now();
        expect(&mut scene.enrich(), 0);
        scene.check();
        start.elapsed()
    };
    let mut kills = 0;
    while kills < points {
        let scene = Scene::new(14);
        // Killed up to three times before it may end.
        for _ in 0..=random.u8(..3) {
            let child = scene.enrich().spawn().unwrap();
            let after = random.u64(..longest.as_micros() as u64);
            std::thread::sleep(Duration::from_micros(after));
            kill(child);
            scene.age();
            kills += 1;
        }
        let start = Instant::now();
        expect(&mut scene.enrich(), 0);
        longest = longest.max(start.elapsed());
        scene.check();
        if kills % 100 < 3 && points > 100 {
            println!("{kills} kills");
        }
    }
    println!("{kills} kills, and nobody was paid for twice");
}
