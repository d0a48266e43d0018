//! What a run says on standard error: a bar on a terminal, lines elsewhere, or JSON.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crustdata_bulk::{Event, Plan};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::log_format::LogFormat;

/// Where a run is told of.
#[derive(Clone)]
pub(super) struct Console(Arc<Mutex<State>>);

struct State {
    format: LogFormat,
    bar: Option<ProgressBar>,
    rows: u64,
    jobs: u64,
    active: u64,
    worst_case: f64,
    answered: u64,
    people: u64,
}

impl Console {
    pub(super) fn new(format: LogFormat) -> Self {
        Self(Arc::new(Mutex::new(State {
            format,
            bar: None,
            rows: 0,
            jobs: 0,
            active: 0,
            worst_case: 0.0,
            answered: 0,
            people: 0,
        })))
    }

    /// What the run is about, some of which may be done already.
    pub(super) fn expect(&self, plan: &Plan) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (state.rows, state.people, state.answered) = (plan.rows, plan.people, plan.known);
        // Not before: it would be drawn around the plan, and beside the question.
        if matches!(state.format, LogFormat::Text) && io::stderr().is_terminal() {
            let style = "{bar:20} {pos}/{len} people of {msg}, {eta} left";
            let style = ProgressStyle::with_template(style);
            let style = style.unwrap_or(ProgressStyle::default_bar());
            let bar = ProgressBar::new(plan.people).with_style(style);
            bar.set_message(state.standing());
            bar.set_position(plan.known);
            // What was done before says nothing about how long the rest takes.
            bar.reset_eta();
            state.bar = Some(bar);
        }
    }

    pub(super) fn tell(&mut self, event: &Event) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.tell(event);
    }

    /// A line for people.
    pub(super) fn line(&self, text: &str) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.line(text);
    }

    /// Whether lines are for programs.
    pub(super) fn is_json(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(state.format, LogFormat::Json)
    }

    /// A line for programs.
    pub(super) fn value(&self, value: &Value) {
        say(&value.to_string());
    }

    pub(super) fn finish(&self) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = &state.bar {
            bar.finish_and_clear();
        }
    }
}

impl State {
    fn tell(&mut self, event: &Event) {
        match event {
            Event::Accepted { .. } => {
                self.jobs += 1;
                self.active += 1;
            }
            Event::JobEnded { .. } => self.active = self.active.saturating_sub(1),
            Event::Waiting { active, .. } => self.active = *active,
            Event::Intended { worst_case, .. } => self.worst_case += worst_case,
            Event::Answered { people, .. } => self.answered += people,
            _ => {}
        }
        if let LogFormat::Json = self.format {
            if let Some(value) = value(event) {
                say(&value.to_string());
            }
            return;
        }
        if let Some(text) = text(event, self.bar.is_some()) {
            self.line(&text);
        }
        let message = self.standing();
        match (&self.bar, event) {
            (Some(bar), _) => {
                bar.set_position(self.answered.min(self.people));
                bar.set_message(message);
            }
            (None, Event::Answered { people, .. }) if *people > 0 => {
                say(&format!(
                    "{} of {} people answered: {message}",
                    self.answered, self.people
                ));
            }
            _ => {}
        }
    }

    fn standing(&self) -> String {
        format!(
            "{} rows, {} jobs, {} active, at most {} credits",
            self.rows, self.jobs, self.active, self.worst_case
        )
    }

    fn line(&self, text: &str) {
        match (&self.bar, self.format) {
            (Some(bar), _) => bar.println(text),
            (None, LogFormat::Text) => say(text),
            (None, LogFormat::Json) => {
                say(&json!({"event": "message", "text": text}).to_string());
            }
        }
    }
}

/// A line on standard error. That nobody reads it any more is no reason for a run to end.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// What is worth a line to people; with a bar, only what is not as it should be.
fn text(event: &Event, has_bar: bool) -> Option<String> {
    Some(match event {
        Event::NotAccepted { submission, reason } => {
            format!("submission {submission} is not accepted: {reason}")
        }
        Event::OutcomeUnknown {
            submission,
            evidence,
        } => format!("submission {submission} may be accepted or not: {evidence}"),
        Event::JobEnded {
            batch_id,
            failure: Some(reason),
        } => format!("job {batch_id}: {reason}"),
        Event::Problem(text) => text.clone(),
        Event::Accepted {
            submission,
            batch_id,
            ..
        } if !has_bar => format!("submission {submission} is job {batch_id}"),
        Event::JobEnded { batch_id, .. } if !has_bar => format!("job {batch_id} has ended"),
        _ => return None,
    })
}

fn value(event: &Event) -> Option<Value> {
    Some(match event {
        Event::Planned(plan) => json!({
            "event": "planned", "rows": plan.rows, "people": plan.people, "waiting": plan.waiting,
        }),
        Event::Intended {
            submission,
            people,
            worst_case,
        } => json!({
            "event": "intended", "submission": submission, "people": people, "worst_case": worst_case,
        }),
        Event::Accepted {
            submission,
            batch_id,
            credits,
        } => json!({
            "event": "accepted", "submission": submission, "batch_id": batch_id, "credits": credits,
        }),
        Event::NotAccepted { submission, reason } => json!({
            "event": "not_accepted", "submission": submission, "reason": reason,
        }),
        Event::OutcomeUnknown {
            submission,
            evidence,
        } => json!({
            "event": "outcome_unknown", "submission": submission, "evidence": evidence,
        }),
        Event::JobEnded { batch_id, failure } => json!({
            "event": "job_ended", "batch_id": batch_id, "failure": failure,
        }),
        Event::Answered { batch_id, people } => json!({
            "event": "answered", "batch_id": batch_id, "people": people,
        }),
        Event::Problem(text) => json!({"event": "problem", "text": text}),
        Event::Waiting { wait, active } => json!({
            "event": "waiting", "seconds": wait.as_secs_f64(), "active": active,
        }),
        _ => return None,
    })
}
