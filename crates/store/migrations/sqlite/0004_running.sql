-- A key may have so many submissions running at the same time (`api_keys.running`, which is never changed). Whoever has
-- is passed over by claims: its queues are held. What runs is as much as there are workers, and so counted each time.
ALTER TABLE queues ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
CREATE INDEX queues_open ON queues (class, served) WHERE waiting > 0 AND held = 0;
CREATE INDEX submissions_running_of_owner ON submissions (owner) WHERE state = 'running';

-- Whoever runs as much as it may, as far as there is a limit.
CREATE VIEW owners_at_work AS
SELECT name AS owner, running <= (
    SELECT count(*) FROM submissions INDEXED BY submissions_running_of_owner
    WHERE state = 'running' AND owner = name) AS held
FROM api_keys WHERE running IS NOT NULL;

CREATE TRIGGER queue_is_held_or_let_go AFTER UPDATE OF state ON submissions
WHEN (OLD.state = 'running') <> (NEW.state = 'running')
BEGIN
    UPDATE queues SET held = (SELECT held FROM owners_at_work WHERE owner = NEW.owner)
    WHERE class IN (0, 1, 2) AND owner = NEW.owner AND EXISTS (SELECT 1 FROM owners_at_work WHERE owner = NEW.owner);
END;

CREATE TRIGGER queue_begins_held AFTER INSERT ON queues
BEGIN
    UPDATE queues SET held = coalesce((SELECT held FROM owners_at_work WHERE owner = NEW.owner), 0)
    WHERE class = NEW.class AND owner = NEW.owner;
END;
