//! What the suite and the bulk tool read: recordings, lists of known failures, tables, journals. What comes over a
//! connection is in `responses`.

use std::fs;
use std::io::Cursor;
use std::sync::LazyLock;

use crustdata_bulk::{Sqlite, table};
use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::known::KnownFailures;
use crustdata_conformance::recording;
use crustdata_conformance::traffic::{Sources, Traffic};
use tempfile::TempDir;

/// Recordings as browsers write them, judged; once as they are, and once without what can't be judged.
pub fn har(input: &[u8]) {
    for lenient in [false, true] {
        let input = Cursor::new(input.to_vec());
        let Ok(mut sources) = Sources::of("a recording", input, lenient) else {
            continue;
        };
        let mut traffic = Traffic::new(Assessment::new(CHECKS, None), None);
        // Refused or not: what was read before is judged.
        let _ = sources.read(&mut traffic);
        let _ = traffic.finish();
    }
}

/// Recordings of the suite: after an error there is nothing more.
pub fn ndjson(input: &[u8]) {
    let Ok(reader) = recording::read(input) else {
        return;
    };
    let mut ended = false;
    for exchange in reader {
        assert!(!ended, "something comes after an error");
        ended = exchange.is_err();
    }
}

/// Lists of known failures.
pub fn known_failures(input: &[u8]) {
    let _ = KnownFailures::parse(&String::from_utf8_lossy(input));
}

/// Lists of people, of whatever form.
pub fn table(input: &[u8]) {
    let Ok(mut source) = table::from_reader("a list", Cursor::new(input.to_vec()), None) else {
        return;
    };
    while let Ok(Some(_)) = source.next() {}
}

/// A journal as it is before its first run.
static JOURNAL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = folder();
    let path = folder.path().join("journal");
    let made = Sqlite::open(&path).map(drop);
    made.unwrap_or_else(|error| panic!("a journal: {error}"));
    fs::read(path).unwrap_or_else(|error| panic!("a journal: {error}"))
});

/// In memory, where the system has such a folder: a journal waits for the disk at each commit.
fn folder() -> TempDir {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    folder.unwrap_or_else(|error| panic!("a folder: {error}"))
}

/// Journals that a crash, a disk or a hand has damaged. Each four bytes of the input say what one byte of the journal
/// becomes; with one more, the journal is cut off where the last of them are.
pub fn journal(input: &[u8]) {
    let mut journal = JOURNAL.clone();
    let mut end = journal.len();
    for harm in input.chunks_exact(4) {
        let place = usize::from(harm[0]) << 16 | usize::from(harm[1]) << 8 | usize::from(harm[2]);
        let place = place % journal.len();
        journal[place] = harm[3];
        end = if input.len() % 4 == 1 { place } else { end };
    }
    let folder = folder();
    let path = folder.path().join("journal");
    let written = fs::write(&path, &journal[..end]);
    written.unwrap_or_else(|error| panic!("a journal: {error}"));
    // Refused or repaired: neither panics.
    let _ = Sqlite::look(&path);
    let _ = Sqlite::open(&path);
}
