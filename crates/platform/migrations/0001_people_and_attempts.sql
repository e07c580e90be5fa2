-- Times are milliseconds since 1970-01-01T00:00:00Z, points are thousandths.

CREATE TABLE classes (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE people (
    id          INTEGER PRIMARY KEY,
    -- The name to sign in with, in lower case.
    account     TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('student', 'teacher')),
    class       INTEGER REFERENCES classes (id),
    -- Argon2, in the PHC format.
    password    TEXT NOT NULL,
    -- The password was made by somebody else and is good for one sign-in.
    one_time    INTEGER NOT NULL,
    -- Under what Code Runner knows the person: random, and nobody's name.
    tag         TEXT NOT NULL UNIQUE,
    made_at     INTEGER NOT NULL,
    CHECK ((role = 'student') = (class IS NOT NULL))
) STRICT;

CREATE INDEX people_of_a_class ON people (class);

CREATE TABLE sessions (
    -- SHA-256 of what the browser has.
    digest     BLOB PRIMARY KEY,
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    -- Over then, whatever happens.
    ends_at    INTEGER NOT NULL,
    -- Over then, if nothing happens.
    idle_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_a_person ON sessions (person);

CREATE TABLE attempts (
    id         INTEGER PRIMARY KEY,
    -- In addresses, and what Code Runner's Idempotency-Key is made of.
    key        TEXT NOT NULL UNIQUE,
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    exercise   TEXT NOT NULL,
    language   TEXT NOT NULL,
    code       TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    -- waiting: to be sent; sent: Code Runner has it; graded; stuck: somebody has to do something.
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'graded', 'stuck')),
    -- How often it was sent as something new.
    round      INTEGER NOT NULL DEFAULT 0,
    -- What is sent to Code Runner; gone when it is graded.
    request    TEXT,
    exec_id    TEXT,
    -- Failures in a row, the last of them in words, and when to try again.
    failures   INTEGER NOT NULL DEFAULT 0,
    trouble    TEXT,
    next_at    INTEGER NOT NULL,
    -- Results in a row that Code Runner, or the checker, has spoilt.
    spoilt     INTEGER NOT NULL DEFAULT 0,
    feedback   TEXT,
    verdict    TEXT,
    points     INTEGER,
    of         INTEGER,
    -- What attempts that fail the same way have in common.
    failing    TEXT
) STRICT;

-- One at a time for each exercise.
CREATE UNIQUE INDEX attempts_under_way ON attempts (person, exercise) WHERE state IN ('waiting', 'sent');
CREATE INDEX attempts_to_do ON attempts (next_at) WHERE state IN ('waiting', 'sent');
CREATE INDEX attempts_of_a_person ON attempts (person, exercise, id);

-- People who are gone here and have yet to be erased at Code Runner.
CREATE TABLE erasures (
    tag     TEXT PRIMARY KEY,
    next_at INTEGER NOT NULL
) STRICT;
