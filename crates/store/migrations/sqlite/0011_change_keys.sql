-- Since keys can be changed, `api_keys.running` can be, too; 0004 took it for fixed. Whoever changes it, in whatever statement,
-- the queues of the owner are held or let go with it.
CREATE TRIGGER limit_holds_or_lets_go AFTER UPDATE OF running ON api_keys
WHEN OLD.running IS NOT NEW.running
BEGIN
    UPDATE queues SET held = coalesce((SELECT held FROM owners_at_work WHERE owner = NEW.name), 0)
    WHERE class IN (0, 1, 2) AND owner = NEW.name;
END;
