-- Version 1. Times are seconds since 1970 in UTC.

-- Lists that were read in.
CREATE TABLE lists (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,              -- what the rows were read from
    fingerprint TEXT NOT NULL,              -- of all rows, and how old answers may be: the same are the same list
    ask         TEXT NOT NULL,              -- contact kinds, and ' verified' where asked for
    output      TEXT,                       -- where the answers go
    header      TEXT NOT NULL,              -- JSON list of the columns' names
    rows        INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER                     -- when all rows were answered and the output was written
) STRICT;

-- Requests are made of chunks of people.
CREATE TABLE chunks (
    id         INTEGER PRIMARY KEY,
    list_id    INTEGER NOT NULL REFERENCES lists (id),
    people     INTEGER NOT NULL,
    worst_case REAL NOT NULL,               -- credits
    created_at INTEGER NOT NULL,
    -- sent: intended, and perhaps sent; unknown: its outcome is; accepted: its job is at work or is read;
    -- read: its job is read; returned: not accepted, so its people wait again
    state      TEXT NOT NULL CHECK (state IN ('sent', 'unknown', 'accepted', 'read', 'returned'))
) STRICT;

-- Different people, each once for what is asked (or again, where their answer was too old).
CREATE TABLE people (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL,              -- what all spellings of their profile URL have in common
    ask         TEXT NOT NULL,
    identifier  TEXT NOT NULL,              -- the spelling that is submitted
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'submitted', 'found', 'empty', 'failed')),
    reason      TEXT,                       -- why they failed
    chunk_id    INTEGER REFERENCES chunks (id),
    most        INTEGER,                    -- most people in a request with this one, after a refusal
    answered_at INTEGER
) STRICT;
CREATE INDEX people_by_key ON people (key);
CREATE INDEX people_by_chunk ON people (chunk_id) WHERE chunk_id IS NOT NULL;
CREATE INDEX people_waiting ON people (id) WHERE state = 'waiting';

-- Who was in a chunk that was returned.
CREATE TABLE returned (
    person_id INTEGER NOT NULL REFERENCES people (id),
    chunk_id  INTEGER NOT NULL REFERENCES chunks (id),
    PRIMARY KEY (person_id, chunk_id)
) STRICT, WITHOUT ROWID;

-- The rows of the lists. One without a person is invalid, and says why.
CREATE TABLE rows (
    list_id   INTEGER NOT NULL REFERENCES lists (id),
    number    INTEGER NOT NULL,             -- from 1
    content   TEXT NOT NULL,                -- JSON: a list of cells, or an object
    person_id INTEGER REFERENCES people (id),
    reason    TEXT,
    PRIMARY KEY (list_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX rows_by_person ON rows (person_id, list_id) WHERE person_id IS NOT NULL;

-- Each attempt to submit a chunk, kept before the request leaves.
CREATE TABLE submissions (
    id          INTEGER PRIMARY KEY,
    chunk_id    INTEGER NOT NULL REFERENCES chunks (id),
    intended_at INTEGER NOT NULL,
    submission  TEXT NOT NULL,              -- JSON: what the client recognises its job by
    -- null: the process ended before it was known
    outcome     TEXT CHECK (outcome IN ('accepted', 'not accepted', 'unknown')),
    settled_at  INTEGER,
    request_id  TEXT,                       -- x-request-id of the response
    evidence    TEXT                        -- how the outcome is known, or what happened
) STRICT;
CREATE INDEX submissions_by_chunk ON submissions (chunk_id);
CREATE INDEX submissions_unresolved ON submissions (id) WHERE outcome IS NULL OR outcome = 'unknown';

-- Accepted submissions.
CREATE TABLE jobs (
    batch_id      TEXT PRIMARY KEY,
    submission_id INTEGER NOT NULL UNIQUE REFERENCES submissions (id),
    chunk_id      INTEGER NOT NULL REFERENCES chunks (id),
    -- disputed: read, but its results lack people; the next run reads it once more
    state         TEXT NOT NULL CHECK (state IN ('active', 'completed', 'read', 'disputed', 'failed')),
    accepted_at   INTEGER NOT NULL,
    ended_at      INTEGER,
    lines_read    INTEGER NOT NULL DEFAULT 0,
    credits       REAL,                     -- as the response said
    problem       TEXT
) STRICT;
CREATE INDEX jobs_open ON jobs (accepted_at) WHERE state IN ('active', 'completed');

-- What came back: one record for each person.
CREATE TABLE records (
    person_id INTEGER PRIMARY KEY REFERENCES people (id),
    batch_id  TEXT NOT NULL REFERENCES jobs (batch_id),
    record    TEXT NOT NULL                 -- JSON
) STRICT;
