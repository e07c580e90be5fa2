SELECT coalesce(sum(CAST(line AS INTEGER)), 0) FROM input;
