//! `client.adopts`

use crate::checks::check::{Check, Level};
use crate::checks::client::not_shown::NOT_SHOWN;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.adopts",
    level: Level::Seen,
    text: "A job that was accepted behind a lost answer is found, waited for and read, or reported as unknown; never dropped in silence.",
    source: "users of the API; it follows from the price of a job",
    fix: Fix::in_client(
        "Write down what you are about to submit; when the answer is lost, look for a job like it, wait for it and read it, or say that its outcome is unknown.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: NOT_SHOWN,
};
