//! What has to be sent for a check to be judged, as data: no check is known to the runner by its name.

/// What a check needs beside the requests that it judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Submissions.
    pub submissions: Submissions,
    /// Whether jobs are polled until they are over.
    pub polls: bool,
    /// Whether the list of jobs is asked for.
    pub lists: bool,
    /// Whether results files are fetched.
    pub files: bool,
    /// Whether webhook deliveries are waited for.
    pub deliveries: bool,
    /// Whether the account is asked for what requests were charged.
    pub account: bool,
}

/// The submissions that a check needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submissions {
    /// None: the check judges what else is asked.
    None,
    /// Those that the check judges, of which every server that takes submissions answers some.
    Judged,
    /// The same and, to tell what one of them is refused for, those with one thing at a time.
    Compared,
    /// So many that a correct server accepts.
    Accepted(usize),
    /// Every form that a correct server accepts.
    Every,
    /// Those of `Every`, and one while as many jobs are active as an account may have.
    OneTooMany,
}

impl Needs {
    /// Nothing but the requests that the check judges, of which none is a submission.
    pub(super) const NOTHING: Self = Self {
        submissions: Submissions::None,
        polls: false,
        lists: false,
        files: false,
        deliveries: false,
        account: false,
    };
    /// Jobs of every form, their results files, and what they were charged.
    pub(super) const CHARGED: Self = Self {
        account: true,
        ..Self::FILES
    };
    /// Some jobs, of whose submissions the events are read.
    pub(super) const RECORDED: Self = Self {
        submissions: Submissions::Accepted(2),
        account: true,
        ..Self::NOTHING
    };
    /// The submissions that the check judges.
    pub(super) const JUDGED: Self = Self {
        submissions: Submissions::Judged,
        ..Self::NOTHING
    };
    /// The submissions that the check judges, and those to hold a refused one against.
    pub(super) const COMPARED: Self = Self {
        submissions: Submissions::Compared,
        ..Self::NOTHING
    };
    /// Jobs of every form, to be listed.
    pub(super) const LISTED: Self = Self {
        submissions: Submissions::Every,
        ..Self::NOTHING
    };
    /// Jobs of every form, polled until they are over.
    pub(super) const JOB: Self = Self {
        submissions: Submissions::Every,
        polls: true,
        ..Self::NOTHING
    };
    /// Jobs, as polls and the list report them.
    pub(crate) const REPORTED: Self = Self {
        lists: true,
        ..Self::JOB
    };
    /// Jobs of every form, and their results files.
    pub(super) const FILES: Self = Self {
        submissions: Submissions::Every,
        polls: true,
        files: true,
        ..Self::NOTHING
    };
}
