//! The scenarios, in the order in which they are told. Those that take longest begin first.

use std::time::Duration;

use crustdata_mock::{JobOutcome, RateLimit};

use super::scenario::{Ends, Scenario, Setting};
use crate::generated::contract::limits;
use crate::generated::contract::submit::identifiers;

const ONCE: &[&str] = &["client.submits-once", "client.adopts"];
const PACE: &[&str] = &["client.pace"];
const ACTIVE: &[&str] = &["client.active-jobs", "client.pace"];
const IDENTIFIERS: &[&str] = &["client.all-identifiers", "client.valid-request"];
const ORIGIN: &[&str] = &["client.key-origin"];
const TERMINAL: &[&str] = &["client.terminal"];
const RESULTS: &[&str] = &["client.results"];
const EXPIRED: &[&str] = &["client.expired-link"];
const FAILURE: &[&str] = &["client.reports-failure"];
const TOLERATES: &[&str] = &["client.tolerates"];

const WORKS: Ends = Ends::Works("client.tolerates");
const FAILS: Ends = Ends::Fails("client.reports-failure");
const READS: Ends = Ends::Works("client.results");

/// The scenario that every client has to get through: whoever fails here can't be judged by the others.
pub(super) const PLAIN: Scenario = Scenario::new(
    "plain",
    "A compliant server, and a job that takes a moment.",
    &[],
    Ends::Works("client.tolerates"),
);

const SETTING: Setting = PLAIN.mock;

/// Few requests, in a short window.
const FEW: RateLimit = RateLimit {
    requests: 2,
    window: Duration::from_secs(4),
};

/// Every scenario; the first is [`PLAIN`].
pub static SCENARIOS: &[Scenario] = &[
    PLAIN,
    Scenario::new(
        "long-job",
        "A job takes more than a minute.",
        TERMINAL,
        Ends::Works("client.terminal"),
    )
    .mock(Setting {
        job: Duration::from_secs(75),
        ..SETTING
    })
    .limit(150),
    Scenario::new(
        "six-jobs",
        "There are identifiers for six jobs, and the server would accept all of them at once.",
        &["client.active-jobs"],
        Ends::Works("client.all-identifiers"),
    )
    .identifiers(limits::ACTIVE_JOBS * identifiers::MAX + 1)
    .mock(Setting {
        job: Duration::from_secs(10),
        unlimited: true,
        ..SETTING
    })
    .limit(150),
    Scenario::new(
        "answer-late",
        "The answer to a submission never comes, and the job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["answer-late"])
    .limit(120),
    Scenario::new(
        "answer-lost",
        "The connection breaks before the answer to a submission, and the job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["answer-lost"]),
    Scenario::new(
        "answer-cut-off",
        "The connection breaks within the answer to a submission, and the job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["answer-cut-off"]),
    Scenario::new(
        "answer-failed",
        "A submission gets 500, and the job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["answer-failed"]),
    Scenario::new(
        "answer-garbage",
        "A submission gets 200 and a page of HTML, and the job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["answer-garbage"]),
    Scenario::new(
        "answer-without-id",
        "A submission gets 200 and JSON without an id, and the job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["answer-without-id"]),
    Scenario::new(
        "request-lost",
        "The connection breaks before the answer to a submission, and no job is made.",
        ONCE,
        Ends::Unknown,
    )
    .departs(&["request-lost"]),
    Scenario::new(
        "foreign-actions",
        "The answer to a submission is lost, and the list has actions that nobody knows.",
        TOLERATES,
        WORKS,
    )
    .departs(&["answer-lost", "list-with-foreign-actions"])
    .after("answer-lost"),
    Scenario::new(
        "two-jobs",
        "There is one identifier more than a job may have.",
        IDENTIFIERS,
        Ends::Works("client.all-identifiers"),
    )
    .identifiers(identifiers::MAX + 1),
    Scenario::new(
        "five-active-jobs",
        "As many jobs of somebody else are active as an account may have.",
        ACTIVE,
        Ends::Works("client.active-jobs"),
    )
    .mock(Setting {
        job: Duration::from_secs(8),
        others: limits::ACTIVE_JOBS,
        ..SETTING
    }),
    Scenario::new(
        "throttled-submission",
        "A submission gets 429 and is told when there is room again.",
        PACE,
        Ends::Honest,
    )
    .mock(Setting {
        rate: FEW,
        requests: 2,
        ..SETTING
    }),
    Scenario::new(
        "throttled-poll",
        "A poll gets 429 and is told when there is room again.",
        PACE,
        Ends::Works("client.terminal"),
    )
    .mock(Setting {
        rate: FEW,
        requests: 1,
        ..SETTING
    }),
    Scenario::new(
        "metadata-list",
        "The same, and the metadata of the error is a list.",
        TOLERATES,
        WORKS,
    )
    .departs(&["metadata-list"])
    .mock(Setting {
        rate: FEW,
        requests: 1,
        ..SETTING
    })
    .after("throttled-poll"),
    Scenario::new(
        "status-url-elsewhere",
        "The `status_url` of a job is absolute, and leads to another origin.",
        ORIGIN,
        Ends::Either,
    )
    .departs(&["status-url-elsewhere"]),
    Scenario::new(
        "poll-redirected",
        "A poll is redirected to another origin.",
        ORIGIN,
        Ends::Either,
    )
    .departs(&["poll-redirected"]),
    Scenario::new(
        "submission-redirected",
        "A submission is redirected to another origin.",
        ORIGIN,
        Ends::Either,
    )
    .departs(&["submission-redirected"]),
    Scenario::new(
        "two-parts",
        "The records come in two parts, beside the merged file.",
        RESULTS,
        READS,
    )
    .departs(&["parts-of-ten"])
    .identifiers(15),
    Scenario::new(
        "gzip-members",
        "The results file is gzip of several members.",
        RESULTS,
        READS,
    )
    .departs(&["gzip-of-several-members"]),
    Scenario::new(
        "flat-records",
        "Some records are the bare data, without the envelope.",
        RESULTS,
        READS,
    )
    .departs(&["flat-records"]),
    Scenario::new(
        "other-order",
        "The records are in another order than the identifiers.",
        RESULTS,
        READS,
    )
    .departs(&["records-in-other-order"])
    .identifiers(5),
    Scenario::new(
        "link-expired",
        "The links that a client gets first have expired.",
        EXPIRED,
        Ends::Works("client.expired-link"),
    )
    .departs(&["link-expired"])
    .records(Some("client.expired-link")),
    Scenario::new("job-failed", "A job fails.", FAILURE, FAILS).mock(Setting {
        outcome: JobOutcome::Failed,
        ..SETTING
    }),
    Scenario::new("refused-as-bad", "Submissions get 400.", FAILURE, FAILS)
        .departs(&["refused-as-bad"]),
    Scenario::new(
        "refused-as-unauthorized",
        "Submissions get 401.",
        FAILURE,
        FAILS,
    )
    .departs(&["refused-as-unauthorized"]),
    Scenario::new(
        "refused-for-credits",
        "Submissions get 402.",
        FAILURE,
        FAILS,
    )
    .departs(&["refused-for-credits"]),
    Scenario::new(
        "refused-as-forbidden",
        "Submissions get 403.",
        FAILURE,
        FAILS,
    )
    .departs(&["refused-as-forbidden"]),
    Scenario::new(
        "file-cut-off",
        "The second half of the results file is missing.",
        FAILURE,
        FAILS,
    )
    .departs(&["file-cut-off"]),
    Scenario::new(
        "last-line-cut-off",
        "The last record of the results file ends in the middle.",
        FAILURE,
        FAILS,
    )
    .departs(&["last-line-cut-off"]),
    Scenario::new(
        "created",
        "A submission is accepted with 201.",
        TOLERATES,
        WORKS,
    )
    .departs(&["created"]),
    Scenario::new(
        "accepted",
        "A submission is accepted with 202.",
        TOLERATES,
        WORKS,
    )
    .departs(&["accepted"]),
    Scenario::new(
        "extra-keys",
        "Every answer has keys that nobody knows.",
        TOLERATES,
        WORKS,
    )
    .departs(&["extra-keys", "job-extra-keys"]),
    Scenario::new(
        "absent-keys",
        "A job has no optional keys beyond its links and its count.",
        TOLERATES,
        WORKS,
    )
    .departs(&["optional-values-absent"]),
    Scenario::new(
        "null-keys",
        "The optional keys of a job that say nothing are null.",
        TOLERATES,
        WORKS,
    )
    .departs(&["optional-values-null"]),
    Scenario::new(
        "no-results",
        "A job has no results, and links to a file that was never written.",
        TOLERATES,
        WORKS,
    )
    .departs(&["no-results"])
    .records(None),
];
