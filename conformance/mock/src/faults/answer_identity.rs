//! Faults in the id of the accepted answer, and in the URL that is made of it.

use uuid::Uuid;

use super::{Fault, LARGE, is_now_and_then};
use crate::answer::Answer;
use crate::effect::Effect::{Accepted, Name};
use crate::generated::contract;

const ID: &[&str] = &["submit.batch-id"];
const URL: &[&str] = &["submit.status-url"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "batch-id-without-hyphens",
        breaks: ID,
        about: "batch_id is a UUID without its hyphens.",
        effects: &[Accepted(|answer, job| {
            rename(answer, &job.id.simple().to_string())
        })],
    },
    Fault {
        name: "batch-id-urn",
        breaks: ID,
        about: "batch_id is a UUID in the form of a URN.",
        effects: &[Accepted(|answer, job| {
            rename(answer, &job.id.urn().to_string())
        })],
    },
    Fault {
        name: "batch-id-not-a-uuid",
        breaks: ID,
        about: "batch_id is a word with the job's number.",
        effects: &[Accepted(|answer, job| {
            rename(answer, &format!("batch-{}", job.number))
        })],
    },
    Fault {
        name: "batch-id-cut-when-large",
        breaks: ID,
        about: "batch_id of a large job lacks its last character.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                let mut id = job.id.to_string();
                id.pop();
                rename(answer, &id);
            }
        })],
    },
    Fault {
        name: "batch-id-reused",
        breaks: ID,
        about: "Every job has the id of the first.",
        effects: &[Name(|job| job.first_id)],
    },
    Fault {
        name: "batch-id-reused-now-and-then",
        breaks: ID,
        about: "Every seventh job has the id of the first.",
        effects: &[Name(|job| {
            if is_now_and_then(job.number) {
                job.first_id
            } else {
                job.id
            }
        })],
    },
    Fault {
        name: "batch-id-nil",
        breaks: ID,
        about: "Every job has the UUID that consists of zeros.",
        effects: &[Name(|_| Uuid::nil())],
    },
    Fault {
        name: "batch-id-by-count",
        breaks: ID,
        about: "Jobs with the same number of identifiers have the same id.",
        effects: &[Name(|job| {
            Uuid::from_u64_pair(0x4000, 0x8000_0000_0000_0000 | job.identifiers() as u64)
        })],
    },
    Fault {
        name: "status-url-absolute",
        breaks: URL,
        about: "status_url is an absolute URL.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set(
                "status_url",
                format!("{}{}", contract::BASE_URL, path(&job.id.to_string())),
            );
        })],
    },
    Fault {
        name: "status-url-absolute-with-webhook",
        breaks: URL,
        about: "status_url is an absolute URL if there is a webhook_url.",
        effects: &[Accepted(|answer, job| {
            if job.submission.has_webhook() {
                answer.keys().set(
                    "status_url",
                    format!("{}{}", contract::BASE_URL, path(&job.id.to_string())),
                );
            }
        })],
    },
    Fault {
        name: "status-url-of-another-job",
        breaks: URL,
        about: "status_url is that of the first job.",
        effects: &[Accepted(|answer, job| {
            answer
                .keys()
                .set("status_url", path(&job.first_id.to_string()))
        })],
    },
    Fault {
        name: "status-url-without-slash",
        breaks: URL,
        about: "status_url does not begin with a slash.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set(
                "status_url",
                path(&job.id.to_string()).trim_start_matches('/'),
            );
        })],
    },
    Fault {
        name: "status-url-with-trailing-slash",
        breaks: URL,
        about: "status_url ends with a slash.",
        effects: &[Accepted(|answer, job| {
            answer
                .keys()
                .set("status_url", path(&format!("{}/", job.id)))
        })],
    },
    Fault {
        name: "status-url-in-capitals",
        breaks: URL,
        about: "The id in status_url is written in capitals.",
        effects: &[Accepted(|answer, job| {
            let id = job.id.to_string().to_uppercase();
            answer.keys().set("status_url", path(&id));
        })],
    },
    Fault {
        name: "status-url-template",
        breaks: URL,
        about: "status_url still has the name of the id in place of the id.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("status_url", contract::job::PATH)
        })],
    },
    Fault {
        name: "status-url-below-submit",
        breaks: URL,
        about: "status_url is below the path of the submission.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set(
                "status_url",
                format!("{}/{}", contract::submit::PATH, job.id),
            );
        })],
    },
    Fault {
        name: "status-url-with-query-at-max",
        breaks: URL,
        about: "status_url has a query if there are as many identifiers as there may be.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() == contract::submit::identifiers::MAX {
                answer
                    .keys()
                    .set("status_url", path(&format!("{}?page=1", job.id)));
            }
        })],
    },
];

/// Gives the answer another id, and the URL that goes with it.
fn rename(answer: &mut Answer, id: &str) {
    answer.keys().set("batch_id", id);
    answer.keys().set("status_url", path(id));
}

fn path(id: &str) -> String {
    contract::job::PATH.replace("{batch_id}", id)
}
