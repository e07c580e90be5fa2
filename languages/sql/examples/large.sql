SELECT line FROM input ORDER BY line_number;
