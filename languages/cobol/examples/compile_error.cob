program-id. compile-error.
procedure division.
    display missing-name.
    stop run.
