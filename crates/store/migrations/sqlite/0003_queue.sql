-- Who is next: among the owners of a class whoever was served longest ago, and of an owner what was accepted first.
-- See src/sqlite/claim.rs for how a class is chosen.

-- 0 exam, 1 normal, 2 batch.
ALTER TABLE submissions ADD COLUMN class INTEGER NOT NULL DEFAULT 1 CHECK (class BETWEEN 0 AND 2);
-- Its owner has asked to cancel it while it ran.
ALTER TABLE submissions ADD COLUMN cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1));

-- Which of its owner's in its class it is, counted from 1.
ALTER TABLE submissions ADD COLUMN number INTEGER NOT NULL DEFAULT 0;

-- The batch it was accepted with, and where in it.
ALTER TABLE submissions ADD COLUMN batch BLOB CHECK (length(batch) = 16);
ALTER TABLE submissions ADD COLUMN batch_index INTEGER;
CREATE INDEX submissions_batch ON submissions (batch, batch_index) WHERE batch IS NOT NULL;

DROP INDEX submissions_queued;
CREATE INDEX submissions_queued ON submissions (class, owner, place) WHERE state = 'queued';

-- One row per class and owner that ever had something to wait for.
CREATE TABLE queues (
    class INTEGER NOT NULL,
    owner TEXT NOT NULL,
    waiting INTEGER NOT NULL CHECK (waiting >= 0),
    -- How many ever came.
    sent INTEGER NOT NULL,
    -- The number of the claim that served it last; 0 is never, or that its turn was given back.
    served INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (class, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX queues_waiting ON queues (class, served) WHERE waiting > 0;
UPDATE submissions SET number = place;
INSERT INTO queues (class, owner, waiting, sent)
SELECT class, owner, count(*) FILTER (WHERE state = 'queued'), max(number) FROM submissions GROUP BY class, owner;

-- Exactly one row: how many claims there were.
CREATE TABLE turns (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    taken INTEGER NOT NULL
) STRICT;
INSERT INTO turns VALUES (1, 0);

-- `queues` follows the states whatever statement changes them, so that the two can not disagree.
CREATE TRIGGER submission_joins_its_queue AFTER INSERT ON submissions WHEN NEW.state = 'queued'
BEGIN
    INSERT INTO queues (class, owner, waiting, sent) VALUES (NEW.class, NEW.owner, 1, 1)
    ON CONFLICT (class, owner) DO UPDATE SET waiting = waiting + 1, sent = sent + 1;
    UPDATE submissions SET number = (SELECT sent FROM queues WHERE class = NEW.class AND owner = NEW.owner)
    WHERE place = NEW.place;
END;

CREATE TRIGGER submission_returns_to_its_queue AFTER UPDATE OF state ON submissions
WHEN OLD.state <> 'queued' AND NEW.state = 'queued'
BEGIN
    UPDATE queues SET waiting = waiting + 1, served = 0 WHERE class = NEW.class AND owner = NEW.owner;
END;

CREATE TRIGGER submission_leaves_its_queue AFTER UPDATE OF state ON submissions
WHEN OLD.state = 'queued' AND NEW.state <> 'queued'
BEGIN
    UPDATE queues SET waiting = waiting - 1 WHERE class = OLD.class AND owner = OLD.owner;
END;

CREATE TRIGGER submission_takes_a_turn AFTER UPDATE OF state ON submissions
WHEN OLD.state = 'queued' AND NEW.state = 'running'
BEGIN
    UPDATE turns SET taken = taken + 1;
    UPDATE queues SET served = (SELECT taken FROM turns) WHERE class = OLD.class AND owner = OLD.owner;
END;
