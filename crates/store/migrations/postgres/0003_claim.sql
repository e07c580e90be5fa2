-- Whose turn it is, as src/queue.rs says; and what was claimed and lost, because a lease ran out, before all else. Functions and not
-- statements of the program, so that no node holds the lock on `turns` while it waits for its network: a claim is one statement.
-- One that works in another way gets another name: the former version of the program goes on to call these.

-- The first of the owner that is next in a class, locked. `mine`: the languages to look for, null for all. `skipped`: owners not to
-- look for. Owners that run as much as their key allows are passed over; claims are one after the other, so that the count is exact.
-- It walks through the owners that have something waiting, and not through what waits.
CREATE FUNCTION next_of_class(asked smallint, mine bytea[], skipped bytea[]) RETURNS TABLE (next_owner bytea, next_place bigint)
LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    chosen bytea;
    spoken bytea;
BEGIN
    WITH RECURSIVE heads (owner, language, place) AS (
        (SELECT first.owner, first.language, first.place FROM queue AS first
         WHERE first.state = 'queued' AND first.class = asked
         ORDER BY first.owner, first.language, first.place LIMIT 1)
        UNION ALL
        SELECT further.* FROM heads CROSS JOIN LATERAL (
            SELECT other.owner, other.language, other.place FROM queue AS other
            WHERE other.state = 'queued' AND other.class = asked
                AND (other.owner, other.language) > (heads.owner, heads.language)
            ORDER BY other.owner, other.language, other.place LIMIT 1) AS further)
    SELECT heads.owner, heads.language INTO chosen, spoken
    FROM heads JOIN queues ON queues.class = asked AND queues.owner = heads.owner LEFT JOIN api_keys ON name = heads.owner
    WHERE (mine IS NULL OR heads.language = ANY (mine)) AND heads.owner <> ALL (skipped)
        AND (running IS NULL OR running > (
            SELECT count(*) FROM queue AS at_work WHERE at_work.state = 'running' AND at_work.owner = heads.owner))
    ORDER BY served, heads.owner, heads.place LIMIT 1;
    IF chosen IS NULL THEN
        RETURN;
    END IF;
    next_owner := chosen;
    -- One that somebody cancels right now is passed over: nobody waits for another while all claims wait for it.
    SELECT place INTO next_place FROM queue
    WHERE state = 'queued' AND class = asked AND owner = chosen AND language = spoken
    ORDER BY class, owner, language, place LIMIT 1 FOR UPDATE SKIP LOCKED;
    RETURN NEXT;
END $$;

-- Hands out so many at the most, under a lease of so many microseconds. `round`: the class that is asked first by each of sixteen
-- claims, a digit for each.
CREATE FUNCTION claim(most integer, lease bigint, mine bytea[], round text)
RETURNS TABLE (place bigint, id uuid, fence bigint, language bytea, cancel_asked boolean, submitted_at bigint, body bytea)
LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    now_at bigint := micros();
    turn bigint;
    asked smallint;
    class_of smallint;
    next record;
    given bigint[] := '{}';
    lost integer;
    skipped bytea[] := '{}';
BEGIN
    -- Mostly nothing waits, and then nothing is locked.
    IF NOT EXISTS (SELECT 1 FROM queue WHERE state = 'queued')
        AND NOT EXISTS (SELECT 1 FROM queue WHERE state = 'running' AND lease_until <= now_at) THEN
        RETURN;
    END IF;
    -- A claim that is lost with the machine is made again by whoever comes next.
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM set_config('code_runner.shard', '8', true);
    SELECT taken INTO turn FROM turns WHERE single FOR UPDATE;
    now_at := micros();

    SELECT coalesce(array_agg(ended.place), '{}') INTO given FROM (
        SELECT place FROM queue
        WHERE state = 'running' AND lease_until <= now_at AND (mine IS NULL OR language = ANY (mine))
        ORDER BY place LIMIT most FOR UPDATE SKIP LOCKED) AS ended;
    UPDATE queue SET fence = fence + 1, lease_until = now_at + lease WHERE place = ANY (given);

    lost := cardinality(given);

    WHILE cardinality(given) < most LOOP
        FOREACH asked IN ARRAY ARRAY[substr(round, (turn % 16)::integer + 1, 1)::smallint, 0, 1, 2] LOOP
            class_of := asked;
            SELECT * INTO next FROM next_of_class(asked, mine, skipped);
            EXIT WHEN next.next_owner IS NOT NULL;
        END LOOP;
        EXIT WHEN next.next_owner IS NULL;
        IF next.next_place IS NULL THEN
            skipped := skipped || next.next_owner;
            CONTINUE;
        END IF;
        turn := turn + 1;
        UPDATE queue SET state = 'running', fence = fence + 1, lease_until = now_at + lease WHERE place = next.next_place;
        UPDATE queues SET served = turn WHERE class = class_of AND owner = next.next_owner;
        given := given || next.next_place;
    END LOOP;
    UPDATE turns SET taken = turn WHERE single AND taken <> turn;
    -- What the trigger of the queue does for others; what was lost is counted already.
    INSERT INTO waiting_counts AS counts (class, owner, shard, waiting)
    SELECT class, owner, shard(), -count(*) FROM queue WHERE queue.place = ANY (given[lost + 1:]) GROUP BY class, owner ORDER BY class, owner
    ON CONFLICT (class, owner, shard) DO UPDATE SET waiting = counts.waiting + excluded.waiting;
    PERFORM set_config('code_runner.shard', '', true);

    RETURN QUERY SELECT queue.place, queue.id, queue.fence, queue.language, queue.cancel_asked, submissions.submitted_at, payloads.body
    FROM unnest(given) WITH ORDINALITY AS claimed (place, number)
    JOIN queue ON queue.place = claimed.place JOIN submissions ON submissions.place = claimed.place
    LEFT JOIN payloads ON payloads.place = claimed.place
    ORDER BY number;
END $$;
