-- Version 1. A database is one account's journal, in the schema crustdata_bulk. All times are the database's.

-- What all runs share of the account: one row. Who takes a place locks it, so there is one at a time.
CREATE TABLE account (
    id            integer PRIMARY KEY CHECK (id = 1),
    others_active bigint NOT NULL DEFAULT 0,  -- active jobs that are not in here, when the jobs were last asked for
    polled_at     timestamptz,                -- when that was: whoever comes an interval later asks for the jobs of all
    rest_until    timestamptz                 -- the API asked for silence until then
);
INSERT INTO account (id) VALUES (1);

-- Lists that were read in.
CREATE TABLE lists (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text NOT NULL,                -- what the rows were read from
    fingerprint text NOT NULL,                -- of all rows, and how old answers may be: the same are the same list
    ask         text NOT NULL,                -- contact kinds, and ' verified' where asked for
    output      text,                         -- where the answers go, on the machine that read the list in
    header      json NOT NULL,                -- list of the columns' names
    rows        bigint NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz                   -- when all rows were answered and an output was written
);

-- Runs. The number is the fencing token: it grows, and every write of a run is refused once its lease is over.
CREATE TABLE workers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,                 -- address and process
    started_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,          -- the end of the lease, unless it is renewed
    ended_at   timestamptz,                   -- it ended, or was taken over: its number is good for nothing any more
    last_write bigint NOT NULL DEFAULT 0,     -- tells, after a connection broke in a commit, whether it was made
    list_id    bigint REFERENCES lists (id),  -- what it works on
    is_idle    boolean NOT NULL DEFAULT false -- it has nothing left to do, and stands by
);
CREATE INDEX workers_alive ON workers (id) WHERE ended_at IS NULL;

-- Requests are made of chunks of people.
CREATE TABLE chunks (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id    bigint NOT NULL REFERENCES lists (id),
    people     bigint NOT NULL,
    worst_case double precision NOT NULL,     -- credits
    created_at timestamptz NOT NULL DEFAULT now(),
    -- sent: intended, and perhaps sent; unknown: its outcome is; accepted: its job is at work or is read;
    -- read: its job is read; returned: not accepted, so its people wait again
    state      text NOT NULL CHECK (state IN ('sent', 'unknown', 'accepted', 'read', 'returned'))
);

-- Different people, each once for what is asked (or again, where their answer was too old).
CREATE TABLE people (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL,                -- what all spellings of their profile URL have in common
    ask         text NOT NULL,
    identifier  text NOT NULL,                -- the spelling that is submitted
    state       text NOT NULL CHECK (state IN ('waiting', 'submitted', 'found', 'empty', 'failed')),
    reason      text,                         -- why they failed
    chunk_id    bigint REFERENCES chunks (id),
    most        bigint,                       -- most people in a request with this one, after a refusal
    answered_at timestamptz
);
CREATE INDEX people_by_key ON people (key);
CREATE INDEX people_by_chunk ON people (chunk_id) WHERE chunk_id IS NOT NULL;
CREATE INDEX people_waiting ON people (id) WHERE state = 'waiting';

-- Who was in a chunk that was returned.
CREATE TABLE returned (
    person_id bigint NOT NULL REFERENCES people (id),
    chunk_id  bigint NOT NULL REFERENCES chunks (id),
    PRIMARY KEY (person_id, chunk_id)
);

-- The rows of the lists. One without a person is invalid, and says why.
CREATE TABLE rows (
    list_id   bigint NOT NULL REFERENCES lists (id),
    number    bigint NOT NULL,                -- from 1
    content   json NOT NULL,                  -- a list of cells, or an object
    person_id bigint REFERENCES people (id),
    reason    text,
    PRIMARY KEY (list_id, number)
);
CREATE INDEX rows_by_person ON rows (person_id, list_id) WHERE person_id IS NOT NULL;

-- Each attempt to submit a chunk, kept before the request leaves.
CREATE TABLE submissions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chunk_id    bigint NOT NULL REFERENCES chunks (id),
    worker_id   bigint NOT NULL REFERENCES workers (id), -- who sends it, or finds out what became of it
    intended_at timestamptz NOT NULL DEFAULT now(),
    submission  json NOT NULL,                -- what the client recognises its job by
    -- null: it is being sent, or its run ended before the outcome was known
    outcome     text CHECK (outcome IN ('accepted', 'not accepted', 'unknown')),
    settled_at  timestamptz,
    request_id  text,                         -- x-request-id of the response
    evidence    text                          -- how the outcome is known, or what happened
);
CREATE INDEX submissions_by_chunk ON submissions (chunk_id);
CREATE INDEX submissions_unresolved ON submissions (id) WHERE outcome IS NULL OR outcome = 'unknown';

-- Accepted submissions.
CREATE TABLE jobs (
    batch_id      text PRIMARY KEY,
    submission_id bigint NOT NULL UNIQUE REFERENCES submissions (id),
    chunk_id      bigint NOT NULL REFERENCES chunks (id),
    worker_id     bigint REFERENCES workers (id), -- who reads its results
    -- disputed: read, but its results lack people; the next run reads it once more
    state         text NOT NULL CHECK (state IN ('active', 'completed', 'read', 'disputed', 'failed')),
    accepted_at   timestamptz NOT NULL DEFAULT now(),
    ended_at      timestamptz,
    lines_read    bigint NOT NULL DEFAULT 0,
    credits       double precision,           -- as the response said
    problem       text
);
CREATE INDEX jobs_open ON jobs (accepted_at) WHERE state IN ('active', 'completed');
CREATE INDEX jobs_by_chunk ON jobs (chunk_id);

-- What came back: one record for each person.
CREATE TABLE records (
    person_id bigint PRIMARY KEY REFERENCES people (id),
    batch_id  text NOT NULL REFERENCES jobs (batch_id),
    record    json NOT NULL
);
