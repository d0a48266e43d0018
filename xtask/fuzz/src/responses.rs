//! What the client reads: responses, errors, results files, webhook deliveries. The first byte of the input, and the first
//! line where there are headers, choose what goes with the body. What files are read is in `files`.

use std::fmt::{Debug, Display};
use std::io::Write;
use std::sync::LazyLock;

use crustdata_batch::testing::{self, Response};
use crustdata_batch::{
    ApiKey, BatchJob, Client, ContactEnrichRequest, ContactField, Error, JobStatus, SubmitError,
    WebhookHint,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::FutureExt;
use uuid::Uuid;

/// What must never be shown, nor half of it. The corpus has it in the forms in which servers repeat it.
const KEY: &str = "sk-Xq7/9Zr+T4=Lm2\"w8";
/// A text of more characters shows more than an excerpt.
const MOST_SHOWN: usize = 3_000;
/// Most characters that stand for one beside it, as in `\u{10ffff}`.
const ESCAPE: usize = 9;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let key = ApiKey::new(KEY).unwrap_or_else(|error| panic!("the key: {error}"));
    let client = Client::builder().api_key(key).build();
    client.unwrap_or_else(|error| panic!("the client: {error}"))
});

static REQUEST: LazyLock<ContactEnrichRequest> = LazyLock::new(|| {
    ContactEnrichRequest::builder()
        .profile_urls(["https://www.linkedin.com/in/nobody-0001/"])
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap_or_else(|error| panic!("the request: {error}"))
});

/// What needs no connection has no reason to wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    let value = future.now_or_never();
    value.unwrap_or_else(|| panic!("it waits for something"))
}

/// A response with a header for each line up to the first empty one, and the rest as its body.
fn response(status: u16, input: &[u8]) -> Response {
    let (head, body) = match input.windows(2).position(|two| two == b"\n\n") {
        Some(end) => (&input[..end], &input[end + 2..]),
        None => (&[][..], input),
    };
    let mut response = Response::new(status, body);
    for line in head.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        if let (Some(name), Some(value)) = (parts.next(), parts.next())
            && let Ok(name) = std::str::from_utf8(name)
        {
            response = response.header(name, value);
        }
    }
    response
}

fn check(shown: &(impl Debug + Display + ?Sized)) {
    for text in [format!("{shown}"), format!("{shown:?}")] {
        assert!(
            !text.contains(&KEY[..KEY.len() / 2]),
            "the key is shown: {text}"
        );
        let escapes = ESCAPE * text.matches("\\u{").count();
        let shown = text.chars().count().saturating_sub(escapes);
        assert!(shown <= MOST_SHOWN, "{shown} characters are shown: {text}");
    }
}

fn check_error(error: &Error) {
    check(error);
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        check(error);
        source = error.source();
    }
    if let Some(response) = error.response() {
        check(response);
    }
}

fn statuses(first: u8, statuses: &[u16]) -> u16 {
    statuses[usize::from(first) % statuses.len()]
}

/// Responses to submissions: whatever names a job is an acceptance or unknown, and no refusal.
pub fn submitted(input: &[u8]) {
    let Some((first, input)) = input.split_first() else {
        return;
    };
    let status = statuses(*first, &[202, 200, 201, 204, 299]);
    match now(testing::submitted(
        &CLIENT,
        &REQUEST,
        response(status, input),
    )) {
        Ok(accepted) => {
            if let Err(incomplete) = accepted.details {
                check(&incomplete);
            }
        }
        Err(SubmitError::NotAccepted(error)) => {
            panic!("a success is called a refusal: {error}");
        }
        Err(SubmitError::OutcomeUnknown(unknown)) => check(&unknown),
    }
}

/// Statuses of jobs: none of another job is taken for that of the one asked for.
pub fn polled(input: &[u8]) {
    let id = Uuid::from_u128(0x018f_6b5c_0000_7000_8000_0000_0000_0001);
    match now(testing::polled(&CLIENT, id, response(200, input))) {
        Ok(job) => assert_eq!(job.batch_id, id),
        Err(error) => check_error(&error),
    }
}

/// Pages of jobs.
pub fn listed(input: &[u8]) {
    if let Err(error) = now(testing::listed(&CLIENT, response(200, input))) {
        check_error(&error);
    }
}

/// Refusals and failures, of submissions and of what only reads.
pub fn errors(input: &[u8]) {
    let Some((first, input)) = input.split_first() else {
        return;
    };
    let status = statuses(
        *first,
        &[
            400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 502, 503, 302,
        ],
    );
    match now(testing::submitted(
        &CLIENT,
        &REQUEST,
        response(status, input),
    )) {
        Ok(accepted) => panic!("a refusal is called a job: {accepted:?}"),
        Err(SubmitError::NotAccepted(error)) => {
            assert_eq!(error.batch_id(), None, "a job is called not accepted");
            check_error(&error);
        }
        Err(SubmitError::OutcomeUnknown(unknown)) => check(&unknown),
    }
    match now(testing::listed(&CLIENT, response(status, input))) {
        Ok(page) => panic!("a refusal is called a page: {page:?}"),
        Err(error) => check_error(&error),
    }
}

fn job() -> BatchJob {
    let mut job = testing::job(Uuid::nil(), JobStatus::Completed);
    job.result_count = Some(1);
    job
}

fn read(file: Vec<u8>) -> usize {
    let mut results = testing::results_of(&CLIENT, &job(), file);
    let mut items = 0;
    while let Some(item) = now(results.next()) {
        items += 1;
        if let Err(error) = item {
            check_error(&error);
        }
    }
    items
}

/// The lines of a results file: each that is not blank is one item, and so is a wrong number of them. What begins as gzip
/// does, and no text, is a file that was packed twice.
pub fn results(input: &[u8]) {
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    let packed = packed.write_all(input).and_then(|()| packed.finish());
    let items = read(packed.unwrap_or_else(|error| panic!("the file: {error}")));
    if input.starts_with(&[0x1f]) {
        return;
    }
    let lines = input.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.trim_ascii().is_empty()).count();
    let expected = lines + usize::from(lines != 1);
    assert_eq!(items, expected, "of {lines} lines");
}

/// Files that may be gzip or not.
pub fn gzip(input: &[u8]) {
    read(input.to_vec());
}

/// Webhook deliveries.
pub fn webhook(input: &[u8]) {
    let hint = WebhookHint::parse(input);
    assert_eq!(
        hint.map(|hint| hint.batch_id()),
        WebhookHint::parse(input).map(|hint| hint.batch_id())
    );
}
