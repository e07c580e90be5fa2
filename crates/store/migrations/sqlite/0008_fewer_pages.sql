-- The same queue, with fewer pages in each transaction and fewer tables made for a statement: one index of what waits, one of
-- what runs, one change of a queue for a claim, and owners without a limit are not counted.

DROP TRIGGER queue_is_held_or_let_go;
DROP TRIGGER queue_begins_held;
DROP VIEW owners_at_work;
DROP INDEX queues_waiting;
DROP INDEX queues_open;
DROP INDEX submissions_running;
DROP INDEX submissions_running_of_owner;

CREATE INDEX queues_waiting ON queues (class, held, served) WHERE waiting > 0;
-- By owner, to count what each has; what runs is as much as there are workers, so that leases that ran out are looked for
-- in all of it.
CREATE INDEX submissions_running ON submissions (owner, lease_until) WHERE state = 'running';

-- Whoever runs as much as it may, as far as there is a limit.
CREATE VIEW owners_at_work AS
SELECT name AS owner, running <= (
    SELECT count(*) FROM submissions INDEXED BY submissions_running
    WHERE state = 'running' AND owner = name) AS held
FROM api_keys WHERE running IS NOT NULL;

CREATE TRIGGER queue_is_held_or_let_go AFTER UPDATE OF state ON submissions
WHEN (OLD.state = 'running') <> (NEW.state = 'running')
    AND (SELECT running FROM api_keys WHERE name = NEW.owner) IS NOT NULL
BEGIN
    UPDATE queues SET held = (SELECT held FROM owners_at_work WHERE owner = NEW.owner)
    WHERE class IN (0, 1, 2) AND owner = NEW.owner;
END;

CREATE TRIGGER queue_begins_held AFTER INSERT ON queues
WHEN (SELECT running FROM api_keys WHERE name = NEW.owner) IS NOT NULL
BEGIN
    UPDATE queues SET held = (SELECT held FROM owners_at_work WHERE owner = NEW.owner)
    WHERE class = NEW.class AND owner = NEW.owner;
END;

-- A claim; whatever else ends the wait is no turn.
DROP TRIGGER submission_leaves_its_queue;
CREATE TRIGGER submission_leaves_its_queue AFTER UPDATE OF state ON submissions
WHEN OLD.state = 'queued' AND NEW.state NOT IN ('queued', 'running')
BEGIN
    UPDATE queues SET waiting = waiting - 1 WHERE class = OLD.class AND owner = OLD.owner;
END;

DROP TRIGGER submission_takes_a_turn;
CREATE TRIGGER submission_takes_a_turn AFTER UPDATE OF state ON submissions
WHEN OLD.state = 'queued' AND NEW.state = 'running'
BEGIN
    UPDATE turns SET taken = taken + 1;
    UPDATE queues SET waiting = waiting - 1, served = (SELECT taken FROM turns)
    WHERE class = OLD.class AND owner = OLD.owner;
END;
