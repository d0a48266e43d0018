//! The mistakes that the reference client can be told to make, each against one clause.

/// Declares each mistake once: as a variant, and as a row of [`Mistake::ALL`].
macro_rules! mistakes {
    ($($clause:literal: $($mistake:ident $about:literal,)*)*) => {
        /// Something that a client gets wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each has its sentence in `about`")]
        pub enum Mistake {
            $($($mistake,)*)*
        }

        impl Mistake {
            /// Every mistake, clause by clause.
            pub const ALL: &[Self] = &[$($(Self::$mistake,)*)*];

            /// What it is, in a sentence.
            pub fn about(self) -> &'static str {
                match self {
                    $($(Self::$mistake => $about,)*)*
                }
            }

            /// The clause that it violates, and no other.
            pub fn clause(self) -> &'static str {
                match self {
                    $($(Self::$mistake => $clause,)*)*
                }
            }
        }
    };
}

mistakes! {
    "client.authorization":
        NoKey "sends no key",
        TokenScheme "sends the key as a token, not as a bearer",
        NoKeyOnPolls "sends the key with submissions only",
    "client.version":
        NoVersion "sends no version",
        OtherVersion "sends the version of another year",
    "client.valid-request":
        OneTooMany "takes a job to hold one identifier more",
        SisterField "asks for a field of the sister endpoint",
        SmallChunks "asks for chunks that are too small",
    "client.all-identifiers":
        NoRemainder "drops the identifiers that do not fill a job",
        EachJobTwice "submits every job twice",
        ChunksOverlap "submits the last identifier of a job with the next job, too",
    "client.submits-once":
        RetriesCut "submits again when the connection breaks",
        RetriesServerErrors "submits again after a 5xx",
        RetriesGarbage "submits again after a 2xx that can't be read",
        RetriesFound "looks for a lost job, finds it, and submits again",
    "client.adopts":
        DropsUnknown "goes on as if nothing were when an answer is lost",
        DropsFound "looks for a lost job, finds it, and does not wait for it",
    "client.active-jobs":
        AllAtOnce "submits all jobs before it waits for any",
        GivesUpWhenFull "gives up when a submission gets 429",
    "client.pace":
        IgnoresReset "tries again at once after a 429",
        PollsWithoutPause "polls ten times a second",
    "client.key-origin":
        KeyToStore "sends the key to the store",
        KeyAlongRedirects "follows redirects, with the key",
        FollowsStatusUrl "polls wherever `status_url` leads, with the key",
    "client.terminal":
        GivesUpWaiting "gives up after half a minute",
        StopsPolling "stops polling after ten polls, as if all were done",
        PollsOn "polls twice more when a job is over",
        GivesUpPolling "gives up when a poll gets 429",
    "client.results":
        FirstPart "reads the first part only",
        MergedAndParts "reads the merged file, and the parts, too",
        FirstMember "unpacks the first gzip member only",
        DropsEmpty "drops records without contacts",
        DropsFlat "drops records without the envelope",
        JoinsByOrder "joins records to identifiers by their order",
    "client.expired-link":
        GivesUpLink "gives up when a link has expired",
        SkipsLink "leaves a job out when its link has expired, as if all were done",
    "client.reports-failure":
        FailedIsDone "takes a failed job for done",
        RefusedIsDone "says that a refused submission worked",
        UnpaidIsDone "says so of one that is refused for want of credits",
        UnreadableIsDone "takes what it can read of a file for all of it",
    "client.tolerates":
        OnlyOk "takes no status but 200 for success",
        NoExtraKeys "refuses keys that it does not know",
        AllKeys "needs keys that are optional",
        KnownActions "refuses a list with actions that it does not know",
        MetadataObject "can't read an error whose metadata is a list",
        MomentIsWait "waits for as many seconds as have passed since 1970 where a 429 names a moment",
        NeverEmpty "can't do with a job that has no results",
}
