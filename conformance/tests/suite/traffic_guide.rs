//! The page on traffic, carried out: what its commands print is what it shows.

use crate::process::{command, printed};

const GUIDE: &str = include_str!("../../../docs/traffic.md");

#[test]
fn what_the_page_shows_is_what_is_printed() {
    let blocks = GUIDE
        .split("\n```")
        .filter_map(|block| block.strip_prefix("console\n"));
    let sessions: Vec<&str> = blocks
        .filter(|block| block.contains("docs/session.har"))
        .collect();
    assert!(!sessions.is_empty());
    for session in sessions {
        let (call, shown) = session.split_once('\n').expect("there is output");
        let args = call.strip_prefix("$ conformance ").expect("it is a call");
        let mut command = command(args);
        command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let printed = printed(command.output().expect("the binary runs"));
        assert_eq!(printed.out.trim_end(), shown.trim_end(), "{call}");
    }
}
