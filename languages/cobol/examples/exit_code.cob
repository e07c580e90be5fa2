identification division.
program-id. exit-code.

procedure division.
    display "before"
    stop run returning 3.
