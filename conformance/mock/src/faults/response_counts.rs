//! Faults in the two counts of the accepted response.

use crate::edits::{
    Clauses, LARGE, Submitted, has_max, has_text, has_text_fields, has_webhook, is_large,
    is_now_and_then, set, set_to, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, Hook, fault};
use crate::jobs::Job;
use crate::response::Response;

/// Both counts are wrong, and equal.
const COUNT: Clauses = &["submit.identifier-count"];
/// The second count differs from the first, which is right.
const REQUESTED: Clauses = &["submit.entities-requested"];
/// The first count is wrong, and the second differs from it.
const BOTH: Clauses = &["submit.identifier-count", "submit.entities-requested"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("counts-one-more", COUNT)
            .about("Both counts are one too high.")
            .accepted(counts(one_more)),
        fault("counts-one-less-at-max", COUNT)
            .about("Both counts are one too low for as many identifiers as there may be.")
            .accepted(when(has_max, counts(one_less))),
        fault("counts-one-more-when-large", COUNT)
            .about("Both counts are one too high for a large job.")
            .accepted(when(is_large, counts(one_more))),
        fault("counts-one-for-strings", COUNT)
            .about("Both counts are 1 if the identifiers came as a string.")
            .accepted(when(has_text, counts(|_| 1))),
        fault("counts-commas-for-strings", COUNT)
            .about("Both counts are the number of commas if the identifiers came as a string.")
            .accepted(when(has_text, counts(one_less))),
        fault("counts-halved-for-large-strings", COUNT)
            .about("Both counts are halved for a large job whose identifiers came as a string.")
            .accepted(when(
                |job: &Job| has_text(job) && job.count() > LARGE,
                counts(|job| job.count() / 2),
            )),
        fault("counts-capped-at-chunk", COUNT)
            .about("Both counts are never above the default chunk size.")
            .accepted(counts(|job| {
                job.count()
                    .min(contract::submit::chunk_size::DEFAULT as usize)
            })),
        fault("counts-zero", COUNT)
            .about("Both counts are zero.")
            .accepted(counts(|_| 0)),
        fault("counts-fields", COUNT)
            .about("Both counts are the number of fields.")
            .accepted(counts(|job| job.submission.fields.len())),
        fault("counts-one-more-now-and-then", COUNT)
            .about("Both counts are one too high in every seventh response.")
            .accepted(when(
                |job: &Job| is_now_and_then(job.number),
                counts(one_more),
            )),
        fault("identifier-count-one-less", BOTH)
            .about("identifier_count alone is one too low.")
            .accepted(set_to("identifier_count", one_less)),
        fault("identifier-count-one-more-with-webhook", BOTH)
            .about("identifier_count alone is one too high if there is a webhook_url.")
            .accepted(when(has_webhook, set_to("identifier_count", one_more))),
        fault("entities-requested-zero", REQUESTED)
            .about("entities_requested is zero.")
            .accepted(set("entities_requested", 0)),
        fault("entities-requested-per-field", REQUESTED)
            .about("entities_requested counts each identifier once for each field.")
            .accepted(set_to("entities_requested", |job: &Job| {
                job.count() * job.submission.fields.len()
            })),
        fault("entities-requested-differs-when-large", REQUESTED)
            .about("entities_requested is one too low for a large job.")
            .accepted(when(is_large, set_to("entities_requested", one_less))),
        fault("entities-requested-by-chunk", REQUESTED)
            .about("entities_requested is the number of chunks.")
            .accepted(set_to("entities_requested", |job: &Job| {
                job.count().div_ceil(job.chunk_size)
            })),
        fault("entities-requested-differs-for-strings", REQUESTED)
            .about("entities_requested is one too high if the fields came as a string.")
            .accepted(when(
                has_text_fields,
                set_to("entities_requested", one_more),
            )),
    ]
}

fn one_more(job: &Job) -> usize {
    job.count() + 1
}

fn one_less(job: &Job) -> usize {
    job.count().saturating_sub(1)
}

/// Sets both counts.
fn counts(count: fn(&Job) -> usize) -> impl Hook<Response, Job> {
    move |response, job| {
        response.set("identifier_count", count(job));
        response.set("entities_requested", count(job));
    }
}
