//! Strategies that make up submissions: sizes and values lean to the edges of the contract, and everything
//! shrinks towards the plainest request, one identifier and one field.

use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::catalogue::{MALFORMED, chunk_sizes_out_of_range, unsupported_fields};
use super::submission::{Authorization, Body, Contents, Spelling, Submission};
use super::words::{OTHER_IDENTIFIERS, OTHER_VERSIONS};
use crate::generated::contract::submit::{chunk_size, fields, identifiers};

/// Submissions, most of them valid or with one thing wrong. `webhook_url` is the one that they name.
pub fn submissions(webhook_url: String) -> impl Strategy<Value = Submission> {
    (contents(webhook_url), defect()).prop_map(|(contents, defect)| defect.applied_to(contents))
}

fn contents(webhook_url: String) -> impl Strategy<Value = Contents> {
    (
        counts(),
        any::<bool>(),
        field_sets(),
        any::<bool>(),
        chunk_sizes(),
        prop_oneof![3 => Just(None), 1 => Just(Some(webhook_url))],
        any::<u64>().no_shrink(),
    )
        .prop_map(
            |(count, urls_string, fields, fields_string, chunk_size, webhook_url, salt)| Contents {
                identifiers_key: Some(identifiers::KEY),
                count,
                salt,
                profile_urls: Vec::new(),
                spellings: Spelling::PLAIN,
                urls_string,
                fields: Some(fields),
                fields_string,
                chunk_size,
                webhook_url,
            },
        )
}

/// Numbers of identifiers from the fewest to two beyond the most: two thirds are few, which show most of what a server can
/// do and take little, the others are edges or anything.
pub fn counts() -> impl Strategy<Value = usize> {
    let range = identifiers::MIN..=identifiers::MAX + 2;
    let few = identifiers::MIN..=identifiers::MIN + 9;
    let edges = select(vec![
        identifiers::MIN,
        identifiers::MIN + 1,
        identifiers::MAX - 1,
        identifiers::MAX,
        identifiers::MAX + 1,
        identifiers::MAX + 2,
    ]);
    ToStart {
        start: *range.start(),
        numbers: prop_oneof![4 => few, 1 => edges, 1 => range].boxed(),
    }
}

/// Sets of supported fields: each alone, all pairs, all, in any order.
fn field_sets() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(fields::VALUES, 1..=fields::VALUES.len()).prop_shuffle()
}

/// Chunk sizes: none, in range, and values that no server needs to take.
fn chunk_sizes() -> impl Strategy<Value = Option<Value>> {
    let (min, max) = (chunk_size::MIN as usize, chunk_size::MAX as usize);
    let in_range = ToStart {
        start: min,
        numbers: prop_oneof![select(vec![min, max]), min..=max].boxed(),
    };
    let not_whole = vec![
        json!(f64::from(chunk_size::MIN) + 0.5),
        json!("100"),
        Value::Null,
    ];
    prop_oneof![
        8 => Just(None),
        6 => in_range.prop_map(|size| Some(json!(size))),
        2 => select(chunk_sizes_out_of_range()).prop_map(Some),
        1 => select(not_whole).prop_map(Some),
    ]
}

/// A thing that is wrong with a submission.
#[derive(Debug, Clone)]
enum Defect {
    None,
    Authorization(Authorization),
    Version(Option<&'static str>),
    Malformed(&'static [u8]),
    Identifiers(Option<&'static str>),
    Fields(Option<Vec<&'static str>>),
    UnsupportedFieldAt(Index),
}

fn defect() -> impl Strategy<Value = Defect> {
    prop_oneof![
        16 => Just(Defect::None),
        1 => select(vec![Authorization::Absent, Authorization::UnknownKey])
            .prop_map(Defect::Authorization),
        1 => Just(Defect::Version(None)),
        1 => select(&OTHER_VERSIONS[..]).prop_map(|version| Defect::Version(Some(version))),
        1 => select(MALFORMED).prop_map(Defect::Malformed),
        1 => select(OTHER_IDENTIFIERS).prop_map(|key| Defect::Identifiers(Some(key))),
        1 => Just(Defect::Identifiers(None)),
        1 => select(vec![None, Some(Vec::new())]).prop_map(Defect::Fields),
        1 => select(unsupported_fields()).prop_map(|fields| Defect::Fields(Some(fields))),
        1 => any::<Index>().prop_map(Defect::UnsupportedFieldAt),
    ]
}

impl Defect {
    fn applied_to(self, contents: Contents) -> Submission {
        let mut submission = Submission::of(contents.clone());
        let with = |edit: &dyn Fn(&mut Contents)| {
            let mut contents = contents.clone();
            edit(&mut contents);
            Body::Object(contents)
        };
        match self {
            Self::None => {}
            Self::Authorization(authorization) => submission.authorization = authorization,
            Self::Version(version) => submission.version = version.map(Into::into),
            Self::Malformed(body) => {
                submission.body = Body::Raw(Bytes::from_static(body));
            }
            Self::Identifiers(key) => submission.body = with(&|c| c.identifiers_key = key),
            Self::Fields(fields) => submission.body = with(&|c| c.fields = fields.clone()),
            Self::UnsupportedFieldAt(index) => {
                submission.body = with(&|c| {
                    if let Some(fields) = &mut c.fields {
                        fields.insert(index.index(fields.len() + 1), "home_address");
                    }
                });
            }
        }
        submission
    }
}

/// Whole numbers that shrink towards the first that there may be, by halves.
#[derive(Debug, Clone)]
struct ToStart {
    start: usize,
    numbers: BoxedStrategy<usize>,
}

impl Strategy for ToStart {
    type Tree = FromStart;
    type Value = usize;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let value = self.numbers.new_tree(runner)?.current();
        Ok(FromStart {
            start: self.start,
            above: proptest::num::usize::BinarySearch::new(value - self.start),
        })
    }
}

/// See [`ToStart`].
#[derive(Debug, Clone)]
struct FromStart {
    start: usize,
    above: proptest::num::usize::BinarySearch,
}

impl ValueTree for FromStart {
    type Value = usize;

    fn current(&self) -> usize {
        self.start + self.above.current()
    }

    fn simplify(&mut self) -> bool {
        self.above.simplify()
    }

    fn complicate(&mut self) -> bool {
        self.above.complicate()
    }
}
