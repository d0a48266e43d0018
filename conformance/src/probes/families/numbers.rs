//! Both sides of every bound, near and far, in each spelling that JSON has for a number.

use crate::generated::contract::submit::{chunk_size, identifiers};
use crate::probes::draft::{Group, draft, in_parts, object, raw};
use crate::probes::submission::{Body, Contents};

pub(super) fn groups() -> Vec<Group> {
    let chunk_sizes = spellings().into_iter().map(|spelling| {
        draft(
            format!("the chunk size {spelling}"),
            move |submission, salt| {
                let object = serde_json::Value::Object(object(&Contents::plain(salt))).to_string();
                let open = object.strip_suffix('}').unwrap_or_default();
                submission.body = raw(format!(r#"{open},"chunk_size":{spelling}}}"#));
            },
        )
    });
    let counts = counts().into_iter().enumerate().flat_map(|(n, count)| {
        [n % 2 == 0, n % 2 == 1].map(|urls_string| {
            draft(format!("{count} identifiers"), move |submission, salt| {
                submission.body = Body::Object(Contents {
                    count,
                    urls_string,
                    ..Contents::plain(salt)
                });
            })
        })
    });
    let mut groups = in_parts(chunk_sizes.collect(), 3);
    groups.push(counts.collect());
    groups
}

/// Numbers of identifiers beyond the most, the near ones first. Bodies stay well below the size that servers take.
fn counts() -> Vec<usize> {
    let most = identifiers::MAX;
    vec![
        most + 1,
        most + 2,
        most + 10,
        most * 3 / 2,
        most * 2,
        most * 3,
    ]
}

/// Chunk sizes around the bounds and far from them, as they are written. Some of them are in range, or left open. None
/// beyond 64 bits, and none out of range with an exponent: a server may take any that is not written as a whole number.
fn spellings() -> Vec<String> {
    let (min, max) = (i64::from(chunk_size::MIN), i64::from(chunk_size::MAX));
    let whole = [
        min - 1,
        max + 1,
        0,
        -1,
        1,
        2,
        min / 2,
        -min,
        -max,
        max * 2,
        max * 10,
        max + min,
        max * 1000,
        i64::from(i32::MAX),
        i64::from(i32::MAX) + 1,
        i64::from(u32::MAX),
        i64::from(u32::MAX) + 1,
        // In range, if only 16 or 32 bits are kept.
        (1 << 16) + max / 2,
        (1 << 32) + max / 2,
        (1 << 53) + 1,
        i64::MAX,
        i64::from(i32::MIN),
        i64::MIN,
    ];
    let exponents = ["1e2", "1e4"];
    let fractions = [
        format!("{min}.0"),
        format!("{max}.5"),
        format!("\"{}\"", max + 1),
    ];
    let whole = whole.iter().map(ToString::to_string);
    let others = exponents.iter().map(ToString::to_string);
    whole.chain(others).chain(fractions).collect()
}
