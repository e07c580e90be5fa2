-- What follows from a change of a table, whatever statement makes it: counts, turns, and what is deleted with something.
-- And notices to all nodes, on the channel `code_runner`: `queued`, `finished ID`, `cancel ID`; of identical ones of a transaction
-- one is sent. (`watched ID` and `published ID` are sent by whoever writes those.)
--
-- For statements and not for rows: a node writes many rows with one. The settings keep the planner to indexes, whatever it has heard
-- of the sizes of the tables; what is switched off looks so dear to it that it would compile the statement, hence `jit`.

CREATE FUNCTION queue_joined() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queues (class, owner) SELECT DISTINCT class, owner FROM fresh ORDER BY class, owner ON CONFLICT DO NOTHING;
    INSERT INTO waiting_counts AS counts (class, owner, shard, waiting)
    SELECT class, owner, shard(), count(*) FROM fresh WHERE state = 'queued' GROUP BY class, owner ORDER BY class, owner
    ON CONFLICT (class, owner, shard) DO UPDATE SET waiting = counts.waiting + excluded.waiting;
    IF EXISTS (SELECT 1 FROM fresh WHERE state = 'queued') THEN
        PERFORM pg_notify('code_runner', 'queued');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_joined AFTER INSERT ON queue REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION queue_joined();

CREATE FUNCTION queue_changed() RETURNS trigger LANGUAGE plpgsql
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO waiting_counts AS counts (class, owner, shard, waiting)
    SELECT class, owner, shard(), sum(difference) FROM (
        SELECT class, owner, -1 AS difference FROM former WHERE state = 'queued'
        UNION ALL
        SELECT class, owner, 1 FROM fresh WHERE state = 'queued') AS changes
    GROUP BY class, owner HAVING sum(difference) <> 0 ORDER BY class, owner
    ON CONFLICT (class, owner, shard) DO UPDATE SET waiting = counts.waiting + excluded.waiting;
    -- What comes back has had no turn.
    IF EXISTS (SELECT 1 FROM fresh JOIN former USING (place) WHERE fresh.state = 'queued' AND former.state <> 'queued') THEN
        PERFORM 1 FROM queues WHERE (class, owner) IN (
            SELECT fresh.class, fresh.owner FROM fresh JOIN former USING (place)
            WHERE fresh.state = 'queued' AND former.state <> 'queued')
        ORDER BY class, owner FOR UPDATE;
        UPDATE queues SET served = 0 WHERE (class, owner) IN (
            SELECT fresh.class, fresh.owner FROM fresh JOIN former USING (place)
            WHERE fresh.state = 'queued' AND former.state <> 'queued');
        PERFORM pg_notify('code_runner', 'queued');
    END IF;
    PERFORM pg_notify('code_runner', 'cancel ' || fresh.id)
    FROM fresh JOIN former USING (place) WHERE fresh.cancel_asked AND NOT former.cancel_asked;
    RETURN NULL;
END $$;
-- Claims, which change one row after the other, count what they took in the end.
CREATE TRIGGER queue_changed AFTER UPDATE ON queue REFERENCING OLD TABLE AS former NEW TABLE AS fresh
FOR EACH STATEMENT WHEN (coalesce(current_setting('code_runner.shard', true), '') <> '8') EXECUTE FUNCTION queue_changed();

CREATE FUNCTION queue_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO waiting_counts AS counts (class, owner, shard, waiting)
    SELECT class, owner, shard(), -count(*) FROM gone WHERE state = 'queued' GROUP BY class, owner ORDER BY class, owner
    ON CONFLICT (class, owner, shard) DO UPDATE SET waiting = counts.waiting + excluded.waiting;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_left AFTER DELETE ON queue REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION queue_left();

CREATE FUNCTION reports_came() RETURNS trigger LANGUAGE plpgsql
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO callbacks (place, owner, url, state, next_at)
    SELECT place, owner, callback_url, 'waiting', finished_at FROM fresh JOIN submissions USING (place)
    WHERE callback_url IS NOT NULL;
    -- An hour if nobody fetches it, or as many days as the key says.
    INSERT INTO passing_reports (place, delete_at)
    SELECT place, finished_at + CASE WHEN no_store THEN 3600000000 ELSE result_days * 86400000000 END
    FROM fresh JOIN submissions USING (place) LEFT JOIN api_keys ON name = owner
    WHERE no_store OR result_days IS NOT NULL;
    DELETE FROM published USING fresh, submissions
    WHERE submissions.place = fresh.place AND published.id = submissions.id;
    DELETE FROM watched USING fresh, submissions
    WHERE submissions.place = fresh.place AND watched.id = submissions.id;
    PERFORM pg_notify('code_runner', 'finished ' || id) FROM fresh JOIN submissions USING (place);
    RETURN NULL;
END $$;
CREATE TRIGGER reports_came AFTER INSERT ON reports REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION reports_came();

CREATE FUNCTION reports_left() RETURNS trigger LANGUAGE plpgsql
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    DELETE FROM callbacks USING gone WHERE callbacks.place = gone.place;
    DELETE FROM passing_reports USING gone WHERE passing_reports.place = gone.place;
    DELETE FROM recent_submissions USING gone WHERE recent_submissions.place = gone.place;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_left AFTER DELETE ON reports REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION reports_left();

-- All that is known of a submission goes with it.
CREATE FUNCTION submissions_left() RETURNS trigger LANGUAGE plpgsql
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    DELETE FROM reports USING gone WHERE reports.place = gone.place;
    DELETE FROM payloads USING gone WHERE payloads.place = gone.place;
    DELETE FROM queue USING gone WHERE queue.place = gone.place;
    DELETE FROM published USING gone WHERE published.id = gone.id;
    DELETE FROM watched USING gone WHERE watched.id = gone.id;
    RETURN NULL;
END $$;
CREATE TRIGGER submissions_left AFTER DELETE ON submissions REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION submissions_left();

CREATE FUNCTION keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE key_changes SET number = number + 1 WHERE single;
    RETURN NULL;
END $$;
CREATE TRIGGER keys_changed AFTER INSERT OR UPDATE OR DELETE ON api_keys
FOR EACH STATEMENT EXECUTE FUNCTION keys_changed();
CREATE TRIGGER secrets_changed AFTER INSERT OR UPDATE OR DELETE ON key_secrets
FOR EACH STATEMENT EXECUTE FUNCTION keys_changed();
