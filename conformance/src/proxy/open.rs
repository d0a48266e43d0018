//! An exchange that is under way, and what is noted of it once it is over. How it is passed on is in `forward`.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::belt::{Belt, Passed};
use super::tee::End;
use super::watch::{Ticket, Watch, now};
use crate::contract::request::UNRECORDED_BODY;
use crate::exchange::{Failure, FailureKind, Response};
use crate::lock::lock;
use crate::traffic::{Met, Place, unpacked};

/// Where all exchanges are noted.
pub(super) struct Notes {
    pub(super) watch: Watch,
    /// `None` where the proxy only watches.
    pub(super) belt: Option<Mutex<Belt>>,
}

/// The request as it is to be judged, and what is known of it.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    /// `None` while it is on its way, and where it is too large to be kept.
    pub(super) body: Arc<Mutex<Option<Bytes>>>,
    pub(super) is_submission: bool,
    /// Of a submission that the seat belt let pass.
    pub(super) passed: Option<Passed>,
    /// Id of the job that is asked for.
    pub(super) job: Option<String>,
}

/// An exchange that is under way. It is noted once: when it is over, or when nobody waits for it any more.
pub(super) struct Open {
    notes: Arc<Notes>,
    under_way: Option<(Ticket, Asked)>,
}

impl Open {
    /// Notes that a request is sent now.
    pub(super) fn begin(notes: Arc<Notes>, asked: Asked) -> Self {
        let ticket = notes.watch.begin();
        Self {
            notes,
            under_way: Some((ticket, asked)),
        }
    }

    /// Notes the status of a response, before anything of it is passed on. A refusal says by itself that no job came of a
    /// submission: whoever reads it may submit the same at once, even if its body is still to come, or is never read.
    pub(super) fn answered(&mut self, status: StatusCode) {
        if let Some((_, asked)) = &mut self.under_way
            && let Some(belt) = &self.notes.belt
            && let Some(passed) = asked.passed.take_if(|_| status.is_client_error())
        {
            lock(belt).answered(passed, Some((status, &[])));
        }
    }

    /// Notes a response whose body ended like this.
    pub(super) fn end(self, status: StatusCode, headers: HeaderMap, end: End) {
        let lacks = |kind, detail: String| Failure {
            kind,
            status: Some(status),
            detail,
        };
        let outcome = match end {
            End::Whole(Some(body)) => unpacked(&body.into(), &headers)
                .map(|body| Response::new(status, headers, body))
                .ok_or_else(|| {
                    let detail = "a body in a coding that is not read";
                    lacks(FailureKind::NotRecorded, detail.to_owned())
                }),
            End::Whole(None) => Err(lacks(
                FailureKind::TooLarge,
                "a body that is too large".to_owned(),
            )),
            End::Broken(detail) => Err(lacks(FailureKind::Broken, detail)),
            End::Left => Err(self.left(Some(status))),
        };
        self.note(outcome);
    }

    /// Notes that there was no response.
    pub(super) fn fail(self, kind: FailureKind, detail: String) {
        self.note(Err(Failure {
            kind,
            status: None,
            detail,
        }));
    }

    /// What is known where the client did not wait. That is no fault of the server's; a submission's outcome is then as
    /// unknown to the client as any other that did not come in time.
    fn left(&self, status: Option<StatusCode>) -> Failure {
        let under_way = self.under_way.as_ref();
        let kind = match under_way.is_some_and(|(_, asked)| asked.is_submission) {
            true => FailureKind::Timeout,
            false => FailureKind::NotRecorded,
        };
        Failure {
            kind,
            status,
            detail: "the client did not wait for the whole response".to_owned(),
        }
    }

    fn note(mut self, outcome: Result<Response, Failure>) {
        if let Some((ticket, asked)) = self.under_way.take() {
            self.notes.note(ticket, asked, outcome);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let failure = self.left(None);
        if let Some((ticket, asked)) = self.under_way.take() {
            self.notes.note(ticket, asked, Err(failure));
        }
    }
}

impl Notes {
    fn note(&self, ticket: Ticket, asked: Asked, outcome: Result<Response, Failure>) {
        let response = outcome.as_ref().ok();
        let answer = response.map(|response| (response.status, &response.body[..]));
        if let Some(belt) = &self.belt {
            if let Some(passed) = asked.passed {
                lock(belt).answered(passed, answer);
            }
            if let (Some(id), Some((_, body))) = (&asked.job, answer) {
                lock(belt).polled(id, body);
            }
        }
        let took = u64::try_from(now() - ticket.sent).unwrap_or_default();
        let body = lock(&asked.body).take();
        self.watch.end(
            ticket,
            Met {
                place: Place::default(),
                sent: ticket.sent,
                took,
                method: asked.method,
                url: asked.url,
                headers: asked.headers,
                body: body.unwrap_or_else(|| UNRECORDED_BODY.into()),
                outcome,
            },
        );
    }
}
