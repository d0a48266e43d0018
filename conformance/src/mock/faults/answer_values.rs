//! Faults in the values of the accepted answer: its id, its URL, and what it says of the job.

use uuid::Uuid;

use super::{Fault, LARGE, NOW_AND_THEN, other_than};
use crate::generated::contract;
use crate::mock::answer::Answer;
use crate::mock::effect::Effect::{Accepted, Name};

const ID: &[&str] = &["submit.batch-id"];
const URL: &[&str] = &["submit.status-url"];
const STATUS: &[&str] = &["submit.status-pending"];
const ENTITY: &[&str] = &["submit.entity"];
const ACTION: &[&str] = &["submit.action"];

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
            answer.keys().set("status_url", contract::JOB_PATH)
        })],
    },
    Fault {
        name: "status-url-below-submit",
        breaks: URL,
        about: "status_url is below the path of the submission.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set(
                "status_url",
                format!("{}/{}", contract::SUBMIT_PATH, job.id),
            );
        })],
    },
    Fault {
        name: "status-url-with-query-at-max",
        breaks: URL,
        about: "status_url has a query if there are as many identifiers as there may be.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() == contract::IDENTIFIERS_MAX {
                answer
                    .keys()
                    .set("status_url", path(&format!("{}?page=1", job.id)));
            }
        })],
    },
    Fault {
        name: "status-processing",
        breaks: STATUS,
        about: "The accepted answer says that the job has started.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("status", wrong_status())
        })],
    },
    Fault {
        name: "status-processing-when-large",
        breaks: STATUS,
        about: "The accepted answer of a large job says that the job has started.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                answer.keys().set("status", wrong_status());
            }
        })],
    },
    Fault {
        name: "status-processing-now-and-then",
        breaks: STATUS,
        about: "Every seventh accepted answer says that the job has started.",
        effects: &[Accepted(|answer, job| {
            if is_now_and_then(job.number) {
                answer.keys().set("status", wrong_status());
            }
        })],
    },
    Fault {
        name: "status-unknown-with-largest-chunk",
        breaks: STATUS,
        about: "The status is none of the four if the chunk size is the largest.",
        effects: &[Accepted(|answer, job| {
            if job.submission.has_chunk_size(contract::CHUNK_SIZE_MAX) {
                answer.keys().set("status", "queued");
            }
        })],
    },
    Fault {
        name: "status-in-capitals",
        breaks: STATUS,
        about: "The status is written in capitals.",
        effects: &[Accepted(|answer, _| {
            answer
                .keys()
                .set("status", contract::ACCEPTED_STATUS.to_uppercase())
        })],
    },
    Fault {
        name: "entity-company",
        breaks: ENTITY,
        about: "The entity is that of another endpoint.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("entity", wrong_entity())
        })],
    },
    Fault {
        name: "entity-company-for-strings",
        breaks: ENTITY,
        about: "The entity is that of another endpoint if identifiers and fields both came as strings.",
        effects: &[Accepted(|answer, job| {
            if job.submission.identifiers.is_text() && job.submission.fields.is_text() {
                answer.keys().set("entity", wrong_entity());
            }
        })],
    },
    Fault {
        name: "entity-company-for-a-pair-of-fields",
        breaks: ENTITY,
        about: "The entity is that of another endpoint if the first and the last field are asked for together.",
        effects: &[Accepted(|answer, job| {
            if let [first, .., last] = contract::CONTACT_FIELDS
                && job.submission.fields.are(&[first, last])
            {
                answer.keys().set("entity", wrong_entity());
            }
        })],
    },
    Fault {
        name: "entity-empty",
        breaks: ENTITY,
        about: "The entity is an empty string.",
        effects: &[Accepted(|answer, _| answer.keys().set("entity", ""))],
    },
    Fault {
        name: "action-enrich",
        breaks: ACTION,
        about: "The action is that of another endpoint.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("action", wrong_action())
        })],
    },
    Fault {
        name: "action-enrich-with-smallest-chunk",
        breaks: ACTION,
        about: "The action is that of another endpoint if the chunk size is the smallest.",
        effects: &[Accepted(|answer, job| {
            if job.submission.has_chunk_size(contract::CHUNK_SIZE_MIN) {
                answer.keys().set("action", wrong_action());
            }
        })],
    },
    Fault {
        name: "action-enrich-for-all-fields",
        breaks: ACTION,
        about: "The action is that of another endpoint if all fields are asked for.",
        effects: &[Accepted(|answer, job| {
            if job.submission.fields.are(contract::CONTACT_FIELDS) {
                answer.keys().set("action", wrong_action());
            }
        })],
    },
    Fault {
        name: "action-with-hyphen",
        breaks: ACTION,
        about: "The action is written with a hyphen.",
        effects: &[Accepted(|answer, _| {
            answer
                .keys()
                .set("action", contract::ACCEPTED_ACTION.replace('_', "-"))
        })],
    },
];

/// Gives the answer another id, and the URL that goes with it.
fn rename(answer: &mut Answer, id: &str) {
    answer.keys().set("batch_id", id);
    answer.keys().set("status_url", path(id));
}

fn path(id: &str) -> String {
    contract::JOB_PATH.replace("{batch_id}", id)
}

fn is_now_and_then(number: usize) -> bool {
    (number as u64).is_multiple_of(NOW_AND_THEN)
}

fn wrong_status() -> &'static str {
    other_than(contract::ACCEPTED_STATUS, contract::JOB_STATUSES)
}

fn wrong_entity() -> &'static str {
    other_than(contract::ACCEPTED_ENTITY, contract::ENTITIES)
}

fn wrong_action() -> &'static str {
    other_than(contract::ACCEPTED_ACTION, contract::ACTIONS)
}
