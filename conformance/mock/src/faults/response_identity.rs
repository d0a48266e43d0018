//! Faults in the id of the accepted response, and in the URL that is made of it.

use uuid::Uuid;

use crate::edits::{
    Clauses, Submitted, has_max, has_webhook, is_large, is_now_and_then, set_to, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, Hook, fault};
use crate::jobs::Job;
use crate::response::Response;

const ID: Clauses = &["submit.batch-id"];
const URL: Clauses = &["submit.status-url"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("batch-id-without-hyphens", ID)
            .about("batch_id is a UUID without its hyphens.")
            .accepted(rename(|job| job.id.simple().to_string())),
        fault("batch-id-urn", ID)
            .about("batch_id is a UUID in the form of a URN.")
            .accepted(rename(|job| job.id.urn().to_string())),
        fault("batch-id-not-a-uuid", ID)
            .about("batch_id is a word with the job's number.")
            .accepted(rename(|job| format!("batch-{}", job.number))),
        fault("batch-id-cut-when-large", ID)
            .about("batch_id of a large job lacks its last character.")
            .accepted(when(
                is_large,
                rename(|job| job.id.to_string()[..35].to_owned()),
            )),
        fault("batch-id-reused", ID)
            .about("Every job has the id of the first.")
            .job(|job, _| job.id = job.first_id),
        fault("batch-id-reused-now-and-then", ID)
            .about("Every seventh job has the id of the first.")
            .job(|job, _| {
                if is_now_and_then(job.number) {
                    job.id = job.first_id;
                }
            }),
        fault("batch-id-nil", ID)
            .about("Every job has the UUID that consists of zeros.")
            .job(|job, _| job.id = Uuid::nil()),
        fault("batch-id-by-count", ID)
            .about("Jobs with the same number of identifiers have the same id.")
            .job(|job, _| {
                let count = job.count() as u64;
                job.id = Uuid::from_u64_pair(0x4000, 0x8000_0000_0000_0000 | count);
            }),
        fault("status-url-absolute", URL)
            .about("status_url is an absolute URL.")
            .accepted(set_to("status_url", absolute)),
        fault("status-url-absolute-with-webhook", URL)
            .about("status_url is an absolute URL if there is a webhook_url.")
            .accepted(when(has_webhook, set_to("status_url", absolute))),
        fault("status-url-of-another-job", URL)
            .about("status_url is that of the first job.")
            .accepted(set_to("status_url", |job: &Job| {
                path(&job.first_id.to_string())
            })),
        fault("status-url-without-slash", URL)
            .about("status_url does not begin with a slash.")
            .accepted(set_to("status_url", |job: &Job| {
                path(&job.id.to_string()).trim_start_matches('/').to_owned()
            })),
        fault("status-url-with-trailing-slash", URL)
            .about("status_url ends with a slash.")
            .accepted(set_to("status_url", |job: &Job| {
                path(&format!("{}/", job.id))
            })),
        fault("status-url-in-capitals", URL)
            .about("The id in status_url is written in capitals.")
            .accepted(set_to("status_url", |job: &Job| {
                path(&job.id.to_string().to_uppercase())
            })),
        fault("status-url-template", URL)
            .about("status_url still has the name of the id in place of the id.")
            .accepted(set_to("status_url", |_: &Job| contract::job::PATH)),
        fault("status-url-below-submit", URL)
            .about("status_url is below the path of the submission.")
            .accepted(set_to("status_url", |job: &Job| {
                format!("{}/{}", contract::submit::PATH, job.id)
            })),
        fault("status-url-with-query-at-max", URL)
            .about("status_url has a query if there are as many identifiers as there may be.")
            .accepted(when(
                has_max,
                set_to("status_url", |job: &Job| {
                    path(&format!("{}?page=1", job.id))
                }),
            )),
    ]
}

/// Gives the response another id, and the URL that goes with it.
fn rename(id: fn(&Job) -> String) -> impl Hook<Response, Job> {
    move |response, job| {
        let id = id(job);
        response.set("status_url", path(&id));
        response.set("batch_id", id);
    }
}

fn path(id: &str) -> String {
    contract::job::PATH.replace("{batch_id}", id)
}

fn absolute(job: &Job) -> String {
    format!("{}{}", contract::BASE_URL, path(&job.id.to_string()))
}
