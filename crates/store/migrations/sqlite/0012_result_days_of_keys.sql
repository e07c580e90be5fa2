-- For how many days the results of a key are kept, where that is less than for those of others.
ALTER TABLE api_keys ADD COLUMN result_days INTEGER CHECK (result_days > 0);

-- Those results stand beside the ones that are not to stay at all, which go sooner.
CREATE TRIGGER report_stays_as_long_as_its_key_says AFTER INSERT ON reports
WHEN (SELECT no_store FROM submissions WHERE place = NEW.place) = 0
BEGIN
    INSERT INTO passing_reports
    SELECT NEW.place, NEW.finished_at + result_days * 86400 * 1000000 FROM api_keys
    WHERE name = (SELECT owner FROM submissions WHERE place = NEW.place) AND result_days IS NOT NULL;
END;
