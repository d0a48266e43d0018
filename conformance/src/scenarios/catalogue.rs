//! The scenarios, in the order in which they are told. Those that take longest begin first.

use std::time::Duration;

use crustdata_mock::JobOutcome;

use super::kinds::{
    ACTIVE, EXPIRED, FAILS, FAILURE, FEW, IDENTIFIERS, PACE, PLAIN, READS, RESULTS, SETTING,
    TERMINAL, fails, lost, open, strays,
};
use super::scenario::{Ends, Scenario, Setting};
use crate::generated::contract::limits;
use crate::generated::contract::submit::identifiers;

/// Every scenario; the first is the plain one, on a compliant mock.
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
    lost(
        "answer-late",
        "The answer to a submission never comes, and the job is made.",
        &["answer-late"],
    )
    .limit(120),
    lost(
        "answer-lost",
        "The connection breaks before the answer to a submission, and the job is made.",
        &["answer-lost"],
    ),
    lost(
        "answer-cut-off",
        "The connection breaks within the answer to a submission, and the job is made.",
        &["answer-cut-off"],
    ),
    lost(
        "answer-failed",
        "A submission gets 500, and the job is made.",
        &["answer-failed"],
    ),
    lost(
        "answer-garbage",
        "A submission gets 200 and a page of HTML, and the job is made.",
        &["answer-garbage"],
    ),
    lost(
        "answer-without-id",
        "A submission gets 200 and JSON without an id, and the job is made.",
        &["answer-without-id"],
    ),
    lost(
        "request-lost",
        "The connection breaks before the answer to a submission, and no job is made.",
        &["request-lost"],
    ),
    open(
        "foreign-actions",
        "The answer to a submission is lost, and the list has actions that nobody knows.",
        &["answer-lost", "list-with-foreign-actions"],
    )
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
    open(
        "metadata-list",
        "The same, and the metadata of the error is a list.",
        &["metadata-list"],
    )
    .mock(Setting {
        rate: FEW,
        requests: 1,
        ..SETTING
    })
    .after("throttled-poll"),
    open(
        "reset-is-moment",
        "A poll gets 429, and the time when there is room again is in seconds since 1970.",
        &["rate-reset-is-moment"],
    )
    .mock(Setting {
        rate: FEW,
        requests: 1,
        ..SETTING
    })
    .after("throttled-poll"),
    strays(
        "status-url-elsewhere",
        "The `status_url` of a job is absolute, and leads to another origin.",
        &["status-url-elsewhere"],
    ),
    strays(
        "poll-redirected",
        "A poll is redirected to another origin.",
        &["poll-redirected"],
    ),
    strays(
        "submission-redirected",
        "A submission is redirected to another origin.",
        &["submission-redirected"],
    ),
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
    fails(
        "refused-as-bad",
        "Submissions get 400.",
        &["refused-as-bad"],
    ),
    fails(
        "refused-as-unauthorized",
        "Submissions get 401.",
        &["refused-as-unauthorized"],
    ),
    fails(
        "refused-for-credits",
        "Submissions get 402.",
        &["refused-for-credits"],
    ),
    fails(
        "refused-as-forbidden",
        "Submissions get 403.",
        &["refused-as-forbidden"],
    ),
    fails(
        "file-cut-off",
        "The second half of the results file is missing.",
        &["file-cut-off"],
    ),
    fails(
        "last-line-cut-off",
        "The last record of the results file ends in the middle.",
        &["last-line-cut-off"],
    ),
    open(
        "created",
        "A submission is accepted with 201.",
        &["created"],
    ),
    open(
        "accepted",
        "A submission is accepted with 202.",
        &["accepted"],
    ),
    open(
        "extra-keys",
        "Every answer has keys that nobody knows.",
        &["extra-keys", "job-extra-keys"],
    ),
    open(
        "absent-keys",
        "A job has no optional keys beyond its links and its count.",
        &["optional-values-absent"],
    ),
    open(
        "null-keys",
        "The optional keys of a job that say nothing are null.",
        &["optional-values-null"],
    ),
    open(
        "no-results",
        "A job has no results, and links to a file that was never written.",
        &["no-results"],
    )
    .records(None),
];
